/**
 * **Question**: which operations, results and carried values matter? **Method**: mark from the effects and results of the
 * function; a result of an `if`, block or loop is kept only if something live reads it, a store to memory that nobody
 * outside sees only if a live operation reads that memory.
 */
import type { Func, IfOp, LoopOp, Op, Region, Terminator, ValueId } from '../ir/nodes.js';
import { endArgs, opArgs, opRegions, snapshotArgs, walkOps } from '../ir/visit.js';
import { LENGTH_SLOT, type Memory, slotKey } from './memory.js';
import { SlotNames, slotsWritten } from './slot-writes.js';

export interface Effects {
  /** Whether a call must stay although its results are not used. */
  readonly callHasEffect: (callee: string) => boolean;
}

class Marker {
  readonly values = new Set<ValueId>();
  readonly ops = new Set<Op>();
  private readonly defs = new Map<ValueId, { op: Op; k: number } | { param: LoopOp; k: number }>();
  private readonly owner = new Map<Op, Op | undefined>();
  private readonly exitsTo = new Map<
    number,
    { end: Terminator & { kind: 'exit' }; owner: Op | undefined }[]
  >();
  private readonly stores = new Map<string, Op[]>();
  private readonly liveSlots = new Set<string>();
  private readonly names = new SlotNames();
  /** Needed, but what they need is not yet. */
  private readonly work: (ValueId | Op)[] = [];

  constructor(
    readonly func: Func,
    readonly memory: Memory,
    readonly effects: Effects,
  ) {
    this.index(func.body, undefined);
  }

  private slot(ref: ValueId, key: string): string {
    return this.names.of(this.memory.classOf(ref), key);
  }

  private index(r: Region, owner: Op | undefined): void {
    if (r.end.kind === 'exit') {
      const list = this.exitsTo.get(r.end.target) ?? [];
      list.push({ end: r.end, owner });
      this.exitsTo.set(r.end.target, list);
    }
    for (const op of r.ops) {
      this.owner.set(op, owner);
      op.results.forEach((v, k) => {
        this.defs.set(v, { op, k });
      });
      if (op.kind === 'loop') {
        op.body.params.forEach((p, k) => {
          this.defs.set(p, { param: op, k });
        });
      }
      for (const s of slotsWritten(this.memory, op, this.names)) {
        const list = this.stores.get(s);
        if (list) list.push(op);
        else this.stores.set(s, [op]);
      }
      for (const inner of opRegions(op)) this.index(inner, op);
    }
  }

  run(): void {
    walkOps(this.func.body, (op) => {
      if (this.isRoot(op)) this.needOp(op);
    });
    this.markRegionEnds(this.func.body);
    for (const v of endArgs(this.func.body.end)) this.need(v);
    for (const { owner, end } of this.exitsTo.get(this.func.label) ?? []) {
      this.needExit(owner);
      for (const v of end.args) this.need(v);
    }
    for (let next = this.work.pop(); next !== undefined; next = this.work.pop())
      if (typeof next === 'object') this.followOp(next);
      else this.followValue(next);
  }

  private isRoot(op: Op): boolean {
    switch (op.kind) {
      case 'store':
      case 'accum':
      case 'resize':
        return this.memory.classOf(op.ref).external || this.memory.classOf(op.ref).shared;
      case 'save':
      case 'restore':
        return true;
      case 'foreign':
        return !op.pure;
      case 'runtime':
        return op.effect === 'effect' && !op.weak;
      case 'call':
        return this.effects.callHasEffect(op.callee);
      default:
        return false;
    }
  }

  /** A `throw` is an effect: what leads to it stays. */
  private markRegionEnds(r: Region, owner?: Op): void {
    if (r.end.kind === 'throw') {
      this.need(r.end.arg);
      if (owner) this.needOp(owner);
    }
    for (const op of r.ops) for (const inner of opRegions(op)) this.markRegionEnds(inner, op);
  }

  need(v: ValueId): void {
    if (this.values.has(v)) return;
    this.values.add(v);
    this.work.push(v);
  }
  private followValue(v: ValueId): void {
    const d = this.defs.get(v);
    if (!d) return;
    if ('param' in d) {
      this.needOp(d.param);
      if (d.k > 0) this.needResult(d.param, d.k - 1);
    } else {
      this.needOp(d.op);
      this.needDefinition(d.op, d.k);
    }
  }

