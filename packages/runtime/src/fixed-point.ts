/** Solutions of equations, differentiated by the implicit-function theorem. */
import { notConverged, treeDistance } from './internal-distance.js';
import { newton, newtonSystem, type Unknowns } from './newton.js';

/** When a solution counts as found. */
export interface FixedPointOptions {
  /** The iteration ends when no number changes by more than this, relative to its size if that is above 1; `1e-10` if left out. */
  readonly tolerance?: number;
  /** At most so many steps; if left out 1000 for `fixedPoint`, 100 for `implicit`. */
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
  return iterate('fixedPoint', (x) => step(x, theta), x0, { maxSteps: 1000, ...options });
}

/**
 * The root `x` of `residual(x, theta) = 0` that Newton's method finds from `x0`: a number, or a list with as many numbers as the
 * residual gives. The matrix of the equation is made by differences, so that a step takes one more residual than there are
 * unknowns. In reverse mode its derivative is that of the root, by the implicit-function theorem; the initial guess gets zero. A
 * solver of your own can give `x0`: one or two steps confirm it.
 *
 * @throws Error if it does not converge within `maxSteps`
 * @throws TypeError if `residual` gives another number of values than there are unknowns
 */
export function implicit<X extends number | readonly number[] | Float64Array, T>(
  residual: (x: Unknown<X>, theta: T) => Values<X>,
  x0: X,
  theta: T,
  options: FixedPointOptions = {},
): Unknown<X> {
  const at = (x: number | Unknowns) => residual(x as Unknown<X>, theta) as number & Unknowns;
  const step = (x: number | Unknowns) => (typeof x === 'number' ? newton(at, x) : newtonSystem(at, x));
  return iterate('implicit', step, x0 as number | Unknowns, { maxSteps: 100, ...options }) as Unknown<X>;
}
/** What is looked for, of the kind of the initial guess. */
type Unknown<X> = X extends number ? number : X extends Float64Array ? Float64Array : number[];
type Values<X> = X extends number ? number : ArrayLike<number> & Iterable<number>;

function iterate<X>(
  what: string,
  step: (x: X) => X,
  x0: X,
  options: FixedPointOptions & { readonly maxSteps: number },
): X {
  const { tolerance = 1e-10, maxSteps, onFailure = 'error' } = options;
  let x = x0;
  for (let k = 0; k < maxSteps; k++) {
    const next = step(x);
    if (treeDistance(next, x) <= tolerance) return next;
    x = next;
  }
  const error = notConverged(maxSteps, what);
  if (onFailure === 'error') throw error;
  const { console } = globalThis as { console?: { warn(text: string): void } };
  console?.warn(error.message);
  return x;
}
