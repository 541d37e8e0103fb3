import { checkpoint, checkpointed, valueAndGrad } from 'adjoint';
import type { Schemes } from './schemes.js';

const SIZE = 64;

/** A step of the wave equation on a square; `next` holds the step before `now` when it begins. */
function step(now: Float64Array, next: Float64Array, courant: number, t: number): void {
  for (let z = 1; z < SIZE - 1; z++)
    for (let x = 1; x < SIZE - 1; x++) {
      const i = z * SIZE + x;
      const around = now[i - 1] + now[i + 1] + now[i - SIZE] + now[i + SIZE];
      next[i] = 2 * now[i] - next[i] + courant * (around - 4 * now[i]);
    }
  next[(SIZE / 2) * SIZE + SIZE / 2] += Math.exp(-((0.1 * t - 2) ** 2));
}
function energy(now: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < now.length; i++) sum += now[i] * now[i];
  return sum;
}

function wave(speed: number, n: number): number {
  let now = new Float64Array(SIZE * SIZE);
  let next = new Float64Array(SIZE * SIZE);
  for (let t = 0; t < n; t++) {
    step(now, next, speed * speed, t);
    [now, next] = [next, now];
  }
  return energy(now);
}
function inChunks(speed: number, n: number): number {
  const now = new Float64Array(SIZE * SIZE);
  const next = new Float64Array(SIZE * SIZE);
  // an even number of steps, so that the fields need not be exchanged
  const length = 2 * Math.ceil(Math.sqrt(n) / 2);
  const chunk = checkpoint((from: number) => {
    const to = Math.min(n, from + length);
    for (let t = from; t < to; t += 2) {
      step(now, next, speed * speed, t);
      step(next, now, speed * speed, t + 1);
    }
  });
  for (let from = 0; from < n; from += length) chunk(from);
  return energy(now);
}
function planned(speed: number, n: number, snapshots: number): number {
  let now = new Float64Array(SIZE * SIZE);
  let next = new Float64Array(SIZE * SIZE);
  for (const t of checkpointed(n, { snapshots })) {
    step(now, next, speed * speed, t);
    [now, next] = [next, now];
  }
  return energy(now);
}
function byDefault(speed: number, n: number): number {
  let now = new Float64Array(SIZE * SIZE);
  let next = new Float64Array(SIZE * SIZE);
  for (const t of checkpointed(n)) {
    step(now, next, speed * speed, t);
    [now, next] = [next, now];
  }
  return energy(now);
}
function online(speed: number, n: number): number {
  let now = new Float64Array(SIZE * SIZE);
  let next = new Float64Array(SIZE * SIZE);
  for (const t of checkpointed()) {
    if (t >= n) break;
    step(now, next, speed * speed, t);
    [now, next] = [next, now];
  }
  return energy(now);
}
const storeAllGradient = valueAndGrad(wave);
const chunksGradient = valueAndGrad(inChunks);
const plannedGradient = valueAndGrad(planned);
const defaultGradient = valueAndGrad(byDefault);
const onlineGradient = valueAndGrad(online);

const SPEED = 0.5;
export const waves: Schemes = {
  name: `wave, ${SIZE} x ${SIZE}`,
  sizes: [100, 1_000, 10_000],
  storable: 2_000,
  primal: (n) => wave(SPEED, n),
  gradients: {
    'store all': (n) => storeAllGradient(SPEED, n),
    checkpoint: (n) => chunksGradient(SPEED, n),
    'Revolve, 10': (n) => plannedGradient(SPEED, n, 10),
    Revolve: (n) => defaultGradient(SPEED, n),
    online: (n) => onlineGradient(SPEED, n),
  },
};
