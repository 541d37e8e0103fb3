export type Point = readonly [x: number, y: number];

/**
 * Distances fix a map only up to rotation and reflection. Turns it so that `east` lies due east of `west`, and
 * reflects it so that `north` lies on the upper side of that line. `W`: x0, y0, x1, y1, ..., y upwards.
 */
export function orient(W: Float64Array, west: number, east: number, north: number): Point[] {
  const dx = W[2 * east] - W[2 * west];
  const dy = W[2 * east + 1] - W[2 * west + 1];
  const length = Math.hypot(dx, dy);
  const cos = dx / length;
  const sin = dy / length;
  const turned = Array.from({ length: W.length / 2 }, (_, i): Point => {
    const x = W[2 * i] - W[2 * west];
    const y = W[2 * i + 1] - W[2 * west + 1];
    return [cos * x + sin * y, cos * y - sin * x];
  });
  return turned[north][1] >= 0 ? turned : turned.map(([x, y]) => [x, -y]);
}
