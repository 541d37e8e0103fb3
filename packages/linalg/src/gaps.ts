/** Derivatives of singular vectors and eigenvectors: they have a difference of two values in their denominators. */
import { unfit } from './checks.js';
import type { Matrix } from './types.js';

/** Differences below this, relative to the largest value and for each row, are lost in the rounding of the values. */
const LOST = 64 * Number.EPSILON;

export class Gaps {
  constructor(
    private readonly of: string,
    private readonly A: Matrix,
    private readonly values: readonly number[],
  ) {}

  /** What is indistinguishable from zero among the values. */
  get lost(): number {
    const largest = this.values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    return LOST * this.values.length * largest;
  }

  /** `values[j] - values[i]`, which must be told from zero. */
  between(i: number, j: number): number {
    const gap = this.values[j] - this.values[i];
    if (Math.abs(gap) <= this.lost)
      this.refuse(`the values ${this.values[i]} and ${this.values[j]} are equal`);
    return gap;
  }

  refuse(why: string): never {
    throw unfit(
      this.of,
      'A',
      this.A,
      `has vectors without derivative: ${why} up to rounding (functions of the values alone are not affected)`,
    );
  }
}

/** Which columns of a matrix are not all zero. */
export const columnsInUse = (A: Matrix): boolean[] =>
  A[0] ? Array.from(A[0], (_, j) => A.some((row) => row[j] !== 0)) : [];
