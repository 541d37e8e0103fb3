/** Square systems, and the inverse. */
import { customJvp, customVjp } from 'adjoint';
import { byColumns, minus, minusVector, outer, scaled } from './arithmetic.js';
import { checkFinite, checkFiniteVector, checkLength } from './checks.js';
import { inverseBy, type Lu, regularLu, solveBy, solveTransposedBy } from './lu.js';
import { matmul, matvec, transpose } from './products.js';
import type { Matrix, Vector } from './types.js';

function factorsFor(A: Matrix, b: Vector): Lu {
  checkLength('solve', 'b', b, A.length);
  checkFiniteVector('solve', 'b', b);
  return regularLu('solve', A);
}

/**
 * `x` with `A x = b`, for an n x n matrix and n numbers.
 *
 * Reverse: `bBar = A^-T xBar`, `ABar = -bBar x^T`, with the factors of the forward sweep (Giles 2008, Collected matrix derivative
 * results for forward and reverse mode algorithmic differentiation). Forward: `A xDot = bDot - ADot x`.
 *
 * @throws RangeError if `A` is not square, not finite or singular up to rounding, or if `b` does not fit.
 */
export const solve: (A: Matrix, b: Vector) => number[] = customVjp(
  customJvp(
    (A: Matrix, b: Vector) => solveBy(factorsFor(A, b), b),
    ([A, b], [ADot, bDot]) => {
      const factors = factorsFor(A, b);
      const x = solveBy(factors, b);
      return [x, solveBy(factors, minusVector(bDot, matvec(ADot, x)))];
    },
  ),
  (A, b) => {
    const factors = factorsFor(A, b);
    const x = solveBy(factors, b);
    return [
      x,
      (xBar) => {
        const bBar = solveTransposedBy(factors, xBar);
        return [scaled(outer(bBar, x), -1), bBar];
      },
    ];
  },
);

/**
 * `X` with `A X = B`, for an n x n and an n x k matrix: n x k. Derivatives as those of `solve`.
 *
 * @throws RangeError if `A` is not square, not finite or singular up to rounding, or if `B` does not fit.
 */
export const solveMatrix: (A: Matrix, B: Matrix) => number[][] = customVjp(
  customJvp(
    (A: Matrix, B: Matrix) => solutions(A, B).X,
    ([A, B], [ADot, BDot]) => {
      const { factors, X } = solutions(A, B);
      return [X, byColumns(minus(BDot, matmul(ADot, X)), (b) => solveBy(factors, b))];
    },
  ),
  (A, B) => {
    const { factors, X } = solutions(A, B);
    return [
      X,
      (XBar) => {
        const BBar = byColumns(XBar, (x) => solveTransposedBy(factors, x));
        return [scaled(matmul(BBar, transpose(X)), -1), BBar];
      },
    ];
  },
);

function solutions(A: Matrix, B: Matrix): { factors: Lu; X: number[][] } {
  checkFinite('solveMatrix', 'B', B);
  checkLength('solveMatrix', 'B', B, A.length);
  const factors = regularLu('solveMatrix', A);
  return { factors, X: byColumns(B, (b) => solveBy(factors, b)) };
}

/**
 * The inverse of an n x n matrix.
 *
 * Reverse: `ABar = -X^T XBar X^T`; forward: `XDot = -X ADot X` (Giles 2008). To solve a system, `solve` is faster and
 * more accurate.
 *
 * @throws RangeError if the matrix is not square, not finite or singular up to rounding.
 */
export const inverse: (A: Matrix) => number[][] = customVjp(
  customJvp(
    (A: Matrix) => inverseBy(regularLu('inverse', A)),
    ([A], [ADot]) => {
      const X = inverse(A);
      return [X, scaled(matmul(matmul(X, ADot), X), -1)];
    },
  ),
  (A) => {
    const X = inverse(A);
    const T = transpose(X);
    return [X, (XBar) => [scaled(matmul(matmul(T, XBar), T), -1)]];
  },
);
