import type { Problem } from '../../problem.js';
import { random, uniform } from '../../random.js';
import { scalarByHand } from './hand.js';
import { scalar, scalarGradient } from './problem.js';
import { scalarByTape } from './tape.js';

/** The size is the number of points (a power of two) that the calls take in turn, so that none can be hoisted. */
export const scalarProblem: Problem = {
  name: 'scalar',
  sizes: [64],
  tests: [1, 2],
  instance(size) {
    const x = uniform(random(1), size, -1, 1);
    const y = uniform(random(2), size, -1, 1);
    const mask = size - 1;
    const out = new Float64Array(2);
    return {
      label: 'scalar xy + exp(xy)',
      marker: 'grad',
      point: Float64Array.of(x[0], y[0]),
      valueAt: (point) => scalar(point[0], point[1]),
      primal: (i) => scalar(x[i & mask], y[i & mask]),
      generated: (i) => {
        const gradient = scalarGradient(x[i & mask], y[i & mask]);
        out[0] = gradient[0];
        out[1] = gradient[1];
        return gradient[0];
      },
      hand: (i) => {
        const gradient = scalarByHand(x[i & mask], y[i & mask]);
        out[0] = gradient[0];
        out[1] = gradient[1];
        return gradient[0];
      },
      tape: (i) => {
        const gradient = scalarByTape(x[i & mask], y[i & mask]);
        out[0] = gradient[0];
        out[1] = gradient[1];
        return gradient[0];
      },
      out,
    };
  },
};
