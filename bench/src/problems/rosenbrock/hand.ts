/** Writes the gradient into `out` and returns the value: one loop, no tape. */
export function rosenbrockByHand(out: Float64Array, x: Float64Array): number {
  const last = x.length - 1;
  let sum = 0;
  out[0] = 0;
  for (let i = 0; i < last; i++) {
    const valley = x[i + 1] - x[i] * x[i];
    const offset = 1 - x[i];
    sum += 100 * valley * valley + offset * offset;
    out[i] -= 400 * valley * x[i] + 2 * offset;
    out[i + 1] = 200 * valley;
  }
  return sum;
}
