/**
 * Checkpointing of a loop: which of its states are kept, and from which of them each step is reached again. Binomial schedule of
 * Griewank and Walther (Revolve, 2000) where the number of steps is known; a loop of unknown length keeps states at equal distances,
 * and every other of them once there are too many. Both end with the binomial schedule between the states that are left.
 */

import type { Log } from './internal-log.js';
import { capture, checkContents, exchange, reinstate, type Saved, sizeOf } from './internal-memory.js';
import type { Tape } from './internal-tape.js';

/** A state of a loop: the values that it carries, and the contents of the objects that its steps change. */
interface Snapshot {
  /** The step before which it was taken. */
  readonly at: number;
  readonly values: readonly unknown[];
  readonly memory: Saved;
  readonly bytes: number;
  /** How far the log of effects had come. */
  readonly logged: number;
}

/** What checkpointing did: in all evaluations since the last call of `checkpointStats`. */
export interface CheckpointStats {
  /** Steps of loops, and calls of functions, whose intermediates were recorded to run backwards. */
  readonly taped: number;
  /** Steps that were run without recording: to get to the end, and again from a snapshot. */
  readonly advanced: number;
  /** The highest number of snapshots that one loop held at once. */
  readonly snapshots: number;
  /** The most bytes that the snapshots of one loop took, about. */
  readonly bytes: number;
}

const NOTHING: CheckpointStats = { taped: 0, advanced: 0, snapshots: 0, bytes: 0 };
const stats: { -readonly [K in keyof CheckpointStats]: CheckpointStats[K] } = { ...NOTHING };

/** What checkpointing did since the last call of this function: in all loops and calls that were differentiated. */
export function checkpointStats(): CheckpointStats {
  const now = { ...stats };
  Object.assign(stats, NOTHING);
  return now;
}
/** Counts a call that is recorded. */
export function countTaped(): void {
  stats.taped++;
}

/** The number of steps that `snapshots` snapshots reach with each step run at most `repeats` times: C(s + r, s). */
function reach(snapshots: number, repeats: number): number {
  if (repeats < 0 || snapshots < 0) return 0;
  let product = 1;
  for (let k = 1; k <= Math.min(snapshots, repeats); k++)
    product = (product * (snapshots + repeats - k + 1)) / k;
  return Math.round(product);
}
/** How often a step is run at most, if `steps` steps are run backwards with so many snapshots. */
function repeatsFor(steps: number, snapshots: number): number {
  let repeats = 0;
  while (reach(snapshots, repeats) < steps) repeats++;
  return repeats;
}
/** How many steps to go from a snapshot to the next one: `steps` are left, `snapshots` is how many there may be with this one. */
export function nextDistance(steps: number, snapshots: number): number {
  if (steps <= 1) return steps - 1;
  if (snapshots <= 1) return steps - 1;
  const repeats = repeatsFor(steps, snapshots);
  const k = Math.max(1, reach(snapshots, repeats - 2), steps - reach(snapshots - 1, repeats));
  return Math.min(k, steps - 1);
}

/** Small steps are recorded together: about so many bytes of tape, and so many steps. */
const BLOCK = 2 ** 17;
const MOST_STEPS = 256;

/** Snapshots of a loop of unknown length, at first. */
const FEW = 8;
const defaultCount = (steps: number): number => Math.max(FEW, Math.ceil(Math.log2(steps + 1)));

/** The snapshots of one run of a loop. */
export class Steps {
  /** By their steps, the last one last. */
  private kept: Snapshot[] = [];
  private first: readonly Snapshot[] | undefined;
  /** Steps that were run, the last one excluded if it is recorded by itself. */
  private done: number;
  private limit: number | undefined;
  /** Of a loop of unknown length: snapshots are taken so many steps apart. */
  private stride = 1;
  private before: Saved = [];
  private isReverse = false;
  /** So many steps are recorded at once. */
  private block = 1;
  private isMeasured = false;

  /**
   * @param to the step to stop before; infinite for a loop of unknown length
   * @param recorded steps behind it that are recorded by themselves
   * @param again the reverse sweep may run more than once
   * @param log of the effects of the steps
   */
  constructor(
    private readonly from: number,
    private readonly to: number,
    private readonly recorded: number,
    limit: number | undefined,
    private readonly bytes: number | undefined,
    private readonly again: boolean,
    private readonly log: Log | undefined,
  ) {
    this.done = from;
    if (limit !== undefined && !(limit >= 1))
      throw new RangeError(`adjoint: \`snapshots\` is ${limit}, but at least one snapshot is needed`);
    this.limit = limit === undefined ? undefined : Math.floor(limit);
  }

