/**
 * **Question**: may two accesses of an array come to the same element, one behind the other? **Needs**: the loops around both.
 * **Guarantees**: if not, no run of the second behind a run of the first is to its element. **Method**: the
 * dependence test of compilers for loops (Allen, Kennedy 2002, chapter 3). An index is a row and a column, `row * n + column` with
 * `0 <= column < n`, or a column alone. For each loop around both, and for a trip of it that comes later, what is known of the
 * variables are lower bounds of differences; the longest path between two rows or columns says whether they differ.
 *
 * Where `n` is no whole number, two rows could only meet by rounding, in an array of more than 2^26 elements: of `r * n + c` with a
 * whole result, rounding has changed less than what `n` is above a whole number.
 *
 * A plain array also has slots for `NaN`, infinity and numbers so large that one more is the same: there an index has to be made of
 * what counts.
 */
import { regionExits } from '../ir/exits.js';
import type { LoopOp, Op, ScalarOp, ValueId } from '../ir/nodes.js';
import { Bounds, type Term } from './bounds.js';
import { LARGEST, RING } from './integers.js';

/** An operation on an element, and the loops around it from the outermost. */
export interface Access {
  readonly ref: ValueId;
  /** Of a typed array, where what is no whole number, or too large, is no index. */
  readonly isTyped: boolean;
  readonly index: ValueId;
  readonly loops: readonly LoopOp[];
  /** Where it stands in the text. */
  readonly order: number;
}
/** Where a value comes from: nothing of one from outside. */
export interface Origin {
  readonly op: Op | undefined;
  readonly loops: readonly LoopOp[];
  readonly isIv: boolean;
}
export type OriginOf = (v: ValueId) => Origin | undefined;

/** Of which access a value is meant, where it may be another one. */
type Side = 'first' | 'second';

interface Index {
  /** Nothing for a column alone; `stride` is the length of a row. */
  readonly row: { readonly at: Term; readonly stride: Term } | undefined;
  readonly column: Term;
}

/**
 * Whether no run of the second access that comes behind a run of the first is to the same element. `fixed`: so many of the outer
 * loops do not go on in between.
 */
export function misses(first: Access, second: Access, originOf: OriginOf, fixed = 0): boolean {
  if (first.ref !== second.ref) return false;
  const shared = first.loops.filter((l, k) => second.loops[k] === l).length;
  const common = first.loops.slice(0, shared);
  // of an array that each trip makes all would have to be kept
  if (originOf(first.ref)?.loops.some((l) => common.indexOf(l) >= fixed)) return false;
  for (let k = fixed; k < shared; k++)
    if (!new Later(first, second, common, k, originOf).differs()) return false;
  return second.order < first.order || new Later(first, second, common, shared, originOf).differs();
}

/** A run of the second access in a later trip of the loop at `level`, in the same trip of those around it. */
class Later {
  private readonly bounds = new Bounds();

  constructor(
    private readonly first: Access,
    private readonly second: Access,
    private readonly common: readonly LoopOp[],
    private readonly level: number,
    private readonly originOf: OriginOf,
  ) {
    for (const loop of first.loops) this.within(loop, 'first');
    for (const loop of second.loops) this.within(loop, 'second');
    const loop = common[level];
    if (loop === undefined) return;
    const [a, b] = (['first', 'second'] as const).map((side) => this.term(loop.body.params[0], side));
    if (loop.step > 0) this.bounds.atLeast(b, a, loop.step);
    else this.bounds.atLeast(a, b, -loop.step);
  }

  differs(): boolean {
    if (this.bounds.areImpossible()) return true;
    const [a, b] = [this.index(this.first.index, 'first'), this.index(this.second.index, 'second')];
    if (!a || !b) return false;
    if (a.row === undefined && b.row === undefined) return this.areApart(a.column, b.column);
    if (a.row === undefined || b.row === undefined) return false;
    const { stride } = a.row;
    const isSame = b.row.stride.of === stride.of && b.row.stride.plus === stride.plus;
    const fit = [a, b].every(({ column }) => this.isInRow(column, stride));
    return isSame && fit && (this.areApart(a.row.at, b.row.at) || this.areApart(a.column, b.column));
  }
  private areApart(a: Term, b: Term): boolean {
    return this.bounds.difference(a, b) > 0 || this.bounds.difference(b, a) > 0;
  }
  private isInRow(column: Term, stride: Term): boolean {
    return this.bounds.difference(column, ZERO) >= 0 && this.bounds.difference(stride, column) > 0;
  }

