/**
 * **Question**: how does the cotangent of the result flow back to the arguments? **Needs**: a function whose references have
 * shadows (`twin`) and whose path is recorded (`instrument`). **Guarantees**: the reverse sweep visits exactly the executed
 * operations backwards. It refers to primal values wherever it needs them, also to values of inner regions: `record` decides
 * afterwards which are stored, which recomputed. **Method**: Griewank, Walther 2008, chapters 3 and 4, on structured SSA.
 */
import type { Activity } from '../4-analyse/activity.js';
import { leavingExits, targets } from '../ir/exits.js';
import {
  type At,
  type LabelId,
  type LoopOp,
  type Module,
  NUMBER,
  type Op,
  type Region,
  type Terminator,
  type ValueId,
} from '../ir/nodes.js';
import type { TapeRecords } from '../ir/tape.js';
import { isLeaf, refType } from '../ir/types.js';
import { endArgs, opArgs, opRegions } from '../ir/visit.js';
import { scalarRule } from '../rules/scalar.js';
import type { CotangentOf } from './assert-finite.js';
import { Builder } from './builder.js';
import type { Checkpoints } from './checkpoints.js';
import { Cotangents } from './cotangents.js';
import { guarded, guardOf } from './guards.js';
import type { PathInfo } from './instrument.js';
import { callLoweredRule, whyOf } from './lowered-rules.js';

export interface ReverseOptions {
  readonly module: Module;
  readonly activity: Activity;
  readonly path: PathInfo;
  /** Shadows that the forward sweep makes. */
  readonly twins: ReadonlyMap<ValueId, ValueId>;
  readonly late: (ref: ValueId) => boolean;
  readonly growable: (ref: ValueId) => boolean;
  readonly lateShadow: (r: Reverse, ref: ValueId, length: ValueId | undefined) => ValueId;
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

type Seeds = readonly (ValueId | undefined)[];

/** Where the reverse sweep of a region stands: the exit that left this run of it, and what each exit's target is seeded with. */
interface Context {
  readonly code: ValueId | undefined;
  readonly seeds: ReadonlyMap<LabelId, Seeds>;
}

export class Reverse {
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
  /** Cotangents that a trip of a loop may leave at zero, by position: kept where a loop around it is built again. */
  private readonly leftZero = new WeakMap<LoopOp, ReadonlySet<number>>();

  constructor(readonly o: ReverseOptions) {
    this.b = new Builder(o.module.values, o.constantOf);
  }

  private type(v: ValueId) {
    return this.o.module.values.type(v);
  }
  active(v: ValueId): boolean {
    return isLeaf(this.type(v)) && this.o.activity.active(v);
  }

  // ------------------------------------------------------------------ cotangents

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

  // ------------------------------------------------------------------ regions

  /** Reverses a whole region that was run to its end or to the exit `cx.code` names. */
  region(r: Region, yields: Seeds, cx: Context): void {
    this.from(r, 0, yields, cx);
  }

  /**
   * Shadows of arrays and records that nothing else refers to: made when their reverse life begins, where it is known that
   * they were made at all.
   */
  private makeLateShadows(ops: readonly Op[]): void {
    for (const op of ops) {
      if (op.kind !== 'alloc' && op.kind !== 'literal') continue;
      const ref = op.results[0];
      if (!this.o.late(ref) || !this.o.activity.activeRef(ref)) continue;
      const length = op.kind === 'alloc' ? op.length : this.b.num(op.args.length);
      this.shadows.set(ref, this.o.lateShadow(this, ref, length));
    }
  }

  /** Reverses the operations from `start` to the end of the region. */
  private from(r: Region, start: number, yields: Seeds, cx: Context): void {
    let stop = start;
    while (stop < r.ops.length && !this.leaves(r.ops[stop])) stop++;
    const ops = r.ops.slice(start, stop);
    this.makeLateShadows(ops);
    this.b.executed.within(ops, () => {
      if (stop === r.ops.length) this.ending(r.end, yields, cx);
      else this.split(r, stop, yields, cx);
      for (const op of ops.reverse()) this.op(op, cx);
    });
  }

