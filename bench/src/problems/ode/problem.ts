import { gradInto } from 'adjoint';

/** The chain y0' = x0, yi' = xi y(i-1) from zero to time 2 by Runge-Kutta steps (cmpad); gives the sum of y at the end. */
export function ode(x: Float64Array, steps: number): number {
  const n = x.length;
  const h = 2 / steps;
  const y = new Float64Array(n);
  const at = new Float64Array(n);
  const k1 = new Float64Array(n);
  const k2 = new Float64Array(n);
  const k3 = new Float64Array(n);
  const k4 = new Float64Array(n);
  for (let t = 0; t < steps; t++) {
    slope(k1, x, y);
    for (let i = 0; i < n; i++) at[i] = y[i] + 0.5 * h * k1[i];
    slope(k2, x, at);
    for (let i = 0; i < n; i++) at[i] = y[i] + 0.5 * h * k2[i];
    slope(k3, x, at);
    for (let i = 0; i < n; i++) at[i] = y[i] + h * k3[i];
    slope(k4, x, at);
    for (let i = 0; i < n; i++) y[i] += (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }
  let sum = 0;
  for (let i = 0; i < n; i++) sum += y[i];
  return sum;
}

function slope(out: Float64Array, x: Float64Array, y: Float64Array): void {
  out[0] = x[0];
  for (let i = 1; i < x.length; i++) out[i] = x[i] * y[i - 1];
}

export const odeGradient = gradInto(ode);
