/** The factorisation P A = L U, with row exchanges, and systems of equations by it. */
import { customJvp, customVjp } from 'adjoint';
import { Matrix as Dense, LuDecomposition } from 'ml-matrix';
import { byColumns, indices, lowerPart, plus, upperPart } from './arithmetic.js';
import { checkFiniteSquare, unfit } from './checks.js';
import { matmul, transpose } from './products.js';
import { backward, backwardTransposed, forward, forwardTransposed } from './triangular.js';
import type { Matrix, Vector } from './types.js';

export interface Lu {
  /** Lower triangular, ones on the diagonal. */
  readonly L: number[][];
  /** Upper triangular. */
  readonly U: number[][];
  /** Row `i` of `L U` is row `order[i]` of the matrix. */
  readonly order: number[];
  /** Of the permutation: 1 or -1. */
  readonly sign: number;
}

/**
 * `L U = P A` with partial pivoting, for an n x n matrix. The order of the rows is a constant in derivatives.
 *
 * With `F = L^-1 P ADot U^-1`: forward `LDot = L` times the part of `F` below the diagonal, `UDot` = the rest of `F` times `U`; reverse
 * `ABar = P^T L^-T G U^-T`, where `G` is `L^T LBar` below the diagonal and `UBar U^T` on and above it.
 *
 * @throws RangeError if the matrix is not square or not finite, and for derivatives if it is singular up to rounding.
 */
export const lu: (A: Matrix) => Lu = customVjp(
  customJvp(factorise, ([A], [ADot]) => {
    const factors = lu(A);
    checkRegular('lu', A, factors);
    const { L, U, order } = factors;
    const left = byColumns(
      order.map((i) => ADot[i]),
      (column) => forward(L, column),
    );
    const F = left.map((row) => forwardTransposed(U, row));
    const tangent = { L: matmul(L, lowerPart(F, 0)), U: matmul(upperPart(F), U) };
    return [factors, { ...tangent, order: order.map(() => 0), sign: 0 }];
  }),
  (A) => {
    const factors = lu(A);
    const { L, U, order } = factors;
    const pullback = (bar: Lu): [number[][]] => {
      checkRegular('lu', A, factors);
      const G = plus(lowerPart(matmul(transpose(L), bar.L), 0), upperPart(matmul(bar.U, transpose(U))));
      const left = byColumns(G, (column) => backwardTransposed(L, column));
      return [
        inOrder(
          left.map((row) => backward(U, row)),
          order,
        ),
      ];
    };
    return [factors, pullback];
  },
);

function factorise(A: Matrix): Lu {
  checkFiniteSquare('lu', 'A', A);
  const found = new LuDecomposition(new Dense(A as number[][]));
  const order = found.pivotPermutationVector;
  return {
    L: found.lowerTriangularMatrix.to2DArray(),
    U: found.upperTriangularMatrix.to2DArray(),
    order,
    sign: signOf(order),
  };
}

/** 1 for an even permutation, -1 for an odd one. */
function signOf(order: readonly number[]): number {
  let sign = 1;
  const seen = new Set<number>();
  for (const start of order)
    for (let i = order[start]; !seen.has(start) && i !== start; i = order[i]) {
      seen.add(i);
      sign = -sign;
    }
  return sign;
}

/** The items `k` at the places `order[k]`. */
function inOrder<T>(items: readonly T[], order: readonly number[]): T[] {
  const out = [...items];
  order.forEach((i, k) => {
    out[i] = items[k];
  });
  return out;
}

/** The factors of a matrix that must have an inverse, for the function `of`. */
export function regularLu(of: string, A: Matrix): Lu {
  checkFiniteSquare(of, 'A', A);
  const factors = lu(A);
  checkRegular(of, A, factors);
  return factors;
}

/**
 * Refuses pivots that are zero, or no larger than the rounding errors of the sums that they are: then the matrix cannot be told from
 * a singular one. The bound is the running error of the sum (Higham, Accuracy and Stability of Numerical Algorithms, 2002, chapter 9).
 */
function checkRegular(of: string, A: Matrix, { L, U }: Lu): void {
  for (let k = 0; k < U.length; k++) {
    let terms = 0;
    for (let j = 0; j < k; j++) terms += Math.abs(L[k][j] * U[j][k]);
    if (Math.abs(U[k][k]) <= U.length * Number.EPSILON * terms) throw unfit(of, 'A', A, 'is singular');
  }
}

/** `x` with `A x = b`. */
export const solveBy = ({ L, U, order }: Lu, b: Vector): number[] =>
  backward(
    U,
    forward(
      L,
      order.map((i) => b[i]),
    ),
  );

/** `y` with `A^T y = c`. */
export const solveTransposedBy = ({ L, U, order }: Lu, c: Vector): number[] =>
  inOrder(backwardTransposed(L, forwardTransposed(U, c)), order);

export const inverseBy = (factors: Lu): number[][] => {
  const all = indices(factors.U.length);
  const columns = all.map((j) =>
    solveBy(
      factors,
      all.map((i) => (i === j ? 1 : 0)),
    ),
  );
  return transpose(columns);
};
