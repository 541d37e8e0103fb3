import { gradInto } from 'adjoint';

/**
 * Log-likelihood of a Gaussian mixture with a Wishart prior, without its constants (ADBench). `alphas`: k weights before
 * the softmax; `means`: k by d; `factors`: for each component the logarithms of the diagonal of the inverse Cholesky
 * factor, then its lower triangle column by column; `x`: n by d.
 */
export function gmm(
  alphas: Float64Array,
  means: Float64Array,
  factors: Float64Array,
  x: Float64Array,
  d: number,
  gamma: number,
  m: number,
): number {
  const k = alphas.length;
  const n = x.length / d;
  const size = (d * (d + 1)) / 2;
  const diagonals = new Float64Array(k * d);
  const sums = new Float64Array(k);
  let prior = 0;
  for (let c = 0; c < k; c++) {
    let sum = 0;
    let squares = 0;
    for (let a = 0; a < d; a++) {
      const logarithm = factors[c * size + a];
      const q = Math.exp(logarithm);
      sum += logarithm;
      squares += q * q;
      diagonals[c * d + a] = q;
    }
    for (let l = d; l < size; l++) squares += factors[c * size + l] * factors[c * size + l];
    sums[c] = sum;
    prior += 0.5 * gamma * gamma * squares - m * sum;
  }

  const centred = new Float64Array(d);
  const scaled = new Float64Array(d);
  const terms = new Float64Array(k);
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < k; c++) {
      for (let a = 0; a < d; a++) {
        centred[a] = x[i * d + a] - means[c * d + a];
        scaled[a] = diagonals[c * d + a] * centred[a];
      }
      let l = c * size + d;
      for (let a = 0; a < d; a++) {
        for (let b = a + 1; b < d; b++) {
          scaled[b] += factors[l] * centred[a];
          l++;
        }
      }
      let squares = 0;
      for (let a = 0; a < d; a++) squares += scaled[a] * scaled[a];
      terms[c] = alphas[c] + sums[c] - 0.5 * squares;
    }
    total += logSumExp(terms);
  }
  return total - n * logSumExp(alphas) + prior;
}

function logSumExp(x: Float64Array): number {
  let max = x[0];
  for (let i = 1; i < x.length; i++) if (x[i] > max) max = x[i];
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.exp(x[i] - max);
  return max + Math.log(sum);
}

export const gmmGradient = gradInto(gmm, { argnums: [0, 1, 2] });
