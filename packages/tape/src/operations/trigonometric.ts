import { binary, unary } from './rule.js';

export const sin = unary('sin', Math.sin, (x) => Math.cos(x));

export const cos = unary('cos', Math.cos, (x) => -Math.sin(x));

export const tan = unary('tan', Math.tan, (_x, tangent) => 1 + tangent * tangent);

export const asin = unary('asin', Math.asin, (x) => 1 / Math.sqrt((1 - x) * (1 + x)));

export const acos = unary('acos', Math.acos, (x) => -1 / Math.sqrt((1 - x) * (1 + x)));

export const atan = unary('atan', Math.atan, (x) => 1 / (1 + x * x));

/** Operands in the order of `Math.atan2`: ordinate, abscissa. */
export const atan2 = binary('atan2', {
  value: Math.atan2,
  left: (y, x) => turn(x, y),
  right: (y, x) => -turn(y, x),
});

export const sinh = unary('sinh', Math.sinh, (x) => Math.cosh(x));

export const cosh = unary('cosh', Math.cosh, (x) => Math.sinh(x));

/** 1 / cosh^2: `1 - result^2` cancels for large x. */
export const tanh = unary('tanh', Math.tanh, (x) => 1 / Math.cosh(x) ** 2);

/** Through hypot, since x^2 + 1 may overflow. */
export const asinh = unary('asinh', Math.asinh, (x) => 1 / Math.hypot(1, x));

/** Two roots, since x^2 - 1 may overflow. */
export const acosh = unary('acosh', Math.acosh, (x) => 1 / (Math.sqrt(x - 1) * Math.sqrt(x + 1)));

export const atanh = unary('atanh', Math.atanh, (x) => 1 / ((1 - x) * (1 + x)));

/** numerator / (numerator^2 + other^2) without overflow; 0 at the origin and at infinity. */
function turn(numerator: number, other: number): number {
  const radius = Math.hypot(numerator, other);
  if (radius === 0 || radius === Number.POSITIVE_INFINITY) return 0;
  return numerator / radius / radius;
}
