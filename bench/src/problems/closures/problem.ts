import { gradInto } from 'adjoint';

const INTERVALS = 8;

/**
 * Squared error of measured exposures: each is the integral of a decaying oscillation over one time span.
 * `p`: amplitude, decay, frequency, phase; `times`: n + 1 ends of the spans; `measured`: n.
 */
export function exposure(p: Float64Array, times: Float64Array, measured: Float64Array): number {
  let total = 0;
  for (let i = 0; i < measured.length; i++) {
    const from = times[i];
    const signal = (t: number) => p[0] * Math.exp(-p[1] * (t - from)) * Math.cos(p[2] * t + p[3]);
    const error = integral(signal, from, times[i + 1]) - measured[i];
    total += error * error;
  }
  return total;
}

/** Simpson's rule. */
function integral(f: (t: number) => number, from: number, to: number): number {
  const h = (to - from) / INTERVALS;
  let sum = f(from) + f(to);
  for (let k = 1; k < INTERVALS; k++) sum += (k % 2 === 1 ? 4 : 2) * f(from + k * h);
  return (sum * h) / 3;
}

export const exposureGradient = gradInto(exposure);
