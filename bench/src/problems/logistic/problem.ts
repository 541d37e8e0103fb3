import { gradInto } from 'adjoint';

/**
 * Mean logistic loss with an L2 penalty. `w`: the d weights; `X`: n rows of d features; `y`: n labels, -1 or 1.
 */
export function logistic(w: Float64Array, X: Float64Array, y: Float64Array, penalty: number): number {
  const n = y.length;
  const d = w.length;
  let loss = 0;
  for (let i = 0; i < n; i++) {
    let score = 0;
    for (let j = 0; j < d; j++) score += X[i * d + j] * w[j];
    loss += Math.log(1 + Math.exp(-y[i] * score));
  }
  let squares = 0;
  for (let j = 0; j < d; j++) squares += w[j] * w[j];
  return loss / n + 0.5 * penalty * squares;
}

export const logisticGradient = gradInto(logistic);
