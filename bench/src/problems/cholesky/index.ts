import type { Problem } from '../../problem.js';
import { normal, random, uniform } from '../../random.js';
import { gaussianByHand } from './hand.js';
import { gaussian, gaussianGradient } from './problem.js';
import { gaussianByTape } from './tape.js';

/** The size is the number of rows. */
export const choleskyProblem: Problem = {
  name: 'cholesky',
  sizes: [40],
  tests: [1, 4],
  instance(n) {
    const next = random(17);
    const x = normal(next, n);
    const covariance = uniform(next, n * n, -1, 1);
    for (let i = 0; i < n; i++) covariance[i * n + i] += n;
    const out = new Float64Array(n * n);
    return {
      label: `Cholesky in place ${n}`,
      marker: 'gradInto',
      point: covariance,
      valueAt: (point) => gaussian(point, x),
      primal: () => gaussian(covariance, x),
      generated: () => gaussianGradient(out, covariance, x),
      hand: () => gaussianByHand(out, covariance, x),
      tape: () => gaussianByTape(out, covariance, x),
      out,
    };
  },
};
