/**
 * The markers: calls that the build-time plugin compiles.
 *
 * The plugin keeps the call where it is and hands the generated function to it as one more argument; each marker has
 * an internal overload for that. Without it a marker can only say that it was not compiled.
 */
import type {
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
  TreeFn,
} from './arguments.js';
import type { Gradient, Jacobian } from './gradient.js';
import { forwardOf } from './internal-lanes.js';
import { keepState } from './internal-state.js';
import { byColumns, byRows, bySize } from './matrices.js';
import { requireCompiled } from './not-compiled.js';
import type { Tangent, Tangents } from './tangent.js';

/** Options of every marker but `jvp`. */
export interface MarkerOptions {
  /** How the derivative is computed: by generated code, or by the same source rewritten for `@adjoint/tape`, to compare. */
  readonly backend?: 'adjoint' | 'tape';
}

/** Options of `jvp`: a tape has no forward mode. */
export interface JvpOptions {
  readonly backend?: 'adjoint';
}

/** Options of `grad` and `valueAndGrad`. */
export interface GradOptions<A> extends MarkerOptions {
  /** The position of the argument to differentiate in, or a tuple of positions; 0 if left out. */
  readonly argnums?: A;
}

/** Options of `grad` and `valueAndGrad` for parts of one object. */
export interface PartsOptions<A, W> extends MarkerOptions {
  /** The position of the object; 0 if left out. */
  readonly argnums?: A;
  /** Paths of the object, such as `'layer.w'`: only these parts are differentiated, and are in the gradient. */
  readonly wrt: readonly W[];
}

/** Options of `valueAndGrad` for a function that returns `[loss, extra]`. */
export interface AuxOptions<A> extends GradOptions<A> {
  /** The loss is differentiated; all that the function returns is given back as the value. */
  readonly aux: true;
}

/** Options of `gradInto`. */
export interface GradIntoOptions<A> extends GradOptions<A> {
  /** Add to what `out` holds instead of overwriting it. */
  readonly accumulate?: boolean;
}

/** What the plugin hands over. */
type Generated = (...args: never[]) => unknown;

/** Returned by `grad`: the gradient at the arguments. */
export type GradFn<F extends ScalarFn, A = 0> = (...args: Parameters<F>) => GradientAt<Parameters<F>, A>;
/** Returned by `valueAndGrad`: the value, bitwise that of `f`, and the gradient. */
export type ValueAndGradFn<F extends ScalarFn, A = 0> = (
  ...args: Parameters<F>
) => [value: number, gradient: GradientAt<Parameters<F>, A>];
/** Returned by `valueAndGrad` with `aux`: all that `f` returned, and the gradient of its first element. */
export type ValueAndGradAuxFn<F extends AuxFn, A = 0> = (
  ...args: Parameters<F>
) => [value: ReturnType<F>, gradient: GradientAt<Parameters<F>, A>];
/** Returned by `gradInto`: writes the gradient into `out` and returns the value. */
export type GradIntoFn<F extends ScalarFn, A = 0> = (
  out: OutAt<Parameters<F>, A>,
  ...args: Parameters<F>
) => number;
/** Maps a cotangent of the result to one gradient per argument; it may be called more than once. */
export type Pullback<F extends TreeFn> = (cotangent: Tangent<ReturnType<F>>) => Gradients<Parameters<F>>;
/** Returned by `vjp`. */
export type VjpFn<F extends TreeFn> = (
  ...args: Parameters<F>
) => [value: ReturnType<F>, pullback: Pullback<F>];
/** Returned by `jvp`. */
export type JvpFn<F extends TreeFn> = (
  primals: Readonly<Parameters<F>>,
  tangents: Tangents<Parameters<F>>,
) => [value: ReturnType<F>, tangent: Gradient<ReturnType<F>>];

/** The gradient of `f` in the arguments `opts.argnums` (default 0); a tuple of positions gives a tuple. */
export function grad<F extends ScalarFn, const A extends ArgNums<F> = 0>(
  f: F,
  opts?: GradOptions<A>,
): GradFn<F, A>;
export function grad<
  F extends ScalarFn,
  const W extends PathOf<Parameters<F>[A & keyof Parameters<F>]>,
  const A extends Position<F> = 0,
>(
  f: F,
  opts: PartsOptions<A, W>,
): (...args: Parameters<F>) => GradientParts<Parameters<F>[A & keyof Parameters<F>], W>;
/** @internal The form that the plugin writes. */
export function grad<
  F extends ScalarFn,
  const W extends PathOf<Parameters<F>[A & keyof Parameters<F>]>,
  const A extends Position<F> = 0,
