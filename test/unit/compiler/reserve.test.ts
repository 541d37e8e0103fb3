// Loops that ask for room on the tape once: always enough, and no more than they use. A tape that grows by what is asked for, and
// no more, shows it: numbers beyond its end are lost.
import { describe, expect, test } from 'vitest';
import * as markers from '../../../packages/runtime/dist/index.js';
import * as internal from '../../../packages/runtime/dist/internal.js';
import { compileSources, loadModules } from '../../support/compile.js';

const source = `
  import { grad, vjp, valueAndGrad } from 'adjoint';
  const up = (x: number, n: number, lo: number): number => {
    let s = x;
    for (let i = lo; i < n; i++) s = Math.sin(s * x + i);
    return s;
  };
  const from = (x: number, n: number, v: number[]): number => {
    let s = x;
    for (let i = v.length; i < n; i++) s = Math.sin(s * x + i);
    return s;
  };
  const last = (x: number, n: number): number => {
    let s = x;
    for (let i = 0; i <= n; i += 3) s = Math.sin(s * x + i);
    return s;
  };
  const down = (x: number, n: number): number => {
    let s = x;
    for (let i = 7; i > n; i -= 2) s = Math.sin(s * x + i);
    return s;
  };
  const few = (x: number): number => {
    let s = x;
    for (let i = 0; i < 3; i++) s = Math.sin(s * x + i);
    return s;
  };
  const nested = (x: number, n: number, m: number, v: number[]): number => {
    let s = x;
    for (let i = 0; i < n; i++) {
      s = Math.cos(s * x);
      for (let j = 2; j < m; j++) s = Math.sin(s * x + j);
      for (let k = 0; k < v.length; k++) s = Math.sin(s * v[k]);
      for (let k = 0; k < 2; k++) s = Math.exp(-s * s);
    }
    return s;
  };
  const triangle = (x: number, n: number): number => {
    let s = x;
    for (let i = 0; i < n; i++) {
      s = Math.cos(s * x);
      for (let j = i; j < n; j++) s = Math.sin(s * x + j);
    }
    return s;
  };
  /** Leaves the loop, from the middle of another. */
  const early = (x: number, n: number): number => {
    let s = x;
    for (let i = 0; i < n; i++) {
      s = Math.sin(s * x) + 1;
      for (let j = 0; j < 4; j++) s = s * s * 0.5;
      if (i > 4) return s * x;
      if (s > 100) break;
    }
    return s;
  };
  /** Runs the inner loop in few trips only. */
  const rare = (x: number, n: number, m: number): number => {
    let s = x;
    for (let i = 0; i < n; i++) {
      s = Math.sin(s * x);
      if (i % 7 === 3) for (let j = 0; j < m; j++) s = Math.cos(s * x + j);
    }
    return s;
  };
  const skips = (x: number, n: number, m: number): number => {
    let s = x;
    for (let i = 0; i < n; i++) {
      s = Math.sin(s * x);
      if (i % 7 !== 3) continue;
      for (let j = 0; j < m; j++) s = Math.cos(s * x + j);
    }
    return s;
  };
  const deep = (x: number, n: number): number => (n <= 0 ? Math.sin(x) : deep(Math.cos(x * x), n - 1) * x);
  const calls = (x: number, n: number): number => {
    let s = x;
    for (let i = 0; i < n; i++) {
      s = Math.sin(s * x) * deep(s, i);
      for (let j = 0; j < n; j++) s = Math.sin(s * x + j);
    }
    return s;
  };
  const fails = (x: number, n: number): number => {
    let s = x;
    for (let i = 0; i < n; i++) {
      s = Math.sin(s * x);
      if (i === 3) throw new RangeError('three');
    }
    return s;
  };
  const slope = grad((x: number, n: number): number => {
    let s = x;
    for (let i = 0; i < n; i++) s = Math.sin(s * x + i);
    return s;
  });
  const second = (x: number, n: number): number => {
    let s = x;
    for (let i = 0; i < n; i++) s = s * slope(s, n);
    return s;
  };
  export const gradients = {
    up: grad(up), from: grad(from), last: grad(last), down: grad(down), few: grad(few), nested: grad(nested), triangle: grad(triangle),
    early: grad(early), rare: grad(rare), skips: grad(skips), calls: grad(calls), fails: grad(fails), second: grad(second),
  };
  export const pull = vjp(up);
`;
type Fn = (...args: unknown[]) => unknown;