  private needDefinition(op: Op, k: number): void {
    switch (op.kind) {
      case 'if':
        for (const r of [op.then, op.else]) if (r.end.kind === 'yield') this.need(r.end.args[k]);
        break;
      case 'loop':
        this.needResult(op, k);
        break;
      case 'block':
        if (op.body.end.kind === 'yield') this.need(op.body.end.args[k]);
        this.needExitArgs(op.label, k);
        break;
      case 'load':
        this.needSlot(this.slot(op.ref, slotKey(op.at)));
        break;
      case 'length':
        this.needSlot(this.slot(op.ref, LENGTH_SLOT));
        break;
      default:
        break;
    }
  }
  private needExitArgs(label: number, k: number): void {
    for (const { end } of this.exitsTo.get(label) ?? []) this.need(end.args[k]);
  }
  /** A carried value of a loop: all of its ways round. */
  private needResult(op: LoopOp, k: number): void {
    const n = op.inits.length;
    this.needExitArgs(op.label, k);
    if (k >= n) {
      const extra = op.extras[k - n];
      if (extra !== 'lastIv') this.need(extra);
      return;
    }
    this.need(op.inits[k]);
    this.values.add(op.body.params[k + 1]);
    this.need(op.results[k]);
    if (op.body.end.kind === 'yield') this.need(op.body.end.args[k]);
  }

  private needSlot(s: string): void {
    if (this.liveSlots.has(s)) return;
    this.liveSlots.add(s);
    for (const op of this.stores.get(s) ?? []) this.needOp(op);
  }

  private needExit(owner: Op | undefined): void {
    if (owner) this.needOp(owner);
  }

  needOp(op: Op): void {
    if (this.ops.has(op)) return;
    this.ops.add(op);
    this.work.push(op);
  }
  private followOp(op: Op): void {
    const owner = this.owner.get(op);
    if (owner) this.needOp(owner);
    if (op.kind === 'loop') {
      this.need(op.lo);
      this.need(op.hi);
      if (op.checkpoint) for (const v of snapshotArgs(op.checkpoint)) this.need(v);
    } else for (const a of opArgs(op)) this.need(a);
    if (op.kind === 'loop' || op.kind === 'block')
      for (const x of this.exitsTo.get(op.label) ?? []) this.needExit(x.owner);
    if (op.kind === 'call' || op.kind === 'runtime' || op.kind === 'foreign') this.readsAll(op);
  }

  /** Calls and helpers may read all memory that they are given. */
  private readsAll(op: Op): void {
    for (const a of opArgs(op))
      for (const c of this.memory.reachable(this.memory.classOf(a)))
        for (const key of c.written) this.needSlot(this.names.of(c, key));
  }
}

/** The function without its dead code. */
export function removeDeadCode(func: Func, memory: Memory, effects: Effects): Func {
  const m = new Marker(func, memory, effects);
  m.run();
  const live = (v: ValueId) => m.values.has(v);
  const pick = <T>(xs: readonly T[], keep: readonly boolean[]): T[] => xs.filter((_, k) => keep[k]);
  const kept = new Map<number, readonly boolean[]>();
  const region = (r: Region, yields: readonly boolean[] | undefined): Region => {
    const ops: Op[] = [];
    for (const op of r.ops) if (m.ops.has(op) || (op.kind === 'runtime' && op.weak)) ops.push(rewrite(op));
    return { params: r.params, ops, end: end(r.end, yields) };
  };
  const end = (e: Terminator, yields: readonly boolean[] | undefined): Terminator => {
    if (e.kind === 'yield') return yields ? { ...e, args: pick(e.args, yields) } : e;
    if (e.kind === 'exit') {
      const keep = kept.get(e.target);
      return keep ? { ...e, args: pick(e.args, keep) } : e;
    }
    return e;
  };
  const rewrite = (op: Op): Op => {
    if (op.kind === 'if') return rewriteIf(op);
    if (op.kind === 'block') {
      const keep = op.results.map(live);
      kept.set(op.label, keep);
      return { ...op, results: pick(op.results, keep), body: region(op.body, keep) };
    }
    if (op.kind === 'loop') return rewriteLoop(op);
    return op;
  };
  const rewriteIf = (op: IfOp): IfOp => {
    const keep = op.results.map(live);
    return {
      ...op,
      results: pick(op.results, keep),
      then: region(op.then, keep),
      else: region(op.else, keep),
    };
  };
  const rewriteLoop = (op: LoopOp): LoopOp => {
    const n = op.inits.length;
    const keep = op.results.map((r, k) => live(r) || (k < n && live(op.body.params[k + 1])));
    kept.set(op.label, keep);
    const carries = keep.slice(0, n);
    const body = region(op.body, carries);
    return {
      ...op,
      results: pick(op.results, keep),
      inits: pick(op.inits, carries),
      extras: pick(op.extras, keep.slice(n)),
      body: { ...body, params: [op.body.params[0], ...pick(op.body.params.slice(1), carries)] },
    };
  };
  return { ...func, body: region(func.body, undefined) };
}
