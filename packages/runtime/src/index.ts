export type { ArgNums, GradientAt, Gradients, OutAt, ScalarFn, ScalarSlots, TreeFn } from './arguments.js';
export { type CheckOptions, checkGrad } from './check-grad.js';
export type { CheckReport, DotProduct, Entry as CheckEntry, Verdict } from './check-report.js';
export type { Kink } from './differences.js';
export type { Gradient } from './gradient.js';
export {
  type GradFn,
  type GradIntoFn,
  type GradIntoOptions,
  type GradOptions,
  grad,
  gradInto,
  type JvpFn,
  type JvpOptions,
  jvp,
  type MarkerOptions,
  type Pullback,
  stopGradient,
  type ValueAndGradFn,
  type VjpFn,
  valueAndGrad,
  vjp,
} from './markers.js';
export { NotCompiledError } from './not-compiled.js';
export type { Tangent, Tangents } from './tangent.js';
