import { gradInto } from 'adjoint';

/**
 * Mean squared error of a network with one hidden layer of rectified units. `w`: for each hidden unit its weights for
 * the d inputs, its bias and its output weight, then the output bias; `X`: n rows of d inputs; `y`: n outputs.
 */
export function mlp(w: Float64Array, X: Float64Array, y: Float64Array, hidden: number): number {
  const n = y.length;
  const d = X.length / n;
  const units = new Float64Array(hidden);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    for (let u = 0; u < hidden; u++) {
      const row = u * (d + 2);
      let sum = w[row + d];
      for (let j = 0; j < d; j++) sum += w[row + j] * X[i * d + j];
      units[u] = rectified(sum);
    }
    let output = w[hidden * (d + 2)];
    for (let u = 0; u < hidden; u++) output += w[u * (d + 2) + d + 1] * units[u];
    const error = output - y[i];
    loss += error * error;
  }
  return loss / n;
}

function rectified(x: number): number {
  // biome-ignore lint/complexity/useMathMinMax: the derivative at 0 is 0, that of the maximum would be a half
  return x > 0 ? x : 0;
}

export const mlpGradient = gradInto(mlp);
