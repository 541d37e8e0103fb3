/** Triangular systems by substitution. */
import type { Matrix, Vector } from './types.js';

/** `x` with `L x = b`, for a lower triangular `L`. */
export function forward(L: Matrix, b: Vector): number[] {
  const x: number[] = [];
  for (let i = 0; i < b.length; i++) {
    let sum = b[i];
    for (let j = 0; j < i; j++) sum -= L[i][j] * x[j];
    x.push(sum / L[i][i]);
  }
  return x;
}

/** `x` with `U x = b`, for an upper triangular `U`. */
export function backward(U: Matrix, b: Vector): number[] {
  const x = Array.from(b);
  for (let i = b.length - 1; i >= 0; i--) {
    let sum = x[i];
    for (let j = i + 1; j < b.length; j++) sum -= U[i][j] * x[j];
    x[i] = sum / U[i][i];
  }
  return x;
}

/** `x` with `U^T x = b`, for an upper triangular `U`. */
export function forwardTransposed(U: Matrix, b: Vector): number[] {
  const x = Array.from(b);
  for (let i = 0; i < b.length; i++) {
    x[i] /= U[i][i];
    for (let j = i + 1; j < b.length; j++) x[j] -= U[i][j] * x[i];
  }
  return x;
}

/** `x` with `L^T x = b`, for a lower triangular `L`. */
export function backwardTransposed(L: Matrix, b: Vector): number[] {
  const x = Array.from(b);
  for (let i = b.length - 1; i >= 0; i--) {
    x[i] /= L[i][i];
    for (let j = 0; j < i; j++) x[j] -= L[i][j] * x[i];
  }
  return x;
}
