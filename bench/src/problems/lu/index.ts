import type { Problem } from '../../problem.js';
import { random, uniform } from '../../random.js';
import { logDeterminantByHand } from './hand.js';
import { logDeterminant, logDeterminantGradient } from './problem.js';
import { logDeterminantByTape } from './tape.js';

/** The size is the number of rows; the diagonal dominates. */
export const luProblem: Problem = {
  name: 'lu',
  sizes: [40],
  tests: [1, 4],
  instance(n) {
    const A = uniform(random(16), n * n, -1, 1);
    for (let i = 0; i < n; i++) A[i * n + i] += n;
    const out = new Float64Array(n * n);
    return {
      label: `LU in place ${n}`,
      marker: 'gradInto',
      point: A,
      valueAt: (point) => logDeterminant(point, n),
      primal: () => logDeterminant(A, n),
      generated: () => logDeterminantGradient(out, A, n),
      hand: () => logDeterminantByHand(out, A, n),
      tape: () => logDeterminantByTape(out, A, n),
      out,
    };
  },
};