  private leaves(op: Op): boolean {
    return !this.isHeader(op) && leavingExits(op).length > 0;
  }
  private isHeader(op: Op): boolean {
    return op.kind === 'if' && op.then.end.kind === 'exit' && this.o.path.headers.has(op.then.end.site);
  }

  private ending(end: Terminator, yields: Seeds, cx: Context): void {
    if (end.kind === 'throw') return;
    const seeds = end.kind === 'yield' ? yields : cx.seeds.get(end.target);
    if (!seeds) return;
    end.args.forEach((a, k) => {
      this.add(a, seeds[k]);
    });
  }

  /** The operation at `k` may have left the region: what follows it was run only if it did not. */
  private split(r: Region, k: number, yields: Seeds, cx: Context): void {
    const op = r.ops[k];
    const rest = () => this.from(r, k + 1, yields, cx);
    const restOps = r.ops.slice(k + 1);
    if (
      op.kind === 'if' &&
      op.then.end.kind !== 'yield' &&
      leavingExits({ ...op, then: EMPTY }).length === 0
    ) {
      // an exit-if: its arm always leaves
      const sites = leavingExits(op).map((e) => e.site);
      const left = this.wasLeft(sites, cx, op.cond);
      const stayed = () => {
        rest();
        this.region(op.else, this.seedsOf(op.results), cx);
      };
      this.choose(left, () => this.region(op.then, [], cx), stayed, [op, ...restOps]);
      return;
    }
    const left = this.wasLeft(
      leavingExits(op).map((e) => e.site),
      cx,
      undefined,
    );
    this.choose(left, () => {}, rest, restOps);
    this.op(op, cx);
  }

  /** Whether this run of the region was left at one of the sites. */
  private wasLeft(sites: readonly number[], cx: Context, cond: ValueId | undefined): ValueId {
    if (cx.code === undefined) {
      if (cond === undefined) throw new Error('an exit without a record of it');
      return cond;
    }
    return this.oneOf(cx.code, sites);
  }
  private oneOf(code: ValueId, sites: readonly number[]): ValueId {
    const unique = [...new Set(sites)];
    const tests = unique.map((s) => this.b.scalar('eq', code, this.b.num(s)));
    return tests.reduce((a, t) => this.b.scalar('or', a, t));
  }

