/**
 * **Question**: do the reverse trips of a loop notice each other in memory that they read as well as write? **Answer**: not if
 * each has a place of its own there, nor if each leaves zeros behind. The second is what becomes of scratch arrays that every
 * trip fills before it reads them: their shadows are emptied element by element (`drained`) behind the last that adds to them.
 * **Method**: one scan over the regions. A loop that empties element `i` in trip `i`, from the last element to the first, drains
 * an array of just so many elements; elements below `i` may still be added to, since they are emptied later.
 */
import { LARGEST } from '../3-simplify/integers.js';
import { regionExits } from '../ir/exits.js';
import type { LabelId, LoopOp, Op, Region, StoreOp, ValueId } from '../ir/nodes.js';
import { opRegions, someOp, walkOps } from '../ir/visit.js';

export type Access = Op & { readonly kind: 'load' | 'store' | 'accum' };

/** What is known of values, in both sweeps. */
export interface Definitions {
  readonly of: (v: ValueId) => Op | undefined;
  /** The forward loop of a reverse loop. */
  readonly forwardOf: (label: LabelId) => LoopOp | undefined;
  readonly isFloat64: (ref: ValueId) => boolean;
  /** Whether a value is defined in the loop. */
  readonly isInside: (v: ValueId, loop: LoopOp) => boolean;
}

const constantOf = (v: ValueId, { of }: Definitions): number | undefined => {
  const op = of(v);
  return op?.kind === 'const' && typeof op.value === 'number' && op.poison !== true ? op.value : undefined;
};

/** The one array of all accesses, and its name; `undefined` if there may be several. */
function oneArray(accesses: readonly Access[], d: Definitions): ValueId | undefined {
  const [first] = accesses;
  const same = accesses.every((a) => a.ref === first.ref && 'index' in a.at);
  return first !== undefined && same && d.isFloat64(first.ref) ? first.ref : undefined;
}

const indexOf = (a: Access): ValueId | undefined => ('index' in a.at ? a.at.index : undefined);

// -------------------------------------------------------------------- a place for each trip

/** Whether all accesses are to one element, another one in each trip. */
export function isOwnPlace(accesses: readonly Access[], loop: LoopOp, d: Definitions): boolean {
  const ref = oneArray(accesses, d);
  const index = accesses[0] && indexOf(accesses[0]);
  if (ref === undefined || index === undefined || d.isInside(ref, loop)) return false;
  return accesses.every((a) => indexOf(a) === index) && differs(index, loop, d);
}

/**
 * Whether a value is another one in each trip, or no index of an element. Something large rounds away what it is added to, but what
 * comes of that is no index, unless another sum takes it away again: one number that may be large may be added.
 */
const differs = (v: ValueId, loop: LoopOp, d: Definitions): boolean => (largeTerms(v, loop, d) ?? 2) <= 1;

/** How many numbers that may be large are added to the induction variable, or to a multiple of it; nothing for other values. */
function largeTerms(v: ValueId, loop: LoopOp, d: Definitions): number | undefined {
  if (v === loop.body.params[0]) return 0;
  const op = d.of(v);
  if (op?.kind !== 'scalar' || !d.isInside(v, loop)) return undefined;
  const [a, b] = op.args;
  const fixed = (x: ValueId): number | undefined => {
    if (d.isInside(x, loop)) return undefined;
    return Math.abs(constantOf(x, d) ?? Number.POSITIVE_INFINITY) > LARGEST ? 1 : 0;
  };
  const isFactor = (x: ValueId) => Math.abs(constantOf(x, d) ?? 0) >= 1;
  const factor = (x: ValueId): number | undefined => (isFactor(x) ? 0 : undefined);
  const other = op.fn === 'mul' ? factor : op.fn === 'add' || op.fn === 'sub' ? fixed : () => undefined;
  const sum = (x: ValueId, y: ValueId): number | undefined => {
    // first what is no question of its own: sums of themselves would ask twice
    const more = other(y);
    const terms = more === undefined ? undefined : largeTerms(x, loop, d);
    return terms === undefined || more === undefined ? undefined : terms + more;
  };
  return sum(a, b) ?? sum(b, a);
}

// -------------------------------------------------------------------- zeros left behind

/** Whether a reverse trip that finds zeros everywhere in the array leaves zeros everywhere. */
export function leavesZeros(trip: Region, accesses: readonly Access[], d: Definitions): boolean {
  const ref = oneArray(accesses, d);
  const made = ref === undefined ? undefined : d.of(ref);
  if (ref === undefined || made?.kind !== 'alloc' || made.fill !== undefined) return false;
  if (accesses.some((a) => a.kind === 'store' && constantOf(a.value, d) !== 0)) return false;
  return !new Drains(ref, made.length, new Set(accesses), d).isDirtyAfter(trip, false);
}

