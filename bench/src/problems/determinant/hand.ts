/**
 * Writes the gradient into `out` and returns the value. The cotangent of a minor is known before the minor is, so one
 * recursion serves both.
 */
export function determinantByHand(out: Float64Array, A: Float64Array, n: number): number {
  out.fill(0);
  return minor(out, A, n, 0, 0, 1);
}

function minor(
  out: Float64Array,
  A: Float64Array,
  n: number,
  row: number,
  used: number,
  cotangent: number,
): number {
  if (row === n) return 1;
  let sum = 0;
  let sign = 1;
  for (let column = 0; column < n; column++) {
    const bit = 1 << column;
    if (used & bit) continue;
    const at = row * n + column;
    const signed = sign * A[at];
    const below = minor(out, A, n, row + 1, used | bit, cotangent * signed);
    sum += signed * below;
    out[at] += cotangent * sign * below;
    sign = -sign;
  }
  return sum;
}
