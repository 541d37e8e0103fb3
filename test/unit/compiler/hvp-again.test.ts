// `hvp` of functions with marked parts: they run again, and the product is that of the same function without marks.
import { describe, expect, test } from 'vitest';
import { type CheckpointStats, checkpointStats } from '../../../packages/runtime/dist/index.js';
import { compileSources } from '../../support/compile.js';
import { leafValues } from '../../support/tree.js';

const source = (head: string): string => `
  import { hvp } from 'adjoint';
  import { checkpoint, checkpointed } from 'adjoint';
  interface State { a: number; readonly w: number[] }
  function numbers(x: number[], n: number): number {
    let [a, b] = x;
    ${head} {
      const c = Math.sin(a) * 0.9 + 0.1 * b;
      b += 0.05 * a * c;
      a = c;
      if (a > 5) break;
    }
    return a * b;
  }
  function inPlace(u: Float64Array, n: number, k: number): number {
    let e = 0;
    ${head} {
      for (let i = 1; i < u.length; i++) u[i] += 0.1 * Math.sin(u[i - 1] * k) * u[i];
      e += u[2] * u[2];
    }
    return e;
  }
  function step(s: State): number {
    let y = s.a;
    for (let i = 0; i < s.w.length; i++) {
      y = Math.tanh(y * s.w[i] + 0.2);
      s.w[i] *= y;
    }
    return y;
  }
  function objects(s: State, n: number): number {
    let y = 0;
    for (let i = 0; i < n; i++) y += checkpoint(step)(s);
    return y * s.w[0];
  }
  export const products = { numbers: hvp(numbers), inPlace: hvp(inPlace), objects: hvp(objects) };
`;
type Product = (...args: unknown[]) => unknown;
const load = async (text: string): Promise<Record<string, Product>> => {
  const { products } = await compileSources({ 'input.ts': text }).load('input.ts');
  return products as unknown as Record<string, Product>;
};
const again = await load(source('for (const _ of checkpointed(n, { snapshots: 2 }))'));
const once = await load(source('for (let t = 0; t < n; t++)').replace('checkpoint(step)(s)', 'step(s)'));
const run = (f: Product, args: readonly unknown[]): { product: unknown; stats: CheckpointStats } => {
  checkpointStats();
  const product = f(...structuredClone(args));
  return { product, stats: checkpointStats() };
};

describe('hvp', () => {
  const weights = { a: 0.3, w: [0.5, 0.9, 1.1] };
  const cases: readonly (readonly [string, readonly unknown[], number])[] = [
    ['numbers', [[0.5, 0.7], [1, 2], 30], 29],
    ['inPlace', [Float64Array.of(0.5, 0.7, 0.4), Float64Array.of(1, -1, 0.5), 12, 0.7], 11],
    ['objects', [weights, { a: 1, w: [0.5, 0, 1] }, 3], 3],
    ['numbers', [[0.5, 0.7], [1, 2], 0], 0],
  ];
  test.each(cases)('%s', (name, args, taped) => {
    const [a, b] = [run(again[name], args), run(once[name], args)];
    const [got, want] = [leafValues(a.product), leafValues(b.product)];
    expect(got).toHaveLength(want.length);
    for (const [k, g] of got.entries()) expect(g).toBeCloseTo(want[k], 10);
    expect(a.stats.taped).toBe(taped);
  });

  test('the vector may be the argument itself, and must have its shape', () => {
    const u = Float64Array.of(0.5, 0.7, 0.4);
    const product = leafValues(again.inPlace(u, u, 5, 0.7));
    const start = Float64Array.of(0.5, 0.7, 0.4);
    expect(product).toEqual(leafValues(again.inPlace(start, start.slice(), 5, 0.7)));
    const short = () => again.inPlace(Float64Array.of(0.5, 0.7, 0.4), Float64Array.of(1), 5, 0.7);
    expect(short).toThrow(
      new RangeError('adjoint: the tangent of u has length 1, but its primal has length 3'),
    );
  });
});
