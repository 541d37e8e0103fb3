import { add, mul, sub, Tape } from '@adjoint/tape';

const tape = new Tape();

/** The function written for the tape. Writes the gradient into `out` and returns the value. */
export function rosenbrockByTape(out: Float64Array, point: Float64Array): number {
  tape.reset();
  const x = tape.variables(point);
  let sum = tape.variable(0);
  for (let i = 0; i < x.length - 1; i++) {
    const valley = sub(x[i + 1], mul(x[i], x[i]));
    const offset = sub(1, x[i]);
    sum = add(sum, add(mul(mul(100, valley), valley), mul(offset, offset)));
  }
  tape.backward(sum);
  for (let i = 0; i < x.length; i++) out[i] = tape.cotangent(x[i]);
  return sum.value;
}
