import { gradInto } from 'adjoint';

/** The determinant of an n by n matrix by recursive expansion into minors (cmpad). */
export function determinant(A: Float64Array, n: number): number {
  return minor(A, n, 0, 0);
}

/** The determinant of the rows from `row` on without the columns in the bit set `used`. */
function minor(A: Float64Array, n: number, row: number, used: number): number {
  if (row === n) return 1;
  let sum = 0;
  let sign = 1;
  for (let column = 0; column < n; column++) {
    const bit = 1 << column;
    if (used & bit) continue;
    sum += sign * A[row * n + column] * minor(A, n, row + 1, used | bit);
    sign = -sign;
  }
  return sum;
}

export const determinantGradient = gradInto(determinant);
