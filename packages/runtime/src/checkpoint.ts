/** Checkpointing: parts of a function that the reverse sweep runs again, instead of storing what they compute. */
import { checkLimits } from './internal-steps.js';
import type { SnapshotStore } from './internal-store.js';

/** How many states of a loop may be kept. */
export interface CheckpointOptions {
  /** The number of snapshots, the state before the first trip counts; about `log2(n)` if left out. */
  readonly snapshots?: number;
  /** How much memory the snapshots may take: a number of bytes, or text such as `'64MB'`. */
  readonly memory?: number | `${number}${'B' | 'KB' | 'MB' | 'GB'}`;
  /** Where the typed arrays of the snapshots are kept: in memory if left out; `fileStore` of `adjoint/node` is a file. */
  readonly store?: SnapshotStore;
}

/**
 * The same function. In differentiated code a call of it records nothing: the reverse sweep runs it once more, from the arguments
 * that it had, and records that. Gradients are the same to the last bit; memory is that of one call, time that of one more.
 */
export function checkpoint<F extends (...args: never[]) => unknown>(f: F): F {
  return f;
}

/**
 * The numbers from 0 to below `n`, for a `for...of` whose trips depend on each other: a time loop, an iteration. In differentiated
 * code only some states of the loop are kept, and its trips are run again from these (Griewank and Walther's Revolve). Without `n` the
 * loop runs until it is left: the states are then thinned out while it runs.
 *
 * @throws RangeError if `snapshots` is below 1, or `memory` not above 0
 */
export function checkpointed(n = Number.POSITIVE_INFINITY, opts: CheckpointOptions = {}): Iterable<number> {
  const { snapshots, memory } = opts;
  checkLimits({ snapshots, bytes: typeof memory === 'number' ? memory : undefined });
  return numbersBelow(n);
}
function* numbersBelow(n: number): Iterable<number> {
  for (let k = 0; k < n; k++) yield k;
}
