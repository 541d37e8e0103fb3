import type { Problem } from '../../problem.js';
import { normal, random } from '../../random.js';
import { leastSquaresByHand } from './hand.js';
import { leastSquares, leastSquaresGradient } from './problem.js';
import { leastSquaresByTape } from './tape.js';

const PLACES_PER_COEFFICIENT = 4;

/** The size is the number of coefficients; there are four places for each. */
export const leastSquaresProblem: Problem = {
  name: 'leastsquares',
  sizes: [128],
  tests: [2, 5],
  instance(m) {
    const n = PLACES_PER_COEFFICIENT * m;
    const coefficients = normal(random(9), m);
    const out = new Float64Array(m);
    return {
      label: `least squares n${n} m${m}`,
      marker: 'gradInto',
      point: coefficients,
      valueAt: (point) => leastSquares(point, n),
      primal: () => leastSquares(coefficients, n),
      generated: () => leastSquaresGradient(out, coefficients, n),
      hand: () => leastSquaresByHand(out, coefficients, n),
      tape: () => leastSquaresByTape(out, coefficients, n),
      out,
    };
  },
};
