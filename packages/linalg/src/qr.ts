/** The factorisation A = Q R, and least squares by it. */
import { customJvp, customVjp } from 'adjoint';
import { Matrix as Dense, QrDecomposition } from 'ml-matrix';
import { lowerPart, matrixOf, minus, minusVector, outer, plus, plusVector } from './arithmetic.js';
import { checkFinite, checkFiniteVector, checkLength, unfit } from './checks.js';
import { matmul, matvec, transpose } from './products.js';
import { backward, forwardTransposed } from './triangular.js';
import type { Matrix, Vector } from './types.js';

export interface Qr {
  /** m x n, with orthonormal columns. */
  readonly Q: number[][];
  /** n x n, upper triangular. */
  readonly R: number[][];
}

/**
 * The thin factorisation `A = Q R` of an m x n matrix of full column rank (m >= n).
 *
 * Forward: `QDot = (1 - Q Q^T) X + Q W`, `RDot = (Q^T X - W) R` with `X = ADot R^-1` and `W` the antisymmetric matrix that agrees with
 * `Q^T X` below the diagonal; reverse: `ABar = (QBar + Q M) R^-T`, where `M` is the symmetric matrix that agrees with
 * `R RBar^T - QBar^T Q` on and below the diagonal (Walter and Lehmann 2018, Algorithmic differentiation of linear algebra functions with
 * application in optimum experimental design).
 *
 * @throws RangeError if the matrix has fewer rows than columns or is not finite, and for derivatives if its columns depend on each
 * other, up to rounding.
 */
export const qr: (A: Matrix) => Qr = customVjp(
  customJvp(
    (A: Matrix) => {
      checkTall('qr', A);
      const found = new QrDecomposition(new Dense(A as number[][]));
      return { Q: found.orthogonalMatrix.to2DArray(), R: found.upperTriangularMatrix.to2DArray() };
    },
    ([A], [ADot]) => {
      const { Q, R } = qr(A);
      checkRank('qr', A, R);
      const X = ADot.map((row) => forwardTransposed(R, row));
      const S = matmul(transpose(Q), X);
      const below = lowerPart(S, 0);
      const W = minus(below, transpose(below));
      const QDot = plus(X, matmul(Q, minus(W, S)));
      return [
        { Q, R },
        { Q: QDot, R: matmul(minus(S, W), R) },
      ];
    },
  ),
  (A) => {
    const { Q, R } = qr(A);
    const pullback = (bar: Qr): [number[][]] => {
      checkRank('qr', A, R);
      const T = minus(matmul(R, transpose(bar.R)), matmul(transpose(bar.Q), Q));
      const M = matrixOf(R.length, R.length, (i, j) => (j <= i ? T[i][j] : T[j][i]));
      return [plus(bar.Q, matmul(Q, M)).map((row) => backward(R, row))];
    };
    return [{ Q, R }, pullback];
  },
);

function checkTall(of: string, A: Matrix): void {
  checkFinite(of, 'A', A);
  if (A.length < A[0].length) throw unfit(of, 'A', A, 'has fewer rows than columns');
}

/** Refuses a column whose part beside those before it is lost in its rounding; columns of `A` have the norms of those of `R`. */
function checkRank(of: string, A: Matrix, R: Matrix): void {
  for (let k = 0; k < R.length; k++) {
    let length = 0;
    for (let i = 0; i <= k; i++) length = Math.hypot(length, R[i][k]);
    if (Math.abs(R[k][k]) <= A.length * Number.EPSILON * length)
      throw unfit(of, 'A', A, 'has columns that depend on each other');
  }
}

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
      const { x, residual, Q, R } = fit(A, b);
      const direct = matvec(transpose(Q), minusVector(bDot, matvec(ADot, x)));
      const turned = forwardTransposed(R, matvec(transpose(ADot), residual));
      return [x, backward(R, plusVector(direct, turned))];
    },
  ),
  (A, b) => {
    const { x, residual, Q, R } = fit(A, b);
    const pullback = (xBar: number[]): [number[][], number[]] => {
      const w = forwardTransposed(R, xBar);
      const bBar = matvec(Q, w);
      return [minus(outer(residual, backward(R, w)), outer(bBar, x)), bBar];
    };
    return [x, pullback];
  },
);

function fit(A: Matrix, b: Vector) {
  checkTall('lstsq', A);
  checkLength('lstsq', 'b', b, A.length);
  checkFiniteVector('lstsq', 'b', b);
  const { Q, R } = qr(A);
  checkRank('lstsq', A, R);
  const x = backward(R, matvec(transpose(Q), b));
  return { x, residual: minusVector(b, matvec(A, x)), Q, R };
}