class Drains {
  constructor(
    readonly ref: ValueId,
    /** The length that the array was made with. */
    readonly length: ValueId,
    readonly accesses: ReadonlySet<Op>,
    readonly d: Definitions,
  ) {}

  /** Whether there may be other values than zeros behind a region; `before`: whether there may be before it. */
  isDirtyAfter(region: Region, before: boolean): boolean {
    let dirty = before;
    /** Elements that are zero behind single stores. */
    let emptied = new Set<number>();
    for (const op of region.ops.filter((o) => this.touches(o))) {
      if (op.kind === 'store' || op.kind === 'accum') {
        const k = constantOf(indexOf(op)!, this.d);
        if (op.kind === 'store' && k !== undefined) emptied.add(k);
        if (op.kind === 'store') dirty &&= !this.isAll(emptied);
        else if (k !== undefined) emptied.delete(k);
        else emptied = new Set();
        dirty ||= op.kind === 'accum';
      } else if (op.kind !== 'load') {
        const leaves = this.leaves(op);
        if (leaves === 'something') emptied = new Set();
        if (leaves !== 'what was there') dirty = leaves === 'something';
      }
    }
    return dirty;
  }
  /** What an operation with regions leaves in the array. */
  private leaves(op: Op): 'zeros' | 'something' | 'what was there' {
    if (op.kind === 'loop' && this.empties(op)) return 'zeros';
    if (op.kind !== 'loop' && op.kind !== 'if') return 'something';
    const regions = opRegions(op);
    if (regions.some((r) => this.isDirtyAfter(r, false))) return 'something';
    // a loop may have no trips
    return op.kind === 'if' && !regions.some((r) => this.isDirtyAfter(r, true)) ? 'zeros' : 'what was there';
  }
  private touches(op: Op): boolean {
    return someOp(op, (o) => this.accesses.has(o));
  }
  private isAll(emptied: ReadonlySet<number>): boolean {
    const n = constantOf(this.length, this.d);
    return n !== undefined && emptied.size >= n && [...Array(n).keys()].every((k) => emptied.has(k));
  }

  /** Whether a reverse loop empties all elements, each behind the last that is added to it. */
  private empties(reversed: LoopOp): boolean {
    const loop = this.d.forwardOf(reversed.label);
    if (!loop || !this.visitsAll(loop) || regionExits(reversed.body).length > 0) return false;
    const [iv] = loop.body.params;
    const { ops } = reversed.body;
    const isEmptying = (op: Op): op is StoreOp =>
      op.kind === 'store' && this.accesses.has(op) && indexOf(op) === iv;
    const last = ops.findLastIndex(isEmptying);
    return last >= 0 && ops.every((op, at) => this.keepsOrder(op, iv, at < last));
  }
  /** Whether an operation adds to elements only that are still to be emptied. */
  private keepsOrder(op: Op, iv: ValueId, isBefore: boolean): boolean {
    let ok = true;
    walkOps({ params: [], ops: [op], end: { kind: 'yield', args: [] } }, (o) => {
      if (o.kind !== 'accum' || !this.accesses.has(o)) return;
      const index = indexOf(o)!;
      ok &&= (index === iv && isBefore) || this.isBelow(index, iv);
    });
    return ok;
  }

  /** A loop from 0 by steps of 1, to the length of the array. */
  private visitsAll(loop: LoopOp): boolean {
    const { d, length } = this;
    if (!isUpwards(loop) || constantOf(loop.lo, d) !== 0) return false;
    if (loop.hi === length) return true;
    const [known, wanted] = [loop.hi, length].map((v) => constantOf(v, d));
    if (known !== undefined && wanted !== undefined) return known >= wanted;
    const hi = d.of(loop.hi);
    const made = hi?.kind === 'length' ? d.of(hi.ref) : undefined;
    return made?.kind === 'alloc' && made.type.storage !== 'plain' && made.length === length;
  }
  /** Whether an index is the variable of a loop from 0 or above to `iv`. */
  private isBelow(index: ValueId, iv: ValueId): boolean {
    const by = this.d.of(index);
    if (by?.kind !== 'loop' || by.body.params[0] !== index || !isUpwards(by)) return false;
    return by.hi === iv && (constantOf(by.lo, this.d) ?? -1) >= 0;
  }
}

const isUpwards = (loop: LoopOp): boolean =>
  loop.step === 1 && !loop.inclusive && regionExits(loop.body).length === 0;
