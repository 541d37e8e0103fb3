/** Programs that call `@adjoint/linalg`, in another file than the one with the markers. */

import * as linalg from '@adjoint/linalg';
import { dot, lstsq, norm, solve, svdvals } from '@adjoint/linalg';

/** Functions of any square matrix `A`, any tall one `B`, any symmetric one `S`. */
export const ofAny = (A: number[][], B: number[][], S: number[][]) => ({
  cofactors: linalg.cofactors(A),
  det: linalg.det(A),
  eigh: linalg.eigh(S),
  eigvalsh: linalg.eigvalsh(S),
  matmul: linalg.matmul(A, B),
  norm: linalg.norm(B),
  svd: [linalg.svd(B), linalg.svd(linalg.transpose(B))],
  svdvals: linalg.svdvals(B),
});
/** Functions that need a regular, a full, a positive definite matrix. */
export const ofRegular = (A: number[][], B: number[][], S: number[][], b: number[]) => ({
  cholesky: linalg.cholesky(S),
  dot: linalg.dot(b, A[0]!),
  inverse: linalg.inverse(A),
  logdet: linalg.logdet(A),
  lstsq: linalg.lstsq(B, b),
  lu: linalg.lu(A),
  matvec: linalg.matvec(A, b),
  qr: linalg.qr(B),
  solve: linalg.solve(A, b),
  solveMatrix: linalg.solveMatrix(A, B),
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

/** Rows that are `Float64Array`s. */
export function rowsOfDoubles(A: Float64Array[], b: Float64Array): number {
  const x = lstsq(A, b);
  return norm(A) * x[0]! + x[1]! ** 2 + svdvals(A)[0]!;
}

/** A number that many functions go into, each with numbers of its own. */
export function curved(A: number[][], B: number[][], S: number[][]): number {
  const b = solve(A, linalg.matvec(B, [0.3, -0.2, 0.9]));
  const matrices = [linalg.inverse(A), linalg.solveMatrix(A, linalg.matmul(A, B)), linalg.cholesky(S)];
  const vectors = [b, lstsq(B, b), svdvals(B), linalg.eigvalsh(S)];
  const weigh = (x: number[], k: number): number => x.reduce((s, e, i) => s + e * e * Math.sin(k + 2 * i), 0);
  const numbers = linalg.det(A) * 0.1 + linalg.logdet(A) * norm(B) + linalg.trace(S);
  return (
    matrices.reduce((sum, M, k) => M.reduce((s, row, i) => s + weigh(row, k + 3 * i), sum), numbers) +
    vectors.reduce((sum, x, k) => sum + weigh(x, k), 0)
  );
}

/** What singular vectors and eigenvectors go into, with their signs. */
export function turned(B: number[][], S: number[][]): number {
  const { U, S: values, V } = linalg.svd(B);
  const { values: spectrum, vectors } = linalg.eigh(S);
  let sum = 0;
  for (let i = 0; i < V.length; i++)
    for (let j = 0; j < V.length; j++) {
      sum += U[i]![j]! * V[j]![i]! * values[j]! * (i + 1);
      sum += vectors[i]![j]! ** 2 * spectrum[j]! * Math.sin(i);
    }
  return sum;
}
