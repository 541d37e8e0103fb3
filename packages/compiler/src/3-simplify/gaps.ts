/**
 * **Question**: which arrays may have holes, slots that were never given and that callbacks pass over? **Guarantees**: an array
 * whose class is not found here has all slots up to its length. **Method**: every operation that could leave a slot out (a far store,
 * `new Array(n)`, a longer length, `delete`) is held against the forms that surely do not: a loop that counts up from 0 and stores
 * in every trip, a store at the length, a store in bounds.
 */
import { leavingExits, regionExits } from '../ir/exits.js';
import type { ForeignOp, Func, Module, Op, Region, ResizeOp, ValueId } from '../ir/nodes.js';
import { refType } from '../ir/types.js';
import { endArgs, mapRegions, opArgs, opRegions, walkOps } from '../ir/visit.js';
import { LENGTH_SLOT, type Memory, type MemoryClass } from './memory.js';

/** Whether a program asks for holes at all; most do not, and need no analysis. */
export const hasGapTests = (module: Module): boolean =>
  [...module.funcs.values()].some((f) => contains(f, isGapTest));

const isGapTest = (op: Op): op is ForeignOp => op.kind === 'foreign' && op.gapTest === true;
function contains(f: Func, which: (op: Op) => boolean): boolean {
  let found = false;
  walkOps(f.body, (op) => {
    found ||= which(op);
  });
  return found;
}

/** Drops the tests for holes of arrays that have none. */
export function foldGapTests(module: Module, memory: Memory): Module {
  const gappy = new GapFinder(module, memory).run();
  const known = (op: Op): boolean => isGapTest(op) && !gappy.has(memory.classOf(op.args[1]));
  const fold = (op: Op): Op =>
    known(op)
      ? { kind: 'const', value: false, results: op.results, ...(op.span && { span: op.span }) }
      : mapRegions(op, region);
  const region = (r: Region): Region => ({ ...r, ops: r.ops.map(fold) });
  const funcs = [...module.funcs].map(
    ([key, f]) => [key, contains(f, known) ? { ...f, body: region(f.body) } : f] as const,
  );
  return { ...module, funcs: new Map(funcs) };
}

class GapFinder {
  private gappy = new Set<MemoryClass>();
  private readonly definitions = new Map<ValueId, Op>();
  /** Stores that are known to leave nothing out, and arrays that a loop fills. */
  private proven = new Set<Op>();

  constructor(
    readonly module: Module,
    readonly memory: Memory,
  ) {
    for (const f of module.funcs.values())
      walkOps(f.body, (op) => {
        for (const v of op.results) this.definitions.set(v, op);
      });
  }

  /** Starts from "none has holes": the first hole of a run would have to come from an operation that is found here. */
  run(): ReadonlySet<MemoryClass> {
    for (let before = -1; this.gappy.size > before; ) {
      before = this.gappy.size;
      this.proven = new Set();
      for (const f of this.module.funcs.values()) {
        f.params.forEach(this.fromOutside);
        this.region(f.body);
      }
    }
    return this.gappy;
  }

  private region(r: Region): void {
    r.ops.forEach((op, k) => {
      if (op.kind === 'loop') this.fillsInOrder(r.ops, k);
    });
    r.ops.forEach((op, k) => {
      op.results.forEach(this.fromOutside);
      if (this.leavesOut(op, r.ops, k)) this.gappy.add(this.memory.classOf(this.target(op)));
      for (const inner of opRegions(op)) this.region(inner);
    });
  }
  private target(op: Op): ValueId {
    return op.kind === 'store' || op.kind === 'resize' ? op.ref : op.results[0];
  }

  private leavesOut(op: Op, ops: readonly Op[], k: number): boolean {
    switch (op.kind) {
      case 'alloc':
        return (
          op.type.storage === 'plain' &&
          op.fill === undefined &&
          this.constant(op.length) !== 0 &&
          !this.proven.has(op)
        );
      case 'resize':
        return this.isPlain(op.ref) && op.leavesNoGap !== true && !this.shortens(op);
      case 'store':
        return (
          this.isPlain(op.ref) &&
          'index' in op.at &&
          op.inBounds !== true &&
          op.leavesNoGap !== true &&
          !this.proven.has(op) &&
          this.constant(op.at.index) !== 0 &&
          !this.staysInBounds(op) &&
          !this.appends(op.ref, op.at.index, ops, k)
        );
      default:
        return false;
    }
  }
  /** Arrays of optional elements may come with holes. */
  private readonly fromOutside = (v: ValueId): void => {
    const t = refType(this.module.values.type(v));
    if (t?.kind !== 'array' || t.storage !== 'plain' || t.elem.kind !== 'maybe') return;
    const c = this.memory.classOf(v);
    if (c.external) this.gappy.add(c);
  };
  private isPlain(ref: ValueId): boolean {
    const t = refType(this.module.values.type(ref));
    return t?.kind === 'array' && t.storage === 'plain';
  }
  private constant(v: ValueId): unknown {
    const d = this.definitions.get(v);
    return d?.kind === 'const' ? d.value : undefined;
  }

