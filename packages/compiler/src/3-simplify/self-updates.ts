/**
 * **Question**: which slots of shadows need not be emptied? **Needs**: simplified derivative code, where equal references and
 * indices are one value. **Guarantees**: the same cotangents to rounding, not-finite ones too. **Method**: the adjoint of
 * `a[i] = a[i] + e` takes `t` out of a slot, leaves zero there, and adds `t` to it again. What only adds to the slot in between
 * cannot tell, and sums do not depend on the order: `t` stays in the slot and is only read.
 */
import {
  type AccumOp,
  type At,
  type Func,
  type LoadOp,
  NUMBER,
  type Op,
  type Region,
  type ScalarOp,
  type StoreOp,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { mapRegions, opRegions, walkRegions } from '../ir/visit.js';
import { type Memory, slotKey } from './memory.js';

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

type Access = LoadOp | StoreOp | AccumOp;

/** Finds `t = s[i]; s[i] = 0; ...; s[i] += t` in the operations of one region. */
class SelfUpdates {
  private readonly definitions = new Map<ValueId, Op>();

  constructor(
    private readonly ops: Op[],
    private readonly memory: Memory,
    private readonly values: ValueTable,
    private readonly zeros: ReadonlySet<ValueId>,
  ) {
    for (const op of ops) for (const v of op.results) this.definitions.set(v, op);
  }

  run(): Op[] {
    // what comes last first: positions before it stay
    for (let k = this.ops.length - 1; k >= 0; k--) {
      const op = this.ops[k];
      if (op.kind === 'store' && this.zeros.has(op.value)) this.emptied(op, k);
    }
    return this.ops;
  }

  private emptied(store: StoreOp, at: number): void {
    const taken = this.contentAt(store, at);
    const back = taken && this.addedBack(store, at, taken);
    if (back === undefined) return;
    this.ops.splice(back.at, 1, ...back.instead);
    this.ops.splice(at, 1);
  }

  /** Values that hold what the slot holds when it is emptied. */
  private contentAt(store: StoreOp, at: number): ReadonlySet<ValueId> | undefined {
    for (let k = at - 1; k >= 0; k--) {
      const op = this.ops[k];
      if (op.kind === 'load' && isSamePlace(op, store)) {
        const taken = new Set(op.results);
        for (const o of this.ops)
          if (o.kind === 'scalar' && o.fn === 'orZero' && taken.has(o.args[0])) taken.add(o.results[0]);
        return taken;
      }
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
    for (let at = from + 1; at < this.ops.length; at++) {
      const op = this.ops[at];
      if (op.kind === 'accum' && op.guarded !== true && isSamePlace(op, store)) {
        const instead = this.without(op, taken);
        if (instead) return { at, instead };
      }
      if (this.notices(op, store)) return undefined;
    }
    return undefined;
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
  private mayWrite(op: Op, slot: Access): boolean {
    if (op.kind === 'store' || op.kind === 'accum') return this.isSameSlot(op, slot);
    return (
      this.mayDoAnything(op, slot) || opRegions(op).some((r) => r.ops.some((o) => this.mayWrite(o, slot)))
    );
  }
  /** Whether an operation would notice that the slot is not empty: all that is more than adding to it. */
  private notices(op: Op, slot: Access): boolean {
    if (op.kind === 'load' || op.kind === 'store') return this.isSameSlot(op, slot);
    if (this.mayDoAnything(op, slot)) return true;
    return opRegions(op).some((r) => r.end.kind !== 'yield' || r.ops.some((o) => this.notices(o, slot)));
  }
  /** Code elsewhere reads and writes what it is given, and what it can reach otherwise. */
  private mayDoAnything(op: Op, slot: Access): boolean {
    if (op.kind === 'resize') return this.memory.classOf(op.ref) === this.memory.classOf(slot.ref);
    return op.kind === 'call' || op.kind === 'runtime' || op.kind === 'foreign';
  }
  private isSameSlot(a: Access, b: Access): boolean {
    return this.memory.classOf(a.ref) === this.memory.classOf(b.ref) && slotKey(a.at) === slotKey(b.at);
  }
}

function isSamePlace(a: Access, b: Access): boolean {
  const index = (at: At) => ('index' in at ? at.index : at.key);
  return a.ref === b.ref && index(a.at) === index(b.at);
}
