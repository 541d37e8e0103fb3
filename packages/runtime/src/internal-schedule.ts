/**
 * Schedules of checkpointing, as arithmetic on numbers of steps: how far to go from a state that is kept to the next one, and which of
 * the kept states to give up for a new one. Binomial checkpointing: Griewank and Walther, Revolve, 2000.
 */

/** Beyond this more snapshots make no difference, and products stay exact. */
const MOST = 2 ** 20;

/**
 * How often a step is run at most (`repeats`), if `steps` steps are run backwards with so many snapshots, the one before the first step
 * included; and how many steps could be run so: C(snapshots + repeats, repeats).
 */
function plan(steps: number, snapshots: number): { readonly repeats: number; readonly within: number } {
  let repeats = 0;
  let within = 1;
  while (within < steps) {
    repeats++;
    within = (within * (snapshots + repeats)) / repeats;
  }
  return { repeats, within };
}

/** How many steps to go from a snapshot to the next one: `steps` are left, `snapshots` is how many there may be with this one. */
export function nextDistance(steps: number, snapshots: number): number {
  if (snapshots >= steps - 1) return Math.min(1, steps - 1);
  if (snapshots <= 1) return steps - 1;
  const c = Math.min(snapshots, MOST);
  const { repeats: r, within } = plan(steps, c);
  // C(c + r - 2, c) and C(c - 1 + r, c - 1)
  const before = (within * r * (r - 1)) / ((c + r) * (c + r - 1));
  const rest = (within * c) / (c + r);
  return Math.min(Math.max(1, Math.round(before), steps - Math.round(rest)), steps - 1);
}

/** How many steps are run without recording to run `steps` steps backwards with so many snapshots: r l - C(c + r, c + 1). */
export function work(steps: number, snapshots: number): number {
  if (steps <= 1) return 0;
  if (snapshots <= 1) return (steps * (steps - 1)) / 2;
  const c = Math.min(snapshots, MOST);
  const { repeats: r, within } = plan(steps, c);
  return r * steps - (within * r) / (c + 1);
}

/**
 * A loop of unknown length, `snapshots` states at most: which of the kept ones to give up for that before step `at`. It is the one
 * without which the steps so far are run backwards with the least work; the first one stays. `at` may also be the next one.
 */
export function leastNeeded(kept: readonly { readonly at: number }[], at: number, snapshots: number): number {
  const last = kept.length - 1;
  const end = (k: number): number => kept[k + 1]?.at ?? at;
  // the work behind the gap that grows: those states find one snapshot more
  let behind = 0;
  for (let k = 1; k <= last; k++) behind += work(end(k) - kept[k].at, snapshots - k + 1);
  let before = 0;
  let best = last;
  let least = Number.POSITIVE_INFINITY;
  for (let k = 1; k <= last; k++) {
    const from = kept[k - 1].at;
    behind -= work(end(k) - kept[k].at, snapshots - k + 1);
    const total = before + work(end(k) - from, snapshots - k + 1) + behind;
    if (total <= least) [best, least] = [k, total];
    before += work(kept[k].at - from, snapshots - k + 1);
  }
  return best;
}

/** How finely such a loop looks for states to keep: so many times as often as it could keep them. */
const FINENESS = 4;
/**
 * The distance between states that such a loop looks at, after so many steps: the last ones are run backwards with one snapshot, which
 * takes half the square of the distance.
 */
export const distanceAfter = (steps: number, snapshots: number): number =>
  Math.max(1, Math.floor(Math.min(steps / (FINENESS * snapshots), Math.sqrt(steps))));
