import { variadic } from './rule.js';

/** Ties share the cotangent equally, tied plain numbers included; the others get nothing. */
export const min = variadic('min', Math.min, shareAmongEqual);

/** As `min`. */
export const max = variadic('max', Math.max, shareAmongEqual);

/** x / hypot; 0 where all operands are 0. */
export const hypot = variadic('hypot', Math.hypot, (operands, radius) => {
  if (radius === 0) return operands.map(() => 0);
  if (radius === Number.POSITIVE_INFINITY) return shareAmongInfinite(operands);
  return operands.map((x) => x / radius);
});

/** An operand that is NaN makes the result NaN, and counts as equal to it. */
function shareAmongEqual(operands: readonly number[], result: number): (number | undefined)[] {
  const equal = (x: number) => x === result || (Number.isNaN(x) && Number.isNaN(result));
  let count = 0;
  for (const x of operands) if (equal(x)) count++;
  const share = 1 / count;
  return operands.map((x) => (equal(x) ? share : undefined));
}

/** The limit of x / hypot when the infinite operands grow together. If none is infinite, the sum has overflowed. */
function shareAmongInfinite(operands: readonly number[]): number[] {
  const infinite = (x: number) => Math.abs(x) === Number.POSITIVE_INFINITY;
  const count = operands.filter(infinite).length;
  if (count === 0) return overflowed(operands);
  return operands.map((x) => (infinite(x) ? Math.sign(x) / Math.sqrt(count) : 0));
}

/** Finite operands whose hypot is beyond the largest double: the slopes do not change when all are scaled down. */
function overflowed(operands: readonly number[]): number[] {
  const largest = Math.max(...operands.map(Math.abs));
  const radius = Math.hypot(...operands.map((x) => x / largest));
  return operands.map((x) => x / largest / radius);
}
