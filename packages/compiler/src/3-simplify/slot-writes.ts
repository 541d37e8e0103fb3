/** **Question**: which slots may an operation write, calls and unknown code included? */
import type { ForeignOp, Module, Op } from '../ir/nodes.js';
import { opRegions, walkOps } from '../ir/visit.js';
import { LENGTH_SLOT, type Memory, type MemoryClass, NONE, slotKey } from './memory.js';

/** The slots that an operation writes itself. */
export function slotsWritten(memory: Memory, op: Op, names: SlotNames): readonly string[] {
  if (op.kind === 'foreign') return memory.writtenOutside(op).map(([c, key]) => names.of(c, key));
  if (changesStructure(op)) return memory.structure().map(([c, key]) => names.of(c, key));
  if (op.kind !== 'store' && op.kind !== 'accum' && op.kind !== 'resize') return NONE;
  const c = memory.classOf(op.ref);
  if (op.kind === 'resize') return [names.of(c, '[]'), names.of(c, LENGTH_SLOT)];
  const key = slotKey(op.at);
  return key === '[]' && c.growing ? [names.of(c, key), names.of(c, LENGTH_SLOT)] : [names.of(c, key)];
}

/** Whether code that the compiler does not see runs there, and may change objects. */
export const isUnknownCode = (op: Op): op is ForeignOp =>
  op.kind === 'foreign' && !op.makesOnly && (op.role === 'unknown' || op.role === 'calls');

/** Whether shadows get another structure there: which ones, the runtime finds by their objects. */
export const changesStructure = (op: Op): boolean => op.kind === 'runtime' && op.name === 'followStructure';

/** A slot as a key: the class and the slot's name. Classes get numbers in the order of first use. */
export class SlotNames {
  private readonly ids = new Map<MemoryClass, number>();
  of(c: MemoryClass, key: string): string {
    const x = c.find();
    let id = this.ids.get(x);
    if (id === undefined) this.ids.set(x, (id = this.ids.size));
    return `${id}.${key}`;
  }
}

/** The slots that each function may change. */
export type WriteSummaries = ReadonlyMap<string, ReadonlySet<string>>;
/** The slots that an operation may change, those of its regions and calls included. */
export type Writes = (op: Op) => ReadonlySet<string>;

export function writesOf(memory: Memory, summary: WriteSummaries, names: SlotNames): Writes {
  const cache = new WeakMap<Op, ReadonlySet<string>>();
  const add = (op: Op, to: Set<string>): void => {
    for (const slot of slotsWritten(memory, op, names)) to.add(slot);
    if (op.kind === 'call') for (const k of summary.get(op.callee) ?? []) to.add(k);
    if (opRegions(op).length > 0) for (const k of ofRegions(op)) to.add(k);
  };
  const ofRegions = (op: Op): ReadonlySet<string> => {
    const known = cache.get(op);
    if (known) return known;
    const all = new Set<string>();
    for (const r of opRegions(op)) for (const inner of r.ops) add(inner, all);
    cache.set(op, all);
    return all;
  };
  return (op) => {
    if (opRegions(op).length > 0) return ofRegions(op);
    const all = new Set<string>();
    add(op, all);
    return all;
  };
}

/** The slots that each function may change, by fixpoint over the calls. */
export function writeSummaries(module: Module, memory: Memory, names: SlotNames): WriteSummaries {
  const summary = new Map([...module.funcs.keys()].map((k) => [k, new Set<string>()]));
  const calls = [...module.funcs.values()].map((f) => {
    const mine = summary.get(f.key)!;
    const callees = new Set<string>();
    walkOps(f.body, (op) => {
      for (const slot of slotsWritten(memory, op, names)) mine.add(slot);
      if (op.kind === 'call') callees.add(op.callee);
    });
    return { mine, callees };
  });
  for (let changed = true; changed; ) {
    changed = false;
    for (const { mine, callees } of calls) {
      const before = mine.size;
      for (const callee of callees) for (const k of summary.get(callee) ?? []) mine.add(k);
      changed ||= mine.size > before;
    }
  }
  return summary;
}

/** What the functions of a module write: asked for each of them, found once. */
export interface ModuleWrites {
  readonly names: SlotNames;
  readonly summary: WriteSummaries;
  readonly writes: Writes;
}
export function moduleWrites(module: Module, memory: Memory): ModuleWrites {
  const names = new SlotNames();
  const summary = writeSummaries(module, memory, names);
  return { names, summary, writes: writesOf(memory, summary, names) };
}
