/** The Cholesky factor. */
import { customJvp, customVjp } from 'adjoint';
import { CholeskyDecomposition, Matrix as Dense } from 'ml-matrix';
import { byColumns, lowerPart, symmetrised } from './arithmetic.js';
import { checkSymmetric, unfit } from './checks.js';
import { matmul, transpose } from './products.js';
import { backwardTransposed, forward } from './triangular.js';
import type { Matrix } from './types.js';

/**
 * The lower triangular `L` with positive diagonal and `A = L L^T`, for a symmetric positive definite n x n matrix. What is factorised
 * is `(A + A^T) / 2`: the gradient is symmetric, and the entries of a tangent at `[i][j]` and `[j][i]` count by half.
 *
 * Forward: `LDot = L phi(L^-1 ADot L^-T)`, reverse: `ABar` is the symmetric part of `L^-T phi(L^T LBar) L^-1`, where `phi` takes the
 * lower triangle with half of the diagonal (Murray 2016, Differentiation of the Cholesky decomposition; first by Smith
 * 1995, Differentiation of the Cholesky algorithm).
 *
 * @throws RangeError if the matrix is not square, not finite, not symmetric (to 1e-10 of its largest entry) or not positive definite.
 */
export const cholesky: (A: Matrix) => number[][] = customVjp(
  customJvp(factorise, ([A], [ADot]) => {
    const L = cholesky(A);
    return [L, matmul(L, lowerPart(solveBothSides(L, symmetrised(ADot), forward), 0.5))];
  }),
  (A) => {
    const L = cholesky(A);
    const pullback = (LBar: number[][]): [number[][]] => {
      const P = lowerPart(matmul(transpose(L), LBar), 0.5);
      return [symmetrised(solveBothSides(L, P, backwardTransposed))];
    };
    return [L, pullback];
  },
);

function factorise(A: Matrix): number[][] {
  checkSymmetric('cholesky', 'A', A);
  const factorisation = new CholeskyDecomposition(new Dense(symmetrised(A)));
  if (!factorisation.isPositiveDefinite()) throw unfit('cholesky', 'A', A, 'is not positive definite');
  return factorisation.lowerTriangularMatrix.to2DArray();
}

/** `L^-1 A L^-T`, or `L^-T A L^-1`, by substitution on each side. */
function solveBothSides(
  L: Matrix,
  A: Matrix,
  substitute: (L: Matrix, b: readonly number[]) => number[],
): number[][] {
  const left = byColumns(A, (column) => substitute(L, Array.from(column)));
  return left.map((row) => substitute(L, row));
}
