import type { Problem } from '../../problem.js';
import { normal, random } from '../../random.js';
import { likelihoodByHand } from './hand.js';
import { likelihood, likelihoodGradient } from './problem.js';
import { likelihoodByTape } from './tape.js';

const SAMPLES = 200;

/** The size is the dimension; there are 200 samples, 3 in tests. */
export const triangleProblem: Problem = {
  name: 'triangle',
  sizes: [16],
  tests: [1, 4],
  instance(d) {
    const n = d < 5 ? 3 : SAMPLES;
    const next = random(20);
    const x = normal(next, n * d);
    const factor = normal(next, (d * (d + 1)) / 2).map((v) => 0.2 * v);
    for (let i = 0; i < d; i++) factor[(i * (i + 3)) / 2] = 1 + next();
    const out = new Float64Array(factor.length);
    return {
      label: `packed triangle d${d} n${n}`,
      marker: 'gradInto',
      point: factor,
      valueAt: (point) => likelihood(point, x, d),
      primal: () => likelihood(factor, x, d),
      generated: () => likelihoodGradient(out, factor, x, d),
      hand: () => likelihoodByHand(out, factor, x, d),
      tape: () => likelihoodByTape(out, factor, x, d),
      out,
    };
  },
};
