import { checkpointed, stopGradient, valueAndGrad } from 'adjoint';

/** Numbers of animals, in thousands. */
export interface Population {
  readonly hares: number;
  readonly lynxes: number;
}
/** Logarithms of what is unknown, since all of it is positive: four rates, and both populations in the first year. */
export type Parameters = Float64Array;

/** The equations of Lotka and Volterra: how fast both populations change. */
function change({ hares, lynxes }: Population, [birth, hunted, death, fed]: readonly number[]): Population {
  return { hares: (birth - hunted * lynxes) * hares, lynxes: (fed * hares - death) * lynxes };
}
/** Some way along a rate of change. */
const along = (p: Population, h: number, rate: Population): Population => ({
  hares: p.hares + h * rate.hares,
  lynxes: p.lynxes + h * rate.lynxes,
});

interface Step {
  readonly next: Population;
  readonly rate: Population;
  /** Of this step, in units of what is allowed. */
  readonly error: number;
}

/** A step of Bogacki and Shampine: third order, with an estimate of second order to compare with. */
function rungeKutta(
  p: Population,
  rate: Population,
  h: number,
  rates: readonly number[],
  tolerance: number,
): Step {
  const second = change(along(p, h / 2, rate), rates);
  const third = change(along(p, (3 * h) / 4, second), rates);
  const next = along(along(along(p, (2 * h) / 9, rate), h / 3, second), (4 * h) / 9, third);
  const last = change(next, rates);
  const off = (a: number, b: number, c: number, d: number, value: number): number =>
    (h * ((-5 * a) / 72 + b / 12 + c / 9 - d / 8)) / (tolerance * (1 + Math.abs(value)));
  const error = Math.hypot(
    off(rate.hares, second.hares, third.hares, last.hares, next.hares),
    off(rate.lynxes, second.lynxes, third.lynxes, last.lynxes, next.lynxes),
  );
  return { next, rate: last, error };
}

/**
 * Mean squared difference of the logarithms of what the model says and what was counted, a year between two counts. Steps are as
 * long as the tolerance allows: how many there are depends on the parameters.
 */
export function misfit(parameters: Parameters, counts: readonly Population[], tolerance: number): number {
  const rates = Array.from(parameters.subarray(0, 4), Math.exp);
  let now: Population = { hares: Math.exp(parameters[4]), lynxes: Math.exp(parameters[5]) };
  let rate = change(now, rates);
  let time = 0;
  let length = 0.1;
  let year = 0;
  let sum = 0;
  for (const _ of checkpointed()) {
    if (time === year) {
      sum += Math.log(now.hares / counts[year].hares) ** 2 + Math.log(now.lynxes / counts[year].lynxes) ** 2;
      year++;
      if (year === counts.length) break;
    }
    const h = Math.min(length, year - time);
    const step = rungeKutta(now, rate, h, rates, tolerance);
    if (step.error <= 1) {
      // exactly a year's end, if that is where the step was to end
      time = h < length ? year : time + h;
      now = step.next;
      rate = step.rate;
    }
    // the choice of steps is none of the model's business
    const error = stopGradient(step.error);
    const factor = Math.min(4, Math.max(0.2, 0.9 * error ** (-1 / 3)));
    if (step.error > 1 || h === length || factor < 1) length = h * factor;
  }
  return sum / (2 * counts.length);
}

export const misfitAndGradient = valueAndGrad(misfit);

/** What the model says, at `count` times from the first year to the last one. */
export function populations(parameters: Parameters, years: number, count: number): readonly Population[] {
  const rates = Array.from(parameters.subarray(0, 4), Math.exp);
  let now: Population = { hares: Math.exp(parameters[4]), lynxes: Math.exp(parameters[5]) };
  const path = [now];
  const h = years / (count - 1);
  while (path.length < count) {
    now = rungeKutta(now, change(now, rates), h, rates, 1).next;
    path.push(now);
  }
  return path;
}
