import type { Problem } from '../../problem.js';
import { random, uniform } from '../../random.js';
import { odeByHand } from './hand.js';
import { ode, odeGradient } from './problem.js';
import { odeByTape } from './tape.js';

const STEPS = 200;

/** The size is the number of unknowns; there are 200 steps, 3 in tests. */
export const odeProblem: Problem = {
  name: 'ode',
  sizes: [40],
  tests: [2, 5],
  instance(n) {
    const steps = n < 10 ? 3 : STEPS;
    const x = uniform(random(10), n, 0.5, 1.5);
    const out = new Float64Array(n);
    return {
      label: `ODE n${n} s${steps}`,
      marker: 'gradInto',
      point: x,
      valueAt: (point) => ode(point, steps),
      primal: () => ode(x, steps),
      generated: () => odeGradient(out, x, steps),
      hand: () => odeByHand(out, x, steps),
      tape: () => odeByTape(out, x, steps),
      out,
    };
  },
};
