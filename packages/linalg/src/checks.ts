/** Checks of arguments. Every error names the function, the argument and its shape. */
import type { Matrix, Vector } from './types.js';

const named = (of: string, argument: string, A: Matrix): string =>
  `@adjoint/linalg: ${of}: argument ${argument} (${A.length} x ${A[0].length})`;

/** The error for a matrix that a function cannot take. */
export const unfit = (of: string, argument: string, A: Matrix, why: string): RangeError =>
  new RangeError(`${named(of, argument, A)} ${why}`);

/** Whether an argument is a matrix; gives the number of its columns. */
export function columnsOf(of: string, argument: string, A: Matrix): number {
  if (A.length === 0 || A[0].length === 0)
    throw new RangeError(`@adjoint/linalg: ${of}: argument ${argument} is an empty matrix`);
  const n = A[0].length;
  for (let i = 1; i < A.length; i++)
    if (A[i].length !== n)
      throw new RangeError(
        `@adjoint/linalg: ${of}: argument ${argument} has rows of different lengths: ${n} and ${A[i].length} (row ${i})`,
      );
  return n;
}

export function checkLength(of: string, argument: string, x: Vector | Matrix, n: number): void {
  if (x.length !== n)
    throw new RangeError(
      `@adjoint/linalg: ${of}: argument ${argument} has length ${x.length}, and ${n} is needed`,
    );
}

export function checkSquare(of: string, argument: string, A: Matrix): void {
  if (columnsOf(of, argument, A) !== A.length) throw unfit(of, argument, A, 'is not square');
}

/** A matrix that is to be factorised is finite: the algorithms would not end, or give numbers without meaning. */
export function checkFinite(of: string, argument: string, A: Matrix): void {
  columnsOf(of, argument, A);
  for (let i = 0; i < A.length; i++) {
    const row = A[i];
    for (let j = 0; j < row.length; j++)
      if (!Number.isFinite(row[j])) throw unfit(of, argument, A, `has the entry ${row[j]} at [${i}][${j}]`);
  }
}

export function checkFiniteSquare(of: string, argument: string, A: Matrix): void {
  checkSquare(of, argument, A);
  checkFinite(of, argument, A);
}

export function checkFiniteVector(of: string, argument: string, x: Vector): void {
  for (let i = 0; i < x.length; i++)
    if (!Number.isFinite(x[i]))
      throw new RangeError(
        `@adjoint/linalg: ${of}: argument ${argument} (${x.length}) has the entry ${x[i]} at [${i}]`,
      );
}

/** How far a symmetric matrix may be from its transpose, relative to its largest entry. */
const ASYMMETRY = 1e-10;

export function checkSymmetric(of: string, argument: string, A: Matrix): void {
  checkFiniteSquare(of, argument, A);
  let largest = 0;
  for (const row of A) for (const e of row) largest = Math.max(largest, Math.abs(e));
  for (let i = 0; i < A.length; i++)
    for (let j = 0; j < i; j++)
      if (Math.abs(A[i][j] - A[j][i]) > ASYMMETRY * largest)
        throw unfit(
          of,
          argument,
          A,
          `is not symmetric: ${A[i][j]} at [${i}][${j}], ${A[j][i]} at [${j}][${i}]`,
        );
}
