/** Writes the gradient into `out` and returns the value: only the nearest centre of each point has a derivative. */
export function kmeansByHand(
  out: Float64Array,
  centres: Float64Array,
  points: Float64Array,
  d: number,
): number {
  const k = centres.length / d;
  const n = points.length / d;
  let total = 0;
  out.fill(0);
  for (let i = 0; i < n; i++) {
    let nearest = Number.POSITIVE_INFINITY;
    let best = 0;
    for (let c = 0; c < k; c++) {
      let squares = 0;
      for (let a = 0; a < d; a++) {
        const difference = points[i * d + a] - centres[c * d + a];
        squares += difference * difference;
      }
      if (squares < nearest) {
        nearest = squares;
        best = c;
      }
    }
    total += nearest;
    const row = best * d;
    for (let a = 0; a < d; a++) out[row + a] -= 2 * (points[i * d + a] - centres[row + a]);
  }
  return total;
}
