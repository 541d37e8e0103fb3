/**
 * Checkpointing of a loop: which of its states are kept, and from which of them each step is reached again. Binomial schedule of
 * Griewank and Walther (Revolve, 2000) where the number of steps is known; a loop of unknown length gives up, for each state that
 * it keeps, the one that is needed least. Both end with the binomial schedule between the states that are left.
 */

import type { Log } from './internal-log.js';
import {
  captureFrom,
  checkContents,
  contentsOf,
  poison,
  reinstate,
  type Saved,
  sizeOf,
} from './internal-memory.js';
import { distanceAfter, leastNeeded, nextDistance } from './internal-schedule.js';
import { MemoryStore, type NumberArray, noteStore, type SnapshotStore } from './internal-store.js';
import type { Tape } from './internal-tape.js';

/** A state of a loop: the values that it carries, and the contents of the objects that its steps change. */
interface Snapshot {
  /** The step before which it was taken. */
  at: number;
  /** What is carried, then the objects from which all others are reached. */
  readonly state: readonly unknown[];
  /** What is carried, where that is numbers only and no object changes. */
  readonly numbers: Float64Array | undefined;
  readonly memory: Saved;
  /** Typed arrays, whose contents the store has. */
  readonly arrays: readonly NumberArray[];
  readonly ticket: unknown;
  readonly bytes: number;
  /** How far the log of effects had come. */
  logged: number;
}
const NOTHING: readonly never[] = [];

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

const NONE: CheckpointStats = { taped: 0, advanced: 0, snapshots: 0, bytes: 0 };
const stats: { -readonly [K in keyof CheckpointStats]: CheckpointStats[K] } = { ...NONE };

/** What checkpointing did since the last call of this function: in all loops and calls that were differentiated. */
export function checkpointStats(): CheckpointStats {
  const now = { ...stats };
  Object.assign(stats, NONE);
  return now;
}
/** Counts a call that is recorded. */
export function countTaped(): void {
  stats.taped++;
}

/** Small steps are recorded together: about so many bytes of tape, and so many steps. */
const BLOCK = 2 ** 17;
const MOST_STEPS = 256;
const blockFor = (bytesOfStep: number): number =>
  Math.min(MOST_STEPS, Math.max(1, Math.floor(BLOCK / Math.max(bytesOfStep, 1))));

/** Snapshots of a loop, if their number is not given, are at least so many. */
const FEW = 8;
const defaultCount = (steps: number): number => Math.max(FEW, Math.ceil(Math.log2(steps + 1)));
/** A loop of unknown length chooses among its snapshots each time: more of them cost more than they save. */
const MANY = 256;
/** The bytes of a snapshot beside contents. */
const OVERHEAD = 128;
const EACH_VALUE = 24;

/** How many snapshots there may be. */
export interface Limits {
  readonly snapshots?: number | undefined;
  readonly bytes?: number | undefined;
}

/** Throws if there may be no snapshot at all. */
export function checkLimits({ snapshots, bytes }: Limits): void {
  if (snapshots !== undefined && !(snapshots >= 1))
    throw new RangeError(`adjoint: \`snapshots\` is ${snapshots}, but at least one snapshot is needed`);
  if (bytes !== undefined && !(bytes > 0))
    throw new RangeError(`adjoint: \`memory\` is ${bytes}, which is no number of bytes`);
}

/** The snapshots of one run of a loop. */
export class Steps {
  /** By their steps, the last one last. */
  private kept: Snapshot[] = [];
  /** The last one of them. */
  private current: Snapshot | undefined;
  /** Snapshots of numbers that were given up, to be used again. */
  private readonly spare: Snapshot[] = [];
  private held = 0;
  private first: readonly Snapshot[] = NOTHING;
  /** Steps that were run, the last one excluded if it is recorded by itself. */
  private done: number;
  private readonly limit: number | undefined;
  private before: Saved = NOTHING;
  private isReverse = false;
  /** So many steps are recorded at once. */
  private block = 1;
  private isMeasured = false;

  /**
   * @param to the step to stop before; infinite for a loop of unknown length
   * @param recorded steps behind it that are recorded by themselves
   * @param isAgain the reverse sweep may run more than once
   * @param log of the effects of the steps
   */
  constructor(
    private readonly from: number,
    private readonly to: number,
    private readonly recorded: number,
    private readonly limits: Limits,
    private readonly isAgain: boolean,
    private readonly log: Log | undefined,
    private store: SnapshotStore = new MemoryStore(),
  ) {
    checkLimits(limits);
    this.done = from;
    this.limit = limits.snapshots === undefined ? undefined : Math.floor(limits.snapshots);
  }

  /** Check mode: the objects that were in any snapshot, and all that could be reached, as it was at first. */
  private touched: Set<object> | undefined;
  private all: Saved = NOTHING;

  /** Check mode: from now on each run is looked at. */
  watch(): void {
    this.touched = new Set();
  }
  /** Check mode: all is as it was when the loop began. */
  check(all: Saved): void {
    if (!this.hasSteps) return;
    checkContents(all);
    this.all = all;
  }
  /** Check mode: what is in the snapshot becomes NaN before it is put back; what is in none has not changed. */
  private poison({ memory, arrays }: Snapshot, touched: ReadonlySet<object>): void {
    checkContents(this.all.filter(([x]) => !touched.has(x)));
    for (const [x] of memory) poison(x);
    for (const x of arrays) poison(x);
  }

