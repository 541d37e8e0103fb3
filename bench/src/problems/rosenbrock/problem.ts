import { gradInto } from 'adjoint';

/** Rosenbrock's valley in n dimensions; its minimum is 0, at (1, ..., 1). */
export function rosenbrock(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length - 1; i++) {
    const valley = x[i + 1] - x[i] * x[i];
    const offset = 1 - x[i];
    sum += 100 * valley * valley + offset * offset;
  }
  return sum;
}

export const rosenbrockGradient = gradInto(rosenbrock);