  /** Where to stop on the way from a step to another: keeps the state there if it is to be kept. */
  next(at: number, to: number, values: readonly unknown[], roots: readonly unknown[]): number {
    if (!(at < to)) return at;
    if (this.kept.at(-1)?.at !== at) this.keep(at, values, roots);
    return this.isReverse || Number.isFinite(to) ? this.planned(at, to) : this.unplanned(at);
  }
  private planned(at: number, to: number): number {
    const last = this.isReverse ? to : to - 1 + this.recorded;
    const blocks = Math.ceil((last + 1 - at) / this.block);
    const stop = at + this.block * nextDistance(blocks, this.most(at) - this.kept.length + 1);
    return Math.min(stop, to);
  }
  /** Whether all steps from one to another are recorded at once. */
  isNear(at: number, to: number): boolean {
    return to - at < this.block;
  }
  /** Steps were recorded, and take so many bytes on the tape: without a number of snapshots, several small ones are recorded at once. */
  measure(bytes: number, steps: number): void {
    stats.taped += steps;
    if (this.limit !== undefined || this.isMeasured) return;
    this.isMeasured = true;
    this.block = Math.min(MOST_STEPS, Math.max(1, Math.floor((BLOCK * steps) / Math.max(bytes, 8))));
  }
  /** The next multiple of the stride. */
  private unplanned(at: number): number {
    const steps = at - this.from;
    if (this.kept.length >= this.most(at)) {
      // every other snapshot, but not the one that was taken just now
      this.stride *= 2;
      this.kept = this.kept.filter((s) => (s.at - this.from) % this.stride === 0);
    }
    return this.from + (Math.floor(steps / this.stride) + 1) * this.stride;
  }
  /** How many snapshots there may be. */
  private most(at: number): number {
    if (this.limit !== undefined) return this.limit;
    if (this.bytes !== undefined) {
      const each = this.kept.at(-1)?.bytes ?? 0;
      return Math.max(1, Math.floor(this.bytes / Math.max(each, 8)));
    }
    return Number.isFinite(this.to)
      ? defaultCount(this.to + this.recorded - this.from)
      : defaultCount(Math.max(at, this.done) - this.from);
  }
  private keep(at: number, values: readonly unknown[], roots: readonly unknown[]): void {
    const memory = roots.length === 0 ? [] : capture(...roots);
    const bytes = sizeOf(memory) + 8 * values.length;
    this.kept.push({ at, values, memory, bytes, logged: this.log?.position ?? 0 });
    stats.snapshots = Math.max(stats.snapshots, this.kept.length);
    stats.bytes = Math.max(
      stats.bytes,
      this.kept.reduce((sum, k) => sum + k.bytes, 0),
    );
  }

  /** The loop has come to an end before this step. */
  end(at: number): void {
    stats.advanced += at - this.from;
    this.done = at;
  }
  get last(): number {
    return this.done - 1;
  }
  /** Whether any step runs again. */
  get hasSteps(): boolean {
    return this.kept.length > 0;
  }

  /** The reverse sweep begins: what the objects hold now is put back at its end. */
  begin(): void {
    this.isReverse = true;
    if (this.again) {
      this.first ??= [...this.kept];
      this.kept = [...this.first];
    }
    // with the contents of the first state that has them
    const objects = new Map([...this.kept].reverse().flatMap((k) => k.memory));
    this.before = objects.size === 0 ? [] : exchange([...objects]);
  }
  /** The objects get the contents of the last state before a step; gives where that is. */
  rewind(at: number): number {
    while ((this.kept.at(-1)?.at ?? at) > at) this.kept.pop();
    const snapshot = this.kept.at(-1);
    if (snapshot === undefined) throw new Error(`AD6002: there is no state before step ${at}`);
    reinstate(snapshot.memory);
    this.log?.replay(snapshot.logged);
    stats.advanced += at - snapshot.at;
    return snapshot.at;
  }
  value(k: number): unknown {
    return this.kept.at(-1)?.values[k];
  }
  finish(): void {
    this.kept = [];
    reinstate(this.before);
    this.before = [];
  }
}

/** Begins a loop whose states are kept by a plan; `limit`: how many of them, or with `inBytes` how much memory they take. */
export function planSteps(
  from: number,
  to: number,
  limit: number | undefined,
  log: Log | undefined,
  recorded: number,
  inBytes: boolean,
  again: boolean,
): Steps {
  return inBytes
    ? new Steps(from, to, recorded, undefined, limit, again, log)
    : new Steps(from, to, recorded, limit, undefined, again, log);
}
/** `Steps.next`; behind `count` carried values come the objects that the steps change. */
export const nextStop = (plan: Steps, at: number, to: number, count: number, ...state: unknown[]): number =>
  plan.next(at, to, state.slice(0, count), state.slice(count));
export const endSteps = (plan: Steps, at: number): void => plan.end(at);
export const lastStep = (plan: Steps): number => plan.last;
export const beginSteps = (plan: Steps): void => plan.begin();
export const rewind = (plan: Steps, at: number): number => plan.rewind(at);
export const keptValue = (plan: Steps, k: number): any => plan.value(k);
export const isNear = (plan: Steps, at: number, to: number): boolean => plan.isNear(at, to);
/** The tape of steps that were recorded just now. */
export const measureTape = (plan: Steps, tape: Tape, steps: number): void =>
  plan.measure(8 * (tape.top + tape.refTop), steps);
/** Check mode: the loop finds all objects as they were when it began; `all`: their contents then. */
export function checkStart(plan: Steps, all: Saved): void {
  if (plan.hasSteps) checkContents(all);
}
export const finishSteps = (plan: Steps): void => plan.finish();
