/**
 * **Question**: which memory does a piece of derivative code read, write and add to? **Needs**: functions with both their
 * sweeps, and the memory classes of all of them. **Guarantees**: nothing is left out; code that is not seen reads, and unless it
 * has no effect writes, all that its operands reach.
 */
import { LENGTH_SLOT, type Memory, type MemoryClass, slotKey } from '../3-simplify/memory.js';
import { SlotNames } from '../3-simplify/slot-writes.js';
import type { AccessOp, Func, LoopOp, Op, Region, ValueId, ValueTable } from '../ir/nodes.js';
import { isRef } from '../ir/types.js';
import { definedBy, opArgs, opRegions, walkOps } from '../ir/visit.js';

export type Touch = 'read' | 'write' | 'add';
/** By slot: what is done to it. */
export type SlotTouches = Map<string, Set<Touch>>;

/** In place of a slot: code that is not seen may do anything. */
export const ANYTHING = 'anything';

export class Touches {
  private readonly names = new SlotNames();
  private readonly ofFunction = new Map<string, SlotTouches>();
  private readonly labels = new Map<string, string>();

  constructor(
    readonly values: ValueTable,
    readonly memory: Memory,
    /** The body of a function by the key that it is called by: of a half, or of both. */
    private readonly bodyOf: (key: string) => Region | undefined,
  ) {}

  /** What the operations do, those of their regions and of called functions included. */
  of(ops: readonly Op[]): SlotTouches {
    const found: SlotTouches = new Map();
    walkOps(regionOf(ops), (op) => this.note(op, found));
    return found;
  }

  /** The slot of an operation on memory. */
  slotOf(op: AccessOp): string {
    return this.slot(this.memory.classOf(op.ref), slotKey(op.at), op.ref);
  }
  /** A slot in the words of a message. */
  label(slot: string): string {
    return this.labels.get(slot) ?? 'memory';
  }

  slot(c: MemoryClass, key: string, ref?: ValueId): string {
    const slot = this.names.of(c, key);
    const name = ref === undefined ? undefined : this.values.get(ref).name;
    if (name !== undefined && !this.labels.has(slot)) this.labels.set(slot, `\`${name}\``);
    return slot;
  }

  private note(op: Op, found: SlotTouches): void {
    const add = (slot: string, touch: Touch) => {
      const touches = found.get(slot);
      if (touches) touches.add(touch);
      else found.set(slot, new Set([touch]));
    };
    switch (op.kind) {
      case 'load':
        return add(this.slotOf(op), 'read');
      case 'length':
        return add(this.slot(this.memory.classOf(op.ref), LENGTH_SLOT), 'read');
      case 'store':
        add(this.slotOf(op), 'write');
        return this.growth(op.ref, slotKey(op.at), add);
      case 'accum':
        // what is not there yet is left alone, so that the length stays
        return add(this.slotOf(op), 'add');
      case 'resize':
        add(this.slot(this.memory.classOf(op.ref), '[]', op.ref), 'write');
        return add(this.slot(this.memory.classOf(op.ref), LENGTH_SLOT), 'write');
      case 'call':
        for (const [slot, touches] of this.called(op.callee)) for (const t of touches) add(slot, t);
        return;
      case 'foreign':
        for (const [c, key] of this.memory.writtenOutside(op)) add(this.slot(c, key), 'write');
        return this.unseen(op, !op.pure && op.makesOnly !== true, add);
      case 'runtime':
        // a view is another name
        if (op.name === 'subarray')
          return add(this.slot(this.memory.classOf(op.args[0]), LENGTH_SLOT), 'read');
        return this.unseen(op, op.effect === 'effect', add);
      case 'save':
      case 'restore':
        return add(`tape ${op.tape}`, 'write');
      default:
        return;
    }
  }

  private growth(ref: ValueId, key: string, add: (slot: string, touch: Touch) => void): void {
    const c = this.memory.classOf(ref);
    if (key === '[]' && c.growing) add(this.slot(c, LENGTH_SLOT), 'write');
  }

  private unseen(op: Op, writes: boolean, add: (slot: string, touch: Touch) => void): void {
    for (const v of opArgs(op)) {
      if (!isRef(this.values.type(v))) continue;
      for (const c of this.memory.reachable(this.memory.classOf(v)))
        for (const key of c.touched) {
          add(this.slot(c, key), 'read');
          if (writes) add(this.slot(c, key), 'write');
        }
    }
  }

  /** The values that operations define, those of their regions and of called functions included. */
  madeBy(ops: readonly Op[]): ReadonlySet<ValueId> {
    const found = new Set(definedBy(ops));
    for (const body of this.reached(calleesOf(ops))) for (const v of definedBy(body?.ops ?? [])) found.add(v);
    return found;
  }

  /** What a function does, and all that it calls. */
  private called(key: string): SlotTouches {
    const known = this.ofFunction.get(key);
    if (known) return known;
    const found: SlotTouches = new Map();
    this.ofFunction.set(key, found);
    for (const body of this.reached([key])) {
      if (!body) found.set(ANYTHING, new Set(['write']));
      walkOps(body ?? regionOf([]), (op) => {
        if (op.kind !== 'call') this.note(op, found);
      });
    }
    return found;
  }

  /** The bodies of functions and of all that these call; nothing for what is not seen. */
  private reached(keys: Iterable<string>): (Region | undefined)[] {
    const found = new Map<string, Region | undefined>();
    const open = new Set(keys);
    for (const key of open) {
      const body = this.bodyOf(key);
      found.set(key, body);
      for (const callee of calleesOf(body?.ops ?? [])) open.add(callee);
    }
    return [...found.values()];
  }
}

function calleesOf(ops: readonly Op[]): Set<string> {
  const found = new Set<string>();
  walkOps(regionOf(ops), (op) => void (op.kind === 'call' && found.add(op.callee)));
  return found;
}

export const regionOf = (ops: readonly Op[]): Region => ({
  params: [],
  ops,
  end: { kind: 'yield', args: [] },
});

/** All references that functions mention. */
export function referencesIn(funcs: Iterable<Func>, values: ValueTable): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  const note = (v: ValueId): void => {
    if (isRef(values.type(v))) found.add(v);
  };
  for (const f of funcs) {
    f.params.forEach(note);
    walkOps(f.body, (op) => {
      // what is used is there, wherever it comes from
      opArgs(op).forEach(note);
      op.results.forEach(note);
      for (const r of opRegions(op)) r.params.forEach(note);
    });
  }
  return found;
}

/** The classes that some reference can reach which is not made inside of the given pieces of code. */
export function classesOutside(
  references: Iterable<ValueId>,
  inside: ReadonlySet<ValueId>,
  memory: Memory,
): ReadonlySet<MemoryClass> {
  const found = new Set<MemoryClass>();
  for (const v of references) if (!inside.has(v)) memory.reachable(memory.classOf(v), found);
  return found;
}

/** What a loop defines for its trips. */
export const insideOf = (loop: LoopOp): Set<ValueId> =>
  new Set([...loop.body.params, ...definedBy(loop.body.ops)]);
