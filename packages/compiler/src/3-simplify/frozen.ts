/**
 * **Question**: which writes may meet an object that is frozen? **Needs**: a module as lowered, with a question before each write to an
 * object of a kind that is frozen somewhere. **Guarantees**: questions whose answer is no are gone, and so is the freezing of objects
 * that nobody sees or writes afterwards. **Method**: functions are gone through in the order in which they run, with the classes of
 * memory of which something may be frozen by then, and the objects that were made since something of their class was frozen; over
 * calls to a fixpoint. What the caller gives may be frozen from the start: outside of `try` the write itself throws then.
 */
import type { ForeignOp, Func, Module, Op, Region, ValueId } from '../ir/nodes.js';
import { mapRegions, opRegions, walkOps } from '../ir/visit.js';
import { analyseMemory, type Memory, type MemoryClass } from './memory.js';

type FrozenOp = ForeignOp & { readonly frozen: 'freezes' | 'asks' };
const isFrozenOp = (op: Op): op is FrozenOp => op.kind === 'foreign' && op.frozen !== undefined;

/** What is known before an operation: the classes with frozen objects, and objects that surely are not frozen. */
interface Before {
  readonly frozen: Set<MemoryClass>;
  readonly fresh: Set<ValueId>;
}
const copyOf = ({ frozen, fresh }: Before): Before => ({ frozen: new Set(frozen), fresh: new Set(fresh) });

/** Drops what is surely writable from the questions, and what no question is left for from the freezing. */
export function withoutIdleFreezing(module: Module, entry: Func): Module {
  const all: FrozenOp[] = [];
  for (const f of module.funcs.values()) walkOps(f.body, (op) => void (isFrozenOp(op) && all.push(op)));
  if (all.length === 0) return module;
  const memory = analyseMemory(module, entry);
  const open = new FrozenWrites(module, memory, entry).run();
  const asked = new Set([...open].map((op) => memory.classOf(op.args[0])));
  const isIdle = (op: Op): op is FrozenOp => {
    if (!isFrozenOp(op)) return false;
    if (op.frozen === 'asks') return !open.has(op);
    const c = memory.classOf(op.args[0]);
    return !asked.has(c) && !c.external;
  };
  const drop = (op: Op): Op =>
    isIdle(op)
      ? { kind: 'const', value: op.frozen === 'asks' ? false : undefined, results: op.results }
      : mapRegions(op, region);
  const region = (r: Region): Region => ({ ...r, ops: r.ops.map(drop) });
  const funcs = [...module.funcs].map(([key, f]) => [key, { ...f, body: region(f.body) }] as const);
  return { ...module, funcs: new Map(funcs) };
}

class FrozenWrites {
  private readonly open = new Set<FrozenOp>();
  /** What is known where a function begins. */
  private readonly atEntry = new Map<string, Before>();
  private readonly freezes: ReadonlyMap<string, ReadonlySet<MemoryClass>>;
  private changed = true;

  constructor(
    readonly module: Module,
    readonly memory: Memory,
    entry: Func,
  ) {
    this.freezes = this.frozenByCalls();
    this.atEntry.set(entry.key, { frozen: new Set(), fresh: new Set() });
    // what no call names, as the functions of a rule, may be run at any time
    const called = new Set<string>();
    for (const f of module.funcs.values())
      walkOps(f.body, (op) => void (op.kind === 'call' && called.add(op.callee)));
    const all = new Set([...this.freezes.values()].flatMap((classes) => [...classes]));
    for (const key of module.funcs.keys())
      if (key !== entry.key && !called.has(key)) this.atEntry.set(key, { frozen: all, fresh: new Set() });
  }

  /** The questions that may be answered with yes. */
  run(): ReadonlySet<FrozenOp> {
    while (this.changed) {
      this.changed = false;
      for (const [key, before] of this.atEntry) {
        const f = this.module.funcs.get(key);
        if (f) this.region(f.body, copyOf(before));
      }
    }
    return this.open;
  }

  private region(r: Region, now: Before): void {
    for (const op of r.ops) {
      if (op.kind === 'loop') for (const c of this.frozenIn(op)) this.freeze(c, now);
      const inner = opRegions(op);
      const ends = inner.map((arm) => {
        const end = copyOf(now);
        this.region(arm, end);
        return end;
      });
      for (const end of ends) for (const c of end.frozen) this.freeze(c, now);
      this.step(op, now);
    }
  }
  private freeze(c: MemoryClass, now: Before): void {
    now.frozen.add(c);
    for (const v of now.fresh) if (this.memory.classOf(v) === c) now.fresh.delete(v);
  }
  private step(op: Op, now: Before): void {
    if (op.kind === 'alloc' || op.kind === 'literal') now.fresh.add(op.results[0]);
    else if (op.kind === 'call') this.call(op, now);
    else if (isFrozenOp(op) && op.frozen === 'freezes') this.freeze(this.memory.classOf(op.args[0]), now);
    else if (isFrozenOp(op) && this.mayBeFrozen(op, now)) this.open.add(op);
  }
  private mayBeFrozen(op: FrozenOp, { frozen, fresh }: Before): boolean {
    const c = this.memory.classOf(op.args[0]);
    if (op.isCaught === true && (c.outer || this.memory.given.has(c))) return true;
    return frozen.has(c) && !fresh.has(op.args[0]);
  }

  /** A function is begun with what its calls know: something frozen in one of them, an object of all of them. */
  private call(op: Op & { kind: 'call' }, now: Before): void {
    const { params } = this.module.funcs.get(op.callee) ?? { params: [] };
    const fresh = params.filter((_, k) => op.args[k] !== undefined && now.fresh.has(op.args[k]));
    const before = this.atEntry.get(op.callee);
    if (!before) {
      this.atEntry.set(op.callee, { frozen: new Set(now.frozen), fresh: new Set(fresh) });
      this.changed = true;
    } else {
      const size = before.frozen.size - before.fresh.size;
      for (const c of now.frozen) before.frozen.add(c);
      for (const v of before.fresh) if (!fresh.includes(v)) before.fresh.delete(v);
      this.changed ||= before.frozen.size - before.fresh.size > size;
    }
    for (const c of this.freezes.get(op.callee) ?? []) this.freeze(c, now);
  }

  /** The classes of which objects are frozen in an operation, in what it calls too. */
  private frozenIn(op: Op): ReadonlySet<MemoryClass> {
    const found = new Set<MemoryClass>();
    for (const r of opRegions(op)) walkOps(r, (inner) => this.addFrozen(inner, found, this.freezes));
    return found;
  }
  private addFrozen(
    op: Op,
    to: Set<MemoryClass>,
    byCalls: ReadonlyMap<string, ReadonlySet<MemoryClass>>,
  ): void {
    if (isFrozenOp(op) && op.frozen === 'freezes') to.add(this.memory.classOf(op.args[0]));
    if (op.kind === 'call') for (const c of byCalls.get(op.callee) ?? []) to.add(c);
  }
  /** The same for each function. */
  private frozenByCalls(): ReadonlyMap<string, ReadonlySet<MemoryClass>> {
    const found = new Map([...this.module.funcs.keys()].map((key) => [key, new Set<MemoryClass>()]));
    for (let before = -1, size = 0; size > before; ) {
      before = size;
      size = 0;
      for (const [key, to] of found) {
        walkOps(this.module.funcs.get(key)!.body, (op) => this.addFrozen(op, to, found));
        size += to.size;
      }
    }
    return found;
  }
}
