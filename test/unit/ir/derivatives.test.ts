import { describe, expect, it } from 'vitest';
import { SCALAR_RULES, scalarRule } from '../../../packages/compiler/src/rules/scalar.js';
import { differentiateCurve } from '../../support/numeric.js';
import { Graph, type Policy, partial } from './graph.js';

/** Points where an entry is smooth. */
const POINTS: Record<string, readonly (readonly number[])[]> = {
  add: [[1.3, -2.1]],
  sub: [[1.3, -2.1]],
  mul: [
    [1.3, -2.1],
    [0, 0.7],
  ],
  div: [
    [1.3, -2.1],
    [-0.4, 0.3],
  ],
  rem: [
    [7.3, 2.1],
    [-7.3, 2.1],
    [7.3, -2.1],
    [0.4, 5],
  ],
  pow: [
    [1.7, 2.3],
    [0.3, -1.4],
    [2.2, 0.6],
    [1.9, 0],
    [3.1, 1],
  ],
  neg: [[0.4]],
  plus: [[0.4]],
  orZero: [[0.4]],
  strong: [
    [1.3, -2.1],
    [-0.4, 0.3],
  ],
  strongdiv: [
    [1.3, -2.1],
    [-0.4, 0.3],
  ],
  unwrap: [[0.4]],
  abs: [[0.4], [-3.2]],
  acos: [[0.4], [-0.97]],
  acosh: [[1.3], [1.001], [40]],
  asin: [[0.4], [-0.97]],
  asinh: [[0.4], [-30]],
  atan: [[0.4], [-30]],
  atan2: [
    [0.4, 1.3],
    [-0.4, -1.3],
    [2, 0.01],
    [0, 1.5],
    [1.5, 0],
  ],
  atanh: [[0.4], [-0.97]],
  cbrt: [[0.4], [-3.2]],
  cos: [[0.4], [3]],
  cosh: [[0.4], [-3]],
  exp: [[0.4], [-3]],
  expm1: [[0.4], [1e-3]],
  hypot: [[3], [-3, 4], [0.2, -1.3, 2.4], [0, 1, 0, 2]],
  log: [[0.4], [30]],
  log10: [[0.4], [30]],
  log1p: [[0.4], [1e-3]],
  log2: [[0.4], [30]],
  max: [[2], [1, 2], [2, 1], [0.2, 3.3, 2.4], [-1, -2, -3, -4]],
  min: [[2], [1, 2], [2, 1], [0.2, 3.3, 2.4], [-1, -2, -3, -4]],
  sin: [[0.4], [3]],
  sinh: [[0.4], [-3]],
  sqrt: [[0.4], [30]],
  tan: [[0.4], [3]],
  tanh: [[0.4], [-3]],
};
POINTS.mathpow = POINTS.pow;

/** Entries with a derivative that is not a number in a smooth sense, tested elsewhere. */
const ELSEWHERE = new Set(['select', 'fround']);
const POLICIES: readonly Policy[] = ['strong', 'plain', 'no quotient'];

const numeric = (f: (x: number) => number, x: number): { value: number; error: number } =>
  differentiateCurve((t) => [f(x + t)], 0.3 * (Math.abs(x) + 0.1), [0.02, 0.005, 1e-3, 3e-4])[0];

const replaced = (xs: readonly number[], k: number, v: number) => xs.map((x, i) => (i === k ? v : x));
const cases = Object.entries(POINTS).flatMap(([fn, points]) =>
  points.flatMap((xs) => xs.map((_, k) => ({ fn, xs, k }))),
);

it('has points for every entry with a derivative', () => {
  const differentiable = [...SCALAR_RULES.values()].filter((r) => typeof r.derivative === 'function');
  const missing = differentiable.filter((r) => !(r.name in POINTS) && !ELSEWHERE.has(r.name));
  expect(missing.map((r) => r.name)).toEqual([]);
});

describe('first derivatives against extrapolated differences', () => {
  it.each(cases)('$fn($xs) in operand $k', ({ fn, xs, k }) => {
    const rule = scalarRule(fn);
    const expected = numeric((x) => rule.evaluate(...replaced(xs, k, x)) as number, xs[k]);
    expect(expected.error).toBeLessThan(1e-6 * (1 + Math.abs(expected.value)));
    for (const policy of POLICIES) {
      const value = partial(fn, xs, k, { policy });
      expect(Math.abs(value - expected.value)).toBeLessThan(1e-7 * (1 + Math.abs(expected.value)));
      expect(partial(fn, xs, k, { policy, seed: -1.7 })).toBeCloseTo(-1.7 * value, 12);
    }
  });
});

describe('second derivatives, by the rules of the entries that the forms use', () => {
  const smooth = cases.flatMap((c) => c.xs.map((_, j) => ({ ...c, j })));
  it.each(smooth)('$fn($xs) in operands $k and $j', ({ fn, xs, k, j }) => {
    const expected = numeric((x) => partial(fn, replaced(xs, j, x), k, { seed: 0.8 }), xs[j]);
    for (const policy of POLICIES) {
      const g = new Graph(policy);
      const x = xs.map((v) => g.input(v));
      const y = g.scalar(fn, ...x);
      const first = g.tangent(y, new Map([[x[k], g.input(0.8)]]))!;
      const second = g.tangent(first, new Map([[x[j], g.num(1)]]));
      const value = second === undefined ? 0 : g.number(second);
      expect(Math.abs(value - expected.value)).toBeLessThan(1e-5 * (1 + Math.abs(expected.value)));
    }
  });
});

describe('powers with a known exponent', () => {
  const exponents = [0, 1, 2, 3, 4, 5, -1, -2, 0.5, 1.5, -0.3];
  it.each(exponents)('x ** %d', (n) => {
    for (const x of [0.6, 1.9]) {
      const expected = numeric((v) => v ** n, x).value;
      for (const policy of POLICIES)
        expect(Math.abs(partial('pow', [x, n], 0, { known: true, policy }) - expected)).toBeLessThan(
          1e-7 * (1 + Math.abs(expected)),
        );
    }
  });
  it('multiplies for 2, 3 and 4', () => {
    for (const n of [2, 3, 4]) {
      const g = new Graph();
      const x = g.input(-1.5);
      const d = g.tangent(g.scalar('pow', x, g.num(n)), new Map([[x, g.input(2)]]))!;
      expect(g.number(d)).toBe(2 * n * (-1.5) ** (n - 1));
      expect(g.entries(d)).toEqual(new Set(['mul']));
    }
  });
  it('reaches third order', () => {
    const g = new Graph();
    const x = g.input(1.3);
    const seeds = new Map([[x, g.num(1)]]);
    let d = g.scalar('pow', x, g.num(5.5));
    for (let k = 0; k < 3; k++) d = g.tangent(d, seeds)!;
    expect(g.number(d)).toBeCloseTo(5.5 * 4.5 * 3.5 * 1.3 ** 2.5, 9);
  });
});

describe('select and fround', () => {
  it('sends the seed to the chosen operand', () => {
    for (const cond of [true, false]) {
      const g = new Graph();
      const x = [g.input(cond), g.input(2), g.input(3)];
      const y = g.scalar('select', ...x);
      const { derivative } = scalarRule('select');
      if (typeof derivative !== 'function') throw new Error('select has no derivative');
      const parts = [0, 1, 2].map((k) => g.number(derivative({ b: g, x, y }, k, g.input(5))));
      expect(parts).toEqual(cond ? [0, 5, 0] : [0, 0, 5]);
    }
  });
  it('passes the derivative through fround', () => {
    expect(partial('fround', [0.1], 0, { seed: 3 })).toBe(3);
  });
});
