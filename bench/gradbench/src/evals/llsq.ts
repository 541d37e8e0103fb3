import { gradInto } from 'adjoint';
import type { Module, Runs } from '../protocol.js';
import { repeat } from '../repeat.js';

interface Input extends Runs {
  readonly x: readonly number[];
  readonly n: number;
}

/** Half the sum of squared residuals of the polynomial with coefficients x that is fitted to n points of the sign. */
export function leastSquares(x: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const t = -1 + (i * 2) / (n - 1);
    let residual = Math.sign(t);
    let power = 1;
    for (let j = 0; j < x.length; j++) {
      residual -= x[j] * power;
      power *= t;
    }
    sum += residual * residual;
  }
  return sum / 2;
}

export const leastSquaresGradient = gradInto(leastSquares);

export const llsq: Module = {
  primal(input: Input) {
    const x = Float64Array.from(input.x);
    return repeat(input, () => leastSquares(x, input.n));
  },
  gradient(input: Input) {
    const x = Float64Array.from(input.x);
    const gradient = new Float64Array(x.length);
    return repeat(
      input,
      () => leastSquaresGradient(gradient, x, input.n),
      () => [...gradient],
    );
  },
};
