import type { Problem } from '../../problem.js';
import { random, uniform } from '../../random.js';
import { nbodyByHand } from './hand.js';
import { nbody, nbodyGradient } from './problem.js';
import { nbodyByTape } from './tape.js';

const STEPS = 50;

/** The size is the number of bodies; there are 50 steps, 3 in tests. */
export const nbodyProblem: Problem = {
  name: 'nbody',
  sizes: [8],
  tests: [2, 3],
  instance(n) {
    const steps = n < 5 ? 3 : STEPS;
    const next = random(15);
    const start = uniform(next, 6 * n, -1, 1);
    const masses = uniform(next, n, 0.5, 1);
    const target = uniform(next, 3 * n, -1, 1);
    const out = new Float64Array(6 * n);
    return {
      label: `n-body ${n} s${steps}`,
      marker: 'gradInto',
      point: start,
      valueAt: (point) => nbody(point, masses, target, steps, 0.01),
      primal: () => nbody(start, masses, target, steps, 0.01),
      generated: () => nbodyGradient(out, start, masses, target, steps, 0.01),
      hand: () => nbodyByHand(out, start, masses, target, steps, 0.01),
      tape: () => nbodyByTape(out, start, masses, target, steps, 0.01),
      out,
    };
  },
};
