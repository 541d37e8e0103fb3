/** The markers, and what a call of one asks for. */
export type MarkerName =
  | 'grad'
  | 'valueAndGrad'
  | 'gradInto'
  | 'jvp'
  | 'vjp'
  | 'hvp'
  | 'hessian'
  | 'jacobian'
  | 'jacfwd'
  | 'jacrev'
  | 'sparseJacobian'
  | 'sparseHessian';

export const MARKERS: ReadonlySet<string> = new Set<MarkerName>([
  'grad',
  'valueAndGrad',
  'gradInto',
  'jvp',
  'vjp',
  'hvp',
  'hessian',
  'jacobian',
  'jacfwd',
  'jacrev',
  'sparseJacobian',
  'sparseHessian',
]);

/** Markers whose second argument is a value of the program, not options. */
export const isSparse = (marker: string): boolean =>
  marker === 'sparseJacobian' || marker === 'sparseHessian';

export interface MarkerOptions {
  /** Positions to differentiate; `single` if one number was given (or none). */
  readonly argnums: readonly number[];
  readonly single: boolean;
  readonly accumulate: boolean;
  /** The function returns `[loss, extra]`: the loss is differentiated, and both are given back. */
  readonly aux: boolean;
  /** The paths of the argument that are differentiated, `layer.w` as `['layer', 'w']`; all of it if not given. */
  readonly wrt: readonly (readonly string[])[] | undefined;
  /** Generated adjoint code, or the same source rewritten for `@adjoint/tape`. */
  readonly backend: 'adjoint' | 'tape';
}

/** A marker whose result is differentiated further. */
export interface MarkerStep {
  /** `tangent`: of `(x, v, ...rest)`, the derivative in `x` along `v`. */
  readonly marker: MarkerName | 'tangent' | 'checkpoint';
  readonly options: MarkerOptions;
}
/** What a step asks for that has no options. */
export const PLAIN: MarkerOptions = {
  argnums: [0],
  single: true,
  accumulate: false,
  aux: false,
  wrt: undefined,
  backend: 'adjoint',
};

/**
 * The signatures of generated functions: other markers are put together from these by the runtime. `origin`: in check mode, where
 * the value of the function became what it is, if it is not finite.
 */
export type EntryForm = 'grad' | 'valueAndGrad' | 'gradInto' | 'jvp' | 'vjp' | 'hvp' | 'origin';
