import { grad, jvp } from 'adjoint';
import { minimise } from '../descent.js';
import type { Module, Runs } from '../protocol.js';
import { repeat } from '../repeat.js';

interface Input extends Runs {
  readonly w: number;
}

/** Potential of two charges at (10, 10 - w) and (10, 0). */
function potential(x: number, y: number, w: number): number {
  const dx = x - 10;
  const dy = y - (10 - w);
  return 1 / Math.sqrt(dx * dx + dy * dy) + 1 / Math.sqrt(dx * dx + y * y);
}

type Slope = (x: number, y: number, w: number) => [number, number];

/**
 * Square of the place where a particle, accelerated against the slope of the potential, crosses the x axis: Euler's
 * method, with linear interpolation in the last step.
 */
function squareAtAxis(w: number, slope: Slope): number {
  const dt = 1e-1;
  let x = 0;
  let y = 8;
  let vx = 0.75;
  let vy = 0;
  while (true) {
    const [sx, sy] = slope(x, y, w);
    x += dt * vx;
    y += dt * vy;
    if (y <= 0) {
      const end = x - (y / vy) * vx;
      return end * end;
    }
    vx -= dt * sx;
    vy -= dt * sy;
  }
}

const slopeByReverse = grad(potential, { argnums: [0, 1] });
const along = jvp(potential);
const slopeByForward: Slope = (x, y, w) => [along([x, y, w], [1, 0, 0])[1], along([x, y, w], [0, 1, 0])[1]];

const lossByReverse = (w: number): number => squareAtAxis(w, slopeByReverse);
const lossByForward = (w: number): number => squareAtAxis(w, slopeByForward);

const rr = grad(lossByReverse);
const rf = grad(lossByForward);
const fr = jvp(lossByReverse);
const ff = jvp(lossByForward);

/** The control parameter for which the loss is smallest. */
function best(input: Input, loss: (w: number) => number, slope: (w: number) => number) {
  return repeat(
    input,
    () =>
      minimise(
        ([w]) => loss(w),
        ([w]) => [slope(w)],
        [input.w],
      )[0],
  );
}

/** First letter: mode of the derivative of the loss; second: that of the slope of the potential. */
export const particle: Module = {
  rr: (input: Input) => best(input, lossByReverse, rr),
  rf: (input: Input) => best(input, lossByForward, rf),
  fr: (input: Input) => best(input, lossByReverse, (w) => fr([w], [1])[1]),
  ff: (input: Input) => best(input, lossByForward, (w) => ff([w], [1])[1]),
};
