import { binary, unary } from './rule.js';

export const add = binary('add', { value: (x, y) => x + y, left: () => 1, right: () => 1 });

export const sub = binary('sub', { value: (x, y) => x - y, left: () => 1, right: () => -1 });

export const mul = binary('mul', { value: (x, y) => x * y, left: (_x, y) => y, right: (x) => x });

export const div = binary('div', {
  value: (x, y) => x / y,
  left: (_x, y) => 1 / y,
  right: (_x, y, quotient) => -quotient / y,
});

/** `x % y` = x - y q with a whole q, which counts as a constant; x / y alone may be rounded up to the next whole number. */
export const rem = binary('rem', {
  value: (x, y) => x % y,
  left: () => 1,
  right: (x, y, rest) => -Math.round((x - rest) / y),
});

export const pow = binary('pow', {
  value: (x, y) => x ** y,
  left: (x, y) => (y === 0 ? 0 : y * x ** (y - 1)), // x^0 is the constant 1, at x = 0 too
  right: exponentPartial,
});

export const neg = unary(
  'neg',
  (x) => -x,
  () => -1,
);

/**
 * x^y log x. Zero where a power of zero or of infinity vanishes, and for 0^0; NaN for a negative base, whose powers
 * are isolated points.
 */
function exponentPartial(base: number, exponent: number, power: number): number {
  if (base >= 0 && power === 0) return 0;
  if (base === 0 && exponent === 0) return 0;
  return power * Math.log(base);
}
