/** Solutions of equations, differentiated by the implicit-function theorem. */
import { failed, treeDistance } from './internal-distance.js';

/** When a fixed point counts as found. */
export interface FixedPointOptions {
  /** The iteration ends when no number changes by more than this, relative to its size if that is above 1; `1e-10` if left out. */
  readonly tolerance?: number;
  /** At most so many steps; 1000 if left out. */
  readonly maxSteps?: number;
  /** What happens if that is not enough: an error (the default), or a warning and the last iterate. */
  readonly onFailure?: 'error' | 'warn';
}

/**
 * Runs `x = step(x, theta)` from `x0` until `x` does not change any more; `step` returns a new value. In reverse mode its derivative is that of the
 * solution (Christianson 1994): the adjoint iterates with `step` at the solution, and neither stores nor reverses the iterations; the initial guess gets
 * zero. In forward mode the iterations are differentiated.
 *
 * @throws Error if it does not converge within `maxSteps`, or the adjoint does not
 */
export function fixedPoint<X, T>(
  step: (x: X, theta: T) => X,
  x0: X,
  theta: T,
  options: FixedPointOptions = {},
): X {
  const { tolerance = 1e-10, maxSteps = 1000, onFailure = 'error' } = options;
  let x = x0;
  for (let k = 0; k < maxSteps; k++) {
    const next = step(x, theta);
    if (treeDistance(next, x) <= tolerance) return next;
    x = next;
  }
  if (onFailure === 'error') throw failed(maxSteps);
  const { console } = globalThis as { console?: { warn(text: string): void } };
  console?.warn(failed(maxSteps).message);
  return x;
}
