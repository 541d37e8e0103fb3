import type { Problem } from '../../problem.js';
import { normal, random } from '../../random.js';
import { logSumExpByHand } from './hand.js';
import { logSumExp, logSumExpGradient } from './problem.js';
import { logSumExpByTape } from './tape.js';

/** The size is the number of terms. */
export const logSumExpProblem: Problem = {
  name: 'logsumexp',
  sizes: [10_000],
  tests: [1, 6],
  instance(n) {
    const x = normal(random(6), n);
    const out = new Float64Array(n);
    return {
      label: `log-sum-exp ${n}`,
      marker: 'gradInto',
      point: x,
      valueAt: logSumExp,
      primal: () => logSumExp(x),
      generated: () => logSumExpGradient(out, x),
      hand: () => logSumExpByHand(out, x),
      tape: () => logSumExpByTape(out, x),
      out,
    };
  },
};
