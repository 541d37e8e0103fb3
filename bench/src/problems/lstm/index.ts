import type { Instance, Problem } from '../../problem.js';
import { normal, random } from '../../random.js';
import { lstmByHand } from './hand.js';
import { lstm, lstmGradient } from './problem.js';
import { lstmByTape } from './tape.js';

/** The size is the number of characters. */
export const lstmProblem: Problem = {
  name: 'lstm',
  sizes: [256],
  tests: [2, 4],
  instance: (count) => (count < 100 ? predictor(count, 2, 2) : predictor(count, 2, 14)),
};

function predictor(count: number, layers: number, b: number): Instance {
  const next = random(13);
  const point = normal(next, 8 * b * layers + 3 * b).map((v) => 0.5 * v);
  const start = normal(next, 2 * b * layers);
  const text = normal(next, count * b).map((v) => (v > 0 ? 1 : 0));
  const out = new Float64Array(point.length);
  const parts = (v: Float64Array): [Float64Array, Float64Array] => [
    v.subarray(0, 8 * b * layers),
    v.subarray(8 * b * layers),
  ];
  const [main, extra] = parts(point);
  const outs = parts(out);
  return {
    label: `LSTM l${layers} c${count}`,
    marker: 'gradInto',
    point,
    valueAt: (at) => lstm(...parts(at), start, text, b),
    primal: () => lstm(main, extra, start, text, b),
    generated: () => lstmGradient(outs, main, extra, start, text, b),
    hand: () => lstmByHand(outs, main, extra, start, text, b),
    tape: () => lstmByTape(outs, main, extra, start, text, b),
    out,
  };
}
