import type { Problem } from '../../problem.js';
import { orbitByHand } from './hand.js';
import { orbit, orbitGradient } from './problem.js';
import { orbitByTape } from './tape.js';

/** The size is the number of steps. */
export const vectorsProblem: Problem = {
  name: 'vectors',
  sizes: [1000],
  tests: [1, 10],
  instance(steps) {
    const start = Float64Array.of(1, 0.2, -0.1, 0.1, 0.8, 0.3);
    const out = new Float64Array(6);
    return {
      label: `vector class ${steps}`,
      marker: 'gradInto',
      point: start,
      valueAt: (point) => orbit(point, steps, 0.01),
      primal: () => orbit(start, steps, 0.01),
      generated: () => orbitGradient(out, start, steps, 0.01),
      hand: () => orbitByHand(out, start, steps, 0.01),
      tape: () => orbitByTape(out, start, steps, 0.01),
      out,
    };
  },
};
