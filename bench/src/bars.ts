import type { Result } from './report.js';

/** The most that a generated gradient may cost, in hand-written ones. */
const MOST_OF_HAND = 1.05;

/** The most that it may cost in evaluations of the function, by problem; elsewhere in terms of the hand-written one. */
const MOST_OF_PRIMAL: Readonly<Record<string, number>> = {
  gmm: 1.6,
  lstm: 1.6,
  bundle: 2.5,
  ode: 2.6,
  logsumexp: 1.4,
  determinant: 3.4,
  leastsquares: 2.4,
  kmeans: 1.2,
  'rosenbrock 10': 1.2,
};
const MOST_OF_HAND_RATIO = 1.15;

/** One line for each bar that a problem misses. */
export function missedBars({ problem, size, label, ratios }: Result): readonly string[] {
  const { gradientToHand, gradientToPrimal, handToPrimal } = ratios;
  const ofPrimal =
    MOST_OF_PRIMAL[`${problem} ${size}`] ??
    MOST_OF_PRIMAL[problem] ??
    MOST_OF_HAND_RATIO * handToPrimal.median;
  return [
    ...missed(`${label}: gradient / hand`, gradientToHand.median, MOST_OF_HAND),
    ...missed(`${label}: gradient / primal`, gradientToPrimal.median, ofPrimal),
  ];
}

function missed(what: string, ratio: number, bar: number): readonly string[] {
  return ratio <= bar ? [] : [`  ${what} is ${ratio.toFixed(2)}, bar ${bar.toFixed(2)}`];
}
