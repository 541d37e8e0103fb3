import { grad, jvp } from 'adjoint';
import { flat, rows } from '../matrix.js';
import type { Module, Runs } from '../protocol.js';
import { repeat } from '../repeat.js';

interface Input extends Runs {
  readonly points: readonly number[][];
  readonly centroids: readonly number[][];
}

/** Sum over the points of the squared distance to the closest centroid; both row by row, `d` numbers a row. */
export function cost(centroids: Float64Array, points: Float64Array, d: number): number {
  const n = points.length / d;
  const k = centroids.length / d;
  let sum = 0;
  for (let p = 0; p < n; p++) {
    let closest = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      let distance = 0;
      for (let i = 0; i < d; i++) {
        const difference = points[p * d + i] - centroids[c * d + i];
        distance += difference * difference;
      }
      if (distance < closest) closest = distance;
    }
    sum += closest;
  }
  return sum;
}

export const costGradient = grad(cost);

/**
 * The step of Newton's method: the gradient over the diagonal of the Hessian. The Hessian has no other entries, so its
 * diagonal is its product with ones, the tangent of the gradient in that direction.
 */
export function direction(centroids: Float64Array, points: Float64Array, d: number): Float64Array {
  const ones = new Float64Array(centroids.length).fill(1);
  const derivatives = jvp(grad((c: Float64Array) => cost(c, points, d)));
  const [gradient, diagonal] = derivatives([centroids], [ones]);
  return gradient.map((g, i) => g / diagonal[i]);
}

export const kmeans: Module = {
  cost(input: Input) {
    const [centroids, points] = [flat(input.centroids), flat(input.points)];
    const d = input.points[0].length;
    return repeat(input, () => cost(centroids, points, d));
  },
  dir(input: Input) {
    const [centroids, points] = [flat(input.centroids), flat(input.points)];
    const d = input.points[0].length;
    return repeat(
      input,
      () => direction(centroids, points, d),
      (step) => rows(step, input.centroids.length, d),
    );
  },
};
