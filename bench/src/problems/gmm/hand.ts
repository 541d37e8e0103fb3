/** Gradients for `alphas`, `means` and `factors`; `out` has one array for each. */
type Gradients = readonly [Float64Array, Float64Array, Float64Array];

/**
 * Writes the gradients into `out` and returns the value: each point forward and at once back. The centred and scaled
 * coordinates of one point are kept for all components, nothing for the other points.
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
  const n = x.length / d;
  const size = (d * (d + 1)) / 2;
  const diagonals = new Float64Array(k * d);
  const diagonalsBar = new Float64Array(k * d);
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
      diagonalsBar[c * d + a] = gamma * gamma * q;
    }
    for (let l = d; l < size; l++) {
      const factor = factors[c * size + l];
      squares += factor * factor;
      factorsBar[c * size + l] = gamma * gamma * factor;
    }
    sums[c] = sum;
    prior += 0.5 * gamma * gamma * squares - m * sum;
  }

  const centred = new Float64Array(k * d);
  const scaled = new Float64Array(k * d);
  const scaledBar = new Float64Array(d);
  const terms = new Float64Array(k);
  alphasBar.fill(0);
  meansBar.fill(0);
  let total = 0;
  for (let i = 0; i < n; i++) {
    let max = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      const row = c * d;
      for (let a = 0; a < d; a++) {
        const difference = x[i * d + a] - means[row + a];
        centred[row + a] = difference;
        scaled[row + a] = diagonals[row + a] * difference;
      }
      let l = c * size + d;
      for (let a = 0; a < d; a++) {
        const at = centred[row + a];
        for (let b = a + 1; b < d; b++) {
          scaled[row + b] += factors[l] * at;
          l++;
        }
      }
      let squares = 0;
      for (let a = 0; a < d; a++) squares += scaled[row + a] * scaled[row + a];
      const term = alphas[c] + sums[c] - 0.5 * squares;
      terms[c] = term;
      if (term > max) max = term;
    }
    let sum = 0;
    for (let c = 0; c < k; c++) {
      const e = Math.exp(terms[c] - max);
      terms[c] = e;
      sum += e;
    }
    total += max + Math.log(sum);

    for (let c = 0; c < k; c++) {
      const weight = terms[c] / sum;
      alphasBar[c] += weight;
      const row = c * d;
      for (let a = 0; a < d; a++) scaledBar[a] = -weight * scaled[row + a];
      let l = c * size + d;
      for (let a = 0; a < d; a++) {
        const at = centred[row + a];
        const aBar = scaledBar[a];
        let atBar = aBar * diagonals[row + a];
        diagonalsBar[row + a] += aBar * at;
        for (let b = a + 1; b < d; b++) {
          const bBar = scaledBar[b];
          factorsBar[l] += bBar * at;
          atBar += bBar * factors[l];
          l++;
        }
        meansBar[row + a] -= atBar;
      }
    }
  }

  // the weight of a component, summed over the points, is the cotangent of the sum of its logarithms too
  for (let c = 0; c < k; c++) {
    for (let a = 0; a < d; a++) {
      factorsBar[c * size + a] = alphasBar[c] - m + diagonalsBar[c * d + a] * diagonals[c * d + a];
    }
  }
  let max = alphas[0];
  for (let c = 1; c < k; c++) if (alphas[c] > max) max = alphas[c];
  let sum = 0;
  for (let c = 0; c < k; c++) sum += Math.exp(alphas[c] - max);
  for (let c = 0; c < k; c++) alphasBar[c] -= (n * Math.exp(alphas[c] - max)) / sum;
  return total - n * (max + Math.log(sum)) + prior;
}
