/**
 * What functions call that were rewritten for the tape (`backend: 'tape'`). Not part of the public API: the rewritten code
 * and this file belong to one version.
 */
import './internal/natives-arrays.js';
import './internal/natives-typed.js';
import { math } from './internal/natives-others.js';

export { assignIf, get, iterate, set, slot, update, updateAfter } from './internal/access.js';
export { call, invoke, invokeFirst, invokeIf } from './internal/calls.js';
export { construct } from './internal/construct.js';
export { grad, gradInto, type Plan, type State, valueAndGrad, vjp } from './internal/entry.js';
export { fixedPoint, implicit } from './internal/solutions.js';
export { steps, stop } from './internal/stop.js';
export { shareStatics, type Twin } from './internal/twins.js';
export {
  add,
  and,
  before,
  chain,
  decrement,
  div,
  identity,
  increment,
  loose,
  mul,
  neg,
  number,
  numeric,
  once,
  or,
  pow,
  primal,
  rem,
  same,
  sub,
  typeOf,
} from './internal/values.js';

/** The functions of `Math`. */
export const {
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cbrt,
  ceil,
  clz32,
  cos,
  cosh,
  exp,
  expm1,
  floor,
  fround,
  hypot,
  imul,
  log,
  log10,
  log1p,
  log2,
  max,
  min,
  round,
  sign,
  sin,
  sinh,
  sqrt,
  tan,
  tanh,
  trunc,
} = math;
