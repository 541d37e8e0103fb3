/**
 * **Question**: which slots of shadows need not be emptied? **Needs**: simplified derivative code, where equal references and
 * indices are one value. **Guarantees**: the same cotangents to rounding, not-finite ones too. **Method**: the adjoint of
 * `a[i] = a[i] + e` takes `t` out of a slot, leaves zero there, and adds `t` to it again. What only adds to the slot in between
 * cannot tell, and sums do not depend on the order: `t` stays in the slot and is only read.
 */
import {
  type AccessOp,
  type AccumOp,
  type At,
  type Func,
  NUMBER,
  type Op,
  type Region,
  type ScalarOp,
  type StoreOp,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { isAccess, mapRegions, opRegions, walkRegions } from '../ir/visit.js';
import { type Memory, type MemoryClass, slotKey } from './memory.js';

/** The function without the emptying of slots that get back what was taken. */
export function withoutSelfUpdates(func: Func, memory: Memory, values: ValueTable): Func {
  const zeros = new Set<ValueId>();
  walkRegions(func.body, (r) => {
    for (const op of r.ops) if (op.kind === 'const' && op.value === 0) zeros.add(op.results[0]);
  });
  const region = (r: Region): Region => {
    const ops = r.ops.map((op) => mapRegions(op, region));
    return { ...r, ops: new SelfUpdates(ops, memory, values, zeros).run() };
  };
  return { ...func, body: region(func.body) };
}

/** Finds `t = s[i]; s[i] = 0; ...; s[i] += t` in the operations of one region. */
class SelfUpdates {
  private readonly definitions = new Map<ValueId, Op>();
  /** Results of `orZero`, by argument. */
  private readonly orZero = new Map<ValueId, ValueId[]>();
  /** Positions of the accesses, by slot. */
  private readonly accesses = new Map<MemoryClass, Map<string, number[]>>();
  /** Positions of all that may do more. */
  private readonly others: number[] = [];
  /** What stands where another operation, or none, stood. */
  private readonly instead = new Map<number, readonly Op[]>();

  constructor(
    private readonly ops: readonly Op[],
    private readonly memory: Memory,
    private readonly values: ValueTable,
    private readonly zeros: ReadonlySet<ValueId>,
  ) {
    for (const [k, op] of ops.entries()) {
      for (const v of op.results) this.definitions.set(v, op);
      if (op.kind === 'scalar' && op.fn === 'orZero') pushTo(this.orZero, op.args[0], op.results[0]);
      if (isAccess(op)) pushTo(this.slotsOf(op), slotKey(op.at), k);
      else if (opRegions(op).length > 0 || op.kind === 'resize' || mayReachAnything(op)) this.others.push(k);
    }
  }

  run(): readonly Op[] {
    // what comes last first: what is before it stays
    for (let k = this.ops.length - 1; k >= 0; k--) {
      const op = this.ops[k];
      if (op.kind === 'store' && this.zeros.has(op.value)) this.emptied(op, k);
    }
    return this.instead.size === 0 ? this.ops : this.ops.flatMap((op, k) => this.instead.get(k) ?? [op]);
  }

  private emptied(store: StoreOp, at: number): void {
    const taken = this.contentAt(store, at);
    const back = taken && this.addedBack(store, at, taken);
    if (back === undefined) return;
    this.instead.set(back.at, back.instead);
    this.instead.set(at, []);
  }

  /** Values that hold what the slot holds when it is emptied. */
  private contentAt(store: StoreOp, at: number): ReadonlySet<ValueId> | undefined {
    for (const { op } of this.from(store, at, -1)) {
      if (op.kind === 'load' && isSamePlace(op, store))
        return new Set([...op.results, ...op.results.flatMap((v) => this.orZero.get(v) ?? [])]);
      if (this.mayWrite(op, store)) return undefined;
    }
    return undefined;
  }

  /** Where the content is added to its slot again, and what is added besides. What may be missing is added to under a guard. */
  private addedBack(
    store: StoreOp,
    from: number,
    taken: ReadonlySet<ValueId>,
  ): { at: number; instead: Op[] } | undefined {
    for (const { op, at } of this.from(store, from, 1)) {
      if (op.kind === 'accum' && op.guarded !== true && isSamePlace(op, store)) {
        const instead = this.without(op, taken);
        if (instead) return { at, instead };
      }
      if (this.notices(op, store)) return undefined;
    }
    return undefined;
  }

  /** The operations before or behind a place that may have to do with a slot, the nearest first. */
  private *from(slot: AccessOp, at: number, step: 1 | -1): Generator<{ op: Op; at: number }> {
    const lists = [this.slotsOf(slot).get(slotKey(slot.at)) ?? [], this.others];
    const next = lists.map((list) => (step > 0 ? countBelow(list, at + 1) : countBelow(list, at) - 1));
    for (;;) {
      const [a, b] = lists.map((list, k) => list[next[k]] ?? step * Infinity);
      const nearest = step > 0 ? Math.min(a, b) : Math.max(a, b);
      if (!Number.isFinite(nearest)) return;
      next[nearest === a ? 0 : 1] += step;
      for (const op of this.instead.get(nearest) ?? [this.ops[nearest]]) yield { op, at: nearest };
    }
  }
  private slotsOf({ ref }: AccessOp): Map<string, number[]> {
    const c = this.memory.classOf(ref);
    const found = this.accesses.get(c) ?? new Map<string, number[]>();
    this.accesses.set(c, found);
    return found;
  }

  /** What adds to the slot all but the value taken, if that is a term of the sum. */
  private without(op: AccumOp, taken: ReadonlySet<ValueId>): Op[] | undefined {
    const made: Op[] = [];
    const scalar = (like: ScalarOp, fn: string, args: readonly ValueId[]): ValueId => {
      const result = this.values.fresh({ type: NUMBER });
      made.push({ ...like, fn, args, results: [result] });
      return result;
    };
    /** `undefined` if it is no term; nothing is left if it is the only one. */
    const rest = (v: ValueId): { left: ValueId | 'nothing' } | undefined => {
      if (taken.has(v)) return { left: 'nothing' };
      const by = this.definitions.get(v);
      if (by?.kind !== 'scalar' || (by.fn !== 'add' && by.fn !== 'sub')) return undefined;
      const [a, b] = by.args;
      const first = rest(a);
      if (first && first.left !== 'nothing') return { left: scalar(by, by.fn, [first.left, b]) };
      if (first) return { left: by.fn === 'add' ? b : scalar(by, 'neg', [b]) };
      const second = by.fn === 'add' ? rest(b) : undefined;
      return second && { left: second.left === 'nothing' ? a : scalar(by, 'add', [a, second.left]) };
    };
    const found = rest(op.value);
    if (!found) return undefined;
    return found.left === 'nothing' ? [] : [...made, { ...op, value: found.left }];
  }

  /** Whether an operation may change the slot. */
  private mayWrite(op: Op, slot: AccessOp): boolean {
    if (op.kind === 'store' || op.kind === 'accum') return this.isSameSlot(op, slot);
    return (
      this.mayDoAnything(op, slot) || opRegions(op).some((r) => r.ops.some((o) => this.mayWrite(o, slot)))
    );
  }
  /** Whether an operation would notice that the slot is not empty: all that is more than adding to it. */
  private notices(op: Op, slot: AccessOp): boolean {
    if (op.kind === 'load' || op.kind === 'store') return this.isSameSlot(op, slot);
    if (this.mayDoAnything(op, slot)) return true;
    return opRegions(op).some((r) => r.end.kind !== 'yield' || r.ops.some((o) => this.notices(o, slot)));
  }
  /** Code elsewhere reads and writes what it is given, and what it can reach otherwise. */
  private mayDoAnything(op: Op, slot: AccessOp): boolean {
    if (op.kind === 'resize') return this.memory.classOf(op.ref) === this.memory.classOf(slot.ref);
    return mayReachAnything(op);
  }
  private isSameSlot(a: AccessOp, b: AccessOp): boolean {
    return this.memory.classOf(a.ref) === this.memory.classOf(b.ref) && slotKey(a.at) === slotKey(b.at);
  }
}

const mayReachAnything = (op: Op): boolean =>
  op.kind === 'call' || op.kind === 'runtime' || op.kind === 'foreign';

function pushTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
/** How many of the numbers, which ascend, are below a limit. */
function countBelow(ascending: readonly number[], limit: number): number {
  let lo = 0;
  let hi = ascending.length;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if (ascending[middle] < limit) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

function isSamePlace(a: AccessOp, b: AccessOp): boolean {
  const index = (at: At) => ('index' in at ? at.index : at.key);
  return a.ref === b.ref && index(a.at) === index(b.at);
}
