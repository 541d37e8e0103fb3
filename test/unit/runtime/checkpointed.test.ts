// Loops over `checkpointed` in compiled programs: as many steps as the formula says, and the gradient of the plain loop to the bit.
import { beforeAll, describe, expect, test } from 'vitest';
import { compileSources, loadModules } from '../../support/compile.js';
import { fewest } from './drive-steps.js';

const source = `
  import { checkpointed, checkpointStats, grad, valueAndGrad } from 'adjoint';
  export { checkpointStats };
  function numbers(x: number, n: number, s: number): number {
    let v = 1;
    for (const t of checkpointed(n, { snapshots: s })) {
      v += 0.01 * Math.sin(x * v + t);
      x *= 0.999;
    }
    return v * x;
  }
  function plainNumbers(x: number, n: number): number {
    let v = 1;
    for (let t = 0; t < n; t++) {
      v += 0.01 * Math.sin(x * v + t);
      x *= 0.999;
    }
    return v * x;
  }
  export const g = valueAndGrad(numbers);
  export const plain = valueAndGrad(plainNumbers);
  export const inBytes = valueAndGrad((x: number, n: number) => {
    let v = 1;
    const u = new Float64Array(100).fill(x);
    for (const t of checkpointed(n, { memory: '10KB' })) {
      v += 0.01 * Math.sin(u[t % 100] * v + t);
      u[t % 100] *= 0.5;
    }
    return v * u[0];
  });
  export const stored = valueAndGrad((x: number, n: number) => {
    let v = 1;
    const u = new Float64Array(100).fill(x);
    for (let t = 0; t < n; t++) {
      v += 0.01 * Math.sin(u[t % 100] * v + t);
      u[t % 100] *= 0.5;
    }
    return v * u[0];
  });
  export const until = valueAndGrad((x: number, bound: number, s: number) => {
    let v = 1;
    for (const t of checkpointed(undefined, { snapshots: s })) {
      if (v > bound) break;
      v += 0.01 * Math.exp(x) + 1e-5 * t;
    }
    return v * v * x;
  });
  export const plainUntil = valueAndGrad((x: number, bound: number) => {
    let v = 1;
    for (let t = 0; ; t++) {
      if (v > bound) break;
      v += 0.01 * Math.exp(x) + 1e-5 * t;
    }
    return v * v * x;
  });
  export const isBad = grad((x: number, memory: number) => {
    for (const _ of checkpointed(5, { memory })) x = Math.sin(x);
    return x;
  });
`;
interface Stats {
  readonly taped: number;
  readonly advanced: number;
  readonly snapshots: number;
  readonly bytes: number;
}
type Sweep = (x: number, ...more: number[]) => readonly [value: number, gradient: number];
let m: Record<'g' | 'plain' | 'inBytes' | 'stored' | 'until' | 'plainUntil' | 'isBad', Sweep> & {
  checkpointStats(): Stats;
};

beforeAll(async () => {
  const compiled = compileSources({ 'main.ts': source });
  expect(compiled.diagnostics).toEqual([]);
  m = (await loadModules(compiled.outputs, 'main.ts')) as typeof m;
});
const withStats = (sweep: () => readonly [number, number]): [readonly [number, number], Stats] => {
  m.checkpointStats();
  return [sweep(), m.checkpointStats()];
};

describe('a given number of snapshots', () => {
  test('steps as the formula says, and the same bits', () => {
    for (let c = 1; c <= 8; c++)
      for (let l = 1; l < 90; l++) {
        const [result, { advanced, taped, snapshots }] = withStats(() => m.g(0.7, l, c));
        expect([l, c, advanced, taped]).toEqual([l, c, fewest(l, c), l - 1]);
        expect(snapshots).toBeLessThanOrEqual(c);
        expect(result).toEqual(m.plain(0.7, l));
      }
  });
  test('numbers of steps that are none', () => {
    for (const n of [0, -3, Number.NaN, 2.5]) expect(m.g(0.7, n, 3)).toEqual(m.plain(0.7, n));
  });
  test.each([0, -2, Number.NaN])('%d snapshots are an error', (s) => {
    expect(() => m.g(0.7, 10, s)).toThrow(`\`snapshots\` is ${s}, but at least one snapshot is needed`);
  });
});

describe('an amount of memory', () => {
  test('is kept to', () => {
    for (const n of [1, 2, 50, 1000]) {
      const [result, { bytes, snapshots }] = withStats(() => m.inBytes(0.7, n));
      expect(result).toEqual(m.stored(0.7, n));
      expect(bytes).toBeLessThanOrEqual(10 * 1024);
      expect(snapshots).toBeLessThanOrEqual(12);
    }
  });
  test.each([0, -1, Number.NaN])('of %d bytes is an error', (memory) => {
    expect(() => m.isBad(1, memory)).toThrow(`\`memory\` is ${memory}, which is no number of bytes`);
  });
});

test('a loop that runs until it is left: within 1.4 of one whose length is known', () => {
  for (const s of [2, 3, 5, 8, 20])
    for (const bound of [0, 1.05, 1.5, 2, 5, 10]) {
      const [result, { advanced, taped, snapshots }] = withStats(() => m.until(0.3, bound, s));
      expect(result).toEqual(m.plainUntil(0.3, bound));
      expect(snapshots).toBeLessThanOrEqual(s);
      if (taped > 5) expect((advanced + taped) / (fewest(taped, s) + taped)).toBeLessThan(1.4);
    }
});
