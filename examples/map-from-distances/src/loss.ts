import { gradInto } from 'adjoint';

/**
 * Loss of multidimensional scaling: how far the squared distances of n points in the plane are from given ones.
 * `W`: coordinates x0, y0, x1, y1, ...; `D`: squared distances, n by n, row by row.
 */
export function loss(W: Float64Array, D: Float64Array): number {
  const n = W.length / 2;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const dx = W[2 * i] - W[2 * j];
      const dy = W[2 * i + 1] - W[2 * j + 1];
      const excess = dx * dx + dy * dy - D[i * n + j];
      sum += excess * excess;
    }
  }
  return sum;
}

/** Writes the gradient in `W` into its first argument and returns the loss: what an optimiser wants. */
export const lossGradient = gradInto(loss);
