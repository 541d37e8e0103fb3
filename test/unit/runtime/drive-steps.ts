/** Runs a loop forwards and backwards under a plan, as generated code does, and checks that each step is found in its state. */
import { type CheckpointStats, checkpointStats } from '../../../packages/runtime/dist/index.js';
import { capture } from '../../../packages/runtime/dist/internal-memory.js';
import { type Limits, Steps } from '../../../packages/runtime/dist/internal-steps.js';
import type { SnapshotStore } from '../../../packages/runtime/dist/internal-store.js';

/** C(c + r, c); 0 for negative r. */
export function beta(c: number, r: number): number {
  if (r < 0) return 0;
  let product = 1;
  for (let k = 1; k <= c; k++) product = (product * (r + k)) / k;
  return product;
}
/** The fewest steps without recording that run `l` steps backwards with `c` snapshots. */
export function fewest(l: number, c: number): number {
  let r = 0;
  while (beta(c, r) < l) r++;
  return r * l - beta(c + 1, r - 1);
}

export interface Loop {
  readonly steps: number;
  /** The length is not known before the loop has ended. */
  readonly isOnline?: boolean;
  readonly limits?: Limits;
  /** What a step leaves on the tape, in bytes. */
  readonly tape?: number;
  /** Objects that the steps change. */
  readonly objects?: readonly unknown[];
  /** Runs a step. */
  readonly step?: (t: number) => void;
  /** Looks at the state before a step. */
  readonly see?: (t: number) => void;
  readonly store?: SnapshotStore;
  /** Check mode: what the loop can reach. */
  readonly reached?: readonly unknown[];
}
export interface Driven extends CheckpointStats {
  /** How often the loop was stopped. */
  readonly stops: number;
}

export function drive(loop: Loop): Driven {
  const { steps, isOnline = false, limits = {}, tape = 2 ** 30, objects = [], step, see, reached } = loop;
  checkpointStats();
  const to = isOnline ? Number.POSITIVE_INFINITY : Math.max(0, steps - 1);
  const plan = new Steps(0, to, isOnline ? 0 : 1, limits, false, undefined, loop.store);
  const all = reached && capture(...reached);
  if (all) plan.watch();
  let stops = 0;
  const run = (at: number, end: number): number => {
    stops++;
    if (plan.isKeptAt(at, end)) plan.keep(at, 1, [at, ...objects]);
    const stop = Math.min(plan.next(at, end), steps);
    if (!(stop > at || at === end) || stop > end) throw new Error(`from ${at} to ${end} by way of ${stop}`);
    for (let t = at; t < stop; t++) step?.(t);
    return stop;
  };
  const runAgain = (at: number, end: number): number => {
    stops++;
    const stop = plan.again(at, end);
    if (plan.keepsHere) plan.keep(at, 1, [at, ...objects]);
    if (stop <= at || stop > end) throw new Error(`from ${at} to ${end} by way of ${stop}`);
    for (let t = at; t < stop; t++) step?.(t);
    return stop;
  };
  let at = 0;
  do at = run(at, to);
  while (at < Math.min(to, steps));
  plan.end(at);
  plan.begin();
  if (all) plan.check(all);
  for (let t = plan.last; t >= 0; t = at - 1) {
    at = plan.rewind(t);
    if (plan.value(0) !== at) throw new Error(`another state than that before step ${at}`);
    while (plan.again(at, t) !== at) at = runAgain(at, t);
    see?.(at);
    plan.measure(tape * (t - at + 1), t - at + 1);
  }
  plan.finish();
  return { ...checkpointStats(), stops };
}