  /** Typed arrays are kept there, before the first snapshot. */
  keepIn(store: SnapshotStore): void {
    this.store = store;
  }
  /** Whether the state before a step, on the way to another, is to be kept and is not yet. */
  isKeptAt(at: number, to: number): boolean {
    if (!(at < to) || this.current?.at === at) return false;
    if (!Number.isFinite(to)) this.makeRoom(at);
    return true;
  }
  /** Where to stop on the way from a step to another. */
  next(at: number, to: number): number {
    if (!(at < to)) return at;
    return Number.isFinite(to) ? this.planned(at, to) : this.unplanned(at);
  }
  private planned(at: number, to: number): number {
    const last = to - 1 + this.recorded;
    const free = this.most(at) - this.kept.length + 1;
    const block = this.likelyBlock();
    // the rest of the first sweep, without another snapshot
    if (free <= 1) return to;
    if (block === 1) return Math.min(at + nextDistance(last + 1 - at, free), to);
    const blocks = Math.ceil((last + 1 - at) / block);
    // at least a block: no step is left but those that are recorded together
    return Math.min(at + block * Math.max(1, nextDistance(blocks, free)), to);
  }
  /** How many steps will be recorded at once, if a step leaves about as much on the tape as its state takes. */
  private likelyBlock(): number {
    if (this.limit !== undefined) return 1;
    return blockFor(this.current?.bytes ?? OVERHEAD);
  }
  /** Whether the state before the step that `again` was asked for is to be kept. */
  keepsHere = false;
  /**
   * Where to stop on the way back to a step: as `isKeptAt` and `next`, in one call, since small steps take no longer than a few of them.
   * Where all that is left is recorded at once it is `at` itself.
   */
  again(at: number, to: number): number {
    const left = to - at;
    const { block } = this;
    if (left < block) return at;
    this.keepsHere = this.current!.at !== at;
    const free = this.most(at) - this.kept.length + (this.keepsHere ? 0 : 1);
    if (block > 1)
      return Math.min(at + block * Math.max(1, nextDistance(Math.ceil((left + 1) / block), free)), to);
    return at + (free >= left ? 1 : nextDistance(left + 1, free));
  }
  /** Steps were recorded, and take so many bytes on the tape: without a number of snapshots, several small ones are recorded at once. */
  measure(bytes: number, steps: number): void {
    stats.taped += steps;
    if (this.limit !== undefined || this.isMeasured) return;
    this.isMeasured = true;
    this.block = blockFor(bytes / steps);
  }
  private unplanned(at: number): number {
    const most = this.most(at);
    return most === 1 ? Number.POSITIVE_INFINITY : at + distanceAfter(at - this.from, most);
  }
  private makeRoom(at: number): void {
    const most = this.most(at);
    while (this.kept.length > 1 && this.kept.length >= most) {
      const [given] = this.kept.splice(leastNeeded(this.kept, at, most), 1);
      this.current = this.kept[this.kept.length - 1];
      this.drop(given);
    }
  }
  /** How many snapshots there may be. */
  private most(at: number): number {
    if (this.limit !== undefined) return this.limit;
    const isKnown = Number.isFinite(this.to);
    if (this.limits.bytes !== undefined) {
      const each = this.current?.bytes ?? OVERHEAD;
      const most = Math.max(1, Math.floor(this.limits.bytes / each));
      return isKnown ? most : Math.min(most, MANY);
    }
    return isKnown
      ? defaultCount(this.to + this.recorded - this.from)
      : defaultCount(Math.max(at, this.done) - this.from);
  }
  /** Keeps a state: `count` carried values, then the objects that the steps change. */
  keep(at: number, count: number, state: readonly unknown[]): void {
    let bytes = OVERHEAD + EACH_VALUE * state.length;
    let memory: Saved = NOTHING;
    let arrays: NumberArray[] = NOTHING as unknown as NumberArray[];
    let ticket: unknown;
    if (state.length > count) {
      arrays = [];
      memory = captureFrom(state.slice(count), arrays);
      if (arrays.length > 0) ticket = this.store.save(arrays);
      bytes += sizeOf(memory);
      for (const x of arrays) bytes += x.byteLength;
      if (this.touched) for (const x of [...memory.map(([y]) => y), ...arrays]) this.touched.add(x);
    }
    this.push({ at, state, numbers: undefined, memory, arrays, ticket, bytes, logged: this.logged });
  }
  /** Keeps a state of numbers, which the caller writes into what this returns. */
  keepNumbers(at: number, count: number): Float64Array {
    let snapshot = this.spare.pop();
    if (snapshot === undefined) {
      const numbers = new Float64Array(count);
      const bytes = OVERHEAD + EACH_VALUE * count;
      snapshot = {
        at,
        state: NOTHING,
        numbers,
        memory: NOTHING,
        arrays: NOTHING,
        ticket: undefined,
        bytes,
        logged: 0,
      };
    }
    snapshot.at = at;
    snapshot.logged = this.logged;
    this.push(snapshot);
    return snapshot.numbers!;
  }
  private get logged(): number {
    return this.log === undefined ? 0 : this.log.position;
  }
  private push(snapshot: Snapshot): void {
    const count = this.kept.push(snapshot);
    this.current = snapshot;
    this.held += snapshot.bytes;
    if (count > stats.snapshots) stats.snapshots = count;
    if (this.held > stats.bytes) stats.bytes = this.held;
  }
  /** A snapshot that is not among the kept ones any more. */
  private drop(snapshot: Snapshot): void {
    this.held -= snapshot.bytes;
    // what a later pullback begins with is neither used again nor given up
    if (snapshot.numbers !== undefined && !this.isAgain) this.spare.push(snapshot);
    else if (snapshot.arrays.length > 0 && !this.first.includes(snapshot)) this.store.drop(snapshot.ticket);
  }
  private putBack({ memory, arrays, ticket }: Snapshot): void {
    if (memory.length > 0) reinstate(memory);
    if (arrays.length > 0) this.store.load(ticket, arrays);
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
    if (this.isAgain) {
      if (!this.isReverse) this.first = [...this.kept];
      this.kept = [...this.first];
      this.current = this.kept[this.kept.length - 1];
      this.held = this.kept.reduce((sum, s) => sum + s.bytes, 0);
      // the same steps together in each reverse sweep: the same sums
      this.block = 1;
      this.isMeasured = false;
    }
    this.isReverse = true;
    // each object gets the contents of the first state that has it
    const seen = new Set<object>();
    const news = this.kept.filter((s) => {
      const size = seen.size;
      for (const [x] of s.memory) seen.add(x);
      for (const x of s.arrays) seen.add(x);
      return seen.size > size;
    });
    this.before = [...seen].map((x) => [x, contentsOf(x)] as const);
    for (const s of news.reverse()) this.putBack(s);
  }
  /** The objects get the contents of the last state before a step; gives where that is. */
  rewind(at: number): number {
    const { kept } = this;
    let snapshot = this.current;
    while (snapshot !== undefined && snapshot.at > at) {
      kept.pop();
      this.drop(snapshot);
      // an index below 0 would make each of these reads slow
      snapshot = this.current = kept.length > 0 ? kept[kept.length - 1] : undefined;
    }
    if (snapshot === undefined) throw new Error(`AD6002: there is no state before step ${at}`);
    if (this.touched) this.poison(snapshot, this.touched);
    if (snapshot.numbers === undefined) this.putBack(snapshot);
    if (this.log !== undefined) this.log.replay(snapshot.logged);
    stats.advanced += at - snapshot.at;
    return snapshot.at;
  }
  value(k: number): unknown {
    return this.current?.state[k];
  }
  get numbers(): Float64Array {
    return this.current!.numbers!;
  }
  finish(): void {
    for (const snapshot of this.kept) this.drop(snapshot);
    this.kept = [];
    this.current = undefined;
    reinstate(this.before);
    this.before = NOTHING;
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
  return new Steps(from, to, recorded, inBytes ? { bytes: limit } : { snapshots: limit }, again, log);
}
/** Typed arrays are kept in a store of the user's; without one in memory. */
export function keepIn(plan: Steps, store: SnapshotStore | undefined): void {
  if (store === undefined) return;
  noteStore(store);
  plan.keepIn(store);
}
export const isKeptAt = (plan: Steps, at: number, to: number): boolean => plan.isKeptAt(at, to);
export const keepState = (plan: Steps, at: number, count: number, ...state: unknown[]): void =>
  plan.keep(at, count, state);
export const nextStop = (plan: Steps, at: number, to: number): number => plan.next(at, to);
export const endSteps = (plan: Steps, at: number): void => plan.end(at);
export const lastStep = (plan: Steps): number => plan.last;
export const beginSteps = (plan: Steps): void => plan.begin();
export const rewind = (plan: Steps, at: number): number => plan.rewind(at);
/** Engines know that it is a number, and need no object for it. */
export const keptNumber = (plan: Steps, k: number): number => +(plan.value(k) as number);
export const keptValue = (plan: Steps, k: number): any => plan.value(k);
export const keepNumbers = (plan: Steps, at: number, count: number): Float64Array =>
  plan.keepNumbers(at, count);
export const keptNumbers = (plan: Steps): Float64Array => plan.numbers;
export const nextAgain = (plan: Steps, at: number, to: number): number => plan.again(at, to);
export const keepsHere = (plan: Steps): boolean => plan.keepsHere;
/** The tape of steps that were recorded just now. */
export const measureTape = (plan: Steps, tape: Tape, steps: number): void =>
  plan.measure(8 * (tape.top + tape.refTop), steps);
/** Check mode: the loop finds all objects as they were when it began; `all`: their contents then. */
export const checkStart = (plan: Steps, all: Saved): void => plan.check(all);
export const watchSteps = (plan: Steps): void => plan.watch();
export const finishSteps = (plan: Steps): void => plan.finish();
