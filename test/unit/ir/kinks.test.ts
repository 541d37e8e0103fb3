/** Points where derivatives are a convention: hand-worked values (API.md, ALGORITHMS.md (xi), LANGUAGE.md R11). */
import { describe, expect, it } from 'vitest';
import { partial } from './graph.js';

/** Entry, operands, and the partial derivative of each operand. */
type Row = readonly [fn: string, xs: readonly number[], partials: readonly number[]];
const { POSITIVE_INFINITY: INF, NaN: NAN } = Number;

const KINKS: readonly Row[] = [
  ['abs', [0], [0]],
  ['max', [2, 2], [0.5, 0.5]],
  ['min', [2, 2], [0.5, 0.5]],
  ['max', [0, -0], [0.5, 0.5]],
  ['max', [1, 3, 3], [0, 0.5, 0.5]],
  ['min', [1, 1, 3, 1], [1 / 3, 1 / 3, 0, 1 / 3]],
  ['max', [NAN, 1], [0, 0]],
  ['max', [1, NAN, 2], [0, 0, 0]],
  ['max', [INF, INF], [0.5, 0.5]],
  ['hypot', [0, 0], [0, 0]],
  ['hypot', [0], [0]],
  ['hypot', [0, -3], [0, -1]],
  ['atan2', [0, 0], [0, 0]],
  ['sqrt', [0], [INF]],
  ['cbrt', [0], [INF]],
  ['log', [0], [INF]],
  ['log1p', [-1], [INF]],
  ['log2', [0], [INF]],
  ['log10', [0], [INF]],
  ['asin', [1], [INF]],
  ['acos', [1], [-INF]],
  ['acosh', [1], [INF]],
  ['atanh', [-1], [INF]],
  ['tanh', [INF], [0]],
  ['exp', [-INF], [0]],
  ['expm1', [-INF], [0]],
  ['atan', [INF], [0]],
  ['asinh', [INF], [0]],
  ['rem', [7, 3], [1, -2]],
  ['rem', [-7, 3], [1, 2]],
  ['rem', [6, 3], [1, -2]],
  ['rem', [1, INF], [1, 0]],
  ['div', [0, 2], [0.5, 0]],
  ['div', [1, 0], [INF, -INF]],
  ['fround', [0.1], [1]],
  ['pow', [0, 1], [1, 0]],
  ['pow', [0, 2], [0, 0]],
  ['pow', [0, 3.5], [0, 0]],
  ['pow', [0, 0.5], [INF, 0]],
  ['pow', [5, 0], [0, Math.log(5)]],
  ['pow', [-2, 3], [12, NAN]],
  ['pow', [-2, 0], [0, NAN]],
  ['pow', [1, 7], [7, 0]],
  ['mathpow', [0, 1], [1, 0]],
];

/** `x ** n` with a known exponent, derivative in `x`. */
const POWERS: readonly (readonly [x: number, n: number, partial: number])[] = [
  [0, 0, 0],
  [NAN, 0, 0],
  [INF, 0, 0],
  [0, 1, 1],
  [0, 2, 0],
  [0, 0.5, INF],
  [0, -1, -INF],
  [-2, 2, -4],
  [-2, 3, 12],
  [-2, 4, -32],
  [-2, 5, 80],
];

describe('kinks', () => {
  it.each(KINKS)('%s%j', (fn, xs, partials) => {
    const found = xs.map((_, k) => partial(fn, xs, k));
    // a zero is a zero here, whatever its sign
    expect(found.map((v) => v + 0)).toEqual(partials);
  });
  it('the derivative of 0 ** 0 in the base is 0 for an active exponent too', () => {
    expect(partial('pow', [0, 0], 0)).toBe(0);
  });
  it.each(POWERS)('%d ** %d', (x, n, expected) => {
    expect(partial('pow', [x, n], 0, { known: true }) + 0).toEqual(expected);
  });
});

/** Where a partial is not finite, a zero seed gives zero. */
const STRONG: readonly (readonly [fn: string, xs: readonly number[]])[] = [
  ['sqrt', [0]],
  ['cbrt', [0]],
  ['log', [0]],
  ['log1p', [-1]],
  ['log2', [0]],
  ['log10', [0]],
  ['asin', [1]],
  ['asin', [2]],
  ['acos', [-1]],
  ['acosh', [1]],
  ['acosh', [0.5]],
  ['atanh', [1]],
  ['hypot', [INF, 1]],
  ['pow', [0, 0.5]],
  ['pow', [0, -1]],
  ['pow', [-2, 3]],
  ['mathpow', [0, -1]],
  ['div', [1, 0]],
  ['div', [0, 0]],
  ['exp', [1000]],
  ['expm1', [1000]],
  ['sinh', [1000]],
  ['cosh', [-1000]],
  ['tan', [INF]],
  ['strong', [3, INF]],
  ['strongdiv', [3, 0]],
];

describe('strong zero', () => {
  it.each(STRONG)('%s%j', (fn, xs) => {
    for (const policy of ['strong', 'no quotient'] as const)
      for (const k of xs.keys()) expect(partial(fn, xs, k, { seed: 0, policy }) + 0).toBe(0);
  });
  it('is left to the builder', () => {
    expect(partial('exp', [1000], 0, { seed: 0, policy: 'plain' })).toBeNaN();
    expect(partial('div', [1, 0], 0, { seed: 0, policy: 'plain' })).toBeNaN();
  });
  it('a guarded product passes its derivative on at a zero seed', () => {
    expect(partial('strong', [0, 4], 0)).toBe(4);
    expect(partial('strong', [0, 4], 1)).toBe(0);
    expect(partial('strong', [0, INF], 1, { seed: INF })).toBe(0);
    expect(partial('strongdiv', [0, 4], 0)).toBe(0.25);
    expect(partial('strongdiv', [0, 4], 1) + 0).toBe(0);
  });
});
