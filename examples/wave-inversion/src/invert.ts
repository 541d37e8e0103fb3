import { type Grid, misfitAndGradient, type Shot } from './wave.js';

/** The steps of Adam, in m/s, at first. */
const STEP = 40;
const [MEMORY, SQUARES_MEMORY] = [0.8, 0.95];

export interface Progress {
  readonly speed: Float64Array;
  /** Of all shots, before each step. */
  readonly misfits: readonly number[];
}

/** Changes the speeds until the shots sound as they were heard: Adam, with steps that get smaller. */
export function invert(start: Float64Array, grid: Grid, shots: readonly Shot[], steps: number): Progress {
  const speed = start.slice();
  const mean = new Float64Array(speed.length);
  const squares = new Float64Array(speed.length);
  const misfits: number[] = [];
  for (let k = 1; k <= steps; k++) {
    const total = new Float64Array(speed.length);
    let sum = 0;
    for (const shot of shots) {
      const [value, gradient] = misfitAndGradient(speed, grid, shot);
      sum += value;
      gradient.forEach((g, z) => {
        total[z] += g;
      });
    }
    misfits.push(sum);
    const size = STEP * (1 - (k - 1) / steps) ** 0.5;
    for (let z = 0; z < speed.length; z++) {
      mean[z] += (1 - MEMORY) * (total[z] - mean[z]);
      squares[z] += (1 - SQUARES_MEMORY) * (total[z] ** 2 - squares[z]);
      const spread = Math.sqrt(squares[z] / (1 - SQUARES_MEMORY ** k));
      if (spread > 0) speed[z] -= (size * mean[z]) / (1 - MEMORY ** k) / spread;
      speed[z] = Math.min(4000, Math.max(1000, speed[z]));
    }
  }
  return { speed, misfits };
}
