import type { Problem } from '../../problem.js';
import { random, uniform } from '../../random.js';
import { rosenbrockByHand } from './hand.js';
import { rosenbrock, rosenbrockGradient } from './problem.js';
import { rosenbrockByTape } from './tape.js';

/** The size is the number of unknowns. */
export const rosenbrockProblem: Problem = {
  name: 'rosenbrock',
  sizes: [10, 1000, 100_000],
  tests: [2, 10],
  instance(size) {
    const x = uniform(random(2), size, -2, 2);
    const out = new Float64Array(size);
    return {
      label: `Rosenbrock ${size}`,
      marker: 'gradInto',
      point: x,
      valueAt: rosenbrock,
      primal: () => rosenbrock(x),
      generated: () => rosenbrockGradient(out, x),
      hand: () => rosenbrockByHand(out, x),
      tape: () => rosenbrockByTape(out, x),
      out,
    };
  },
};
