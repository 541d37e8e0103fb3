import { add, mul, sub, Tape, type Var } from '@adjoint/tape';

const SIGMA = 10;
const RHO = 28;
const BETA = 8 / 3;

const tape = new Tape();

type State = readonly [Var, Var, Var];

/** Right-hand side of the Lorenz equations. */
function slope([x, y, z]: State): State {
  return [mul(SIGMA, sub(y, x)), sub(mul(x, sub(RHO, z)), y), sub(mul(x, y), mul(BETA, z))];
}

/** The state moved by `h` along a slope. */
function moved(state: State, h: number, by: State): State {
  return [add(state[0], mul(h, by[0])), add(state[1], mul(h, by[1])), add(state[2], mul(h, by[2]))];
}

/** The function written for the tape. */
export function lorenzByTape(x: number, y: number, z: number, steps: number): [number, number, number] {
  tape.reset();
  const h = 2 / steps;
  const start = tape.variables([x, y, z]);
  let state: State = [start[0], start[1], start[2]];
  for (let t = 0; t < steps; t++) {
    const k1 = slope(state);
    const k2 = slope(moved(state, 0.5 * h, k1));
    const k3 = slope(moved(state, 0.5 * h, k2));
    const k4 = slope(moved(state, h, k3));
    const mean = (i: 0 | 1 | 2) => add(add(add(k1[i], mul(2, k2[i])), mul(2, k3[i])), k4[i]);
    state = moved(state, h / 6, [mean(0), mean(1), mean(2)]);
  }
  const [u, v, w] = state;
  tape.backward(add(add(mul(u, u), mul(v, v)), mul(w, w)));
  return [tape.cotangent(start[0]), tape.cotangent(start[1]), tape.cotangent(start[2])];
}
