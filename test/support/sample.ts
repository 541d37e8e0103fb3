/** Some fixtures in each run, others in the next: for tests that would take too long for all of them. */
import { type Fixture, findFixtures, isHigherOrder } from './fixture.js';
import { randomNumbers } from './numeric.js';

export interface Sample {
  /** For the names of tests: `TWICE_SEED=7` draws the same ones again. */
  readonly title: string;
  readonly fixtures: readonly Fixture[];
}
/** One in so many fixtures, and those about derivatives; `TWICE=all` takes them all, where `name` is `TWICE`. */
export function sampleOf(root: string, name: string, oneIn: number): Sample {
  const seed = Number(process.env[`${name}_SEED`] ?? Date.now() % 1e6);
  const random = randomNumbers(seed);
  const takesAll = process.env[name] === 'all';
  // numbers between -1 and 1
  const isDrawn = (): boolean => (random() + 1) / 2 < 1 / oneIn;
  const fixtures = findFixtures(root).filter((f) => isDrawn() || takesAll || isHigherOrder(f));
  return { title: `${name}_SEED=${seed}`, fixtures };
}