/** Tapes with room for so many numbers, which grow by what is asked for. */
async function load(capacity: number, check: boolean) {
  const compiled = compileSources({ 'main.ts': source }, { check });
  expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  const asked: number[] = [];
  const tight = {
    ...internal,
    acquireTape: () => Object.assign(internal.acquireTape(), { data: new Float64Array(capacity) }),
    growTape: (tape: internal.Tape, need: number) => {
      asked.push(need);
      const data = new Float64Array(need);
      data.set(tape.data);
      tape.data = data;
      return data;
    },
  };
  const given = new Map<string, Record<string, unknown>>([
    ['adjoint', markers],
    ['adjoint/internal', tight],
  ]);
  const main = await loadModules({ 'main.ts': compiled.outputs['main.ts'] }, 'main.ts', given);
  return { gradients: main.gradients as Record<string, Fn>, pull: main.pull as Fn, asked };
}

const CALLS: [name: string, args: unknown[]][] = [
  ...[0, 1, 5, -3, 2.5, Number.NaN, -Infinity].flatMap((n): [string, unknown[]][] => [
    ['up', [0.7, n, 0]],
    ['up', [0.7, n, -2]],
    ['up', [0.7, n, 0.5]],
    ['from', [0.7, n, []]],
    ['from', [0.7, n, [1, 2, 3]]],
    ['last', [0.7, n]],
    ['triangle', [0.7, n]],
    ['early', [0.7, n]],
    ['calls', [0.7, n]],
    ['second', [0.7, n]],
    ...[0, 6, -4, 3.5, Number.NaN].flatMap((m): [string, unknown[]][] => [
      ['nested', [0.7, n, m, [0.5, 2]]],
      ['nested', [0.7, n, m, []]],
      ['rare', [0.7, n, m]],
      ['skips', [0.7, n, m]],
    ]),
  ]),
  ...[0, 7, 8, -3, -2.5, Number.NaN, Infinity].map((n): [string, unknown[]] => ['down', [0.7, n]]),
  ['few', [0.7]],
  ['early', [3, 50]],
  ['early', [0.7, Infinity]],
  ['rare', [0.7, 20, 5]],
  ['skips', [0.7, 20, 5]],
];

describe.each([
  ['plain', false],
  ['check mode', true],
])('%s', (_, check) => {
  const [tight, wide] = [load(0, check), load(1e5, check)];

  test('the gradient is that of a large tape', async () => {
    const [t, w] = [await tight, await wide];
    for (const [name, args] of CALLS)
      expect([name, args, t.gradients[name](...args)]).toEqual([name, args, w.gradients[name](...args)]);
    expect(w.asked).toEqual([]);
  });

  test('an error in the loop, and the next evaluation', async () => {
    const { gradients } = await tight;
    expect(() => gradients.fails(0.7, 10)).toThrow('three');
    expect(() => gradients.fails(0.7, Infinity)).toThrow('three');
    expect(gradients.fails(0.7, 3)).toBe((await wide).gradients.fails(0.7, 3));
  });

  test('two pullbacks at once', async () => {
    const [t, w] = [await tight, await wide];
    const open = [t, w].map(({ pull }) => {
      const [, first] = pull(0.7, 5, 0) as [number, Fn];
      const [, second] = pull(0.3, 40, 0) as [number, Fn];
      return [first(1), second(2), first(1)];
    });
    expect(open[0]).toEqual(open[1]);
  });
});

describe('what is asked for', () => {
  const asks = async (name: string, ...args: unknown[]) => {
    const { gradients, asked } = await load(0, false);
    gradients[name](...args);
    return asked;
  };
  test('a loop asks once', async () => expect(await asks('from', 0.7, 50, [])).toHaveLength(1));
  test('a nest asks once', async () => expect(await asks('nested', 0.7, 9, 6, [1, 2])).toHaveLength(1));
  test('no trips, no room', async () => {
    for (const n of [0, -5, Number.NaN]) expect(await asks('nested', 0.7, n, 6, [])).toEqual([]);
    expect(await asks('nested', 0.7, -1e6, -1e6, [])).toEqual([]);
  });
  test('as much as is used', async () => {
    const [one] = await asks('from', 0.7, 1, []);
    expect(await asks('from', 0.7, 50, [])).toEqual([50 * one]);
    expect(await asks('from', 0.7, 50, [1, 2, 3])).toEqual([47 * one]);
  });
  test('an inner loop that hardly runs asks for itself', async () => {
    for (const name of ['rare', 'skips'])
      expect(Math.max(...(await asks(name, 0.7, 10, 1000)))).toBeLessThan(9000);
  });
  test('a loop that ends early asks as it goes', async () => {
    expect(Math.max(...(await asks('early', 0.7, 1e9)))).toBeLessThan(1000);
  });
});

test('what no tape can hold', () => {
  const tape = internal.acquireTape();
  expect(() => internal.growTape(tape, 2 ** 52)).toThrow(RangeError);
  expect(() => internal.growTape(tape, Infinity)).toThrow(
    /needs Infinity numbers .* on its tape.*checkpointing/,
  );
  expect(internal.growTape(tape, 5000).length).toBeGreaterThanOrEqual(5000);
});
