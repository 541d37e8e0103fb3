import type { Instance, Problem } from '../../problem.js';
import { normal, random } from '../../random.js';
import { logisticByHand } from './hand.js';
import { logistic, logisticGradient } from './problem.js';
import { logisticByTape } from './tape.js';

const FEATURES_PER_ROW = 0.05;
const PENALTY = 0.01;

/** The size is the number of rows; there are 50 features for 1000 rows. */
export const logisticProblem: Problem = {
  name: 'logistic',
  sizes: [1000],
  tests: [20, 60],
  memory: { unit: 'row', sizes: [500, 1000], instance: (n) => table(n, 10), bar: 0 },
  instance: (n) => table(n, Math.round(n * FEATURES_PER_ROW)),
};

function table(n: number, d: number): Instance {
  const next = random(4);
  const X = normal(next, n * d);
  const y = normal(next, n).map((v) => (v < 0 ? -1 : 1));
  const w = normal(next, d).map((v) => 0.3 * v);
  const out = new Float64Array(d);
  return {
    label: `logistic ${n} x ${d}`,
    marker: 'gradInto',
    point: w,
    valueAt: (point) => logistic(point, X, y, PENALTY),
    primal: () => logistic(w, X, y, PENALTY),
    generated: () => logisticGradient(out, w, X, y, PENALTY),
    hand: () => logisticByHand(out, w, X, y, PENALTY),
    tape: () => logisticByTape(out, w, X, y, PENALTY),
    data: { X, y, penalty: PENALTY },
    out,
  };
}