>(
  f: F,
  opts: PartsOptions<A, W>,
  generated: Generated,
): (...args: Parameters<F>) => GradientParts<Parameters<F>[A & keyof Parameters<F>], W>;
/** @internal The form that the plugin writes. */
export function grad<F extends ScalarFn, const A extends ArgNums<F> = 0>(
  f: F,
  opts: GradOptions<A> | undefined,
  generated: Generated,
): GradFn<F, A>;
export function grad(f: unknown, _opts?: unknown, generated?: Generated): unknown {
  return requireCompiled('grad', grad, generated, f);
}

/**
 * The value of `f` and its gradient in the arguments `opts.argnums` (default 0), in one evaluation. With `aux: true` the function
 * returns `[loss, extra]`: the gradient is that of the loss, and the value is all of it.
 */
export function valueAndGrad<F extends ScalarFn, const A extends ArgNums<F> = 0>(
  f: F,
  opts?: GradOptions<A>,
): ValueAndGradFn<F, A>;
export function valueAndGrad<F extends AuxFn, const A extends Positions<F> = 0>(
  f: F,
  opts: AuxOptions<A>,
): ValueAndGradAuxFn<F, A>;
export function valueAndGrad<
  F extends ScalarFn,
  const W extends PathOf<Parameters<F>[A & keyof Parameters<F>]>,
  const A extends Position<F> = 0,
>(
  f: F,
  opts: PartsOptions<A, W>,
): (
  ...args: Parameters<F>
) => [value: number, gradient: GradientParts<Parameters<F>[A & keyof Parameters<F>], W>];
/** @internal The form that the plugin writes. */
export function valueAndGrad<
  F extends ScalarFn,
  const W extends PathOf<Parameters<F>[A & keyof Parameters<F>]>,
  const A extends Position<F> = 0,
>(
  f: F,
  opts: PartsOptions<A, W>,
  generated: Generated,
): (
  ...args: Parameters<F>
) => [value: number, gradient: GradientParts<Parameters<F>[A & keyof Parameters<F>], W>];
/** @internal The form that the plugin writes. */
export function valueAndGrad<F extends ScalarFn, const A extends ArgNums<F> = 0>(
  f: F,
  opts: GradOptions<A> | undefined,
  generated: Generated,
): ValueAndGradFn<F, A>;
/** @internal The form that the plugin writes. */
export function valueAndGrad<F extends AuxFn, const A extends Positions<F> = 0>(
  f: F,
  opts: AuxOptions<A>,
  generated: Generated,
): ValueAndGradAuxFn<F, A>;
export function valueAndGrad(f: unknown, _opts?: unknown, generated?: Generated): unknown {
  return requireCompiled('valueAndGrad', valueAndGrad, generated, f);
}

/**
 * Like `valueAndGrad`, but writes the gradient into `out`, which has the gradient's shape (a tuple for several
 * `argnums`), and allocates nothing. A scalar argument writes its slot of `out`; a single one writes `out[0]`.
 * A `TypeError` where `out`, or an array in it, is an argument or a part of one that `f` reads, or shares memory with such an array.
 */
export function gradInto<F extends ScalarFn, const A extends ArgNums<F> = 0>(
  f: F,
  opts?: GradIntoOptions<A>,
): GradIntoFn<F, A>;
/** @internal The form that the plugin writes. */
export function gradInto<F extends ScalarFn, const A extends ArgNums<F> = 0>(
  f: F,
  opts: GradIntoOptions<A> | undefined,
  generated: Generated,
): GradIntoFn<F, A>;
export function gradInto(f: unknown, _opts?: unknown, generated?: Generated): unknown {
  return requireCompiled('gradInto', gradInto, generated, f);
}

/**
 * The value of `f` and its pullback (reverse mode). The cotangent is copied, and the arguments may change between
 * calls of the pullback. Arguments that cannot be differentiated get `undefined`.
 */
export function vjp<F extends TreeFn>(f: F, opts?: MarkerOptions): VjpFn<F>;
/** @internal The form that the plugin writes. */
export function vjp<F extends TreeFn>(f: F, opts: MarkerOptions | undefined, generated: Generated): VjpFn<F>;
export function vjp(f: unknown, _opts?: unknown, generated?: Generated): unknown {
  return requireCompiled('vjp', vjp, generated, f);
}

/** The value of `f` and its derivative along tangents of the arguments (forward mode). */
export function jvp<F extends TreeFn>(f: F, opts?: JvpOptions): JvpFn<F>;
/** @internal The form that the plugin writes. */
export function jvp<F extends TreeFn>(f: F, opts: JvpOptions | undefined, generated: Generated): JvpFn<F>;
export function jvp(f: unknown, _opts?: unknown, generated?: Generated): unknown {
  return requireCompiled('jvp', jvp, generated, f);
}

/** Returned by `hvp`: the product of the Hessian in the first argument with a vector of its shape. */
export type HvpFn<F extends ScalarFn> =
  Parameters<F> extends readonly [(infer X)?, ...infer Rest]
    ? (x: X, v: Tangent<X>, ...rest: Rest) => Gradient<X>
    : never;
