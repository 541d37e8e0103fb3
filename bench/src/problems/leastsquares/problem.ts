import { gradInto } from 'adjoint';

/** Half the squared error of a polynomial with the given coefficients against a step, at n places in [-1, 1] (cmpad). */
export function leastSquares(coefficients: Float64Array, n: number): number {
  let total = 0;
  for (let i = 0; i < n; i++) {
    const t = -1 + (2 * i) / (n - 1);
    let fit = 0;
    let power = 1;
    for (let j = 0; j < coefficients.length; j++) {
      fit += coefficients[j] * power;
      power *= t;
    }
    const residual = Math.sign(t) - fit;
    total += 0.5 * residual * residual;
  }
  return total;
}

export const leastSquaresGradient = gradInto(leastSquares);
