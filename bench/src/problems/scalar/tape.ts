import { add, exp, mul, Tape } from '@adjoint/tape';

const tape = new Tape();

/** The function written for the tape, whose memory is kept from call to call. */
export function scalarByTape(xValue: number, yValue: number): [number, number] {
  tape.reset();
  const x = tape.variable(xValue);
  const y = tape.variable(yValue);
  const product = mul(x, y);
  tape.backward(add(product, exp(product)));
  return [tape.cotangent(x), tape.cotangent(y)];
}
