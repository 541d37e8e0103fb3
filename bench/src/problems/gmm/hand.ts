/** Gradients for `alphas`, `means` and `factors`. */
type Gradients = readonly [Float64Array, Float64Array, Float64Array];

let memory = new Float64Array(0);

/**
 * Writes the gradients into `out` and returns the value: each point forward and at once back. The centred and scaled
 * coordinates of one point are kept for all components, nothing for the other points.
 *
 * All numbers of the inner loops lie in one array, and integers stay 32 bits: each further array costs a check of its
 * kind and length in every trip, each sum of integers one of its range. (Arrays of their own: 1.1 to 1.5 times slower.)
 */
export function gmmByHand(
  [alphasBar, meansBar, factorsBar]: Gradients,
  alphas: Float64Array,
  means: Float64Array,
  factors: Float64Array,
  x: Float64Array,
  d: number,
  gamma: number,
  m: number,
): number {
  const k = alphas.length;
  const n = (x.length / d) | 0;
  const size = ((d * (d + 1)) / 2) | 0;

  const factor = 0;
  const factorBar = (factor + k * size) | 0;
  const mean = (factorBar + k * size) | 0;
  const meanBar = (mean + k * d) | 0;
  const diagonal = (meanBar + k * d) | 0;
  const diagonalBar = (diagonal + k * d) | 0;
  const centred = (diagonalBar + k * d) | 0;
  const scaled = (centred + k * d) | 0;
  const scaledBar = (scaled + k * d) | 0;
  const offset = (scaledBar + d) | 0;
  const term = (offset + k) | 0;
  const end = (term + k) | 0;
  if (memory.length < end) memory = new Float64Array(end);
  const M = memory;
  M.set(factors, factor);
  M.set(means, mean);
  M.fill(0, meanBar, meanBar + k * d);

  let prior = 0;
  for (let c = 0; c < k; c++) {
    let sum = 0;
    let squares = 0;
    for (let a = 0; a < d; a++) {
      const logarithm = factors[c * size + a];
      const q = Math.exp(logarithm);
      sum += logarithm;
      squares += q * q;
      M[diagonal + c * d + a] = q;
      M[diagonalBar + c * d + a] = gamma * gamma * q;
    }
    for (let l = d; l < size; l++) {
      const below = factors[c * size + l];
      squares += below * below;
      M[factorBar + c * size + l] = gamma * gamma * below;
    }
    M[offset + c] = alphas[c] + sum;
    prior += 0.5 * gamma * gamma * squares - m * sum;
  }

  alphasBar.fill(0);
  let total = 0;
  for (let i = 0; i < n; i = (i + 1) | 0) {
    const point = Math.imul(i, d);
    let max = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c = (c + 1) | 0) {
      const row = Math.imul(c, d);
      for (let a = 0; a < d; a = (a + 1) | 0) {
        const at = (row + a) | 0;
        const difference = x[(point + a) | 0] - M[(mean + at) | 0];
        M[(centred + at) | 0] = difference;
        M[(scaled + at) | 0] = M[(diagonal + at) | 0] * difference;
      }
      let l = (factor + Math.imul(c, size) + d) | 0;
      const to = (scaled + row + d) | 0;
      for (let a = 0; a < d; a = (a + 1) | 0) {
        const at = M[(centred + row + a) | 0];
        for (let b = (scaled + row + a + 1) | 0; b < to; b = (b + 1) | 0) {
          M[b] += M[l] * at;
          l = (l + 1) | 0;
        }
      }
      let squares = 0;
      for (let b = (scaled + row) | 0; b < to; b = (b + 1) | 0) squares += M[b] * M[b];
      const value = M[(offset + c) | 0] - 0.5 * squares;
      M[(term + c) | 0] = value;
      if (value > max) max = value;
    }
    let sum = 0;
    for (let c = 0; c < k; c = (c + 1) | 0) {
      const e = Math.exp(M[(term + c) | 0] - max);
      M[(term + c) | 0] = e;
      sum += e;
    }
    total += max + Math.log(sum);

    const to = (scaledBar + d) | 0;
    for (let c = 0; c < k; c = (c + 1) | 0) {
      const weight = M[(term + c) | 0] / sum;
      alphasBar[c] += weight;
      const row = Math.imul(c, d);
      for (let a = 0; a < d; a = (a + 1) | 0) {
        M[(scaledBar + a) | 0] = -weight * M[(scaled + row + a) | 0];
      }
      let l = (Math.imul(c, size) + d) | 0;
      for (let a = 0; a < d; a = (a + 1) | 0) {
        const at = M[(centred + row + a) | 0];
        const bar = M[(scaledBar + a) | 0];
        let atBar = bar * M[(diagonal + row + a) | 0];
        M[(diagonalBar + row + a) | 0] += bar * at;
        for (let b = (scaledBar + a + 1) | 0; b < to; b = (b + 1) | 0) {
          const below = M[b];
          M[(factorBar + l) | 0] += below * at;
          atBar += below * M[(factor + l) | 0];
          l = (l + 1) | 0;
        }
        M[(meanBar + row + a) | 0] -= atBar;
      }
    }
  }

  // the weight of a component, summed over the points, is the cotangent of the sum of its logarithms too
  for (let c = 0; c < k; c++) {
    for (let a = 0; a < d; a++) {
      const at = c * d + a;
      M[factorBar + c * size + a] = alphasBar[c] - m + M[diagonalBar + at] * M[diagonal + at];
    }
  }
  for (let j = 0; j < meansBar.length; j++) meansBar[j] = M[meanBar + j];
  for (let j = 0; j < factorsBar.length; j++) factorsBar[j] = M[factorBar + j];
  let max = alphas[0];
  for (let c = 1; c < k; c++) if (alphas[c] > max) max = alphas[c];
  let sum = 0;
  for (let c = 0; c < k; c++) sum += Math.exp(alphas[c] - max);
  for (let c = 0; c < k; c++) alphasBar[c] -= (n * Math.exp(alphas[c] - max)) / sum;
  return total - n * (max + Math.log(sum)) + prior;
}
