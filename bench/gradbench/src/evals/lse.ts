import { gradInto } from 'adjoint';
import type { Module, Runs } from '../protocol.js';
import { repeat } from '../repeat.js';

interface Input extends Runs {
  readonly x: readonly number[];
}

/** log(sum exp x_i), with the largest x_i taken out of the sum. */
export function logSumExp(x: Float64Array): number {
  let largest = x[0];
  for (let i = 1; i < x.length; i++) {
    if (x[i] > largest) largest = x[i];
  }
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.exp(x[i] - largest);
  return largest + Math.log(sum);
}

export const logSumExpGradient = gradInto(logSumExp);

export const lse: Module = {
  primal(input: Input) {
    const x = Float64Array.from(input.x);
    return repeat(input, () => logSumExp(x));
  },
  gradient(input: Input) {
    const x = Float64Array.from(input.x);
    const gradient = new Float64Array(x.length);
    return repeat(
      input,
      () => logSumExpGradient(gradient, x),
      () => [...gradient],
    );
  },
};
