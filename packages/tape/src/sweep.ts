import type { TapeStorage } from './storage.js';

/**
 * Reverse sweep: `cotangents` holds the seeds up to node `last` on entry, and the cotangent of every node up to it on
 * exit. A zero cotangent contributes zero whatever the partial derivatives are (strong zero): nothing else is needed
 * to keep `0 * Infinity` out of the result. O(nodes + edges).
 */
export function sweepCotangents(storage: TapeStorage, cotangents: Float64Array, last: number): void {
  const { ends, operands, partials } = storage;
  for (let node = last; node >= 0; node--) {
    const cotangent = cotangents[node];
    if (cotangent === 0) continue;
    const first = node === 0 ? 0 : ends[node - 1];
    for (let edge = ends[node] - 1; edge >= first; edge--) {
      cotangents[operands[edge]] += partials[edge] * cotangent; // z = f(x): xBar += df/dx zBar
    }
  }
}

/**
 * The same sweep with absolute partials: from absolute seeds it gives, for each node, the sum over all paths to the
 * outputs of the absolute product of partials. Rounding errors of the cotangent are relative to this sum, which may be
 * much larger than the cotangent when contributions cancel.
 */
export function sweepContributions(storage: TapeStorage, contributions: Float64Array, last: number): void {
  const { ends, operands, partials } = storage;
  for (let node = last; node >= 0; node--) {
    const contribution = contributions[node];
    if (contribution === 0) continue;
    const first = node === 0 ? 0 : ends[node - 1];
    for (let edge = ends[node] - 1; edge >= first; edge--) {
      contributions[operands[edge]] += Math.abs(partials[edge]) * contribution;
    }
  }
}
