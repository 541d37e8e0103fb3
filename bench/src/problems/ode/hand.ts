let tape = new Float64Array(0);

/**
 * Writes the gradient into `out` and returns the value. Keeps the four points of each step at which the slope is
 * taken; the way back needs nothing else.
 */
export function odeByHand(out: Float64Array, x: Float64Array, steps: number): number {
  const n = x.length;
  const h = 2 / steps;
  const y = new Float64Array(n);
  const at = new Float64Array(n);
  const k1 = new Float64Array(n);
  const k2 = new Float64Array(n);
  const k3 = new Float64Array(n);
  const k4 = new Float64Array(n);
  if (tape.length < 4 * n * steps) tape = new Float64Array(4 * n * steps);
  const points = tape;
  let top = 0;
  for (let t = 0; t < steps; t++) {
    slope(k1, x, y);
    for (let i = 0; i < n; i++) {
      points[top + i] = y[i];
      at[i] = y[i] + 0.5 * h * k1[i];
      points[top + n + i] = at[i];
    }
    slope(k2, x, at);
    top += 2 * n;
    for (let i = 0; i < n; i++) {
      at[i] = y[i] + 0.5 * h * k2[i];
      points[top + i] = at[i];
    }
    slope(k3, x, at);
    top += n;
    for (let i = 0; i < n; i++) {
      at[i] = y[i] + h * k3[i];
      points[top + i] = at[i];
    }
    top += n;
    slope(k4, x, at);
    for (let i = 0; i < n; i++) y[i] += (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }
  let sum = 0;
  for (let i = 0; i < n; i++) sum += y[i];

  const yBar = y.fill(1);
  const kBar = k1;
  out.fill(0);
  const sixth = h / 6;
  const third = h / 3;
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < n; i++) kBar[i] = sixth * yBar[i];
    top -= n;
    stage(out, yBar, kBar, x, points, top, k2);
    for (let i = 0; i < n; i++) kBar[i] = third * (yBar[i] - k2[i]) + h * k2[i];
    top -= n;
    stage(out, yBar, kBar, x, points, top, k3);
    for (let i = 0; i < n; i++) kBar[i] = third * (yBar[i] - k2[i] - k3[i]) + 0.5 * h * k3[i];
    top -= n;
    stage(out, yBar, kBar, x, points, top, k4);
    for (let i = 0; i < n; i++) kBar[i] = sixth * (yBar[i] - k2[i] - k3[i] - k4[i]) + 0.5 * h * k4[i];
    top -= n;
    stage(out, yBar, kBar, x, points, top, at);
  }
  return sum;
}

function slope(out: Float64Array, x: Float64Array, y: Float64Array): void {
  out[0] = x[0];
  for (let i = 1; i < x.length; i++) out[i] = x[i] * y[i - 1];
}

/** The way back through one slope taken at `points[top..]`; `pointBar` gets the cotangent of that point. */
function stage(
  out: Float64Array,
  yBar: Float64Array,
  kBar: Float64Array,
  x: Float64Array,
  points: Float64Array,
  top: number,
  pointBar: Float64Array,
): void {
  const n = x.length;
  out[0] += kBar[0];
  for (let i = 1; i < n; i++) {
    out[i] += kBar[i] * points[top + i - 1];
    const bar = kBar[i] * x[i];
    pointBar[i - 1] = bar;
    yBar[i - 1] += bar;
  }
  pointBar[n - 1] = 0;
}
