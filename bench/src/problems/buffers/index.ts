import type { Problem } from '../../problem.js';
import { random, uniform } from '../../random.js';
import { reactionByHand } from './hand.js';
import { reaction, reactionGradient } from './problem.js';
import { reactionByTape } from './tape.js';

const STEPS = 100;

/** The size is the number of places on the ring; there are 100 steps, 3 in tests. */
export const buffersProblem: Problem = {
  name: 'buffers',
  sizes: [100],
  tests: [3, 6],
  instance(n) {
    const steps = n < 10 ? 3 : STEPS;
    const next = random(19);
    const start = uniform(next, n, 0, 1);
    const target = uniform(next, n, 0, 1);
    const out = new Float64Array(n);
    return {
      label: `ping-pong buffers n${n} s${steps}`,
      marker: 'gradInto',
      point: start,
      valueAt: (point) => reaction(point, target, steps, 0.1),
      primal: () => reaction(start, target, steps, 0.1),
      generated: () => reactionGradient(out, start, target, steps, 0.1),
      hand: () => reactionByHand(out, start, target, steps, 0.1),
      tape: () => reactionByTape(out, start, target, steps, 0.1),
      out,
    };
  },
};
