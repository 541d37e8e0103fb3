import { gradInto } from 'adjoint';

/**
 * Negative log-likelihood of Gaussian samples without its constant. `factor`: the lower triangle of the Cholesky factor
 * of the covariance, packed row by row; `x`: rows of d numbers.
 */
export function likelihood(factor: Float64Array, x: Float64Array, d: number): number {
  const n = x.length / d;
  const z = new Float64Array(d);
  let total = 0;
  for (let s = 0; s < n; s++) {
    let at = 0;
    for (let i = 0; i < d; i++) {
      let r = x[s * d + i];
      for (let j = 0; j < i; j++) r -= factor[at++] * z[j];
      const diagonal = factor[at++];
      z[i] = r / diagonal;
      total += 0.5 * z[i] * z[i];
    }
  }
  for (let i = 0; i < d; i++) total += n * Math.log(factor[(i * (i + 3)) / 2]);
  return total;
}

export const likelihoodGradient = gradInto(likelihood);
