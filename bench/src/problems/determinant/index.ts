import type { Problem } from '../../problem.js';
import { random, uniform } from '../../random.js';
import { determinantByHand } from './hand.js';
import { determinant, determinantGradient } from './problem.js';
import { determinantByTape } from './tape.js';

/** The size is the number of rows. */
export const determinantProblem: Problem = {
  name: 'determinant',
  sizes: [7],
  tests: [1, 4],
  instance(n) {
    const A = uniform(random(8), n * n, -1, 1);
    const out = new Float64Array(n * n);
    return {
      label: `determinant ${n}`,
      marker: 'gradInto',
      point: A,
      valueAt: (point) => determinant(point, n),
      primal: () => determinant(A, n),
      generated: () => determinantGradient(out, A, n),
      hand: () => determinantByHand(out, A, n),
      tape: () => determinantByTape(out, A, n),
      out,
    };
  },
};
