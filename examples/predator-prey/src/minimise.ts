/** The value at `x` and the gradient there. */
export type Objective = (x: Float64Array) => readonly [value: number, gradient: Float64Array];

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0);

/** BFGS (Nocedal and Wright, Numerical Optimization, algorithm 6.1) with a line search that only halves the step. */
export function minimise(objective: Objective, start: Float64Array, most = 200, tolerance = 1e-8): Minimum {
  const n = start.length;
  let x = start;
  let [value, gradient] = objective(x);
  const inverse = Array.from({ length: n }, (_, i) => new Float64Array(n).fill(0.1, i, i + 1));
  let iterations = 0;
  for (; iterations < most && Math.sqrt(dot(gradient, gradient)) > tolerance; iterations++) {
    const direction = Float64Array.from(inverse, (row) => -dot(row, gradient));
    const slope = dot(direction, gradient);
    let step = 1;
    let next = x;
    let [nextValue, nextGradient] = [Number.POSITIVE_INFINITY, gradient];
    for (; step > 1e-10; step /= 2) {
      next = x.map((v, i) => v + step * direction[i]);
      [nextValue, nextGradient] = objective(next);
      if (nextValue <= value + 1e-4 * step * slope) break;
    }
    if (!(nextValue < value)) break;
    update(
      inverse,
      next.map((v, i) => v - x[i]),
      nextGradient.map((v, i) => v - gradient[i]),
    );
    [x, value, gradient] = [next, nextValue, nextGradient];
  }
  return { x, value, iterations };
}

/** What is known of the inverse Hessian after a step `s` that changed the gradient by `y`. */
function update(inverse: readonly Float64Array[], s: Float64Array, y: Float64Array): void {
  const sy = dot(s, y);
  if (!(sy > 0)) return;
  const hy = Float64Array.from(inverse, (row) => dot(row, y));
  const scale = (1 + dot(y, hy) / sy) / sy;
  inverse.forEach((row, i) => {
    for (let j = 0; j < row.length; j++) row[j] += scale * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
  });
}
