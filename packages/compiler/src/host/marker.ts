/** The markers, and what a call of one asks for. */
export type MarkerName = 'grad' | 'valueAndGrad' | 'gradInto' | 'jvp' | 'vjp';

export interface MarkerOptions {
  /** Positions to differentiate; `single` if one number was given (or none). */
  readonly argnums: readonly number[];
  readonly single: boolean;
  readonly accumulate: boolean;
  /** Generated adjoint code, or the same source rewritten for `@adjoint/tape`. */
  readonly backend: 'adjoint' | 'tape';
}
