import type { Problem } from '../../problem.js';
import { lorenzByHand } from './hand.js';
import { lorenz, lorenzGradient } from './problem.js';
import { lorenzByTape } from './tape.js';

/** The tape takes about 2 kB a step. */
const MOST_TAPED_STEPS = 10_000;

/** The size is the number of Runge-Kutta steps. */
export const lorenzProblem: Problem = {
  name: 'lorenz',
  sizes: [1000, 10_000, 100_000, 1_000_000],
  tests: [100, 200],
  memory: { unit: 'step', sizes: [1000, 2000], instance: (steps) => lorenzProblem.instance(steps), bar: 96 },
  instance(steps) {
    const start = Float64Array.of(1, 1.5, 20);
    const out = new Float64Array(3);
    return {
      label: `Lorenz RK4 ${steps}`,
      marker: 'grad',
      point: start,
      valueAt: (point) => lorenz(point[0], point[1], point[2], steps),
      primal: () => lorenz(start[0], start[1], start[2], steps),
      generated: () => {
        const gradient = lorenzGradient(start[0], start[1], start[2], steps);
        out.set(gradient);
        return gradient[0];
      },
      hand: () => {
        const gradient = lorenzByHand(start[0], start[1], start[2], steps);
        out.set(gradient);
        return gradient[0];
      },
      ...(steps <= MOST_TAPED_STEPS && {
        tape: () => {
          const gradient = lorenzByTape(start[0], start[1], start[2], steps);
          out.set(gradient);
          return gradient[0];
        },
      }),
      data: { steps },
      out,
    };
  },
};
