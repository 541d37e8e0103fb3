import { gradInto } from 'adjoint';

const SOFTENING = 0.01;

/**
 * How far bodies that attract each other are from `target` after some steps. `start`: x, y, z of each body, then its
 * velocities.
 */
export function nbody(
  start: Float64Array,
  masses: Float64Array,
  target: Float64Array,
  steps: number,
  h: number,
): number {
  const n = masses.length;
  const position = start.slice(0, 3 * n);
  const velocity = start.slice(3 * n);
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const dx = position[3 * j] - position[3 * i];
        const dy = position[3 * j + 1] - position[3 * i + 1];
        const dz = position[3 * j + 2] - position[3 * i + 2];
        const r2 = dx * dx + dy * dy + dz * dz + SOFTENING;
        const pull = h / (r2 * Math.sqrt(r2));
        velocity[3 * i] += masses[j] * pull * dx;
        velocity[3 * i + 1] += masses[j] * pull * dy;
        velocity[3 * i + 2] += masses[j] * pull * dz;
        velocity[3 * j] -= masses[i] * pull * dx;
        velocity[3 * j + 1] -= masses[i] * pull * dy;
        velocity[3 * j + 2] -= masses[i] * pull * dz;
      }
    }
    for (let k = 0; k < 3 * n; k++) position[k] += h * velocity[k];
  }
  let sum = 0;
  for (let k = 0; k < 3 * n; k++) sum += (position[k] - target[k]) * (position[k] - target[k]);
  return sum;
}

export const nbodyGradient = gradInto(nbody);
