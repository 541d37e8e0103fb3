/**
 * **Question**: which transcendental values of an inner loop are the same in all trips of a loop around it? **Needs**: a
 * simplified primal: counted loops, invariant work before its loop. **Guarantees**: the same values to the bit; no more of them are
 * computed than in one trip of the loop around. **Method**: such a value depends on the variables of inner loops only, whose bounds
 * do not change, and on memory that is not written: it is read from a table that is filled before. So its adjoint
 * runs once for each entry too, and nothing of it is recorded.
 */
import { Cloner } from '../ir/clone.js';
import { leavingExits, regionExits } from '../ir/exits.js';
import {
  BOOLEAN,
  type Func,
  type LoopOp,
  type Module,
  NUMBER,
  type Op,
  type Region,
  type ScalarOp,
  type Type,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { typedArray } from '../ir/types.js';
import { mapRegions, opArgs, opRegions } from '../ir/visit.js';
import { scalarRule } from '../rules/scalar.js';
import { LENGTH_SLOT, type Memory, slotKey } from './memory.js';
import { type ModuleWrites, moduleWrites } from './slot-writes.js';

/** What an operation costs at least that is worth a table. */
const DEAR = 20;
/** Of a loop with fewer trips a table is not worth its memory. */
const FEWEST_TRIPS = 4;
const MOST_TABLES = 4;
/** A loop that begins later would leave too much of its table unused. */
const LATEST_START = 4;

/** The functions with tables before their loops; the same module if there is nothing to put in one. */
export function tabulated(module: Module, memory: Memory): Module {
  const known = moduleWrites(module, memory);
  let any = false;
  const one = (f: Func): Func => {
    const tables = new Tables(module.values, memory, known);
    tables.note(f.body, f.params);
    const body = tables.region(f.body);
    any ||= tables.made > 0;
    return { ...f, body };
  };
  const funcs = new Map([...module.funcs].map(([key, f]) => [key, one(f)]));
  return any ? { ...module, funcs } : module;
}

/** A value of an inner loop that has a table. */
interface Entry {
  readonly op: ScalarOp;
  /** What computes it, in order. */
  readonly slice: readonly Op[];
  /** The loops whose variables it depends on, from the outermost. */
  readonly loops: readonly LoopOp[];
  /** Loops around these whose variables it does not depend on, where it is known before whether they run. */
  readonly others: readonly LoopOp[];
}

class Tables {
  made = 0;
  private readonly constants = new Map<ValueId, unknown>();
  /** What is surely there, and may be read before the loop. */
  private readonly objects = new Set<ValueId>();
  private readonly lengths = new Set<ValueId>();

  constructor(
    private readonly values: ValueTable,
    private readonly memory: Memory,
    private readonly known: ModuleWrites,
  ) {}

  note({ ops }: Region, params: readonly ValueId[] = []): void {
    for (const p of params) if (this.values.type(p).kind !== 'maybe') this.objects.add(p);
    for (const op of ops) {
      if (op.kind === 'const') this.constants.set(op.results[0], op.value);
      if (op.kind === 'alloc' || op.kind === 'literal' || op.kind === 'outer')
        this.objects.add(op.results[0]);
      if (op.kind === 'length') this.lengths.add(op.results[0]);
      for (const r of opRegions(op)) this.note(r);
    }
  }

  region(r: Region): Region {
    const ops = r.ops.flatMap((op) => {
      if (op.kind !== 'loop') return [mapRegions(op, (x) => this.region(x))];
      const { before, loop } = this.withTables(op);
      return [...before, mapRegions(loop, (x) => this.region(x))];
    });
    return { ...r, ops };
  }

  /** A loop that reads its transcendental invariants from tables, and what fills them. */
  private withTables(loop: LoopOp): { before: readonly Op[]; loop: LoopOp } {
    if (loop.checkpoint || (this.trips(loop) ?? FEWEST_TRIPS) < FEWEST_TRIPS) return { before: [], loop };
    const entries = this.entriesOf(loop);
    if (entries.length === 0 || entries.length > MOST_TABLES) return { before: [], loop };
    const before: Op[] = [];
    const reads = new Map<Op, readonly Op[]>();
    const runs = this.runs(loop, before);
    const zero = this.values.fresh({ type: NUMBER });
    before.push({ kind: 'const', value: 0, results: [zero] });
    for (const entry of entries) {
      const reached = entry.others.reduce((all, l) => this.both(all, this.runs(l, before), before), runs);
      const sizes = entry.loops.map((l) => this.size(l, reached, zero, before));
      const type = typedArray('Float64Array')!;
      const length = sizes.reduce((a, b) => this.scalar('mul', [a, b], before));
      const table = this.values.fresh({ type, name: `${entry.op.fn}Table` });
      before.push({ kind: 'alloc', type, length, results: [table] });
      before.push(this.filled(entry, table, sizes));
      const own: Op[] = [];
      const index = this.index(
        entry.loops.map((l) => l.body.params[0]),
        sizes,
        own,
      );
      own.push({ ...entry.op, kind: 'load', ref: table, at: { index } } as Op);
      reads.set(entry.op, own);
      this.made++;
    }
    const region = (r: Region): Region => ({
      ...r,
      ops: r.ops.flatMap((op) => reads.get(op) ?? [mapRegions(op, region)]),
    });
    return { before, loop: mapRegions(loop, region) as LoopOp };
  }

  /** How often a loop runs, where that is written there. */
  private trips({ lo, hi, step, inclusive }: LoopOp): number | undefined {
    const [from, to] = [lo, hi].map((v) => this.constants.get(v));
    if (typeof from !== 'number' || typeof to !== 'number') return undefined;
    return Math.ceil((to - from) / step) + (inclusive ? 1 : 0);
  }

  private entriesOf(around: LoopOp): Entry[] {
    const found: Entry[] = [];
    const defined = new Map<ValueId, Op | LoopOp>();
    const written = this.known.writes(around);
    /** Where the loop may be left before the next operation: what is behind its own test still has tables. */
    let exits = 0;
    const tests = this.isCounted(around) ? 0 : 1;
    const scan = (loop: LoopOp, within: readonly LoopOp[]): void => {
      for (const p of loop.body.params) defined.set(p, loop);
      for (const op of loop.body.ops) {
        for (const v of op.results) defined.set(v, op);
        if (op.kind === 'scalar' && within.length > 0 && exits <= tests && scalarRule(op.fn).cost >= DEAR) {
          const entry = sliceOf(op, within);
          if (entry) found.push(entry);
        }
        if (op.kind === 'loop') {
          const before = exits;
          scan(op, [...within, op]);
          exits = before;
        }
        if (mayLeave(op)) exits++;
      }
    };
    const sliceOf = (op: ScalarOp, within: readonly LoopOp[]): Entry | undefined => {
      const slice = new Set<Op>();
      const used = new Set<LoopOp>();
      const follow = (v: ValueId): boolean => {
        const by = defined.get(v);
        if (!by) return true;
        if (by.kind === 'loop' && by.body.params[0] === v && by !== around) return !!used.add(by);
        if (!this.isFixed(by, written, defined) || !opArgs(by).every(follow)) return false;
        return !!slice.add(by);
      };
      if (!follow(op.results[0])) return undefined;
      const loops = within.filter((l) => used.has(l));
      const isFull = loops.every((l) => this.runsFully(l, defined));
      const others = within.filter((l) => !used.has(l) && !defined.has(l.lo) && !defined.has(l.hi));
      // of what may never be come to, the table must not be too long
      const isReached = exits === 0 && loops.length + others.length === within.length;
      const isShort = isReached || loops.every(({ hi }) => this.lengths.has(hi) || this.constants.has(hi));
      return loops.length > 0 && isFull && isShort ? { op, slice: [...slice], loops, others } : undefined;
    };
    scan(around, []);
    return found;
  }
  /** Whether an operation gives the same for the same operands wherever it runs in the loop. */
  private isFixed(op: Op, written: ReadonlySet<string>, defined: ReadonlyMap<ValueId, Op>): boolean {
    if (op.kind === 'scalar') return scalarRule(op.fn).operands !== 'any';
    if (op.kind !== 'load' && op.kind !== 'length') return false;
    const slot = op.kind === 'load' ? slotKey(op.at) : LENGTH_SLOT;
    return (
      this.objects.has(op.ref) &&
      !defined.has(op.ref) &&
      !written.has(this.known.names.of(this.memory.classOf(op.ref), slot))
    );
  }
  /** Whether a loop runs from 0, or little more, by 1 to a bound that is known before, and is never left. */
  private runsFully(loop: LoopOp, defined: ReadonlyMap<ValueId, Op>): boolean {
    const { lo, hi, step, inclusive, body, checkpoint } = loop;
    const from = this.constants.get(lo);
    const isFromStart =
      Number.isSafeInteger(from) && (from as number) >= 0 && (from as number) <= LATEST_START;
    const isUpwards = isFromStart && step === 1 && !inclusive && !defined.has(hi);
    return isUpwards && this.isCounted(loop) && !checkpoint && regionExits(body).length === 0;
  }

  private isCounted({ hi }: LoopOp): boolean {
    return this.constants.get(hi) !== Number.POSITIVE_INFINITY;
  }

  /** Whether a loop runs at all. */
  private runs({ lo, hi, step, inclusive }: LoopOp, to: Op[]): ValueId {
    const fn = step > 0 ? (inclusive ? 'le' : 'lt') : inclusive ? 'ge' : 'gt';
    return this.scalar(fn, [lo, hi], to, BOOLEAN);
  }
  private both(a: ValueId, b: ValueId, to: Op[]): ValueId {
    return this.scalar('and', [a, b], to, BOOLEAN);
  }
  /** The bound of a loop, 0 if it does not run at all: what is before its first trip has a place, too. */
  private size({ hi }: LoopOp, isAny: ValueId, zero: ValueId, to: Op[]): ValueId {
    const size = this.scalar('max', [this.scalar('ceil', [hi], to), zero], to);
    return this.scalar('select', [isAny, size, zero], to);
  }
  private index(ivs: readonly ValueId[], sizes: readonly ValueId[], to: Op[]): ValueId {
    return ivs.reduce((row, iv, k) => this.scalar('add', [this.scalar('mul', [row, sizes[k]], to), iv], to));
  }
  private scalar(fn: string, args: readonly ValueId[], to: Op[], type: Type = NUMBER): ValueId {
    const result = this.values.fresh({ type });
    to.push({ kind: 'scalar', fn, args, results: [result] });
    return result;
  }

  /** The loops that fill a table. */
  private filled({ op, slice, loops }: Entry, table: ValueId, sizes: readonly ValueId[]): Op {
    const ivs = loops.map((l) => this.values.like(l.body.params[0]));
    const cloner = new Cloner(this.values, new Map(loops.map((l, k) => [l.body.params[0], ivs[k]])));
    const ops: Op[] = [];
    const index = this.index(ivs, sizes, ops);
    ops.push(...slice.map((o) => cloner.op(o)), {
      kind: 'store',
      ref: table,
      at: { index },
      value: cloner.value(op.results[0]),
      results: [],
    });
    let inner: readonly Op[] = ops;
    for (let k = loops.length - 1; k >= 0; k--) inner = [this.around(loops[k], sizes[k], ivs[k], inner)];
    return inner[0];
  }
  private around({ lo, span }: LoopOp, hi: ValueId, iv: ValueId, ops: readonly Op[]): LoopOp {
    return {
      kind: 'loop',
      label: this.values.freshLabel(),
      lo,
      hi,
      step: 1,
      inclusive: false,
      inits: [],
      extras: [],
      body: { params: [iv], ops, end: { kind: 'yield', args: [] } },
      results: [],
      ...(span && { span }),
    };
  }
}

/** Whether what comes behind an operation may not run. */
const mayLeave = (op: Op): boolean => leavingExits(op).length > 0 || opRegions(op).some(throws);
const throws = ({ ops, end }: Region): boolean =>
  end.kind === 'throw' || ops.some((op) => opRegions(op).some(throws));
