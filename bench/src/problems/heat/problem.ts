import { gradInto } from 'adjoint';

/**
 * How far the temperatures along a rod are from `target` after explicit steps of the heat equation, made in place.
 * `conductivity`: one number for each place, its step size included.
 */
export function heat(
  conductivity: Float64Array,
  start: Float64Array,
  target: Float64Array,
  steps: number,
): number {
  const u = start.slice();
  const last = u.length - 1;
  for (let t = 0; t < steps; t++) {
    let left = u[0];
    for (let i = 1; i < last; i++) {
      const here = u[i];
      u[i] = here + conductivity[i] * (left - 2 * here + u[i + 1]);
      left = here;
    }
  }
  let sum = 0;
  for (let i = 0; i < u.length; i++) sum += (u[i] - target[i]) * (u[i] - target[i]);
  return sum;
}

export const heatGradient = gradInto(heat);
