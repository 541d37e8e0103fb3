import { gradInto } from 'adjoint';

/**
 * Negative logarithm of a Gaussian density without its constant, by a Cholesky factorisation in place and a forward
 * substitution. `covariance`: n by n, its lower triangle is read; `x`: n.
 */
export function gaussian(covariance: Float64Array, x: Float64Array): number {
  const n = x.length;
  const a = covariance.slice();
  const z = x.slice();
  let value = 0;
  for (let j = 0; j < n; j++) {
    let s = a[j * n + j];
    for (let k = 0; k < j; k++) s -= a[j * n + k] * a[j * n + k];
    const diagonal = Math.sqrt(s);
    a[j * n + j] = diagonal;
    for (let i = j + 1; i < n; i++) {
      let t = a[i * n + j];
      for (let k = 0; k < j; k++) t -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = t / diagonal;
    }
    for (let k = 0; k < j; k++) z[j] -= a[j * n + k] * z[k];
    z[j] /= diagonal;
    value += Math.log(diagonal) + 0.5 * z[j] * z[j];
  }
  return value;
}

export const gaussianGradient = gradInto(gaussian);