/** Returned by `hessian`: the shape of the argument in that of the argument. */
export type HessianFn<F extends ScalarFn, A = 0> = (
  ...args: Parameters<F>
) => Jacobian<GradientAt<Parameters<F>, A>, Parameters<F>[A & keyof Parameters<F>]>;
/** Returned by `jacobian`, `jacfwd` and `jacrev`: the shape of the argument in that of the result. */
export type JacobianFn<F extends TreeFn, A = 0> = (
  ...args: Parameters<F>
) => JacobianAt<ReturnType<F>, Parameters<F>, A>;

/**
 * The gradient of `f` in its first argument `x`, differentiated along `v`: `(x, v, ...rest) => H v`. No Hessian is formed;
 * the cost is that of a few gradients.
 */
export function hvp<F extends ScalarFn>(f: F, opts?: MarkerOptions): HvpFn<F>;
/** @internal The form that the plugin writes. */
export function hvp<F extends ScalarFn>(
  f: F,
  opts: MarkerOptions | undefined,
  generated: Generated,
): HvpFn<F>;
export function hvp(f: unknown, _opts?: unknown, generated?: Generated): unknown {
  return requireCompiled('hvp', hvp, generated, f);
}

/** The Hessian of `f` in one argument (`opts.argnums`, default 0): forward mode over the gradient, a few columns in each run. */
export function hessian<F extends ScalarFn, const A extends Position<F> = 0>(
  f: F,
  opts?: GradOptions<A>,
): HessianFn<F, A>;
/** @internal The form that the plugin writes. */
export function hessian<F extends ScalarFn, const A extends Position<F> = 0>(
  f: F,
  opts: GradOptions<A> | undefined,
  generated: Generated,
): HessianFn<F, A>;
export function hessian(f: unknown, opts?: MatrixOptions, generated?: Generated): unknown {
  const forward = forwardOf('hessian', hessian, generated, f);
  return (...args: unknown[]) => byColumns(forward, args, opts?.argnums, keepState(generated));
}

/** The Jacobian of `f` in the arguments `opts.argnums` (default 0), by forward mode: a few columns in each run. */
export function jacfwd<F extends TreeFn, const A extends Positions<F> = 0>(
  f: F,
  opts?: GradOptions<A>,
): JacobianFn<F, A>;
/** @internal The form that the plugin writes. */
export function jacfwd<F extends TreeFn, const A extends Positions<F> = 0>(
  f: F,
  opts: GradOptions<A> | undefined,
  generated: Generated,
): JacobianFn<F, A>;
export function jacfwd(f: unknown, opts?: MatrixOptions, generated?: Generated): unknown {
  const forward = forwardOf('jacfwd', jacfwd, generated, f);
  return (...args: unknown[]) => byColumns(forward, args, opts?.argnums, keepState(generated));
}

/** The Jacobian of `f` by reverse mode: a pullback for each number of the result. */
export function jacrev<F extends TreeFn, const A extends Positions<F> = 0>(
  f: F,
  opts?: GradOptions<A>,
): JacobianFn<F, A>;
/** @internal The form that the plugin writes. */
export function jacrev<F extends TreeFn, const A extends Positions<F> = 0>(
  f: F,
  opts: GradOptions<A> | undefined,
  generated: Generated,
): JacobianFn<F, A>;
export function jacrev(f: unknown, opts?: MatrixOptions, generated?: Generated): unknown {
  const vjp = requireCompiled('jacrev', jacrev, generated, f) as never;
  return (...args: unknown[]) => byRows(vjp, args, opts?.argnums);
}

/** The Jacobian of `f`, by the mode that needs fewer runs: the numbers of the argument and of the result are counted. */
export function jacobian<F extends TreeFn, const A extends Positions<F> = 0>(
  f: F,
  opts?: GradOptions<A>,
): JacobianFn<F, A>;
/** @internal The form that the plugin writes. */
export function jacobian<F extends TreeFn, const A extends Positions<F> = 0>(
  f: F,
  opts: GradOptions<A> | undefined,
  generated: Generated,
): JacobianFn<F, A>;
export function jacobian(f: unknown, opts?: MatrixOptions, generated?: unknown): unknown {
  const [columns, rows] = (generated as readonly [Generated, Generated] | undefined) ?? [];
  const forward = forwardOf('jacobian', jacobian, columns, f);
  const vjp = requireCompiled('jacobian', jacobian, rows, f) as never;
  return (...args: unknown[]) => bySize(forward, vjp, args, opts?.argnums, keepState(columns));
}

interface MatrixOptions {
  readonly argnums?: number | readonly number[];
}

/** `x` itself, treated as a constant in derivatives. */
export function stopGradient<T>(x: T): T {
  return x;
}
