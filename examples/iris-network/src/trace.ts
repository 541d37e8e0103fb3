import { ravel } from 'adjoint';
import type { Flowers } from './data.js';
import { hessianTimes, type Network } from './network.js';
import { random } from './random.js';

/** Hutchinson's estimate of the trace of a matrix, and what it is compared with. */
export interface TraceEstimate {
  readonly exact: number;
  /** After 1, 2, ... vectors: the mean so far and its standard error. */
  readonly means: readonly { readonly mean: number; readonly error: number }[];
}

/**
 * The trace of the Hessian of the loss in the weights. If the entries of v are +1 or -1 at random, the mean of v . H v is the
 * trace, because the products of two different entries cancel. One v costs one product; the exact trace one for each weight.
 */
export function estimateTrace(net: Network, flowers: Flowers, vectors: number): TraceEstimate {
  const [weights, toNetwork] = ravel(net);
  const curvature = (v: Float64Array): number => {
    const [product] = ravel(hessianTimes(net, toNetwork(v), flowers));
    return v.reduce((sum, x, k) => sum + x * product[k], 0);
  };
  const exact = weights.reduce((sum, _, k) => {
    const unit = new Float64Array(weights.length);
    unit[k] = 1;
    return sum + curvature(unit);
  }, 0);
  const next = random(3);
  const means: { mean: number; error: number }[] = [];
  let sum = 0;
  let squares = 0;
  for (let n = 1; n <= vectors; n++) {
    const sample = curvature(weights.map(() => (next() < 0.5 ? -1 : 1)));
    sum += sample;
    squares += sample * sample;
    const mean = sum / n;
    means.push({ mean, error: Math.sqrt(Math.max(0, squares / n - mean * mean) / Math.max(1, n - 1)) });
  }
  return { exact, means };
}
