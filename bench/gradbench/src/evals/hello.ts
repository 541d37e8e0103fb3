import { grad } from 'adjoint';
import type { Module } from '../protocol.js';

const square = (x: number): number => x * x;
const double = grad(square);

/** The smallest eval: x^2 and its derivative. Its inputs are numbers, without repetitions. */
export const hello: Module = {
  square: (x: number) => ({ output: square(x), timings: [] }),
  double: (x: number) => ({ output: double(x), timings: [] }),
};
