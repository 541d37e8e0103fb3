/** What an experiment gives: a picture, and a sentence about what it shows. */
export interface Experiment {
  readonly file: string;
  readonly picture: string;
  readonly finding: string;
}
/** A seeded generator of numbers in [0, 1): every run gives the same picture. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
/** Normally distributed numbers (Box and Muller). */
export function normal(next: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}
/** The shortest time of one of `tries` calls, in microseconds. */
export function timeOf(run: () => unknown, tries: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < tries; k++) {
    const started = performance.now();
    run();
    best = Math.min(best, 1000 * (performance.now() - started));
  }
  return best;
}
