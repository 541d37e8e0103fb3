import type { Instance, Problem } from '../../problem.js';
import { normal, random } from '../../random.js';
import { mlpByHand } from './hand.js';
import { mlp, mlpGradient } from './problem.js';
import { mlpByTape } from './tape.js';

/** The size is the number of rows. */
export const mlpProblem: Problem = {
  name: 'mlp',
  sizes: [200],
  tests: [3, 5],
  memory: { unit: 'row', sizes: [100, 200], instance: (n) => network(n, 16, 32), bar: 0 },
  instance: (n) => (n < 100 ? network(n, 2, 3) : network(n, 16, 32)),
};

function network(n: number, d: number, hidden: number): Instance {
  const next = random(12);
  const X = normal(next, n * d);
  const y = normal(next, n);
  const w = normal(next, hidden * (d + 2) + 1).map((v) => v / Math.sqrt(d));
  const out = new Float64Array(w.length);
  return {
    label: `MLP n${n} d${d} h${hidden}`,
    marker: 'gradInto',
    point: w,
    valueAt: (point) => mlp(point, X, y, hidden),
    primal: () => mlp(w, X, y, hidden),
    generated: () => mlpGradient(out, w, X, y, hidden),
    hand: () => mlpByHand(out, w, X, y, hidden),
    tape: () => mlpByTape(out, w, X, y, hidden),
    data: { X, y, hidden },
    out,
  };
}
