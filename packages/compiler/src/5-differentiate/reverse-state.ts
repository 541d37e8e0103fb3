/** The state of a reverse sweep: the cotangents so far, which its own branches join, and the shadows of objects. */
import type { Activity } from '../4-analyse/activity.js';
import type { LabelId, Module, Op, Region, ValueId } from '../ir/nodes.js';
import type { TapeRecords } from '../ir/tape.js';
import { isLeaf } from '../ir/types.js';
import { endArgs, opRegions } from '../ir/visit.js';
import type { CotangentOf } from './assert-finite.js';
import { Builder } from './builder.js';
import type { Checkpoints } from './checkpoints.js';
import { Cotangents } from './cotangents.js';
import type { PathInfo } from './instrument.js';

export interface ReverseOptions {
  readonly module: Module;
  readonly activity: Activity;
  readonly path: PathInfo;
  /** Shadows that the forward sweep makes. */
  readonly twins: ReadonlyMap<ValueId, ValueId>;
  readonly late: (ref: ValueId) => boolean;
  readonly growable: (ref: ValueId) => boolean;
  readonly lateShadow: (r: ReverseState, ref: ValueId, length: ValueId | undefined) => ValueId;
  /** Whether an index is surely a slot of the array. */
  readonly inRange: (ref: ValueId, index: ValueId) => boolean;
  readonly integer: (v: ValueId) => boolean;
  readonly constantOf: (v: ValueId) => number | undefined;
  /** Tapes of derivatives inside. */
  readonly records: TapeRecords;
  /** The reverse half of a called function, if it has one. */
  readonly reverseOf: (callee: string) => ReversePair | undefined;
  /** Calls that are run again here. */
  readonly checkpoints?: Checkpoints | undefined;
  /** Reverse loops to which nothing comes are skipped. */
  readonly guards: boolean;
  /** Check mode: what the evaluation knows of itself, in the reverse sweep of this function. */
  readonly checks: ValueId | undefined;
  /** The result will be differentiated again. */
  readonly nested?: boolean;
}
/** How to call the reverse half of a function. */
export interface ReversePair {
  readonly key: string;
  /** Results whose cotangent is passed, by position. */
  readonly seeds: readonly number[];
  /** Parameters whose cotangent is returned, by position. */
  readonly gives: readonly number[];
  /** Those of them whose cotangent so far is passed behind the seeds, to be added to. */
  readonly onto: readonly number[];
}

export type Seeds = readonly (ValueId | undefined)[];

export class ReverseState {
  readonly b: Builder;
  cots = new Cotangents();
  readonly shadows = new Map<ValueId, ValueId>();
  /** Forward loop -> its reverse loop; forward induction variable -> reverse one. */
  readonly mirror = new Map<LabelId, LabelId>();
  readonly ivs = new Map<ValueId, ValueId>();
  /** Reverse loops that stand under a test whether anything comes to them. */
  readonly guarded = new Set<LabelId>();
  /** What the values of the reverse sweep are cotangents of, for messages. */
  readonly named = new Map<ValueId, CotangentOf>();
  private readonly within = new WeakMap<Op, Set<ValueId>>();

  constructor(readonly o: ReverseOptions) {
    this.b = new Builder(o.module.values, o.constantOf);
  }

  protected type(v: ValueId) {
    return this.o.module.values.type(v);
  }
  active(v: ValueId): boolean {
    return isLeaf(this.type(v)) && this.o.activity.active(v);
  }

  add(v: ValueId, c: ValueId | undefined): void {
    if (c === undefined || !this.active(v)) return;
    const before = this.cots.get(v);
    const after = before === undefined ? c : this.b.sum(before, c);
    const { name } = this.o.module.values.get(v);
    for (const part of [c, after])
      if (!this.named.has(part)) this.named.set(part, { name, span: this.b.span });
    if (name !== undefined) this.o.module.values.setName(after, `${name}Bar`);
    this.cots.set(v, after);
  }
  /** The cotangent of a value, a literal zero if absent. */
  orZero(v: ValueId, from: Cotangents = this.cots): ValueId {
    const c = from.get(v);
    if (c !== undefined) return c;
    const zero = this.b.num(0);
    this.b.maybeZero.add(zero);
    return zero;
  }
  shadow(ref: ValueId): ValueId | undefined {
    return this.o.twins.get(ref) ?? this.shadows.get(ref);
  }
  protected seedsOf(results: readonly ValueId[]): Seeds {
    return results.map((r) => this.cots.get(r));
  }
  protected takeOrZero(v: ValueId): ValueId {
    const c = this.orZero(v);
    this.cots.set(v, undefined);
    return c;
  }

  /** An `if` of the reverse sweep; cotangents that its arms change become its results. */
  protected choose(cond: ValueId, a: () => void, b: () => void, over: readonly Op[]): void {
    const outer = this.cots;
    const build = (arm: () => void): { ops: Op[]; cots: Cotangents } => {
      const cots = outer.child();
      this.cots = cots;
      const region = this.b.region([], () => {
        arm();
        return { kind: 'yield', args: [] };
      });
      this.cots = outer;
      return { ops: [...region.ops], cots };
    };
    const t = build(a);
    const e = build(b);
    const inner = (v: ValueId) => over.some((op) => this.defines(op).has(v));
    const changed = [...new Set([...t.cots.touched(), ...e.cots.touched()])].filter(
      (v) => !inner(v) && !(t.cots.get(v) === outer.get(v) && e.cots.get(v) === outer.get(v)),
    );
    if (t.ops.length === 0 && e.ops.length === 0 && changed.length === 0) return;
    const finish = (arm: { ops: Op[]; cots: Cotangents }): Region => {
      const saved = this.b.ops;
      this.b.ops = arm.ops;
      const args = changed.map((v) => this.orZero(v, arm.cots));
      this.b.ops = saved;
      return { params: [], ops: arm.ops, end: { kind: 'yield', args } };
    };
    const then = finish(t);
    const els = finish(e);
    const results = changed.map((v) => this.b.cotangentOf(v));
    this.b.emit({ kind: 'if', cond, then, else: els, results });
    changed.forEach((v, k) => {
      const ends = [then, els].map((r) => endArgs(r.end)[k]);
      if (ends.some((c) => this.b.maybeZero.has(c))) this.b.maybeZero.add(results[k]);
      if (ends.some((c) => this.b.unchosen.has(c) || this.b.constant(c) === 0))
        this.b.unchosen.add(results[k]);
      this.cots.set(v, results[k]);
    });
  }

  /** All values defined inside an operation, its own results included. */
  protected defines(op: Op): Set<ValueId> {
    const known = this.within.get(op);
    if (known) return known;
    const found = new Set<ValueId>(op.results);
    for (const r of opRegions(op)) {
      for (const p of r.params) found.add(p);
      for (const o of r.ops) for (const v of this.defines(o)) found.add(v);
    }
    this.within.set(op, found);
    return found;
  }
}
