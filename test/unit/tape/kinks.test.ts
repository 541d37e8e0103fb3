import * as tape from '@adjoint/tape';
import { gradient, type Scalar, type UnaryOperation, type Var } from '@adjoint/tape';
import { describe, expect, test } from 'vitest';

const slope = (f: (x: Var) => Scalar, x: number) => gradient(f)(x);
const slopes = (f: (x: Var, y: Var) => Scalar, x: number, y: number) =>
  gradient(f, { argnums: [0, 1] })(x, y);

describe('single operand', () => {
  test.each<[string, UnaryOperation, number, number]>([
    ['abs', tape.abs, 0, 0],
    ['abs', tape.abs, -0, 0],
    ['sqrt', tape.sqrt, 0, Infinity],
    ['sqrt', tape.sqrt, -0, Infinity],
    ['sqrt', tape.sqrt, Infinity, 0],
    ['sqrt', tape.sqrt, -1, NaN],
    ['cbrt', tape.cbrt, 0, Infinity],
    ['cbrt', tape.cbrt, -0, Infinity],
    ['log', tape.log, 0, Infinity],
    ['log', tape.log, -0, Infinity],
    ['log2', tape.log2, 0, Infinity],
    ['log10', tape.log10, 0, Infinity],
    ['log1p', tape.log1p, -1, Infinity],
    ['asin', tape.asin, 1, Infinity],
    ['asin', tape.asin, -1, Infinity],
    ['acos', tape.acos, 1, -Infinity],
    ['acosh', tape.acosh, 1, Infinity],
    ['atanh', tape.atanh, 1, Infinity],
    ['atanh', tape.atanh, -1, Infinity],
    ['exp', tape.exp, 1000, Infinity],
    ['tanh', tape.tanh, Infinity, 0],
    ['atan', tape.atan, -Infinity, 0],
  ])('%s at %d', (_name, operation, x, expected) => {
    expect(slope((y) => operation(y), x)).toBe(expected);
  });

  const { floor, ceil, round, trunc, sign, clz32 } = tape;
  test.each(Object.entries({ floor, ceil, round, trunc, sign, clz32 }))('%s has none', (_name, operation) => {
    expect(slope((x) => operation(x), 1)).toBe(0);
    expect(slope((x) => tape.add(x, tape.mul(x, operation(x))), 2.5)).toBe(1 + operation(2.5));
  });
});

describe('ties', () => {
  test.each([tape.min, tape.max])('are shared equally', (extremum) => {
    expect(slopes((x, y) => extremum(x, y), 2, 2)).toEqual([0.5, 0.5]);
    expect(slopes((x, y) => extremum(x, y), 0, -0)).toEqual([0.5, 0.5]);
    expect(slopes((x, y) => extremum(x, y, 5, y), 5, 5)).toEqual([0.25, 0.5]);
    expect(slope((x) => extremum(x, 3), 3)).toBe(0.5);
    expect(slope((x) => extremum(x, x), 3)).toBe(1);
    expect(slopes((x, y) => extremum(x, y), Infinity, Infinity)).toEqual([0.5, 0.5]);
    expect(slopes((x, y) => extremum(x, y), -Infinity, -Infinity)).toEqual([0.5, 0.5]);
  });

  test('who loses gets nothing, not even from an infinite cotangent', () => {
    expect(slopes((x, y) => tape.sqrt(tape.max(x, y)), -1, 0)).toEqual([0, Infinity]);
    expect(slopes((x, y) => tape.max(x, y), Infinity, 1)).toEqual([1, 0]);
    expect(slope((x) => tape.max(x, 10), 3)).toBe(0);
  });

  test('an operand that is NaN takes the cotangent', () => {
    expect(slopes((x, y) => tape.max(x, y), NaN, 1)).toEqual([1, 0]);
  });
});

