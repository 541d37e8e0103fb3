import type { Problem } from '../../problem.js';
import { normal, random } from '../../random.js';
import { scalingByHand } from './hand.js';
import { scaling, scalingGradient } from './problem.js';
import { scalingByTape } from './tape.js';

/** The size is the number of points; the distances are those of another random configuration, so none fits. */
export const scalingProblem: Problem = {
  name: 'scaling',
  sizes: [50],
  tests: [2, 7],
  memory: {
    unit: 'pair',
    sizes: [50, 100],
    instance: (n) => scalingProblem.instance(n),
    items: (n) => (n * (n - 1)) / 2,
    bar: 0,
  },
  instance(size) {
    const next = random(3);
    const W = normal(next, 2 * size);
    const D = squaredDistances(normal(next, 2 * size));
    const out = new Float64Array(2 * size);
    return {
      label: `MDS ${size}`,
      marker: 'gradInto',
      point: W,
      valueAt: (point) => scaling(point, D),
      primal: () => scaling(W, D),
      generated: () => scalingGradient(out, W, D),
      hand: () => scalingByHand(out, W, D),
      tape: () => scalingByTape(out, W, D),
      data: { D },
      out,
    };
  },
};

function squaredDistances(W: Float64Array): Float64Array {
  const n = W.length / 2;
  return Float64Array.from({ length: n * n }, (_, k) => {
    const i = Math.floor(k / n);
    const j = k % n;
    return (W[2 * i] - W[2 * j]) ** 2 + (W[2 * i + 1] - W[2 * j + 1]) ** 2;
  });
}