  /** An `if` of the reverse sweep; cotangents that its arms change become its results. */
  private choose(cond: ValueId, a: () => void, b: () => void, over: readonly Op[]): void {
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
  private defines(op: Op): Set<ValueId> {
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

  // ------------------------------------------------------------------ operations

  private op(op: Op, cx: Context): void {
    this.b.span = op.span;
    switch (op.kind) {
      case 'scalar':
        return this.scalar(op.fn, op.args, op.results[0]);
      case 'load':
        return this.load(op.ref, op.at, op.results[0]);
      case 'store':
        return this.store(op.ref, op.at, op.value);
      case 'alloc':
        if (op.fill !== undefined && this.active(op.fill) && this.o.activity.activeSlot(op.results[0], '[]'))
          this.sumInto(op.results[0], op.fill);
        return;
      case 'literal':
        op.args.forEach((a, k) => {
          const key = op.type.kind === 'array' ? undefined : op.type.fields[k].key;
          if (this.active(a) && this.o.activity.activeSlot(op.results[0], key ?? '[]'))
            this.unstore(op.results[0], key === undefined ? { index: this.b.num(k) } : { key }, a);
        });
        return;
      case 'if':
        return this.if(op, cx);
      case 'block':
        return this.block(op, cx);
      case 'loop':
        return this.loop(op, cx);
      case 'call':
        return this.call(op);
      case 'accum':
        return this.accum(op);
      case 'save':
        return this.save(op);
      case 'restore':
        return this.restore(op);
      case 'runtime':
        if (op.name === 'sum') return this.sum(op);
        if (op.name === 'ruleValues') return this.rule(op);
        if (op.name === 'trace' && this.o.checks !== undefined)
          this.b.emit({ ...op, name: 'checkTrace', args: [this.o.checks], weak: true });
        return;
      default:
        return;
    }
  }

  private scalar(fn: string, args: readonly ValueId[], y: ValueId): void {
    const rule = scalarRule(fn);
    const yBar = this.cots.get(y);
    if (yBar === undefined || typeof rule.derivative !== 'function') return;
    this.b.guard =
      rule.strongZero === 'always' || (rule.strongZero === 'conditional' && this.b.maybeZero.has(yBar));
    const form = rule.derivative;
    // both factors of a square get the same: twice the seed is what several squares of a sum have in common
    const isSquare = fn === 'mul' && args[0] === args[1];
    if (isSquare) this.add(args[0], form({ b: this.b, x: args, y }, 0, this.b.sum(yBar, yBar)));
    args.forEach((x, k) => {
      if (isSquare || !this.active(x)) return;
      const part = form({ b: this.b, x: args, y }, k, yBar);
      // where the product is zero by its guard, so is what its factor gets
      if (k === 1 && GUARDED.has(fn)) this.b.maybeZero.add(part);
      this.add(x, part);
    });
  }

  private load(ref: ValueId, at: At, v: ValueId): void {
    const c = this.cots.get(v);
    const shadow = this.shadow(ref);
    if (c === undefined || shadow === undefined) return;
    if (this.o.activity.activeSlot(ref, 'key' in at ? at.key : '[]'))
      this.b.accum(shadow, at, c, this.type(v).kind === 'maybe');
  }

  private store(ref: ValueId, at: At, value: ValueId): void {
    if (!isLeaf(this.type(value)) || !this.o.activity.activeSlot(ref, 'key' in at ? at.key : '[]')) return;
    const shadow = this.shadow(ref);
    if (shadow === undefined) return;
    const taken = this.active(value) ? this.read(ref, shadow, at) : undefined;
    this.b.store(shadow, at, this.b.num(0));
    if (taken !== undefined) this.add(value, taken);
  }
  /** The cotangent in a slot; zero where the slot does not exist. */
  private read(ref: ValueId, shadow: ValueId, at: At): ValueId {
    const raw = this.b.loadTwin(shadow, at);
    this.b.maybeZero.add(raw);
    const t = refType(this.type(ref));
    const sparse = t?.kind === 'array' && t.elem.kind === 'maybe';
    if ('key' in at || (!sparse && this.o.inRange(ref, at.index))) return raw;
    return this.b.scalar('orZero', raw);
  }
  /** The value that filled a slot of a fresh object gets what is left there. */
  private unstore(ref: ValueId, at: At, value: ValueId): void {
    const shadow = this.shadow(ref);
    if (shadow === undefined) return;
    const c = this.b.loadTwin(shadow, at);
    this.b.maybeZero.add(c);
    this.add(value, c);
  }
  private sumInto(ref: ValueId, fill: ValueId): void {
    const shadow = this.shadow(ref);
    if (shadow === undefined) return;
    const c = this.b.runtime('sum', [shadow], [], 'pure', NUMBER);
    this.b.maybeZero.add(c);
    this.add(fill, c);
  }

  /** `shadow[at] += value` of a derivative inside: what is in the slot's own shadow stays there. */
  private accum(op: Op & { kind: 'accum' }): void {
    const shadow = this.shadow(op.ref);
    if (shadow === undefined || !this.active(op.value)) return;
    if (!this.o.activity.activeSlot(op.ref, 'key' in op.at ? op.at.key : '[]')) return;
    const there = this.read(op.ref, shadow, op.at);
    this.add(op.value, op.guarded === true ? this.b.scalar('orZero', there) : there);
  }
  /** The sum of the leaves of a shadow. */
  private sum(op: Op & { kind: 'runtime' }): void {
    const c = this.cots.get(op.results[0]);
    const shadow = this.shadow(op.args[0]);
    if (c === undefined || shadow === undefined) return;
    this.b.forEach(this.b.length(op.args[0]), (index) => this.b.accum(shadow, { index }, c, false));
  }

  /** A function with a rule of the user's: its pullback takes the cotangents of its value to those of its arguments. */
  private rule(op: Op & { kind: 'runtime' }): void {
    const [call, given] = op.args;
    const [values] = op.results;
    const shadows = [this.shadow(given), this.shadow(values)];
    if (shadows.some((s) => s === undefined) || !this.o.activity.activeSlot(values, '[]')) return;
    const [ofArguments, ofValue] = shadows as ValueId[];
    const pulled = this.o.nested
      ? callLoweredRule(this.b, op, 'pull', { of: ofValue, count: this.b.length(given) })
      : undefined;
    if (pulled === undefined)
      this.b.runtime('pullRule', [call, ofArguments, ofValue], [], 'effect', undefined, whyOf(op));
    else
      this.b.forEach(this.b.length(pulled), (index) =>
        this.b.accum(ofArguments, { index }, this.b.load(pulled, { index }), false),
      );
  }

  /**
   * A tape of a derivative inside. The sweep over its own reverse sweep meets the records in the order in which they were
   * pushed, and pushes the cotangents of what they hold; the sweep over its forward sweep pops them.
   */
  private restore(op: Op & { kind: 'restore' }): void {
    const slots = this.activeSlotsOf(op.pair);
    const args = slots.map((k) => this.orZero(op.results[k]));
    if (slots.length > 0)
      this.b.emit({ kind: 'save', tape: op.tape, pair: cotangentPair(op.pair), args, results: [] });
  }
  private save(op: Op & { kind: 'save' }): void {
    const slots = this.activeSlotsOf(op.pair);
    if (slots.length === 0) return;
    const results = slots.map((k) => this.b.cotangentOf(op.args[k]));
    this.b.emit({ kind: 'restore', tape: op.tape, pair: cotangentPair(op.pair), results });
    slots.forEach((k, i) => {
      this.b.maybeZero.add(results[i]);
      this.add(op.args[k], results[i]);
    });
  }
  /** Slots of a record that hold active numbers when they come back. */
  private activeSlotsOf(pair: string): number[] {
    const restores = this.o.records.restores(pair);
    const [first] = restores;
    return (first?.results ?? []).flatMap((_, k) =>
      restores.some((r) => this.active(r.results[k])) ? [k] : [],
    );
  }

  private seedsOf(results: readonly ValueId[]): Seeds {
    return results.map((r) => this.cots.get(r));
  }

  private if(op: Op & { kind: 'if' }, cx: Context): void {
    const seeds = this.seedsOf(op.results);
    if (this.isHeader(op)) return;
    this.choose(
      op.cond,
      () => this.region(op.then, seeds, cx),
      () => this.region(op.else, seeds, cx),
      [op],
    );
  }

  private block(op: Op & { kind: 'block' }, cx: Context): void {
    const seeds = this.seedsOf(op.results);
    const code = this.codeOf(op, cx);
    this.region(op.body, seeds, { code, seeds: new Map([...cx.seeds, [op.label, seeds]]) });
  }

  /** Through which exit this run of a construct was left: its own record, or that of the construct around it. */
  private codeOf(op: Op & { kind: 'block' | 'loop' }, cx: Context): ValueId | undefined {
    const own = this.o.path.ex.get(op.label);
    const through = leavingExits(op).map((e) => e.site);
    if (op.kind === 'block' && through.length === 0 && directExitsOnly(op.body, op.label)) return undefined;
    if (through.length === 0 || cx.code === undefined) return own;
    const crossed = this.oneOf(cx.code, through);
    return this.b.scalar('select', crossed, cx.code, own ?? this.b.num(0));
  }

  private call(op: Op & { kind: 'call' }): void {
    const again = this.o.checkpoints?.rerunOf(op);
    const pair = this.o.reverseOf(again ? again.forward : op.callee);
    const seeds = this.seedsOf(op.results);
    if (!pair) return;
    const given = again ? again.args : op.args;
    const args = [
      ...pair.seeds.map((k) => seeds[k] ?? this.b.num(0)),
      ...pair.onto.map((k) => this.takeOrZero(given[k])),
    ];
    if (again) {
      const results = again.reverse(this.b, pair, args);
      pair.gives.forEach((k, i) => {
        this.b.maybeZero.add(results[i]);
        this.add(given[k], results[i]);
      });
      return;
    }
    if (this.o.checks !== undefined) args.push(this.o.checks);
    const results = pair.gives.map((k) => this.b.cotangentOf(op.args[k] ?? op.args[0]));
    const span = op.span ? { span: op.span } : {};
    this.b.emit({
      kind: 'call',
      callee: pair.key,
      args,
      mirrored: { args: op.args, results: op.results },
      results,
      ...span,
    });
    pair.gives.forEach((k, i) => {
      this.b.maybeZero.add(results[i]);
      if (op.args[k] !== undefined) this.add(op.args[k], results[i]);
    });
  }

  private takeOrZero(v: ValueId): ValueId {
    const c = this.orZero(v);
    this.cots.set(v, undefined);
    return c;
  }

  // ------------------------------------------------------------------ loops

  private loop(op: LoopOp, cx: Context): void {
    const { b } = this;
    const n = op.inits.length;
    const params = op.body.params;
    const seeds = this.seedsOf(op.results);
    const carried = op.inits.flatMap((_, k) =>
      this.active(params[k + 1]) || this.active(op.results[k]) ? [k] : [],
    );
    const captured = [...this.readInside(op)].filter((v) => this.active(v));
    const { last, code } = this.lastTrip(op, cx);
    const initOf = (v: ValueId | undefined): ValueId => {
      if (v !== undefined) return v;
      const zero = b.num(0);
      b.maybeZero.add(zero);
      return zero;
    };
    const inits = [...carried.map((k) => initOf(seeds[k])), ...captured.map((v) => initOf(this.cots.get(v)))];
    const iv = this.o.module.values.like(params[0]);
    this.ivs.set(params[0], iv);
    const cotParams = [
      ...carried.map((k) => this.b.cotangentOf(params[k + 1])),
      ...captured.map((v) => this.b.cotangentOf(v)),
    ];
    const known = this.leftZero.get(op);
    cotParams.forEach((p, k) => {
      if (b.maybeZero.has(inits[k]) || known?.has(k)) b.maybeZero.add(p);
    });
    const codeParam =
      code === undefined ? undefined : this.o.module.values.fresh({ type: NUMBER, name: 'exit' });

    const tripSeeds: (ValueId | undefined)[] = op.results.map(() => undefined);
    carried.forEach((k, i) => {
      tripSeeds[k] = cotParams[i];
    });
    const inner: Context = { code: codeParam, seeds: new Map([...cx.seeds, [op.label, tripSeeds]]) };
    const outer = this.cots;
    const trip = (): Region => {
      b.span = op.span;
      this.cots = outer.child();
      captured.forEach((v, k) => {
        this.cots.set(v, cotParams[carried.length + k]);
      });
      const region = b.region([iv, ...cotParams, ...(codeParam === undefined ? [] : [codeParam])], () => {
        this.region(op.body, tripSeeds.slice(0, n), inner);
        const args = [
          ...carried.map((k) => this.orZero(params[k + 1])),
          ...captured.map((v) => this.orZero(v)),
        ];
        return { kind: 'yield', args: codeParam === undefined ? args : [...args, b.num(0)] };
      });
      this.cots = outer;
      return region;
    };
    let body = trip();
    // what one trip leaves at zero, the trip that is reversed next begins with: built again with that in mind
    while (this.zeroNextTrip(op, cotParams, body)) body = trip();

    const results = [
      ...carried.map((k) => this.b.cotangentOf(op.inits[k])),
      ...captured.map((v) => this.b.cotangentOf(v)),
    ];
    const label = this.o.module.values.freshLabel();
    const codeResult = code === undefined ? [] : [this.o.module.values.fresh({ type: NUMBER })];
    this.mirror.set(op.label, label);
    b.span = op.span;
    const given = code === undefined ? inits : [...inits, code];
    const reversed: LoopOp = {
      kind: 'loop',
      label,
      lo: last,
      hi: op.lo,
      step: -op.step,
      inclusive: true,
      inits: given,
      body,
      extras: [],
      results: [...results, ...codeResult],
      ...(op.span ? { span: op.span } : {}),
    };
    const guard = this.o.guards ? guardOf(op, inits.slice(0, carried.length), b) : undefined;
    if (guard === undefined) b.emit(reversed);
    else {
      this.guarded.add(label);
      guarded(guard, reversed, given, b);
    }
    results.forEach((r, k) => {
      if (b.maybeZero.has(cotParams[k])) b.maybeZero.add(r);
    });
    captured.forEach((v, k) => {
      this.cots.set(v, results[carried.length + k]);
    });
    carried.forEach((k, i) => {
      this.add(op.inits[k], results[i]);
    });
  }

  /** Marks the cotangents that a trip may leave at zero; whether there were more of them than known before. */
  private zeroNextTrip(op: LoopOp, cotParams: readonly ValueId[], trip: Region): boolean {
    const { maybeZero } = this.b;
    const args = endArgs(trip.end);
    const found = cotParams.flatMap((p, k) => (!maybeZero.has(p) && maybeZero.has(args[k]) ? [k] : []));
    for (const k of found) maybeZero.add(cotParams[k]);
    this.leftZero.set(op, new Set([...(this.leftZero.get(op) ?? []), ...found]));
    return found.length > 0;
  }

  /** Numbers from outside that a loop reads. */
  private readInside(op: LoopOp): Set<ValueId> {
    const inside = this.defines(op);
    const read = new Set<ValueId>();
    const visit = (r: Region): void => {
      for (const v of endArgs(r.end)) if (!inside.has(v)) read.add(v);
      for (const o of r.ops) {
        for (const v of opArgs(o)) if (!inside.has(v)) read.add(v);
        for (const x of opRegions(o)) visit(x);
      }
    };
    visit(op.body);
    return read;
  }

  /** The induction variable of the last trip to reverse, and the exit that left it (nothing if none can). */
  private lastTrip(op: LoopOp, cx: Context): { last: ValueId; code: ValueId | undefined } {
    const { b } = this;
    const code = this.codeOf(op, cx);
    // a counted loop that a break leaves did not come to its bound
    const own = targets(op.body, op.label) || !this.hasFiniteBound(op);
    let last = own ? this.o.path.end.get(op.label)! : this.lastByBound(op);
    const through = leavingExits(op);
    if (through.length > 0 && cx.code !== undefined) {
      const at = this.o.path.crossed.get(op.label);
      for (const target of new Set(through.map((e) => e.target))) {
        const there = at?.get(target);
        if (there === undefined) continue;
        const sites = through.filter((e) => e.target === target).map((e) => e.site);
        last = b.scalar('select', this.oneOf(cx.code, sites), there, last);
      }
    }
    return { last, code };
  }
  private hasFiniteBound(op: LoopOp): boolean {
    return this.o.constantOf(op.hi) !== Number.POSITIVE_INFINITY;
  }
  /** The last value of the induction variable below the bound: no trip needs to be counted. */
  private lastByBound(op: LoopOp): ValueId {
    const { b } = this;
    const s = Math.abs(op.step);
    const integral = this.o.integer(op.hi);
    if (s === 1) {
      if (op.inclusive) return integral ? op.hi : b.scalar(op.step > 0 ? 'floor' : 'ceil', op.hi);
      const edge = integral ? op.hi : b.scalar(op.step > 0 ? 'ceil' : 'floor', op.hi);
      return b.scalar(op.step > 0 ? 'sub' : 'add', edge, b.num(1));
    }
    const distance = b.scalar(
      'div',
      op.step > 0 ? b.scalar('sub', op.hi, op.lo) : b.scalar('sub', op.lo, op.hi),
      b.num(s),
    );
    const trips = op.inclusive
      ? b.scalar('floor', distance)
      : b.scalar('sub', b.scalar('ceil', distance), b.num(1));
    return b.scalar('add', op.lo, b.scalar('mul', trips, b.num(op.step)));
  }
}

/** Products of an adjoint that is differentiated again. */
const GUARDED = new Set(['strong', 'strongdiv']);
const EMPTY: Region = { params: [], ops: [], end: { kind: 'yield', args: [] } };

/** Whether every exit to `label` is the arm of an exit-if at the top of the body: its condition then tells the path. */
function directExitsOnly(body: Region, label: LabelId): boolean {
  return body.ops.every((op) => {
    const exits = leavingExits(op).filter((e) => e.target === label);
    if (exits.length === 0) return true;
    return op.kind === 'if' && op.then.end.kind === 'exit' && exits.length === 1 && exits[0] === op.then.end;
  });
}

const cotangentPair = (pair: string): string => `${pair}~`;
