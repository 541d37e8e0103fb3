/** Writes the gradient into `out` and returns the value: pair by pair, the sums of city i in locals. */
export function scalingByHand(out: Float64Array, W: Float64Array, D: Float64Array): number {
  const n = W.length / 2;
  let sum = 0;
  out.fill(0);
  for (let i = 0; i < n; i++) {
    const x = W[2 * i];
    const y = W[2 * i + 1];
    let xBar = 0;
    let yBar = 0;
    for (let j = i + 1; j < n; j++) {
      const dx = x - W[2 * j];
      const dy = y - W[2 * j + 1];
      const excess = dx * dx + dy * dy - D[i * n + j];
      sum += excess * excess;
      const dxBar = 4 * excess * dx;
      const dyBar = 4 * excess * dy;
      xBar += dxBar;
      yBar += dyBar;
      out[2 * j] -= dxBar;
      out[2 * j + 1] -= dyBar;
    }
    out[2 * i] += xBar;
    out[2 * i + 1] += yBar;
  }
  return sum;
}
