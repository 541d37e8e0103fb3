/** Gradients by differences: the slow and inexact way, to compare with and to verify by. */

const STEP = Math.cbrt(Number.EPSILON);

/** Central differences in the first `count` coordinates, into `out`. `x` is restored. */
export function centralDifferences(
  out: Float64Array,
  f: (x: Float64Array) => number,
  x: Float64Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const at = x[i];
    const h = STEP * Math.max(1, Math.abs(at));
    x[i] = at + h;
    const above = f(x);
    x[i] = at - h;
    const below = f(x);
    x[i] = at;
    out[i] = (above - below) / (2 * h);
  }
}

/**
 * Ridders' method (1982): central differences with ever smaller steps, extrapolated to step zero.
 * Good to about 1e-11 of the size of the function's variation. `x` is restored.
 */
export function riddersGradient(f: (x: Float64Array) => number, x: Float64Array): Float64Array {
  return x.map((at, i) => {
    const slope = (h: number) => {
      x[i] = at + h;
      const above = f(x);
      x[i] = at - h;
      const below = f(x);
      x[i] = at;
      return (above - below) / (2 * h);
    };
    return extrapolate(slope, 0.05 * Math.max(1, Math.abs(at)));
  });
}

/** Neville's table over steps h, h/1.4, h/1.4^2, ...; gives the entry that agrees best with its neighbours. */
function extrapolate(slope: (h: number) => number, first: number): number {
  const SHRINK = 1.4;
  const ROWS = 20;
  let previous = [slope(first)];
  let best = previous[0];
  let smallest = Number.POSITIVE_INFINITY;
  for (let row = 1; row < ROWS; row++) {
    const entries = [slope(first / SHRINK ** row)];
    for (let k = 1; k <= row; k++) {
      const factor = SHRINK ** (2 * k);
      const entry = (factor * entries[k - 1] - previous[k - 1]) / (factor - 1);
      entries.push(entry);
      const error = Math.max(Math.abs(entry - entries[k - 1]), Math.abs(entry - previous[k - 1]));
      if (error <= smallest) {
        smallest = error;
        best = entry;
      }
    }
    if (Math.abs(entries[row] - previous[row - 1]) >= 2 * smallest) break;
    previous = entries;
  }
  return best;
}

/** Largest difference of two gradients, relative to the largest component of the reference. */
export function relativeError(
  gradient: Float64Array,
  reference: Float64Array,
  count = reference.length,
): number {
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < count; i++) {
    const d = Math.abs(gradient[i] - reference[i]);
    if (!(d <= difference)) difference = d; // a NaN stays
    scale = Math.max(scale, Math.abs(reference[i]));
  }
  return difference === 0 ? 0 : difference / scale;
}