  /** What the bounds of a loop say of its variable. */
  private within({ lo, hi, step, inclusive, body }: LoopOp, side: Side): void {
    const iv = this.term(body.params[0], side);
    this.roundedUp(lo, side);
    this.roundedUp(hi, side);
    const [first, end] = [this.term(lo, side), this.term(hi, side)];
    // of whole numbers one is at least one above the other
    const gap = inclusive ? 0 : this.isWhole(hi) ? 1 : ABOVE;
    if (step > 0) {
      this.bounds.atLeast(iv, first, 0);
      this.bounds.atLeast(end, iv, gap);
    } else {
      this.bounds.atLeast(first, iv, 0);
      this.bounds.atLeast(iv, end, gap);
    }
  }
  /** A whole number, or what came of one that is too large or none; `counts`: surely one, of which one more is another. */
  private isWhole(v: ValueId, counts = false): boolean {
    const { base } = this.split(v);
    const origin = base === undefined ? undefined : this.originOf(base);
    if (base === undefined || origin?.isIv === true || origin?.op?.kind === 'length') return true;
    const { op } = origin ?? {};
    if (op?.kind !== 'scalar') return false;
    if (op.fn === 'ceil') return !counts;
    return RING.has(op.fn) && op.args.every((a) => this.isWhole(a, counts));
  }
  /** A number rounded up is less than one above it. */
  private roundedUp(v: ValueId, side: Side): void {
    const { base } = this.split(v);
    const op = base === undefined ? undefined : this.originOf(base)?.op;
    if (base === undefined || !isCeil(op)) return;
    this.bounds.atLeast(this.term(op.args[0], side), this.term(base, side), ABOVE - 1);
  }

  /** A value as another one and a whole number. */
  private split(v: ValueId): { base: ValueId | undefined; plus: number } {
    let plus = 0;
    for (let base = v; ; ) {
      const constant = this.constant(base);
      if (constant !== undefined) return { base: undefined, plus: plus + constant };
      const origin = this.originOf(base);
      const op = origin?.isIv ? undefined : origin?.op;
      if (op?.kind !== 'scalar' || (op.fn !== 'add' && op.fn !== 'sub')) return { base, plus };
      const [a, b] = op.args;
      const [ca, cb] = [this.constant(a), this.constant(b)];
      if (cb !== undefined) [base, plus] = [a, plus + (op.fn === 'add' ? cb : -cb)];
      else if (ca !== undefined && op.fn === 'add') [base, plus] = [b, plus + ca];
      else return { base, plus };
    }
  }
  private constant(v: ValueId): number | undefined {
    const op = this.originOf(v)?.op;
    const value = op?.kind === 'const' && !op.poison ? op.value : undefined;
    return Number.isSafeInteger(value) && Math.abs(value as number) <= LARGEST
      ? (value as number)
      : undefined;
  }
  private term(v: ValueId, side: Side): Term {
    const { base, plus } = this.split(v);
    if (base === undefined) return { ...ZERO, plus };
    return { of: this.isFixed(base) ? `${base}` : `${base} ${side}`, plus };
  }
  /** Whether a value is the same for both accesses. */
  private isFixed(v: ValueId): boolean {
    const loops = this.originOf(v)?.loops ?? [];
    return loops.every((l) => this.common.indexOf(l) >= 0 && this.common.indexOf(l) < this.level);
  }

  private index(v: ValueId, side: Side): Index | undefined {
    const terms: ValueId[] = [];
    let plus = 0;
    const gather = (x: ValueId): void => {
      // sums of themselves have terms without end
      if (terms.length > MOST_TERMS) return;
      const { base, plus: more } = this.split(x);
      plus += more;
      const op = base === undefined ? undefined : this.originOf(base);
      if (op && !op.isIv && op.op?.kind === 'scalar' && op.op.fn === 'add') op.op.args.forEach(gather);
      else if (base !== undefined) terms.push(base);
    };
    gather(v);
    const rows = terms.filter((t) => this.product(t, side) !== undefined);
    const others = terms.filter((t) => !rows.includes(t));
    if (rows.length > 1 || others.length > 1) return undefined;
    const rest = others.length > 0 ? this.term(others[0], side) : ZERO;
    const column = { ...rest, plus: rest.plus + plus };
    if (rows.length === 0)
      return this.first.isTyped || others.every((t) => this.isWhole(t, true))
        ? { row: undefined, column }
        : undefined;
    const isWhole = others.every((t) => this.isWhole(t));
    return isWhole ? { row: this.product(rows[0], side), column } : undefined;
  }
  /** A whole number times what no loop changes. */
  private product(v: ValueId, side: Side): Index['row'] {
    const origin = this.originOf(v);
    const op = origin?.isIv ? undefined : origin?.op;
    if (op?.kind !== 'scalar' || op.fn !== 'mul') return undefined;
    const [a, b] = op.args;
    const isStride = (x: ValueId) => (this.originOf(x)?.loops ?? []).length === 0;
    const [at, stride] = isStride(b) ? [a, b] : [b, a];
    if (!isStride(stride) || !this.isWhole(at)) return undefined;
    if (!this.first.isTyped && !this.isWhole(stride, true) && !this.isRunTo(stride)) return undefined;
    return { at: this.term(at, side), stride: this.term(stride, side) };
  }
  /** Whether one of the loops runs to a value, or near it: it does not come to an end where that is too large to count to. */
  private isRunTo(v: ValueId): boolean {
    const { base } = this.split(v);
    const loops = [...this.first.loops, ...this.second.loops];
    return loops.some(({ hi, body }) => this.split(hi).base === base && regionExits(body).length === 0);
  }
}

const isCeil = (op: Op | undefined): op is ScalarOp => op?.kind === 'scalar' && op.fn === 'ceil';

/** A product, and something else. */
const MOST_TERMS = 2;
const ZERO: Term = { of: 'zero', plus: 0 };
/** What a number is at least above another that is less: it only matters that it is something. */
const ABOVE = 2 ** -20;
