import { stopGradient } from 'adjoint';
import { columnsOf } from './checks.js';
import type { Matrix, Vector } from './types.js';

/**
 * The 2-norm of a vector, the Frobenius norm of a matrix. Its derivative where all entries are zero is zero, by convention.
 * Where squares could overflow or vanish, entries are scaled first; the scale is a constant in derivatives.
 */
export function norm(x: Vector | Matrix): number {
  if (x.length === 0) return 0;
  const largest = stopGradient(largestIn(x));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  const scale = largest > 1e-140 && largest < 1e140 ? 1 : largest;
  return scale * Math.sqrt(sumOfSquares(x, scale));
}

function largestIn(x: Vector | Matrix): number {
  let largest = 0;
  if (typeof x[0] === 'number') {
    for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i] as number));
    return largest;
  }
  const A = x as Matrix;
  columnsOf('norm', 'x', A);
  for (let i = 0; i < A.length; i++)
    for (let j = 0; j < A[i].length; j++) largest = Math.max(largest, Math.abs(A[i][j]));
  return largest;
}

function sumOfSquares(x: Vector | Matrix, scale: number): number {
  let sum = 0;
  if (typeof x[0] === 'number') {
    for (let i = 0; i < x.length; i++) sum += ((x[i] as number) / scale) ** 2;
    return sum;
  }
  const A = x as Matrix;
  for (let i = 0; i < A.length; i++) for (let j = 0; j < A[i].length; j++) sum += (A[i][j] / scale) ** 2;
  return sum;
}
