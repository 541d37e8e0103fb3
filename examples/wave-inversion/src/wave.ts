import { checkpointed, valueAndGrad } from 'adjoint';

/** A section through the ground: `nx` cells wide, `nz` cells deep, a cell is 10 m wide. */
export interface Grid {
  readonly nx: number;
  readonly nz: number;
  /** Steps of 1 ms. */
  readonly steps: number;
  /** How much of a wave a cell lets through in a step: less than 1 near the borders, so that they reflect little. */
  readonly sponge: Float64Array;
}
/** One experiment: a source near the surface, and what the receivers heard. */
export interface Shot {
  /** Cells. */
  readonly source: number;
  readonly receivers: Int32Array;
  /** A number for each step and receiver. */
  readonly traces: Float64Array;
}

const CELL = 10;
const STEP = 0.001;
/** The source's main frequency, in Hz. */
const FREQUENCY = 12;

/** A Ricker wavelet. */
function wavelet(t: number): number {
  const phase = (Math.PI * FREQUENCY * (t * STEP - 1 / FREQUENCY)) ** 2;
  return (1 - 2 * phase) * Math.exp(-phase);
}

/** One step of the wave equation by central differences: `before` becomes the pressure after `now`. `k`: (speed dt / dx)^2. */
function step(now: Float64Array, before: Float64Array, k: Float64Array, { nx, nz, sponge }: Grid): void {
  for (let z = 1; z < nz - 1; z++) {
    const courant = k[z];
    for (let x = 1; x < nx - 1; x++) {
      const i = z * nx + x;
      const around = now[i - 1] + now[i + 1] + now[i - nx] + now[i + nx];
      const s = sponge[i];
      before[i] = s * (2 * now[i] - s * before[i] + courant * (around - 4 * now[i]));
    }
  }
}

/** Squared difference between what the receivers would hear, if the ground had this speed (m/s) in each depth, and what they heard. */
export function misfit(speed: Float64Array, grid: Grid, { source, receivers, traces }: Shot): number {
  const cells = grid.nx * grid.nz;
  const count = receivers.length;
  const k = speed.map((c) => ((c * STEP) / CELL) ** 2);
  let now = new Float64Array(cells);
  let next = new Float64Array(cells);
  let sum = 0;
  for (const t of checkpointed(grid.steps)) {
    step(now, next, k, grid);
    next[source] += wavelet(t);
    for (let r = 0; r < count; r++) {
      const difference = next[receivers[r]] - traces[t * count + r];
      sum += difference * difference;
    }
    [now, next] = [next, now];
  }
  return sum;
}

/** The misfit and its gradient: how each depth's speed should change. */
export const misfitAndGradient = valueAndGrad(misfit);

/** What the receivers hear. */
export function record(
  speed: Float64Array,
  grid: Grid,
  source: number,
  receivers: Int32Array,
  see?: (t: number, pressure: Float64Array) => void,
): Shot {
  const k = speed.map((c) => ((c * STEP) / CELL) ** 2);
  const traces = new Float64Array(grid.steps * receivers.length);
  let now = new Float64Array(grid.nx * grid.nz);
  let next = new Float64Array(grid.nx * grid.nz);
  for (let t = 0; t < grid.steps; t++) {
    step(now, next, k, grid);
    next[source] += wavelet(t);
    receivers.forEach((cell, r) => {
      traces[t * receivers.length + r] = next[cell];
    });
    see?.(t, next);
    [now, next] = [next, now];
  }
  return { source, receivers, traces };
}
