import type { Problem } from '../../problem.js';
import { random, uniform } from '../../random.js';
import { heatByHand } from './hand.js';
import { heat, heatGradient } from './problem.js';
import { heatByTape } from './tape.js';

const STEPS = 200;

/** The size is the number of places on the rod; there are 200 steps, 3 in tests. */
export const heatProblem: Problem = {
  name: 'heat',
  sizes: [100],
  tests: [3, 6],
  instance(n) {
    const steps = n < 10 ? 3 : STEPS;
    const next = random(14);
    const conductivity = uniform(next, n, 0.1, 0.3);
    const start = uniform(next, n, 0, 1);
    const target = uniform(next, n, 0, 1);
    const out = new Float64Array(n);
    return {
      label: `heat in place n${n} s${steps}`,
      marker: 'gradInto',
      point: conductivity,
      valueAt: (point) => heat(point, start, target, steps),
      primal: () => heat(conductivity, start, target, steps),
      generated: () => heatGradient(out, conductivity, start, target, steps),
      hand: () => heatByHand(out, conductivity, start, target, steps),
      tape: () => heatByTape(out, conductivity, start, target, steps),
      out,
    };
  },
};
