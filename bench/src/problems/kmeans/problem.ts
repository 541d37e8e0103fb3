import { gradInto } from 'adjoint';

/** The sum over all points of the squared distance to the nearest centre. `centres`: k by d; `points`: n by d. */
export function kmeans(centres: Float64Array, points: Float64Array, d: number): number {
  const k = centres.length / d;
  const n = points.length / d;
  let total = 0;
  for (let i = 0; i < n; i++) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      let squares = 0;
      for (let a = 0; a < d; a++) {
        const difference = points[i * d + a] - centres[c * d + a];
        squares += difference * difference;
      }
      if (squares < nearest) nearest = squares;
    }
    total += nearest;
  }
  return total;
}

export const kmeansGradient = gradInto(kmeans);