  /** `a.length = 0`, `a.length = a.length - k`. */
  private shortens({ ref, length, how }: ResizeOp): boolean {
    if (how === 'delete') return false;
    if (this.constant(length) === 0) return true;
    const d = this.definitions.get(length);
    if (d?.kind !== 'scalar' || d.fn !== 'sub') return false;
    const from = this.definitions.get(d.args[0]);
    const by = this.constant(d.args[1]);
    return from?.kind === 'length' && from.ref === ref && typeof by === 'number' && by >= 0;
  }
  /** Bounds by a length hold as long as nothing shortens the array. */
  private staysInBounds(op: Op & { readonly kind: 'store' }): boolean {
    return this.memory.inBounds.has(op) && !this.memory.classOf(op.ref).written.has(LENGTH_SLOT);
  }
  /** The index is the length, read just before. */
  private appends(ref: ValueId, index: ValueId, ops: readonly Op[], k: number): boolean {
    for (let i = k - 1; i >= 0; i--) {
      const op = ops[i];
      if (op.kind === 'length' && op.results[0] === index) return op.ref === ref;
      if (this.mayResize(op, ref)) return false;
    }
    return false;
  }
  private mayResize(op: Op, ref: ValueId): boolean {
    if (op.kind === 'call') return true;
    const c = this.memory.classOf(ref);
    if (op.kind === 'resize' && this.memory.classOf(op.ref) === c) return true;
    return opRegions(op).some((r) => r.ops.some((inner) => this.mayResize(inner, ref)));
  }

  /** `for (let i = 0; i < n; i++) a[i] = ...`, the store being reached in every trip. */
  private fillsInOrder(ops: readonly Op[], k: number): void {
    const loop = ops[k];
    if (loop.kind !== 'loop' || loop.step !== 1 || this.constant(loop.lo) !== 0) return;
    const [iv] = loop.body.params;
    const inside = new Set<ValueId>(loop.body.params);
    walkOps(loop.body, (op) => {
      for (const v of op.results) inside.add(v);
    });
    for (const op of this.certainStores(loop.body)) {
      if (!('index' in op.at) || op.at.index !== iv) continue;
      if (inside.has(op.ref) || this.mayResize(loop, op.ref)) continue;
      this.proven.add(op);
      const made = ops.findIndex((o) => o.results[0] === op.ref);
      const alloc = ops[made];
      if (alloc?.kind !== 'alloc' || !this.runsTo(loop, alloc)) continue;
      if (ops.slice(made + 1, k + 1).every((o) => isOnlyFilled(op.ref, o))) this.proven.add(alloc);
    }
  }
  /** The stores that every run of a region passes, as long as it is not left for good. */
  private *certainStores(r: Region): Generator<Op & { readonly kind: 'store' }> {
    for (const op of r.ops) {
      if (op.kind === 'store') yield op;
      if (op.kind === 'block') yield* this.certainStores(op.body);
      else if (leavingExits(op).length > 0 && !(op.kind === 'if' && this.isNoGap(op.cond))) return;
    }
  }
  private isNoGap(cond: ValueId): boolean {
    const d = this.definitions.get(cond);
    return d !== undefined && isGapTest(d) && !this.gappy.has(this.memory.classOf(d.args[1]));
  }
  /** Whether a loop goes through all slots of an array that was just made. */
  private runsTo(loop: Op & { readonly kind: 'loop' }, alloc: Op & { readonly kind: 'alloc' }): boolean {
    const end = this.definitions.get(loop.hi);
    const whole =
      loop.hi === alloc.length ||
      (end?.kind === 'length' && end.ref === alloc.results[0]) ||
      (end?.kind === 'const' && end.value === this.constant(alloc.length));
    return whole && !loop.inclusive && regionExits(loop.body).length === 0;
  }
}

/** Whether an operation does nothing with an array but store to it and read it: no other reference to it comes about. */
function isOnlyFilled(array: ValueId, op: Op): boolean {
  const asTarget = (op.kind === 'store' && op.value !== array) || op.kind === 'load' || op.kind === 'length';
  if (!asTarget && opArgs(op).includes(array)) return false;
  return opRegions(op).every(
    (r) => !endArgs(r.end).includes(array) && r.ops.every((inner) => isOnlyFilled(array, inner)),
  );
}
