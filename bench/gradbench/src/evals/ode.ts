import { gradInto } from 'adjoint';
import type { Module, Runs } from '../protocol.js';
import { repeat } from '../repeat.js';

interface Input extends Runs {
  readonly x: readonly number[];
  readonly s: number;
}

/** The right-hand side: y_0' = x_0, y_i' = x_i y_(i-1). */
function slope(x: Float64Array, y: Float64Array, out: Float64Array): void {
  out[0] = x[0];
  for (let i = 1; i < x.length; i++) out[i] = x[i] * y[i - 1];
}

/** Writes y + h k to `out`. */
function step(y: Float64Array, h: number, k: Float64Array, out: Float64Array): void {
  for (let i = 0; i < y.length; i++) out[i] = y[i] + h * k[i];
}

/** The solution at time 2 from zeros at time 0, by `steps` steps of the classical Runge-Kutta method. */
export function solve(x: Float64Array, steps: number): Float64Array {
  const n = x.length;
  const h = 2 / steps;
  const y = new Float64Array(n);
  const middle = new Float64Array(n);
  const k1 = new Float64Array(n);
  const k2 = new Float64Array(n);
  const k3 = new Float64Array(n);
  const k4 = new Float64Array(n);
  for (let s = 0; s < steps; s++) {
    slope(x, y, k1);
    step(y, h / 2, k1, middle);
    slope(x, middle, k2);
    step(y, h / 2, k2, middle);
    slope(x, middle, k3);
    step(y, h, k3, middle);
    slope(x, middle, k4);
    for (let i = 0; i < n; i++) y[i] += (h * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i])) / 6;
  }
  return y;
}

export function lastOfSolution(x: Float64Array, steps: number): number {
  return solve(x, steps)[x.length - 1];
}

export const lastOfSolutionGradient = gradInto(lastOfSolution);

export const ode: Module = {
  primal(input: Input) {
    const x = Float64Array.from(input.x);
    return repeat(
      input,
      () => solve(x, input.s),
      (y) => [...y],
    );
  },
  gradient(input: Input) {
    const x = Float64Array.from(input.x);
    const gradient = new Float64Array(x.length);
    return repeat(
      input,
      () => lastOfSolutionGradient(gradient, x, input.s),
      () => [...gradient],
    );
  },
};
