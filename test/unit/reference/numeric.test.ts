import { describe, expect, test } from 'vitest';
import {
  differentiateCurve,
  directionalDifferences,
  dot,
  jacobianByDifferences,
  randomNumbers,
} from '../../support/numeric.js';

describe('extrapolated differences', () => {
  const smooth: [string, (x: number) => number, (x: number) => number, number][] = [
    ['sin', Math.sin, Math.cos, 0.7],
    ['exp', Math.exp, Math.exp, -2],
    ['a steep exponential', (x) => Math.exp(20 * x), (x) => 20 * Math.exp(20 * x), 0.3],
    ['log near its pole', Math.log, (x) => 1 / x, 0.01],
    ['a large argument', (x) => x * x, (x) => 2 * x, 1e6],
    ['a constant', () => 3, () => 0, 1],
  ];
  test.each(smooth)('%s: within its own error estimate', (_, f, derivative, x) => {
    const [estimate] = differentiateCurve((t) => [f(x + t)], Math.max(Math.abs(x), 0.5));
    const exact = derivative(x);
    expect(Math.abs(estimate.value - exact)).toBeLessThanOrEqual(
      10 * estimate.error + 1e-12 * Math.abs(exact),
    );
    expect(estimate.error).toBeLessThan(1e-6 * Math.max(1, Math.abs(exact)));
  });

  test.each([
    ['abs at 0', Math.abs],
    ['a ramp at 0', (x: number) => Math.max(x, 0)],
    ['a jump at 0', (x: number) => (x < 0 ? 0 : 1)],
    ['a square root at 0', Math.sqrt],
  ])('%s has a large error', (_, f) => {
    const [estimate] = differentiateCurve((t) => [f(t)], 1);
    expect(estimate.error).toBeGreaterThan(0.1);
  });

  test('a kink beside the point does not spoil the smaller steps', () => {
    const [estimate] = differentiateCurve((t) => [Math.abs(0.01 + t) + Math.sin(t)], 1);
    expect(estimate.value).toBeCloseTo(2, 6);
  });

  test('a curve that cannot be evaluated on one side gives no estimate', () => {
    const [estimate] = differentiateCurve((t) => (t < 0 ? undefined : [t]), 1);
    expect(estimate.error).toBe(Infinity);
  });
});

describe('derivatives of functions of trees', () => {
  const f = (m: number[][], o: { w: Float64Array; name: string }, n: number): number[] => {
    m[0][0] *= o.w[1];
    return [m[0][0] * m[1][0] + n, Math.sin(o.w[0])];
  };
  const args = [[[2], [3]], { w: Float64Array.of(0.5, 4), name: 'a' }, 7];

  test('jacobian: a row per result, a column per leaf of the chosen arguments', () => {
    const jacobian = jacobianByDifferences(f, args, [0, 1]).map((row) => row.map((e) => e.value));
    const exact = [
      [12, 8, 0, 6],
      [0, 0, Math.cos(0.5), 0],
    ];
    for (const [i, row] of exact.entries())
      for (const [j, x] of row.entries()) expect(jacobian[i][j]).toBeCloseTo(x, 8);
    expect(args).toEqual([[[2], [3]], { w: Float64Array.of(0.5, 4), name: 'a' }, 7]);
  });

  test('argument numbers may be in any order', () => {
    const jacobian = jacobianByDifferences(f, args, [2, 0]).map((row) => row.map((e) => e.value));
    for (const [j, x] of [1, 12, 8].entries()) expect(jacobian[0][j]).toBeCloseTo(x, 8);
  });

  test('a directional derivative is the jacobian times the direction', () => {
    const estimates = directionalDifferences(f, args, [0, 1], [1, 2, 3, -1]);
    expect(estimates[0].value).toBeCloseTo(12 + 16 - 6, 7);
    expect(estimates[1].value).toBeCloseTo(3 * Math.cos(0.5), 7);
  });
});

test('dot leaves out terms with a zero second factor', () => {
  expect(dot([Infinity, 2], [0, -3])).toEqual({ value: -6, scale: 6 });
});
test('random numbers are reproducible and in range', () => {
  const [a, b] = [randomNumbers(5), randomNumbers(5)];
  for (let i = 0; i < 100; i++) {
    const x = a();
    expect(x).toBe(b());
    expect(Math.abs(x)).toBeLessThanOrEqual(1);
  }
});
