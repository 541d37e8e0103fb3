import { gradInto } from 'adjoint';

/**
 * How far a substance that spreads along a ring and reacts is from `target`, stepped between two buffers that change
 * roles. `start`: its density.
 */
export function reaction(start: Float64Array, target: Float64Array, steps: number, h: number): number {
  const n = start.length;
  let now = start.slice();
  let next = new Float64Array(n);
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < n; i++) {
      const left = now[i === 0 ? n - 1 : i - 1];
      const right = now[i === n - 1 ? 0 : i + 1];
      const here = now[i];
      next[i] = here + h * (left - 2 * here + right + here * (1 - here));
    }
    [now, next] = [next, now];
  }
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (now[i] - target[i]) * (now[i] - target[i]);
  return sum;
}

export const reactionGradient = gradInto(reaction);