describe('hypot', () => {
  test('is 0 where all operands are', () => {
    expect(slopes((x, y) => tape.hypot(x, y), 0, -0)).toEqual([0, 0]);
    expect(slope((x) => tape.hypot(x), 0)).toBe(0);
  });

  test('has finite slopes at infinity and beyond the largest double', () => {
    const half = Math.SQRT1_2;
    expect(slopes((x, y) => tape.hypot(x, y), -Infinity, 1)).toEqual([-1, 0]);
    expect(slopes((x, y) => tape.hypot(x, y), -Infinity, Infinity)).toEqual([
      -1 / Math.SQRT2,
      1 / Math.SQRT2,
    ]);
    const [three, four] = slopes((x, y) => tape.hypot(x, y), 3e200, 4e200);
    expect(three).toBeCloseTo(0.6, 15);
    expect(four).toBeCloseTo(0.8, 15);
    const [left, right] = slopes((x, y) => tape.hypot(x, y), 1.7e308, -1.7e308);
    expect(left).toBeCloseTo(half, 15);
    expect(right).toBeCloseTo(-half, 15);
  });
});

describe('atan2', () => {
  test.each([
    [0, 0, 0, 0],
    [-0, 0, 0, 0],
    [1, 0, 0, -1],
    [0, -2, -0.5, 0],
    [Infinity, 1, 0, 0],
    [Infinity, Infinity, 0, 0],
    [3e200, 4e200, 1.6e-201, -1.2e-201],
  ])('at (%d, %d)', (y, x, inOrdinate, inAbscissa) => {
    const [left, right] = slopes((first, second) => tape.atan2(first, second), y, x);
    expect(Math.abs(left - inOrdinate)).toBeLessThanOrEqual(1e-15 * Math.abs(inOrdinate));
    expect(Math.abs(right - inAbscissa)).toBeLessThanOrEqual(1e-15 * Math.abs(inAbscissa));
  });
});

describe('rem', () => {
  test.each([
    [7.5, 2, 1, -3],
    [-7.5, 2, 1, 3],
    [6, 2, 1, -3],
    [1, Infinity, 1, 0],
  ])('%d %% %d', (x, y, inLeft, inRight) => {
    const [left, right] = slopes((first, second) => tape.rem(first, second), x, y);
    expect(left).toBe(inLeft);
    expect(right + 0).toBe(inRight);
  });
});

describe('pow', () => {
  test.each([
    [0, 1, 1, 0],
    [0, 2, 0, 0],
    [0, 3, 0, 0],
    [0, 0.5, Infinity, 0],
    [0, 0, 0, 0],
    [2, 0, 0, Math.log(2)],
    [-2, 3, 12, NaN],
    [-2, 0, 0, NaN],
    [-0.5, 2000, -0, NaN],
    [Infinity, -1, -0, 0],
    [1, 5, 5, 0],
  ])('%d ** %d', (x, y, inBase, inExponent) => {
    const [base, exponent] = slopes((first, second) => tape.pow(first, second), x, y);
    expect(base + 0).toBe(inBase + 0);
    expect(exponent).toBe(inExponent);
  });

  test('a negative base is differentiable while the exponent is a plain number', () => {
    expect(slope((x) => tape.pow(x, 3), -2)).toBe(12);
    expect(slope((x) => tape.pow(x, -2), -2)).toBe(0.25);
  });
});

describe('strong zero: a zero cotangent contributes zero where the partial is infinite', () => {
  test.each<[string, (x: Var) => Var, number]>([
    ['sqrt', tape.sqrt, 0],
    ['cbrt', tape.cbrt, 0],
    ['log', tape.log, 0],
    ['log2', tape.log2, 0],
    ['log10', tape.log10, 0],
    ['log1p', tape.log1p, -1],
    ['pow in the base', (x) => tape.pow(x, 0.5), 0],
    ['pow in the exponent', (x) => tape.pow(-2, x), 2],
    ['asin', tape.asin, 1],
    ['acos', tape.acos, 1],
    ['acosh', tape.acosh, 1],
    ['atanh', tape.atanh, 1],
    ['div', (x) => tape.div(1, x), 0],
    ['exp', tape.exp, 1000],
    ['expm1', tape.expm1, 1000],
    ['sinh', tape.sinh, 1000],
    ['cosh', tape.cosh, 1000],
  ])('%s', (_name, operation, x) => {
    expect(slope((y) => tape.mul(0, operation(y)), x)).toBe(0);
    const unused = (y: Var) => {
      operation(y);
      return y;
    };
    expect(slope(unused, x)).toBe(1);
  });

  test('of a product as well, and where an infinite slope meets a zero', () => {
    expect(slope((x) => tape.min(tape.mul(x, Infinity), 1), 2)).toBe(0);
    expect(slope((x) => tape.mul(tape.sqrt(x), tape.sqrt(x)), 0)).toBe(0);
  });
});
