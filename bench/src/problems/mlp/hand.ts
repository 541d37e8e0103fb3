/** Writes the gradient into `out` and returns the value: each row forward and at once back; only active units go back. */
export function mlpByHand(
  out: Float64Array,
  w: Float64Array,
  X: Float64Array,
  y: Float64Array,
  hidden: number,
): number {
  const n = y.length;
  const d = X.length / n;
  const units = new Float64Array(hidden);
  out.fill(0);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    for (let u = 0; u < hidden; u++) {
      const row = u * (d + 2);
      let sum = w[row + d];
      for (let j = 0; j < d; j++) sum += w[row + j] * X[i * d + j];
      units[u] = rectified(sum);
    }
    let output = w[hidden * (d + 2)];
    for (let u = 0; u < hidden; u++) output += w[u * (d + 2) + d + 1] * units[u];
    const error = output - y[i];
    loss += error * error;

    const outputBar = (2 * error) / n;
    out[hidden * (d + 2)] += outputBar;
    for (let u = 0; u < hidden; u++) {
      if (units[u] === 0) continue;
      const row = u * (d + 2);
      out[row + d + 1] += outputBar * units[u];
      const sumBar = outputBar * w[row + d + 1];
      out[row + d] += sumBar;
      for (let j = 0; j < d; j++) out[row + j] += sumBar * X[i * d + j];
    }
  }
  return loss / n;
}

function rectified(x: number): number {
  // biome-ignore lint/complexity/useMathMinMax: the derivative at 0 is 0, that of the maximum would be a half
  return x > 0 ? x : 0;
}
