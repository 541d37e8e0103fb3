let tape = new Float64Array(0);

/**
 * Writes the gradient into `out` and returns the value. Keeps the four points of each step at which the slope is
 * taken; the way back needs nothing else.
 */
export function odeByHand(out: Float64Array, x: Float64Array, steps: number): number {
  const n = x.length;
  const h = 2 / steps;
  const k1 = new Float64Array(n);
  const k2 = new Float64Array(n);
  const k3 = new Float64Array(n);
  const k4 = new Float64Array(n);
  if (tape.length < 4 * n * (steps + 1)) tape = new Float64Array(4 * n * (steps + 1));
  const points = tape;
  // the points are made where they are kept; y is the first of each step
  points.fill(0, 0, n);
  let top = 0;
  for (let t = 0; t < steps; t++) {
    slope(k1, x, points, top);
    for (let i = 0; i < n; i++) points[top + n + i] = points[top + i] + 0.5 * h * k1[i];
    slope(k2, x, points, top + n);
    for (let i = 0; i < n; i++) points[top + 2 * n + i] = points[top + i] + 0.5 * h * k2[i];
    slope(k3, x, points, top + 2 * n);
    for (let i = 0; i < n; i++) points[top + 3 * n + i] = points[top + i] + h * k3[i];
    slope(k4, x, points, top + 3 * n);
    for (let i = 0; i < n; i++) {
      points[top + 4 * n + i] = points[top + i] + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    }
    top += 4 * n;
  }
  let sum = 0;
  for (let i = 0; i < n; i++) sum += points[top + i];

  const yBar = k1.fill(1);
  const half = 0.5 * h;
  const sixth = h / 6;
  const third = h / 3;
  // cotangents of the points, from the last stage to the second; that of the first goes straight to `yBar`
  const b4 = k4;
  const b3 = k3;
  const b2 = k2;
  const last = n - 1;
  b4[last] = 0;
  b3[last] = 0;
  b2[last] = 0;
  out.fill(0);
  for (let t = 0; t < steps; t++) {
    top -= n;
    out[0] += sixth * yBar[0];
    for (let i = 1; i < n; i++) {
      const bar = sixth * yBar[i];
      out[i] += bar * points[top + i - 1];
      b4[i - 1] = bar * x[i];
    }
    top -= n;
    out[0] += third * yBar[0] + h * b4[0];
    for (let i = 1; i < n; i++) {
      const bar = third * yBar[i] + h * b4[i];
      out[i] += bar * points[top + i - 1];
      b3[i - 1] = bar * x[i];
    }
    top -= n;
    out[0] += third * yBar[0] + half * b3[0];
    for (let i = 1; i < n; i++) {
      const bar = third * yBar[i] + half * b3[i];
      out[i] += bar * points[top + i - 1];
      b2[i - 1] = bar * x[i];
    }
    top -= n;
    out[0] += sixth * yBar[0] + half * b2[0];
    for (let i = 1; i < n; i++) {
      const bar = sixth * yBar[i] + half * b2[i];
      out[i] += bar * points[top + i - 1];
      yBar[i - 1] += bar * x[i] + b2[i - 1] + b3[i - 1] + b4[i - 1];
    }
  }
  return sum;
}

function slope(out: Float64Array, x: Float64Array, points: Float64Array, at: number): void {
  out[0] = x[0];
  for (let i = 1; i < x.length; i++) out[i] = x[i] * points[at + i - 1];
}
