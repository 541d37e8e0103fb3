/** Least squares. */
import { customJvp, customVjp } from 'adjoint';
import { Matrix as Dense, QrDecomposition } from 'ml-matrix';
import { minus, minusVector, outer } from './arithmetic.js';
import { checkFinite, checkFiniteVector, checkLength, columnsOf, unfit } from './checks.js';
import { matvec, transpose } from './products.js';
import { backward, forwardTransposed } from './triangular.js';
import type { Matrix, Vector } from './types.js';

/**
 * The `x` for which the 2-norm of `b - A x` is least, for an m x n matrix of full column rank (m >= n) and m numbers: n numbers.
 *
 * With `A = Q R`, `r = b - A x` and `A^+ = R^-1 Q^T` (Golub and Pereyra 1973, The differentiation of pseudo-inverses and nonlinear least
 * squares problems whose variables separate): forward `xDot = A^+ (bDot - ADot x) + (A^T A)^-1 ADot^T r`; reverse
 * `bBar = (A^+)^T xBar`, `ABar = r z^T - bBar x^T` with `z = (A^T A)^-1 xBar`.
 *
 * @throws RangeError if `A` has fewer rows than columns, is not finite or has dependent columns, up to rounding, or if `b` does not fit.
 */
export const lstsq: (A: Matrix, b: Vector) => number[] = customVjp(
  customJvp(
    (A: Matrix, b: Vector) => fit(A, b).x,
    ([A, b], [ADot, bDot]) => {
      const { x, residual, QT, R } = fit(A, b);
      const direct = matvec(QT, minusVector(bDot, matvec(ADot, x)));
      const turned = forwardTransposed(R, matvec(transpose(ADot), residual));
      return [
        x,
        backward(
          R,
          direct.map((e, i) => e + turned[i]),
        ),
      ];
    },
  ),
  (A, b) => {
    const { x, residual, QT, R } = fit(A, b);
    const pullback = (xBar: number[]): [number[][], number[]] => {
      const w = forwardTransposed(R, xBar);
      const bBar = matvec(transpose(QT), w);
      return [minus(outer(residual, backward(R, w)), outer(bBar, x)), bBar];
    };
    return [x, pullback];
  },
);

function fit(A: Matrix, b: Vector) {
  const n = columnsOf('lstsq', 'A', A);
  checkLength('lstsq', 'b', b, A.length);
  checkFinite('lstsq', 'A', A);
  checkFiniteVector('lstsq', 'b', b);
  if (A.length < n) throw unfit('lstsq', 'A', A, 'has fewer rows than columns');
  const qr = new QrDecomposition(new Dense(A as number[][]));
  const R = qr.upperTriangularMatrix.to2DArray();
  if (hasDependentColumn(R)) throw unfit('lstsq', 'A', A, 'has columns that depend on each other');
  const QT = transpose(qr.orthogonalMatrix.to2DArray());
  const x = backward(R, matvec(QT, b));
  return { x, residual: minusVector(b, matvec(A, x)), QT, R };
}

/** Whether what a column has beside those before it is lost in the rounding of that column, whose norm is that of the one of `R`. */
const hasDependentColumn = (R: Matrix): boolean =>
  R.some((row, k) => {
    const length = Math.hypot(...R.slice(0, k + 1).map((above) => above[k]));
    return Math.abs(row[k]) <= R.length * Number.EPSILON * length;
  });
