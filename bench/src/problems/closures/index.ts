import type { Problem } from '../../problem.js';
import { random, uniform } from '../../random.js';
import { exposureByHand } from './hand.js';
import { exposure, exposureGradient } from './problem.js';
import { exposureByTape } from './tape.js';

/** The size is the number of spans. */
export const closuresProblem: Problem = {
  name: 'closures',
  sizes: [200],
  tests: [1, 4],
  instance(n) {
    const p = Float64Array.of(1.2, 0.4, 2, 0.3);
    const times = Float64Array.from({ length: n + 1 }, (_, i) => 0.3 * i);
    const measured = uniform(random(18), n, -0.3, 0.3);
    const out = new Float64Array(4);
    return {
      label: `closures in a loop ${n}`,
      marker: 'gradInto',
      point: p,
      valueAt: (point) => exposure(point, times, measured),
      primal: () => exposure(p, times, measured),
      generated: () => exposureGradient(out, p, times, measured),
      hand: () => exposureByHand(out, p, times, measured),
      tape: () => exposureByTape(out, p, times, measured),
      out,
    };
  },
};
