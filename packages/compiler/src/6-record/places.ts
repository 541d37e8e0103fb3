/** Where values are defined in the forward sweep, and where loads read memory that stays as it was. */
import { type Access, misses, type OriginOf } from '../3-simplify/elements.js';
import { LENGTH_SLOT, type Memory, slotKey } from '../3-simplify/memory.js';
import { SlotNames, slotsWritten, writeSummaries } from '../3-simplify/slot-writes.js';
import { regionExits } from '../ir/exits.js';
import type { LabelId, LoadOp, LoopOp, Module, Op, Region, StoreOp, ValueId } from '../ir/nodes.js';
import { isTypedArray } from '../ir/types.js';
import { opRegions } from '../ir/visit.js';

/** The root of a function counts as a loop of its own where the two sweeps are two functions. */
export type Home = LabelId | 'root';

export interface Definition {
  readonly op: Op | undefined;
  /** Innermost loop around the definition. */
  readonly home: Home;
  /** The loops around it, from the outermost. */
  readonly loops: readonly LoopOp[];
  /** Whether it stands at the top level of its loop's body (of the root). */
  readonly topLevel: boolean;
  readonly order: number;
  readonly isIv: boolean;
}

interface Write {
  readonly order: number;
  readonly loops: readonly LoopOp[];
  /** Nothing where it is not seen what is written. */
  readonly op: Op | undefined;
}

/** Arrays with more stores are not looked at one by one. */
const MOST_WRITES = 16;

export class Places {
  readonly definitions = new Map<ValueId, Definition>();
  private readonly writes = new Map<string, Write[]>();
  private readonly loopsOf = new Map<Op, readonly LoopOp[]>();
  private readonly orderOf = new Map<Op, number>();
  private readonly names = new SlotNames();
  private readonly everWritten = new Set<string>();
  /** Of values that are put into a slot in the region where they are defined: what reads it from there. */
  private readonly kept = new Map<ValueId, LoadOp>();
  private counter = 0;

  constructor(
    private readonly module: Module,
    readonly memory: Memory,
    body: Region,
    params: readonly ValueId[],
    /** Whether the caller may change what it can reach before the reverse sweep. */
    private readonly overwrittenAtReturn: boolean,
    /** The reverse sweep runs long after this function returned: only memory that nobody writes stays as it was. */
    private readonly split: boolean,
    /** Of the function, where the body is that of a loop in it. */
    private readonly around?: Places,
  ) {
    const summary = writeSummaries(module, memory, this.names);
    for (const slots of summary.values()) for (const s of slots) this.everWritten.add(s);
    for (const p of params) this.define(p, undefined, [], true, false);
    this.region(body, [], true, summary);
  }

  private define(
    v: ValueId,
    op: Op | undefined,
    loops: readonly LoopOp[],
    topLevel: boolean,
    isIv: boolean,
  ): void {
    this.definitions.set(v, {
      op,
      home: loops[loops.length - 1]?.label ?? 'root',
      loops,
      topLevel,
      order: this.counter,
      isIv,
    });
  }

  private region(
    r: Region,
    loops: readonly LoopOp[],
    topLevel: boolean,
    summary: ReadonlyMap<string, ReadonlySet<string>>,
  ): void {
    let here = new Set(r.params);
    for (const op of r.ops) {
      this.counter++;
      this.loopsOf.set(op, loops);
      this.orderOf.set(op, this.counter);
      if (op.kind === 'store' && here.has(op.value)) this.keep(op, loops);
      // what comes behind an exit may not have run
      if (opRegions(op).some((x) => regionExits(x).length > 0)) here = new Set();
      for (const v of op.results) here.add(v);
      for (const slot of slotsWritten(this.memory, op, this.names)) this.write(slot, loops, op);
      if (op.kind === 'call') for (const s of summary.get(op.callee) ?? []) this.write(s, loops, undefined);
      const inner = op.kind === 'loop' ? [...loops, op] : loops;
      if (op.kind === 'loop')
        op.body.params.forEach((p, k) => {
          this.define(p, op, inner, true, k === 0);
        });
      for (const x of opRegions(op)) this.region(x, inner, op.kind === 'loop', summary);
      this.counter++;
      for (const v of op.results) this.define(v, op, loops, topLevel, false);
    }
  }
  private write(slot: string, loops: readonly LoopOp[], op: Op | undefined): void {
    const w = { order: this.counter, loops, op };
    const known = this.writes.get(slot);
    if (known) known.push(w);
    else this.writes.set(slot, [w]);
  }

  private keep({ ref, at, value }: StoreOp, loops: readonly LoopOp[]): void {
    if (this.kept.has(value)) return;
    const load: LoadOp = { kind: 'load', ref, at, results: [value] };
    this.loopsOf.set(load, loops);
    this.orderOf.set(load, this.counter + 0.5);
    this.kept.set(value, load);
  }

  /** What reads a value from a slot that holds it to the end. */
  reading(v: ValueId): LoadOp | undefined {
    const load = this.kept.get(v);
    return load && this.stable(load) ? load : undefined;
  }

  /** What a value comes from, also where it is defined outside the body. */
  originOf(v: ValueId): Definition | undefined {
    return this.definitions.get(v) ?? this.around?.originOf(v);
  }

  /** Whether reading the slot again in the reverse sweep gives what this operation read. */
  stable(op: Op & { kind: 'load' | 'length' }): boolean {
    const c = this.memory.classOf(op.ref);
    if (this.overwrittenAtReturn && c.external) return false;
    const order = this.orderOf.get(op);
    const loops = this.loopsOf.get(op);
    if (order === undefined || loops === undefined) return false;
    const slot = this.names.of(c, op.kind === 'load' ? slotKey(op.at) : LENGTH_SLOT);
    if (this.split) return !this.everWritten.has(slot);
    const writes = this.writes.get(slot) ?? [];
    const isBefore = (w: Write) => w.order < order && !w.loops.some((l) => loops.includes(l));
    return writes.every((w) => isBefore(w) || (writes.length <= MOST_WRITES && this.isElsewhere(op, w)));
  }
  /** Whether a store that may run behind a load is never to its element. */
  private isElsewhere(load: Op & { kind: 'load' | 'length' }, { op: store }: Write): boolean {
    if (load.kind !== 'load' || store?.kind !== 'store') return false;
    const [a, b] = [load, store].map((op) => this.accessOf(op));
    return a !== undefined && b !== undefined && misses(a, b, this.origin);
  }
  private accessOf(op: LoadOp | StoreOp): Access | undefined {
    if (!('index' in op.at)) return undefined;
    const { ref, at } = op;
    const isTyped = isTypedArray(this.module.values.type(ref));
    return { ref, isTyped, index: at.index, loops: this.loopsOf.get(op)!, order: this.orderOf.get(op)! };
  }
  private readonly origin: OriginOf = (v) => {
    const own = this.definitions.get(v);
    if (own) return own;
    // around the body nothing changes while it runs
    const around = this.around?.originOf(v);
    return around && { ...around, loops: [] };
  };
}
