import { gradInto } from 'adjoint';

/** The logarithm of the determinant of an n by n matrix, by an LU factorisation in place (no pivoting). */
export function logDeterminant(A: Float64Array, n: number): number {
  const a = A.slice();
  for (let k = 0; k < n; k++) {
    for (let i = k + 1; i < n; i++) {
      a[i * n + k] /= a[k * n + k];
      for (let j = k + 1; j < n; j++) a[i * n + j] -= a[i * n + k] * a[k * n + j];
    }
  }
  let sum = 0;
  for (let k = 0; k < n; k++) sum += Math.log(a[k * n + k]);
  return sum;
}

export const logDeterminantGradient = gradInto(logDeterminant);
