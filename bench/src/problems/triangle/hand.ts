/** Writes the gradient into `out` and returns the value: each sample forward and at once back, no tape. */
export function likelihoodByHand(
  out: Float64Array,
  factor: Float64Array,
  x: Float64Array,
  d: number,
): number {
  const n = x.length / d;
  const z = new Float64Array(d);
  const zBar = new Float64Array(d);
  out.fill(0);
  let total = 0;
  for (let s = 0; s < n; s++) {
    let at = 0;
    for (let i = 0; i < d; i++) {
      let r = x[s * d + i];
      for (let j = 0; j < i; j++) r -= factor[at++] * z[j];
      const diagonal = factor[at++];
      z[i] = r / diagonal;
      total += 0.5 * z[i] * z[i];
      zBar[i] = z[i];
    }
    for (let i = d - 1; i >= 0; i--) {
      at--;
      const rBar = zBar[i] / factor[at];
      out[at] -= rBar * z[i];
      for (let j = i - 1; j >= 0; j--) {
        at--;
        out[at] -= rBar * z[j];
        zBar[j] -= rBar * factor[at];
      }
    }
  }
  for (let i = 0; i < d; i++) {
    const at = (i * (i + 3)) / 2;
    total += n * Math.log(factor[at]);
    out[at] += n / factor[at];
  }
  return total;
}
