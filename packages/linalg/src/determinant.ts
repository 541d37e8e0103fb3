/** Determinants and cofactors. */
import { customJvp, customVjp } from 'adjoint';
import { indices, innerProduct, matrixOf, scaled } from './arithmetic.js';
import { checkFiniteSquare } from './checks.js';
import { inverseBy, type Lu, lu, regularLu } from './lu.js';
import { matmul, transpose } from './products.js';
import { svd } from './svd.js';
import type { Matrix } from './types.js';

/**
 * The determinant of an n x n matrix. Its derivative is the matrix of cofactors, which a singular matrix has too.
 *
 * @throws RangeError if the matrix is not square or not finite.
 */
export const det: (A: Matrix) => number = customVjp(
  customJvp(
    (A: Matrix) => {
      checkFiniteSquare('det', 'A', A);
      const { U, sign } = lu(A);
      return U.reduce((product, row, k) => product * row[k], sign);
    },
    ([A], [ADot]) => [det(A), innerProduct(cofactors(A), ADot)],
  ),
  (A) => [det(A), (cotangent) => [scaled(cofactors(A), cotangent)]],
);

/**
 * The logarithm of the absolute value of the determinant of an n x n matrix. Does not overflow where the determinant does.
 *
 * Reverse: `ABar = A^-T` times the cotangent (Giles 2008).
 *
 * @throws RangeError if the matrix is not square, not finite or singular up to rounding.
 */
export const logdet: (A: Matrix) => number = customVjp(
  customJvp(
    (A: Matrix) => logarithmBy(regularLu('logdet', A)),
    ([A], [ADot]) => {
      const factors = regularLu('logdet', A);
      return [logarithmBy(factors), innerProduct(transpose(inverseBy(factors)), ADot)];
    },
  ),
  (A) => {
    const factors = regularLu('logdet', A);
    return [logarithmBy(factors), (cotangent) => [scaled(transpose(inverseBy(factors)), cotangent)]];
  },
);

const logarithmBy = ({ U }: Lu): number => U.reduce((sum, row, k) => sum + Math.log(Math.abs(row[k])), 0);

/**
 * The cofactors of an n x n matrix: the entry at `[i][j]` is the derivative of the determinant in `A[i][j]`. The transpose of the
 * adjugate; for a regular matrix, the determinant times the transposed inverse.
 *
 * From `A = U diag(s) V^T`: `det U det V U diag(c) V^T`, where `c[i]` is the product of all singular values but the i-th, so that
 * none is divided by. The derivative has the same form, with products of all but two, and is its own transpose. Its own derivative goes
 * by way of the vectors: where singular values are repeated, second derivatives are an error.
 *
 * @throws RangeError if the matrix is not square or not finite.
 */
export const cofactors: (A: Matrix) => number[][] = customVjp(
  customJvp(
    (A: Matrix) => decomposeCofactors(A).value,
    ([A], [ADot]) => {
      const { value, derivative } = decomposeCofactors(A);
      return [value, derivative(ADot)];
    },
  ),
  (A) => {
    const { value, derivative } = decomposeCofactors(A);
    return [value, (cotangent) => [derivative(cotangent)]];
  },
);

function decomposeCofactors(A: Matrix): { value: number[][]; derivative: (B: Matrix) => number[][] } {
  const n = A.length;
  checkFiniteSquare('cofactors', 'A', A);
  const { U, S, V } = svd(A);
  const sign = Math.sign(det(U) * det(V));
  const outwards = (C: Matrix): number[][] => scaled(matmul(matmul(U, C), transpose(V)), sign);
  const without = (i: number, j = i): number =>
    S.reduce((product, s, k) => (k === i || k === j ? product : product * s), 1);
  const diagonal = matrixOf(n, n, (i, j) => (i === j ? without(i) : 0));
  const derivative = (B: Matrix): number[][] => {
    const C = matmul(matmul(transpose(U), B), V);
    const onDiagonal = (i: number): number =>
      indices(n).reduce((sum, k) => (k === i ? sum : sum + without(i, k) * C[k][k]), 0);
    return outwards(matrixOf(n, n, (i, j) => (i === j ? onDiagonal(i) : -without(i, j) * C[j][i])));
  };
  return { value: outwards(diagonal), derivative };
}
