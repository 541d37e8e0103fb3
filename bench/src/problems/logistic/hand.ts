/** Writes the gradient into `out` and returns the value: each row forward and at once back, no tape. */
export function logisticByHand(
  out: Float64Array,
  w: Float64Array,
  X: Float64Array,
  y: Float64Array,
  penalty: number,
): number {
  const n = y.length;
  const d = w.length;
  let squares = 0;
  for (let j = 0; j < d; j++) {
    squares += w[j] * w[j];
    out[j] = penalty * w[j];
  }
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const row = i * d;
    let score = 0;
    for (let j = 0; j < d; j++) score += X[row + j] * w[j];
    const e = Math.exp(-y[i] * score);
    loss += Math.log(1 + e);
    const scoreBar = (-y[i] * e) / ((1 + e) * n);
    for (let j = 0; j < d; j++) out[j] += scoreBar * X[row + j];
  }
  return loss / n + 0.5 * penalty * squares;
}
