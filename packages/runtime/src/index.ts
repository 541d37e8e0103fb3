export type {
  ArgNums,
  AuxFn,
  GradientAt,
  GradientParts,
  Gradients,
  JacobianAt,
  OutAt,
  PathOf,
  Position,
  Positions,
  ScalarFn,
  ScalarSlots,
  TreeFn,
} from './arguments.js';
export { type CheckOptions, checkGrad } from './check-grad.js';
export type { CheckReport, DotProduct, Entry as CheckEntry, Twice, Verdict } from './check-report.js';
export { type CheckpointOptions, checkpoint, checkpointed } from './checkpoint.js';
export {
  customJvp,
  customVjp,
  type JvpRule,
  type RuleFn,
  type RuleGradients,
  type VjpRule,
} from './custom.js';
export type { Kink } from './differences.js';
export { type FixedPointOptions, fixedPoint, implicit } from './fixed-point.js';
export type { Gradient, Jacobian } from './gradient.js';
export { type CheckpointStats, checkpointStats } from './internal-steps.js';
export type { NumberArray, SnapshotStore } from './internal-store.js';
export {
  type AuxOptions,
  type GradFn,
  type GradIntoFn,
  type GradIntoOptions,
  type GradOptions,
  grad,
  gradInto,
  type HessianFn,
  type HvpFn,
  hessian,
  hvp,
  type JacobianFn,
  type JvpFn,
  type JvpOptions,
  jacfwd,
  jacobian,
  jacrev,
  jvp,
  type MarkerOptions,
  type PartsOptions,
  type Pullback,
  stopGradient,
  type ValueAndGradAuxFn,
  type ValueAndGradFn,
  type VjpFn,
  valueAndGrad,
  vjp,
} from './markers.js';
export { NotCompiledError } from './not-compiled.js';
export { ravel, type Unravel, zerosLike } from './ravel.js';
export { type ListFn, type SparseFn, sparseHessian, sparseJacobian } from './sparse-markers.js';
export type { SparseMatrix, SparsePattern } from './sparse-pattern.js';
export type { Tangent, Tangents } from './tangent.js';
