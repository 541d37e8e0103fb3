/**
 * Products, transpose and trace. They have no rules: the compiler differentiates this source, in every mode and to any order.
 */
import { checkLength, checkSquare, columnsOf } from './checks.js';
import type { Matrix, Vector } from './types.js';

/**
 * The inner product of two vectors.
 *
 * @throws RangeError if their lengths differ.
 */
export function dot(a: Vector, b: Vector): number {
  checkLength('dot', 'b', b, a.length);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * `A x` for an m x n matrix and n numbers: m numbers.
 *
 * @throws RangeError if the shapes do not fit.
 */
export function matvec(A: Matrix, x: Vector): number[] {
  checkLength('matvec', 'x', x, columnsOf('matvec', 'A', A));
  const y: number[] = [];
  for (let i = 0; i < A.length; i++) {
    const row = A[i];
    let sum = 0;
    for (let j = 0; j < row.length; j++) sum += row[j] * x[j];
    y.push(sum);
  }
  return y;
}

/**
 * `A B` for an m x k and a k x n matrix: m x n.
 *
 * @throws RangeError if the shapes do not fit.
 */
export function matmul(A: Matrix, B: Matrix): number[][] {
  const n = columnsOf('matmul', 'B', B);
  checkLength('matmul', 'B', B, columnsOf('matmul', 'A', A));
  const C: number[][] = [];
  for (let i = 0; i < A.length; i++) {
    const row = A[i];
    const sums = new Array<number>(n).fill(0);
    // by rows of B, which lie one after the other in memory
    for (let k = 0; k < B.length; k++) {
      const factor = row[k];
      const other = B[k];
      for (let j = 0; j < n; j++) sums[j] += factor * other[j];
    }
    C.push(sums);
  }
  return C;
}

/** The transpose of an m x n matrix: n x m. */
export function transpose(A: Matrix): number[][] {
  const n = columnsOf('transpose', 'A', A);
  const T: number[][] = [];
  for (let j = 0; j < n; j++) {
    const column: number[] = [];
    for (let i = 0; i < A.length; i++) column.push(A[i][j]);
    T.push(column);
  }
  return T;
}

/**
 * The sum of the diagonal.
 *
 * @throws RangeError if the matrix is not square.
 */
export function trace(A: Matrix): number {
  checkSquare('trace', 'A', A);
  let sum = 0;
  for (let i = 0; i < A.length; i++) sum += A[i][i];
  return sum;
}
