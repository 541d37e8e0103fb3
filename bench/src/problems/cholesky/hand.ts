/**
 * Writes the gradient into `out` and returns the value. Neither the factor nor the solution is overwritten after its use,
 * so both serve the way back, and no tape is needed.
 */
export function gaussianByHand(out: Float64Array, covariance: Float64Array, x: Float64Array): number {
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
    let r = z[j];
    for (let k = 0; k < j; k++) r -= a[j * n + k] * z[k];
    z[j] = r / diagonal;
    value += Math.log(diagonal) + 0.5 * z[j] * z[j];
  }

  out.fill(0);
  const zBar = new Float64Array(n);
  for (let j = n - 1; j >= 0; j--) {
    const diagonal = a[j * n + j];
    const rBar = (zBar[j] + z[j]) / diagonal;
    let diagonalBar = 1 / diagonal - rBar * z[j];
    for (let k = 0; k < j; k++) {
      out[j * n + k] -= rBar * z[k];
      zBar[k] -= rBar * a[j * n + k];
    }
    for (let i = n - 1; i > j; i--) {
      const tBar = out[i * n + j] / diagonal;
      out[i * n + j] = tBar;
      diagonalBar -= tBar * a[i * n + j];
      for (let k = 0; k < j; k++) {
        out[i * n + k] -= tBar * a[j * n + k];
        out[j * n + k] -= tBar * a[i * n + k];
      }
    }
    const sBar = diagonalBar / (2 * diagonal);
    for (let k = 0; k < j; k++) out[j * n + k] -= 2 * sBar * a[j * n + k];
    out[j * n + j] = sBar;
  }
  return value;
}
