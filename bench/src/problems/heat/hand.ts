let tape = new Float64Array(0);

/** Writes the gradient into `out` and returns the value; keeps the second difference of each place and step. */
export function heatByHand(
  out: Float64Array,
  conductivity: Float64Array,
  start: Float64Array,
  target: Float64Array,
  steps: number,
): number {
  const u = start.slice();
  const last = u.length - 1;
  if (tape.length < steps * last) tape = new Float64Array(steps * last);
  const curvatures = tape;
  let top = 0;
  for (let t = 0; t < steps; t++) {
    let left = u[0];
    for (let i = 1; i < last; i++) {
      const here = u[i];
      const curvature = left - 2 * here + u[i + 1];
      curvatures[top++] = curvature;
      u[i] = here + conductivity[i] * curvature;
      left = here;
    }
  }
  let sum = 0;
  const uBar = u;
  for (let i = 0; i < u.length; i++) {
    const off = u[i] - target[i];
    sum += off * off;
    uBar[i] = 2 * off;
  }
  out.fill(0);
  for (let t = steps - 1; t >= 0; t--) {
    let leftBar = 0;
    for (let i = last - 1; i >= 1; i--) {
      const bar = uBar[i];
      out[i] += bar * curvatures[--top];
      const flow = bar * conductivity[i];
      uBar[i + 1] += flow;
      uBar[i] = bar - 2 * flow + leftBar;
      leftBar = flow;
    }
    uBar[0] += leftBar;
  }
  return sum;
}
