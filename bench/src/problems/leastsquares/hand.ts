/** Writes the gradient into `out` and returns the value; the powers are made again for the way back. */
export function leastSquaresByHand(out: Float64Array, coefficients: Float64Array, n: number): number {
  let total = 0;
  out.fill(0);
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
    let bar = -residual;
    for (let j = 0; j < coefficients.length; j++) {
      out[j] += bar;
      bar *= t;
    }
  }
  return total;
}
