import { centralDifferences, relativeError } from './differences.js';
import { gradientBy, type Instance } from './problem.js';

/** Largest difference from the hand-written adjoint, relative to its largest component. */
export interface Errors {
  readonly generated: number;
  readonly tape: number;
  readonly differences: number;
}

const LIMITS: Errors = { generated: 1e-9, tape: 1e-9, differences: 1e-5 };

/** Compares every gradient with the hand-written one. Differences are taken in the first `count` coordinates. */
export function verify(instance: Instance, count: number): Errors {
  const hand = gradientBy(instance, 'hand');
  const differences = new Float64Array(count);
  centralDifferences(differences, instance.valueAt, instance.point, count);
  return {
    generated: relativeError(gradientBy(instance, 'generated'), hand),
    tape: instance.tape ? relativeError(gradientBy(instance, 'tape'), hand) : 0,
    differences: relativeError(differences, hand.subarray(0, count)),
  };
}

/** The names of the gradients that are wrong; NaN counts as wrong. */
export function failures(errors: Errors): readonly (keyof Errors)[] {
  return (Object.keys(LIMITS) as (keyof Errors)[]).filter((name) => !(errors[name] <= LIMITS[name]));
}
