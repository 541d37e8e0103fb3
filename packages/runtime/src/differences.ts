/**
 * Derivatives of a function of one number by differences, for checking only.
 *
 * Method: central differences extrapolated to step zero, with an error estimate. Ridders 1982, "Accurate computation
 * of F'(x) and F'(x) F''(x)"; tableau as in Press et al., Numerical Recipes, section 5.7.
 */

/** `f(x)` for a step from the point; the step taken is returned with it, since a store may round. */
export type Probe = (step: number) => { readonly value: number; readonly taken: number };

/** An extrapolated difference and how far off it may be. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

const SHRINK = 1.4;
const ROWS = 10;
/** Leave a tableau when the newest diagonal is this much worse than the best estimate. */
const WORSE = 2;
const FIRST_STEP = 0.1;
/** Starts that are tried at most; those at which the function is not finite cost one evaluation. */
const STARTS = 14;
/** Starts that are used at most: much smaller steps would see the rounding of `f` and not its slope. */
const USED_STARTS = 5;

/**
 * The derivative at step 0. Tries starting steps from `scale / 10` down by tens until the error estimate is at most
 * `goal(value)`, and gives the best estimate met; `undefined` if the function is finite beside the point nowhere.
 * `noise` is how far off a value of the function may be; a difference is never thought better than that allows.
 */
export function derivative(
  probe: Probe,
  scale: number,
  goal: (value: number) => number,
  noise = 0,
): Estimate | undefined {
  let best: Estimate | undefined;
  let start = FIRST_STEP * scale;
  let used = 0;
  for (let k = 0; k < STARTS && used < USED_STARTS; k++, start /= 10) {
    const found = extrapolate(probe, start, noise);
    if (found === undefined) continue;
    used++;
    if (best === undefined || found.error < best.error) best = found;
    if (best.error <= goal(best.value)) break;
  }
  return best;
}

function extrapolate(probe: Probe, start: number, noise: number): Estimate | undefined {
  let step = start;
  let above = [central(probe, step)];
  if (!Number.isFinite(above[0])) return undefined;
  let best: Estimate = { value: above[0]!, error: Number.POSITIVE_INFINITY };
  for (let i = 1; i < ROWS; i++) {
    step /= SHRINK;
    const row = [central(probe, step)];
    if (!Number.isFinite(row[0])) return undefined;
    let factor = SHRINK * SHRINK;
    for (let j = 1; j <= i; j++) {
      row.push((row[j - 1]! * factor - above[j - 1]!) / (factor - 1));
      factor *= SHRINK * SHRINK;
      const change = Math.max(Math.abs(row[j]! - row[j - 1]!), Math.abs(row[j]! - above[j - 1]!));
      const error = Math.max(change, (2 * noise) / step);
      if (error <= best.error) best = { value: row[j]!, error };
    }
    if (Math.abs(row[i]! - above[i - 1]!) >= WORSE * best.error) break;
    above = row;
  }
  return best;
}

function central(probe: Probe, step: number): number {
  const right = probe(step);
  const left = probe(-step);
  return (right.value - left.value) / (right.taken - left.taken);
}

/**
 * How far off values of the function are beside the point, because it computes in single precision for example.
 * Method: high-order differences over close points, where what is smooth cancels. Hamming 1971; More and Wild 2011,
 * "Estimating computational noise". The smaller of both sides counts, in case there is a kink on the other.
 */
export function noiseOf(probe: Probe, scale: number): number {
  const finite = [scale, -scale].map((side) => noiseToSide(probe, side)).filter(Number.isFinite);
  return finite.length === 0 ? 0 : Math.min(...finite);
}

function noiseToSide(probe: Probe, side: number): number {
  let values: number[] = [];
  // As close as can be, so that only noise is left; so close that most values are equal would show none.
  for (let step = 1e-10; step < 1 && new Set(values).size < NOISE_POINTS / 2; step *= 10) {
    values = Array.from({ length: NOISE_POINTS }, (_, i) => probe((i + 1) * step * side).value);
  }
  let table = values;
  for (let k = 0; k < NOISE_ORDER; k++) table = table.slice(1).map((value, i) => value - table[i]!);
  const squares = table.reduce((sum, x) => sum + x * x, 0);
  return Math.sqrt(squares / table.length / NOISE_GAIN);
}

const NOISE_POINTS = 12;
const NOISE_ORDER = 6;
/** The variance of a difference of order 6 of independent errors of variance 1: binomial(12, 6). */
const NOISE_GAIN = 924;

/** The slopes to both sides of a kink. */
export interface Kink {
  readonly left: number;
  readonly right: number;
}

/**
 * The one-sided slopes at step 0 if they differ by more than `tolerance`, and the slopes stay while the step shrinks:
 * where the function is smooth the gap shrinks with the step, where it jumps or is noisy the slopes grow.
 */
export function findKink(probe: Probe, scale: number, tolerance: number): Kink | undefined {
  const coarse = oneSided(probe, 1e-3 * scale);
  const fine = oneSided(probe, 1e-5 * scale);
  const gap = Math.abs(fine.right - fine.left);
  const change = Math.abs(fine.right - coarse.right) + Math.abs(fine.left - coarse.left);
  return gap > tolerance && change < 0.5 * gap ? fine : undefined;
}

function oneSided(probe: Probe, step: number): Kink {
  const here = probe(0).value;
  const right = probe(step);
  const left = probe(-step);
  return { left: (left.value - here) / left.taken, right: (right.value - here) / right.taken };
}
