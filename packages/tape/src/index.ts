export type {
  Gradient,
  GradientAt,
  Position,
  Positions,
  Primal,
  PrimalArguments,
  TapedFunction,
} from './arguments/types.js';
export {
  type GradientOptions,
  gradient,
  gradientAndScale,
  type ScaledGradient,
  valueAndGradient,
} from './gradient.js';
export { add, div, mul, neg, pow, rem, sub } from './operations/arithmetic.js';
export {
  bitAnd,
  bitNot,
  bitOr,
  bitXor,
  ceil,
  clz32,
  floor,
  imul,
  round,
  shiftLeft,
  shiftRight,
  shiftRightUnsigned,
  sign,
  trunc,
} from './operations/discrete.js';
export { abs, cbrt, exp, expm1, fround, log, log1p, log2, log10, sqrt } from './operations/elementary.js';
export {
  type BinaryOperation,
  primal,
  type UnaryOperation,
  type VariadicOperation,
} from './operations/rule.js';
export {
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cos,
  cosh,
  sin,
  sinh,
  tan,
  tanh,
} from './operations/trigonometric.js';
export { hypot, max, min } from './operations/variadic.js';
export { Tape, type TapeOptions } from './tape.js';
export type { Scalar } from './var.js';
export { Var } from './var.js';
