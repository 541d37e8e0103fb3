/** Programs that call `@adjoint/linalg`, in another file than the one with the markers. */

import * as linalg from '@adjoint/linalg';
import { cholesky, dot, eigh, lstsq, matmul, norm, solve, svdvals, transpose } from '@adjoint/linalg';

/** Every function: of a square matrix `A`, a tall one `B`, a symmetric positive definite one `S`, a vector. */
export const each = (A: number[][], B: number[][], S: number[][], b: number[]) => ({
  cholesky: linalg.cholesky(S),
  cofactors: linalg.cofactors(A),
  det: linalg.det(A),
  dot: linalg.dot(b, A[0]!),
  eigh: linalg.eigh(S),
  eigvalsh: linalg.eigvalsh(S),
  inverse: linalg.inverse(A),
  logdet: linalg.logdet(A),
  lstsq: linalg.lstsq(B, b),
  lu: linalg.lu(A),
  matmul: linalg.matmul(A, B),
  matvec: linalg.matvec(A, b),
  norm: [linalg.norm(B), linalg.norm(b)],
  qr: linalg.qr(B),
  solve: linalg.solve(A, b),
  solveMatrix: linalg.solveMatrix(A, B),
  svd: [linalg.svd(A), linalg.svd(B), linalg.svd(linalg.transpose(B))],
  svdvals: linalg.svdvals(B),
  trace: linalg.trace(A),
  transpose: linalg.transpose(B),
});

/** Systems in a loop, the matrix changed in place between them, branches by what comes out. */
export function filtered(A: number[][], b: number[], n: number): number {
  let state = b;
  let cost = 0;
  for (let k = 0; k < n; k++) {
    const next = solve(A, state);
    if (norm(next) > 0.2) {
      for (let i = 0; i < next.length; i++) next[i]! *= 0.5;
      cost += linalg.det(A);
    } else if (k === 1) continue;
    A[0]![0]! += 0.1 * next[0]!;
    state = next;
    cost += dot(next, b);
    if (cost > 1e3) return cost * 2;
  }
  return cost;
}

/** Gaussian log-likelihood, up to a constant, by the Cholesky factor of a covariance. */
export function likelihood(B: number[][], y: Float64Array): number {
  const C = matmul(B, transpose(B));
  const L = cholesky(C);
  let half = 0;
  for (let i = 0; i < L.length; i++) half += Math.log(L[i]![i]!);
  return -0.5 * dot(y, solve(C, y)) - half;
}

/** Functions of repeated values that treat equal ones alike. */
export const values = (A: number[][]): number =>
  svdvals(A).reduce((a, b) => a + b ** 3, 0) + eigh(A).values.reduce((a, b) => a + b * b, 0);
/** The second eigenvector, and the first left singular vector. */
export const eigenvector = (A: number[][]): number => eigh(A).vectors[0]![1]!;
export const singularVector = (A: number[][]): number => linalg.svd(A).U[0]![0]!;

/** Rows that are `Float64Array`s. */
export function rowsOfDoubles(A: Float64Array[], b: Float64Array): number {
  const x = lstsq(A, b);
  return norm(A) * x[0]! + x[1]! ** 2 + svdvals(A)[0]!;
}
