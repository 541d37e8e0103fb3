/** Writes the gradient, the softmax, into `out` and returns the value. `out` keeps the exponentials meanwhile. */
export function logSumExpByHand(out: Float64Array, x: Float64Array): number {
  let max = x[0];
  for (let i = 1; i < x.length; i++) if (x[i] > max) max = x[i];
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const e = Math.exp(x[i] - max);
    out[i] = e;
    sum += e;
  }
  const factor = 1 / sum;
  for (let i = 0; i < x.length; i++) out[i] *= factor;
  return max + Math.log(sum);
}
