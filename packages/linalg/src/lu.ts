/** Systems of equations by the factorisation P A = L U with row exchanges. */
import { Matrix as Dense, LuDecomposition } from 'ml-matrix';
import { checkFinite, checkSquare, unfit } from './checks.js';
import { backward, backwardTransposed, forward, forwardTransposed } from './triangular.js';
import type { Matrix, Vector } from './types.js';

export interface Lu {
  /** Lower triangular, ones on the diagonal. */
  readonly lower: number[][];
  readonly upper: number[][];
  /** Row `i` of `L U` is row `order[i]` of the matrix. */
  readonly order: readonly number[];
  readonly determinant: number;
}

export function factorise(of: string, A: Matrix): Lu {
  checkSquare(of, 'A', A);
  checkFinite(of, 'A', A);
  const lu = new LuDecomposition(new Dense(A as number[][]));
  return {
    lower: lu.lowerTriangularMatrix.to2DArray(),
    upper: lu.upperTriangularMatrix.to2DArray(),
    order: lu.pivotPermutationVector,
    determinant: lu.determinant,
  };
}

/** As `factorise`, of a matrix that must have an inverse. */
export function factoriseRegular(of: string, A: Matrix): Lu {
  const lu = factorise(of, A);
  if (hasLostPivot(lu)) throw unfit(of, 'A', A, 'is singular');
  return lu;
}

/**
 * Whether a pivot is zero, or no larger than the rounding errors of the sum that it is: then the matrix cannot be told from a
 * singular one. The bound is the running error of the sum (Higham, Accuracy and Stability of Numerical Algorithms, 2002, chapter 9).
 */
function hasLostPivot({ lower, upper }: Lu): boolean {
  const n = upper.length;
  return upper.some((row, k) => {
    let terms = 0;
    for (let j = 0; j < k; j++) terms += Math.abs(lower[k][j] * upper[j][k]);
    return Math.abs(row[k]) <= n * Number.EPSILON * terms;
  });
}

/** `x` with `A x = b`. */
export const solveBy = ({ lower, upper, order }: Lu, b: Vector): number[] =>
  backward(
    upper,
    forward(
      lower,
      order.map((i) => b[i]),
    ),
  );

/** `y` with `A^T y = c`. */
export function solveTransposedBy({ lower, upper, order }: Lu, c: Vector): number[] {
  const permuted = backwardTransposed(lower, forwardTransposed(upper, c));
  const y = new Array<number>(c.length).fill(0);
  order.forEach((i, k) => {
    y[i] = permuted[k];
  });
  return y;
}
