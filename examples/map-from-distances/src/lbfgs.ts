/** Writes the gradient at `x` into `out` and returns the value: the signature of `gradInto(f)`. */
export type Objective = (out: Float64Array, x: Float64Array) => number;

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  /** Gradients evaluated. */
  readonly evaluations: number;
}

const MEMORY = 8;

/**
 * L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4) with a bisecting line search for the weak Wolfe
 * conditions. Stops when the gradient is small against the value, or when no step makes the value smaller.
 */
export function minimise(objective: Objective, start: Float64Array, tolerance = 1e-9): Minimum {
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = objective(gradient, x);
  let evaluations = 1;
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];

  while (evaluations < 1000 && Math.sqrt(dot(gradient, gradient)) > tolerance * Math.max(1, value)) {
    const direction = descentDirection(gradient, steps, changes);
    const slope = dot(gradient, direction);
    let step = steps.length === 0 ? 1 / Math.sqrt(dot(gradient, gradient)) : 1;
    let lower = 0;
    let upper = Number.POSITIVE_INFINITY;
    const nextGradient = new Float64Array(x.length);
    let next = x;
    let nextValue = value;
    for (let trial = 0; trial < 40; trial++) {
      next = x.map((v, i) => v + step * direction[i]);
      nextValue = objective(nextGradient, next);
      evaluations++;
      if (!(nextValue <= value + 1e-4 * step * slope)) upper = step;
      else if (dot(nextGradient, direction) < 0.9 * slope) lower = step;
      else break;
      step = upper === Number.POSITIVE_INFINITY ? 2 * lower : (lower + upper) / 2;
    }
    if (!(nextValue < value)) break;
    remember(
      steps,
      next.map((v, i) => v - x[i]),
    );
    remember(
      changes,
      nextGradient.map((v, i) => v - gradient[i]),
    );
    x = next;
    value = nextValue;
    gradient = nextGradient;
  }
  return { x, value, evaluations };
}

/** Minus the approximate inverse Hessian times the gradient: the two-loop recursion. */
function descentDirection(
  gradient: Float64Array,
  steps: Float64Array[],
  changes: Float64Array[],
): Float64Array {
  const direction = gradient.map((v) => -v);
  const weights = new Float64Array(steps.length);
  for (let k = steps.length - 1; k >= 0; k--) {
    weights[k] = dot(steps[k], direction) / dot(steps[k], changes[k]);
    addMultiple(direction, -weights[k], changes[k]);
  }
  const last = steps.length - 1;
  if (last >= 0) {
    const scale = dot(steps[last], changes[last]) / dot(changes[last], changes[last]);
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  for (let k = 0; k < steps.length; k++) {
    const weight = dot(changes[k], direction) / dot(steps[k], changes[k]);
    addMultiple(direction, weights[k] - weight, steps[k]);
  }
  return direction;
}

function remember(history: Float64Array[], vector: Float64Array): void {
  history.push(vector);
  if (history.length > MEMORY) history.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addMultiple(target: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * vector[i];
}
