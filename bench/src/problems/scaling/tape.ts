import { add, mul, sub, Tape } from '@adjoint/tape';

const tape = new Tape();

/** The function written for the tape. Writes the gradient into `out` and returns the value. */
export function scalingByTape(out: Float64Array, coordinates: Float64Array, D: Float64Array): number {
  tape.reset();
  const W = tape.variables(coordinates);
  const n = W.length / 2;
  let sum = tape.variable(0);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const dx = sub(W[2 * i], W[2 * j]);
      const dy = sub(W[2 * i + 1], W[2 * j + 1]);
      const excess = sub(add(mul(dx, dx), mul(dy, dy)), D[i * n + j]);
      sum = add(sum, mul(excess, excess));
    }
  }
  tape.backward(sum);
  for (let i = 0; i < W.length; i++) out[i] = tape.cotangent(W[i]);
  return sum.value;
}
