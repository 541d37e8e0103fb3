import { grad, jvp } from 'adjoint';
import { maximise, minimise } from '../descent.js';
import type { Module, Runs } from '../protocol.js';
import { repeat } from '../repeat.js';

interface Input extends Runs {
  readonly start: number[];
}

/** Has a saddle at the origin: smallest in p, largest in q. */
function saddleFunction(p: number[], q: number[]): number {
  return p[0] * p[0] + p[1] * p[1] - (q[0] * q[0] + q[1] * q[1]);
}

type Slope = (p: number[], q: number[]) => number[];

const slopeByReverse: Slope = grad(saddleFunction, { argnums: 1 });
const along = jvp(saddleFunction);
const slopeByForward: Slope = (p, q) => [
  along(
    [p, q],
    [
      [0, 0],
      [1, 0],
    ],
  )[1],
  along(
    [p, q],
    [
      [0, 0],
      [0, 1],
    ],
  )[1],
];

/** Where the function of q is largest. */
function peak(p: number[], start: number[], slope: Slope): number[] {
  return maximise(
    (q) => saddleFunction(p, q),
    (q) => slope(p, q),
    start,
  );
}

const heightByReverse = (p: number[], start: number[]): number =>
  saddleFunction(p, peak(p, start, slopeByReverse));
const heightByForward = (p: number[], start: number[]): number =>
  saddleFunction(p, peak(p, start, slopeByForward));

const rr = grad(heightByReverse);
const rf = grad(heightByForward);
const frAlong = jvp(heightByReverse);
const ffAlong = jvp(heightByForward);

/** A gradient by forward mode, one run for each of the two numbers of p. */
const fr: Slope = (p, start) => [
  frAlong(
    [p, start],
    [
      [1, 0],
      [0, 0],
    ],
  )[1],
  frAlong(
    [p, start],
    [
      [0, 1],
      [0, 0],
    ],
  )[1],
];
const ff: Slope = (p, start) => [
  ffAlong(
    [p, start],
    [
      [1, 0],
      [0, 0],
    ],
  )[1],
  ffAlong(
    [p, start],
    [
      [0, 1],
      [0, 0],
    ],
  )[1],
];

/** The p at which the largest value over q is smallest, and the q of that value. */
function find(
  input: Input,
  height: (p: number[], start: number[]) => number,
  slope: Slope,
  innerSlope: Slope,
) {
  const { start } = input;
  return repeat(input, () => {
    const p = minimise(
      (x) => height(x, start),
      (x) => slope(x, start),
      start,
    );
    return [...p, ...peak(p, start, innerSlope)];
  });
}

/** First letter: mode of the derivative of the outer function; second: that of the inner one. */
export const saddle: Module = {
  rr: (input: Input) => find(input, heightByReverse, rr, slopeByReverse),
  rf: (input: Input) => find(input, heightByForward, rf, slopeByForward),
  fr: (input: Input) => find(input, heightByReverse, fr, slopeByReverse),
  ff: (input: Input) => find(input, heightByForward, ff, slopeByForward),
};
