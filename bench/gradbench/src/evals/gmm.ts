import { gradInto } from 'adjoint';
import { flat, rows } from '../matrix.js';
import type { Module, Runs } from '../protocol.js';
import { repeat } from '../repeat.js';

interface Input extends Runs {
  readonly d: number;
  readonly k: number;
  readonly alpha: readonly number[];
  readonly mu: readonly number[][];
  readonly q: readonly number[][];
  readonly l: readonly number[][];
  readonly x: readonly number[][];
  readonly m: number;
  readonly gamma: number;
}

/** The points (row by row) and the parameters of the Wishart prior. */
interface Data {
  readonly d: number;
  readonly k: number;
  readonly x: Float64Array;
  readonly m: number;
  readonly gamma: number;
}

/** log of the gamma function at half of a positive integer. */
function logGammaOfHalf(twice: number): number {
  let sum = twice % 2 === 0 ? 0 : Math.log(Math.PI) / 2;
  for (let t = twice - 2; t > 0; t -= 2) sum += Math.log(t / 2);
  return sum;
}

/** log of the multivariate gamma function of dimension d at n / 2. */
function logMultivariateGamma(d: number, n: number): number {
  let sum = (d * (d - 1) * Math.log(Math.PI)) / 4;
  for (let j = 0; j < d; j++) sum += logGammaOfHalf(n - j);
  return sum;
}

function logSumExp(v: Float64Array): number {
  let largest = v[0];
  for (let i = 1; i < v.length; i++) {
    if (v[i] > largest) largest = v[i];
  }
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += Math.exp(v[i] - largest);
  return largest + Math.log(sum);
}

/**
 * Log posterior of a mixture of k Gaussians in d dimensions with a Wishart prior on the precision matrices. The
 * precision of component c is Q'Q; Q is lower triangular with exp(q[c]) on the diagonal and l[c] below, column by
 * column. `mu`, `q` (k by d) and `l` (k by d (d - 1) / 2) are row by row.
 */
export function logPosterior(
  alpha: Float64Array,
  mu: Float64Array,
  q: Float64Array,
  l: Float64Array,
  { d, k, x, m, gamma }: Data,
): number {
  const n = x.length / d;
  const size = (d * (d - 1)) / 2;
  const diagonal = new Float64Array(k * d);
  const sumOfQ = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    for (let i = 0; i < d; i++) {
      diagonal[c * d + i] = Math.exp(q[c * d + i]);
      sumOfQ[c] += q[c * d + i];
    }
  }

  const centred = new Float64Array(d);
  const scaled = new Float64Array(d);
  const terms = new Float64Array(k);
  let sum = 0;
  for (let p = 0; p < n; p++) {
    for (let c = 0; c < k; c++) {
      for (let i = 0; i < d; i++) {
        centred[i] = x[p * d + i] - mu[c * d + i];
        scaled[i] = diagonal[c * d + i] * centred[i];
      }
      let at = c * size;
      for (let j = 0; j < d; j++) {
        for (let i = j + 1; i < d; i++) {
          scaled[i] += l[at] * centred[j];
          at++;
        }
      }
      let square = 0;
      for (let i = 0; i < d; i++) square += scaled[i] * scaled[i];
      terms[c] = alpha[c] + sumOfQ[c] - square / 2;
    }
    sum += logSumExp(terms);
  }
  sum -= n * ((d / 2) * Math.log(2 * Math.PI) + logSumExp(alpha));

  const freedom = d + m + 1;
  sum += k * (freedom * d * Math.log(gamma / Math.SQRT2) - logMultivariateGamma(d, freedom));
  let frobenius = 0;
  for (let i = 0; i < diagonal.length; i++) frobenius += diagonal[i] * diagonal[i];
  for (let i = 0; i < l.length; i++) frobenius += l[i] * l[i];
  sum -= (gamma * gamma * frobenius) / 2;
  for (let c = 0; c < k; c++) sum += m * sumOfQ[c];
  return sum;
}

export const logPosteriorGradient = gradInto(logPosterior, { argnums: [0, 1, 2, 3] });

type Parameters = [alpha: Float64Array, mu: Float64Array, q: Float64Array, l: Float64Array];

function parametersOf({ alpha, mu, q, l }: Input): Parameters {
  return [Float64Array.from(alpha), flat(mu), flat(q), flat(l)];
}

function dataOf({ d, k, x, m, gamma }: Input): Data {
  return { d, k, x: flat(x), m, gamma };
}

export const gmm: Module = {
  objective(input: Input) {
    const [alpha, mu, q, l] = parametersOf(input);
    const data = dataOf(input);
    return repeat(input, () => logPosterior(alpha, mu, q, l, data));
  },
  jacobian(input: Input) {
    const [alpha, mu, q, l] = parametersOf(input);
    const data = dataOf(input);
    const gradient = parametersOf(input);
    const { d, k } = input;
    return repeat(
      input,
      () => logPosteriorGradient(gradient, alpha, mu, q, l, data),
      () => ({
        alpha: [...gradient[0]],
        mu: rows(gradient[1], k, d),
        q: rows(gradient[2], k, d),
        l: rows(gradient[3], k, (d * (d - 1)) / 2),
      }),
    );
  },
};
