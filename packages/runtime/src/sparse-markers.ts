/** The markers of sparse matrices of derivatives. */
import type { ScalarFn } from './arguments.js';
import { forwardOf } from './internal-lanes.js';
import { keepState } from './internal-state.js';
import { requireCompiled } from './not-compiled.js';
import { sparseMatrixOf } from './sparse.js';
import type { SparseMatrix, SparsePattern } from './sparse-pattern.js';

/** A function that can be given to `sparseJacobian`: it returns an array, tuple or object of numbers. */
export type ListFn = (...args: never[]) => object;
/** Returned by `sparseJacobian` and `sparseHessian`. */
export type SparseFn<F extends (...args: never[]) => unknown> = (...args: Parameters<F>) => SparseMatrix;

type Generated = (...args: never[]) => unknown;

/**
 * The Jacobian of `f` in its first argument, in compressed sparse rows: a row for each number of the result, a column for each
 * of the argument, in the order of elements and keys. The first call finds where entries can be, in about `c log n` runs,
 * and a colouring; each call takes a product for each of the `c` colours, by forward or reverse mode, and one that checks the
 * pattern. Entries that come later are found then. With a `pattern` (of an earlier result, say) nothing is searched for; an
 * entry that it lacks is a RangeError.
 */
export function sparseJacobian<F extends ListFn>(f: F, pattern?: SparsePattern): SparseFn<F>;
/** @internal The form that the plugin writes. */
export function sparseJacobian<F extends ListFn>(
  f: F,
  pattern: SparsePattern | undefined,
  generated: Generated,
): SparseFn<F>;
export function sparseJacobian(f: unknown, pattern?: SparsePattern, generated?: unknown): unknown {
  const [columns, rows] = (generated as readonly [Generated, Generated] | undefined) ?? [];
  const forward = forwardOf('sparseJacobian', sparseJacobian, columns, f);
  const vjp = requireCompiled('sparseJacobian', sparseJacobian, rows, f) as never;
  return sparseMatrixOf('sparseJacobian', { forward, vjp, keep: () => keepState(columns) }, pattern);
}

/**
 * The Hessian of `f` in its first argument, in compressed sparse rows, exactly symmetric. As `sparseJacobian`, by products of
 * the Hessian with vectors and a colouring that uses the symmetry.
 */
export function sparseHessian<F extends ScalarFn>(f: F, pattern?: SparsePattern): SparseFn<F>;
/** @internal The form that the plugin writes. */
export function sparseHessian<F extends ScalarFn>(
  f: F,
  pattern: SparsePattern | undefined,
  generated: Generated,
): SparseFn<F>;
export function sparseHessian(f: unknown, pattern?: SparsePattern, generated?: Generated): unknown {
  const forward = forwardOf('sparseHessian', sparseHessian, generated, f);
  const runs = { forward, vjp: undefined, keep: () => keepState(generated) };
  return sparseMatrixOf('sparseHessian', runs, pattern);
}
