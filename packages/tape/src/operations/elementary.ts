import { unary } from './rule.js';

// Where a partial is infinite at zero, `+ 0` turns a negative zero into a positive one: both have slope +Infinity.

export const sqrt = unary('sqrt', Math.sqrt, (_x, root) => 0.5 / (root + 0));

export const cbrt = unary('cbrt', Math.cbrt, (_x, root) => 1 / (3 * root * root));

export const exp = unary('exp', Math.exp, (_x, power) => power);

/** The partial is exp(x) itself: `result + 1` loses all digits for large negative x. */
export const expm1 = unary('expm1', Math.expm1, (x) => Math.exp(x));

export const log = unary('log', Math.log, (x) => 1 / (x + 0));

export const log10 = unary('log10', Math.log10, (x) => 1 / ((x + 0) * Math.LN10));

export const log1p = unary('log1p', Math.log1p, (x) => 1 / (1 + x));

export const log2 = unary('log2', Math.log2, (x) => 1 / ((x + 0) * Math.LN2));

/** Slope of the executed side; 0 at 0. */
export const abs = unary('abs', Math.abs, (x) => Math.sign(x));

/** Rounding to single precision counts as the identity. */
export const fround = unary('fround', Math.fround, () => 1);
