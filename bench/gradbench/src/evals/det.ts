import { gradInto } from 'adjoint';
import type { Module, Runs } from '../protocol.js';
import { repeat } from '../repeat.js';

interface Input extends Runs {
  readonly A: readonly number[];
  readonly ell: number;
}

/**
 * Determinant of the minor of `A` (row by row, of size n) with its last `size` rows and the columns that are left.
 * `next` is a linked list of these columns: the first is next[n], the one after column j is next[j].
 */
function minor(A: Float64Array, n: number, size: number, next: Int32Array): number {
  const row = (n - size) * n;
  if (size === 1) return A[row + next[n]];
  let sum = 0;
  let sign = 1;
  let before = n;
  for (let k = 0; k < size; k++) {
    const column = next[before];
    next[before] = next[column];
    sum += sign * A[row + column] * minor(A, n, size - 1, next);
    next[before] = column;
    before = column;
    sign = -sign;
  }
  return sum;
}

/** The determinant by expansion along the first row, recursively: n! products. */
export function determinant(A: Float64Array, n: number): number {
  const next = new Int32Array(n + 1);
  for (let j = 0; j < n; j++) next[j] = j + 1;
  next[n] = 0;
  return minor(A, n, n, next);
}

export const determinantGradient = gradInto(determinant);

export const det: Module = {
  primal(input: Input) {
    const A = Float64Array.from(input.A);
    return repeat(input, () => determinant(A, input.ell));
  },
  gradient(input: Input) {
    const A = Float64Array.from(input.A);
    const gradient = new Float64Array(A.length);
    return repeat(
      input,
      () => determinantGradient(gradient, A, input.ell),
      () => [...gradient],
    );
  },
};
