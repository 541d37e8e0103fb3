import type { Instance, Problem } from '../../problem.js';
import { normal, random } from '../../random.js';
import { gmmByHand } from './hand.js';
import { gmm, gmmGradient } from './problem.js';
import { gmmByTape } from './tape.js';

const GAMMA = 1;
const M = 0;
/** Components and points by dimension. */
const SHAPES: Readonly<Record<number, readonly [k: number, n: number]>> = {
  1: [2, 5],
  2: [5, 1000],
  3: [2, 4],
  10: [25, 200],
  20: [50, 100],
};

/** The size is the dimension of the points. */
export const gmmProblem: Problem = {
  name: 'gmm',
  sizes: [2, 10, 20],
  tests: [1, 3],
  memory: { unit: 'point', sizes: [500, 1000], instance: (n) => mixture(2, 5, n), bar: 0 },
  instance(d) {
    const [k, n] = SHAPES[d];
    return mixture(d, k, n);
  },
};

function mixture(d: number, k: number, n: number): Instance {
  const size = (d * (d + 1)) / 2;
  const next = random(5);
  const x = normal(next, n * d);
  const point = normal(next, k * (1 + d + size)).map((v) => 0.3 * v);
  const out = new Float64Array(point.length);
  const parts = (v: Float64Array): [Float64Array, Float64Array, Float64Array] => [
    v.subarray(0, k),
    v.subarray(k, k + k * d),
    v.subarray(k + k * d),
  ];
  const [alphas, means, factors] = parts(point);
  const outs = parts(out);
  return {
    label: `GMM d${d} k${k} n${n}`,
    marker: 'gradInto',
    point,
    valueAt: (at) => gmm(...parts(at), x, d, GAMMA, M),
    primal: () => gmm(alphas, means, factors, x, d, GAMMA, M),
    generated: () => gmmGradient(outs, alphas, means, factors, x, d, GAMMA, M),
    hand: () => gmmByHand(outs, alphas, means, factors, x, d, GAMMA, M),
    tape: () => gmmByTape(outs, alphas, means, factors, x, d, GAMMA, M),
    data: { x, d, gamma: GAMMA, m: M },
    out,
  };
}
