import type { Instance, Problem } from '../../problem.js';
import { normal, random } from '../../random.js';
import { kmeansByHand } from './hand.js';
import { kmeans, kmeansGradient } from './problem.js';
import { kmeansByTape } from './tape.js';

/** The size is the number of points. */
export const kmeansProblem: Problem = {
  name: 'kmeans',
  sizes: [1000],
  tests: [5, 9],
  memory: { unit: 'point', sizes: [500, 1000], instance: (n) => clusters(n, 10, 16), bar: 0 },
  instance: (n) => (n < 100 ? clusters(n, 3, 2) : clusters(n, 10, 16)),
};

function clusters(n: number, k: number, d: number): Instance {
  const next = random(7);
  const middles = normal(next, k * d).map((v) => 4 * v);
  const points = normal(next, n * d).map((v, i) => middles[i % (k * d)] + v);
  const centres = normal(next, k * d).map((v, i) => middles[i] + 0.3 * v);
  const out = new Float64Array(k * d);
  return {
    label: `k-means n${n} k${k} d${d}`,
    marker: 'gradInto',
    point: centres,
    valueAt: (at) => kmeans(at, points, d),
    primal: () => kmeans(centres, points, d),
    generated: () => kmeansGradient(out, centres, points, d),
    hand: () => kmeansByHand(out, centres, points, d),
    tape: () => kmeansByTape(out, centres, points, d),
    out,
  };
}
