import { loss, lossGradient } from './loss.js';
import { lossGradientByTape } from './tape.js';

export interface Comparison {
  readonly name: string;
  /** Largest difference from the generated gradient, relative to its largest component. */
  readonly error: number;
  /** Median time of a gradient in microseconds, and the median of its ratios to the generated one's. */
  readonly time: number;
  readonly ratio: number;
}

type GradInto = (out: Float64Array, W: Float64Array, D: Float64Array) => void;

const ROUNDS = 25;
/** Shortest time of one sample, in milliseconds. */
const SAMPLE = 2;

/** Compares the generated gradient at `W` with the tape's and with central differences. */
export function compareGradients(W: Float64Array, D: Float64Array): Comparison[] {
  const methods: [string, GradInto][] = [
    ['generated adjoint', lossGradient],
    ['tape runtime', lossGradientByTape],
    ['finite differences', lossGradientByDifferences],
  ];
  const gradients = methods.map(([, gradient]) => {
    const out = new Float64Array(W.length);
    gradient(out, W, D);
    return out;
  });
  const scratch = new Float64Array(W.length);
  const samplers = methods.map(([, gradient]) => makeSampler(() => gradient(scratch, W, D)));
  const times = samplers.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [k, sample] of samplers.entries()) times[k].push(sample());
  }
  return methods.map(([name], k) => ({
    name,
    error: relativeError(gradients[k], gradients[0]),
    time: median(times[k]),
    ratio: median(times[k].map((time, round) => time / times[0][round])),
  }));
}

function lossGradientByDifferences(out: Float64Array, W: Float64Array, D: Float64Array): void {
  const h = 1e-5;
  for (let i = 0; i < W.length; i++) {
    const at = W[i];
    W[i] = at + h;
    const above = loss(W, D);
    W[i] = at - h;
    const below = loss(W, D);
    W[i] = at;
    out[i] = (above - below) / (2 * h);
  }
}

/** Gives microseconds a call, over as many calls as take long enough to be timed. */
function makeSampler(call: () => void): () => number {
  let count = 1;
  const run = () => {
    const start = performance.now();
    for (let k = 0; k < count; k++) call();
    return performance.now() - start;
  };
  while (run() < SAMPLE) count *= 2;
  return () => (run() * 1000) / count;
}

function relativeError(gradient: Float64Array, reference: Float64Array): number {
  const scale = Math.max(...reference.map(Math.abs));
  return Math.max(...gradient.map((v, i) => Math.abs(v - reference[i]))) / scale;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
