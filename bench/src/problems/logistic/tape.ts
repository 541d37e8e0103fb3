import { add, div, exp, log, mul, Tape } from '@adjoint/tape';

const tape = new Tape();

/** The function written for the tape. Writes the gradient into `out` and returns the value. */
export function logisticByTape(
  out: Float64Array,
  weights: Float64Array,
  X: Float64Array,
  y: Float64Array,
  penalty: number,
): number {
  tape.reset();
  const w = tape.variables(weights);
  const n = y.length;
  const d = w.length;
  let loss = tape.variable(0);
  for (let i = 0; i < n; i++) {
    let score = mul(X[i * d], w[0]);
    for (let j = 1; j < d; j++) score = add(score, mul(X[i * d + j], w[j]));
    loss = add(loss, log(add(1, exp(mul(-y[i], score)))));
  }
  let squares = mul(w[0], w[0]);
  for (let j = 1; j < d; j++) squares = add(squares, mul(w[j], w[j]));
  const mean = add(div(loss, n), mul(0.5 * penalty, squares));
  tape.backward(mean);
  for (let j = 0; j < d; j++) out[j] = tape.cotangent(w[j]);
  return mean.value;
}
