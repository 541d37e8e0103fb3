/** Gradient descent as GradBench prescribes it for `particle` and `saddle`, with its constants. */

const TOLERANCE = 1e-5;

function norm(v: readonly number[]): number {
  let sum = 0;
  for (const x of v) sum += x * x;
  return Math.sqrt(sum);
}

/**
 * Where `f` is smallest, from `start` on: stops when the gradient or a step is small enough. The rate is doubled after
 * ten steps that succeed and halved where `f` would not decrease.
 */
export function minimise(
  f: (x: number[]) => number,
  gradient: (x: number[]) => number[],
  start: number[],
): number[] {
  let x = start;
  let value = f(x);
  let slope = gradient(x);
  let rate = 1e-5;
  let successes = 0;
  while (norm(slope) > TOLERANCE) {
    if (successes === 10) {
      rate *= 2;
      successes = 0;
      continue;
    }
    const step = slope.map((s) => -rate * s);
    const next = x.map((xi, i) => xi + step[i]);
    if (norm(step) <= TOLERANCE) return x;
    const nextValue = f(next);
    if (nextValue < value) {
      x = next;
      value = nextValue;
      slope = gradient(x);
      successes++;
    } else {
      rate /= 2;
      successes = 0;
    }
  }
  return x;
}

/** Where `f` is largest. */
export function maximise(
  f: (x: number[]) => number,
  gradient: (x: number[]) => number[],
  start: number[],
): number[] {
  return minimise(
    (x) => -f(x),
    (x) => gradient(x).map((s) => -s),
    start,
  );
}
