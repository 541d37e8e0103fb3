/**
 * Writes the gradient into `out` and returns the value. A factor is never overwritten after its use, so the factorised
 * matrix itself serves the way back, and no tape is needed.
 */
export function logDeterminantByHand(out: Float64Array, A: Float64Array, n: number): number {
  const a = A.slice();
  for (let k = 0; k < n; k++) {
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / a[k * n + k];
      a[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  let sum = 0;
  out.fill(0);
  for (let k = 0; k < n; k++) {
    sum += Math.log(a[k * n + k]);
    out[k * n + k] = 1 / a[k * n + k];
  }
  for (let k = n - 1; k >= 0; k--) {
    const pivot = a[k * n + k];
    let pivotBar = 0;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k];
      let factorBar = out[i * n + k];
      for (let j = k + 1; j < n; j++) {
        const bar = out[i * n + j];
        factorBar -= bar * a[k * n + j];
        out[k * n + j] -= bar * factor;
      }
      const quotientBar = factorBar / pivot;
      out[i * n + k] = quotientBar;
      pivotBar -= quotientBar * factor;
    }
    out[k * n + k] += pivotBar;
  }
  return sum;
}
