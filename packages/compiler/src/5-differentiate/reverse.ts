/**
 * **Question**: how does the cotangent of the result flow back to the arguments? **Needs**: a function whose references have
 * shadows (`twin`) and whose path is recorded (`instrument`). **Guarantees**: the reverse sweep visits exactly the executed
 * operations backwards. It refers to primal values wherever it needs them, also to values of inner regions: `record` decides
 * afterwards which are stored, which recomputed. **Method**: Griewank, Walther 2008, chapters 3 and 4, on structured SSA.
 */
import { leavingExits, targets } from '../ir/exits.js';
import {
  type LabelId,
  type LoopOp,
  NUMBER,
  type Op,
  type Region,
  type Terminator,
  type ValueId,
} from '../ir/nodes.js';
import { endArgs, opArgs, opRegions } from '../ir/visit.js';
import { guarded, guardOf } from './guards.js';
import { ReverseOperations } from './reverse-operations.js';
import type { Seeds } from './reverse-state.js';

/** Where the reverse sweep of a region stands: the exit that left this run of it, and what each exit's target is seeded with. */
interface Context {
  readonly code: ValueId | undefined;
  readonly seeds: ReadonlyMap<LabelId, Seeds>;
}

export class Reverse extends ReverseOperations {
  /** Cotangents that a trip of a loop may leave at zero, by position: kept where a loop around it is built again. */
  private readonly leftZero = new WeakMap<LoopOp, ReadonlySet<number>>();

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
    // what an integer is compared with may as well be one; a difference of others would be rounded
    const rounding = op.step > 0 === op.inclusive ? 'floor' : 'ceil';
    const edge = this.o.integer(op.hi) ? op.hi : b.scalar(rounding, op.hi);
    if (s === 1) return op.inclusive ? edge : b.scalar(op.step > 0 ? 'sub' : 'add', edge, b.num(1));
    const distance = b.scalar(
      'div',
      op.step > 0 ? b.scalar('sub', edge, op.lo) : b.scalar('sub', op.lo, edge),
      b.num(s),
    );
    const trips = op.inclusive
      ? b.scalar('floor', distance)
      : b.scalar('sub', b.scalar('ceil', distance), b.num(1));
    return b.scalar('add', op.lo, b.scalar('mul', trips, b.num(op.step)));
  }
}

const EMPTY: Region = { params: [], ops: [], end: { kind: 'yield', args: [] } };

/** Whether every exit to `label` is the arm of an exit-if at the top of the body: its condition then tells the path. */
function directExitsOnly(body: Region, label: LabelId): boolean {
  return body.ops.every((op) => {
    const exits = leavingExits(op).filter((e) => e.target === label);
    if (exits.length === 0) return true;
    return op.kind === 'if' && op.then.end.kind === 'exit' && exits.length === 1 && exits[0] === op.then.end;
  });
}
