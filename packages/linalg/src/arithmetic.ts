/** What rules are put together from, beside the products. */
import { transpose } from './products.js';
import type { Matrix, Vector } from './types.js';

export const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
/** A matrix by its entries. */
export const matrixOf = (
  rows: number,
  columns: number,
  entry: (i: number, j: number) => number,
): number[][] => indices(rows).map((i) => indices(columns).map((j) => entry(i, j)));
/** `A diag(d)`. */
export const timesDiagonal = (A: Matrix, d: Vector): number[][] =>
  A.map((row) => Array.from(row, (e, j) => e * d[j]));

export const scaled = (A: Matrix, factor: number): number[][] =>
  A.map((row) => Array.from(row, (e) => factor * e));
export const plus = (A: Matrix, B: Matrix): number[][] =>
  A.map((row, i) => Array.from(row, (e, j) => e + B[i][j]));
export const minus = (A: Matrix, B: Matrix): number[][] =>
  A.map((row, i) => Array.from(row, (e, j) => e - B[i][j]));
export const plusVector = (a: Vector, b: Vector): number[] => Array.from(a, (e, i) => e + b[i]);
export const minusVector = (a: Vector, b: Vector): number[] => Array.from(a, (e, i) => e - b[i]);
/** `a b^T`. */
export const outer = (a: Vector, b: Vector): number[][] => Array.from(a, (x) => Array.from(b, (y) => x * y));
/** `(A + A^T) / 2`. */
export const symmetrised = (A: Matrix): number[][] =>
  matrixOf(A.length, A.length, (i, j) => (A[i][j] + A[j][i]) / 2);
/** What is below the diagonal, and the diagonal times a factor. */
export const lowerPart = (A: Matrix, diagonal: number): number[][] =>
  matrixOf(A.length, A.length, (i, j) => (j < i ? A[i][j] : j === i ? diagonal * A[i][j] : 0));
/** What is on and above the diagonal. */
export const upperPart = (A: Matrix): number[][] =>
  matrixOf(A.length, A.length, (i, j) => (j < i ? 0 : A[i][j]));
/** The sum of the products of corresponding entries. */
export function innerProduct(A: Matrix, B: Matrix): number {
  let sum = 0;
  for (let i = 0; i < A.length; i++) for (let j = 0; j < A[i].length; j++) sum += A[i][j] * B[i][j];
  return sum;
}
/** A matrix whose columns are found one by one. */
export const byColumns = (B: Matrix, solution: (b: Vector) => number[]): number[][] =>
  transpose(transpose(B).map(solution));
