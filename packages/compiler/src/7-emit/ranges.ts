/**
 * **Question**: between which bounds is an index, as arithmetic on what is known when the function begins? **Guarantees**: where the
 * conditions hold and the values in `whole` are integers, each evaluation gives an integer between the bounds. **Method**: interval
 * arithmetic; sums, and products of what is not negative, grow with their arguments, rounding included. What must be an integer is
 * one of 32 bits (`isInt32`). Constants of a sum are added up, which is exact for sums of small numbers; what may be large is never
 * subtracted, so that a sum with it stays too large for an index.
 */
import { IntegerFacts, LARGEST, ROUNDING } from '../3-simplify/integers.js';
import { regionExits } from '../ir/exits.js';
import type { Func, LoopOp, Op, Region, ScalarOp, ValueId, ValueTable } from '../ir/nodes.js';
import { opRegions } from '../ir/visit.js';

/** Arithmetic on values from before. */
export type Bound =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'value'; readonly of: ValueId }
  | { readonly kind: 'scalar'; readonly fn: string; readonly args: readonly [Bound, Bound] };
/** `left < right`, or `left <= right`. */
export interface Condition {
  readonly fn: 'lt' | 'le';
  readonly args: readonly [Bound, Bound];
}
interface Range {
  readonly lo: Bound;
  readonly hi: Bound;
  /** What must be an integer for this, and what must hold. */
  readonly whole: ReadonlySet<ValueId>;
  readonly conditions: readonly Condition[];
}

const constant = (value: number): Bound => ({ kind: 'constant', value });
const early = (of: ValueId): Bound => ({ kind: 'value', of });
export const ZERO = constant(0);

export function keyOf(b: Bound): string {
  if (b.kind === 'constant') return String(b.value);
  return b.kind === 'value' ? `%${b.of}` : `${b.fn}(${b.args.map(keyOf).join()})`;
}
const isSame = (a: Bound, b: Bound): boolean => keyOf(a) === keyOf(b);

/** Constants come last, in sums that are as flat as possible. */
function add(a: Bound, b: Bound): Bound {
  if (a.kind === 'constant' && b.kind === 'constant') return constant(a.value + b.value);
  if (a.kind === 'constant') return add(b, a);
  if (b.kind === 'constant') {
    if (b.value === 0) return a;
    const [first, last] = a.kind === 'scalar' && a.fn === 'add' ? a.args : [];
    if (first && last?.kind === 'constant') return add(first, constant(last.value + b.value));
  }
  return { kind: 'scalar', fn: 'add', args: [a, b] };
}
function times(a: Bound, b: Bound): Bound {
  if (a.kind === 'constant' && b.kind === 'constant') return constant(a.value * b.value);
  if (a.kind === 'constant') return times(b, a);
  if (b.kind === 'constant' && b.value === 0) return ZERO;
  return b.kind === 'constant' && b.value === 1 ? a : { kind: 'scalar', fn: 'mul', args: [a, b] };
}
function minus(a: Bound, b: Bound): Bound {
  if (b.kind === 'constant') return add(a, constant(-b.value));
  return isSame(a, b) ? ZERO : { kind: 'scalar', fn: 'sub', args: [a, b] };
}
/** A sum with a constant. */
function inParts(b: Bound): { of: Bound; more: number } {
  const [of, last] = b.kind === 'scalar' && b.fn === 'add' ? b.args : [b, ZERO];
  return last.kind === 'constant' ? { of, more: last.value } : { of: b, more: 0 };
}
function either(fn: 'min' | 'max', a: Bound, b: Bound): Bound {
  if (a.kind === 'constant' && b.kind === 'constant') return constant(Math[fn](a.value, b.value));
  return isSame(a, b) ? a : { kind: 'scalar', fn, args: [a, b] };
}

/** Longer bounds are not worth it; they may double with each sum. */
const LONGEST = 50;
const sizeOf = (b: Bound): number => (b.kind === 'scalar' ? sizeOf(b.args[0]) + sizeOf(b.args[1]) : 1);
const isShort = ({ lo, hi, conditions }: Range): boolean =>
  conditions.length <= LONGEST && sizeOf(lo) <= LONGEST && sizeOf(hi) <= LONGEST;

/** Sums of as many of these as a bound may have are exact. */
const SMALL = 2 ** 40;

const NOTHING: Range = { lo: ZERO, hi: ZERO, whole: new Set(), conditions: [] };

type Definition =
  | { readonly kind: 'op'; readonly op: Op; readonly result: number }
  | { readonly kind: 'param'; readonly loop: LoopOp; readonly at: number };

export class Ranges {
  private readonly definitions = new Map<ValueId, Definition>();
  /** Known when the function begins. */
  private readonly early = new Set<ValueId>();
  private readonly constants = new Map<ValueId, number>();
  private readonly integers = new IntegerFacts((v) => this.constants.get(v));
  private readonly known = new Map<ValueId, Range | undefined>();
  /** What is stored in arrays. */
  private readonly stored = new Map<ValueId, ValueId[]>();

  constructor(
    func: Func,
    private readonly values: ValueTable,
    /** Whether the length of an array is the same all the time. */
    private readonly isFixed: (ref: ValueId) => boolean,
    /** Arrays of which only elements are read that were stored before. */
    private readonly filled: ReadonlySet<ValueId> = new Set(),
  ) {
    for (const p of func.params) if (values.type(p).kind === 'number') this.early.add(p);
    this.note(func.body, true);
  }

  private note({ ops }: Region, isRoot: boolean): void {
    for (const op of ops) {
      op.results.forEach((v, result) => void this.definitions.set(v, { kind: 'op', op, result }));
      if (op.kind === 'const' && typeof op.value === 'number' && !op.poison)
        this.constants.set(op.results[0], op.value);
      if (op.kind === 'length') this.integers.addLength(op.results[0]);
      if (op.kind === 'scalar') this.integers.scalar(op.results[0], op.fn, op.args);
      if (op.kind === 'store') this.stored.set(op.ref, [...(this.stored.get(op.ref) ?? []), op.value]);
      if (isRoot && this.isEarly(op)) this.early.add(op.results[0]);
      if (op.kind === 'loop') {
        this.integers.variable(op, op.lo, op.hi);
        op.body.params.forEach((p, at) => void this.definitions.set(p, { kind: 'param', loop: op, at }));
      }
      for (const r of opRegions(op)) this.note(r, false);
    }
  }
  private isEarly(op: Op): boolean {
    if (op.kind === 'const') return op.poison !== true;
    if (op.kind === 'length') return this.isFixed(op.ref);
    return op.kind === 'scalar' && op.args.every((a) => this.early.has(a));
  }
  /** The operations that compute what is known early, in order, for some values. */
  slice(values: Iterable<ValueId>): ReadonlySet<Op> {
    const found = new Set<Op>();
    const open = [...values];
    for (let v = open.pop(); v !== undefined; v = open.pop()) {
      const d = this.definitions.get(v);
      if (d?.kind !== 'op' || found.has(d.op)) continue;
      found.add(d.op);
      if (d.op.kind === 'scalar') open.push(...d.op.args);
    }
    return found;
  }

  constantOf(v: ValueId): number | undefined {
    return this.constants.get(v);
  }
  isNatural(v: ValueId): boolean {
    return this.integers.isNatural(v);
  }
  /** A finite integer, which is small if it may be negative. */
  private isTold(v: ValueId): boolean {
    return this.integers.has(v) && this.integers.most(v) <= (this.isNatural(v) ? Number.MAX_VALUE : SMALL);
  }
  private isLarge(b: Bound): boolean {
    if (b.kind === 'value') return this.isTold(b.of) && this.integers.most(b.of) > SMALL;
    return b.kind === 'scalar' && (b.fn === 'mul' || b.args.some((a) => this.isLarge(a)));
  }
  private atom(v: ValueId): Range | undefined {
    if (!this.early.has(v) || this.values.type(v).kind !== 'number') return undefined;
    const value = this.constants.get(v);
    if (value !== undefined && !(Number.isInteger(value) && Math.abs(value) <= LARGEST)) return undefined;
    const at = value === undefined ? early(v) : constant(value);
    const whole = new Set(this.isTold(v) ? [] : [v]);
    return { lo: at, hi: at, whole, conditions: [] };
  }

  /** The bounds of a number that is known early. */
  earlyBounds(v: ValueId): Range | undefined {
    return this.shifted(v) ?? this.atom(v);
  }
  /** The bounds of a value, if they can be told. */
  of(v: ValueId): Range | undefined {
    if (this.known.has(v)) return this.known.get(v);
    this.known.set(v, undefined);
    const range = this.earlyBounds(v) ?? this.computed(v);
    const found = range && isShort(range) ? range : undefined;
    this.known.set(v, found);
    return found;
  }
  /** What is rounded, or a constant apart from another value: the bounds of that tell more. */
  private shifted(v: ValueId): Range | undefined {
    const d = this.definitions.get(v);
    if (d?.kind !== 'op' || d.op.kind !== 'scalar' || !this.early.has(v)) return undefined;
    const { fn, args } = d.op;
    const isShift = (fn === 'add' || fn === 'sub') && args.some((a) => this.constants.has(a));
    return isShift || ROUNDING.has(fn) ? this.scalar(d.op) : undefined;
  }
  private computed(v: ValueId): Range | undefined {
    const d = this.definitions.get(v);
    if (d?.kind === 'param') return d.at === 0 ? this.variable(d.loop) : this.carried(d.loop, d.at - 1);
    if (d?.kind !== 'op') return undefined;
    const { op, result } = d;
    const arms = armsOf(op, result);
    if (arms) return this.oneOf(arms);
    if (op.kind === 'scalar') return this.scalar(op);
    if (op.kind === 'load')
      return this.filled.has(op.ref) ? this.oneOf(this.stored.get(op.ref) ?? []) : undefined;
    if (op.kind !== 'loop' || result >= op.inits.length) return undefined;
    return regionExits(op.body).some((e) => e.target === op.label) ? undefined : this.carried(op, result);
  }

  private variable({ lo, hi, step, inclusive }: LoopOp): Range | undefined {
    const [first, end] = [this.of(lo), this.of(hi)];
    if (!first || !end) return undefined;
    const gap = constant(inclusive ? 0 : 1);
    const both = step > 0 ? { lo: first.lo, hi: minus(end.hi, gap) } : { lo: add(end.lo, gap), hi: first.hi };
    return joined([first, end], both);
  }
  /** Whether a carried value only grows, by what can be told. */
  isCounter(loop: LoopOp, k: number): boolean {
    return this.step(loop, k) !== undefined;
  }
  private step({ body: { params, end } }: LoopOp, k: number): Range | undefined {
    return end.kind === 'yield' ? this.growth(end.args[k], params[k + 1]) : undefined;
  }
  /** A carried value is what it began as, or what a trip hands on in its place, or counts. */
  private carried(loop: LoopOp, k: number): Range | undefined {
    const param = loop.body.params[k + 1];
    const { end } = loop.body;
    const growth = this.step(loop, k);
    if (growth) return this.sum(this.of(loop.inits[k]), this.product(growth, this.trips(loop)));
    const later = end.kind === 'yield' ? this.alternatives(end.args[k], param) : [];
    return this.oneOf([loop.inits[k], ...later]);
  }
  /** How much greater a value is than another one, that it is made of by adding what is not negative. */
  private growth(v: ValueId, from: ValueId): Range | undefined {
    if (v === from) return NOTHING;
    const d = this.definitions.get(v);
    if (d?.kind !== 'op') return undefined;
    const { op, result } = d;
    if (op.kind === 'scalar' && op.fn === 'add') {
      const c = this.constants.get(op.args[1]) ?? 0;
      if (!Number.isInteger(c) || c <= 0 || c > LARGEST) return undefined;
      return this.sum(this.growth(op.args[0], from), { ...NOTHING, hi: constant(c) });
    }
    if (op.kind !== 'loop' || result >= op.inits.length || regionExits(op.body).length > 0) return undefined;
    const inside = this.step(op, result);
    return inside && this.sum(this.growth(op.inits[result], from), this.product(inside, this.trips(op)));
  }
  /** At most so many trips, and perhaps none. */
  private trips({ lo, hi, step, inclusive }: LoopOp): Range | undefined {
    const [first, end] = [this.of(lo), this.of(hi)];
    if (!first || !end || [first.lo, first.hi, end.lo, end.hi].some((b) => this.isLarge(b))) return undefined;
    const most = step > 0 ? minus(end.hi, first.lo) : minus(first.hi, end.lo);
    return joined([first, end], {
      lo: ZERO,
      hi: either('max', add(most, constant(inclusive ? 1 : 0)), ZERO),
    });
  }
  private sum(a: Range | undefined, b: Range | undefined): Range | undefined {
    return a && b && joined([a, b], { lo: add(a.lo, b.lo), hi: add(a.hi, b.hi) });
  }
  /** Of what is not negative. */
  private product(a: Range | undefined, b: Range | undefined): Range | undefined {
    return a && b && joined([a, b], { lo: times(a.lo, b.lo), hi: times(a.hi, b.hi) });
  }
  private alternatives(v: ValueId, but: ValueId): readonly ValueId[] {
    if (v === but) return [];
    const d = this.definitions.get(v);
    const arms = d?.kind === 'op' ? armsOf(d.op, d.result) : undefined;
    return arms ? arms.flatMap((a) => this.alternatives(a, but)) : [v];
  }
  private oneOf(values: readonly ValueId[]): Range | undefined {
    const ranges = this.all(values);
    const [first, ...others] = ranges ?? [];
    if (!first) return undefined;
    const lo = others.reduce((a, r) => either('min', a, r.lo), first.lo);
    const hi = others.reduce((a, r) => either('max', a, r.hi), first.hi);
    return joined(ranges!, { lo, hi });
  }
  private all(values: readonly ValueId[]): Range[] | undefined {
    const ranges = values.map((v) => this.of(v));
    return ranges.every((r) => r !== undefined) ? (ranges as Range[]) : undefined;
  }

  private scalar({ fn, args }: ScalarOp): Range | undefined {
    const ranges = this.all(args);
    if (!ranges) return undefined;
    const [a, b] = ranges;
    if (ROUNDING.has(fn)) return a;
    switch (fn) {
      case 'add':
        return joined(ranges, { lo: add(a.lo, b.lo), hi: add(a.hi, b.hi) });
      case 'sub':
        // so large numbers that they are rounded stay large
        if (this.isLarge(b.lo) || this.isLarge(b.hi)) return undefined;
        return joined(ranges, { lo: minus(a.lo, b.hi), hi: minus(a.hi, b.lo) });
      case 'mul': {
        const signs = [a.lo, b.lo].map((lo): Condition => ({ fn: 'le', args: [ZERO, lo] }));
        return joined(ranges, { lo: times(a.lo, b.lo), hi: times(a.hi, b.hi) }, signs);
      }
      case 'min':
      case 'max':
        if (ranges.length !== 2) return undefined;
        return joined(ranges, { lo: either(fn, a.lo, b.lo), hi: either(fn, a.hi, b.hi) });
      default:
        return undefined;
    }
  }

  /** Whether a condition surely holds. */
  holds({ fn, args: [a, b] }: Condition): boolean {
    if (a.kind === 'constant' && b.kind === 'constant')
      return fn === 'lt' ? a.value < b.value : a.value <= b.value;
    if (fn === 'le' && isSame(a, ZERO)) return this.isNotNegative(b);
    const [left, right] = [a, b].map(inParts);
    if (isSame(a, ZERO) && right.more > 0 && this.isNotNegative(right.of)) return true;
    const apart = left.more - right.more;
    return isSame(left.of, right.of) && (fn === 'lt' ? apart < 0 : apart <= 0);
  }
  private isNotNegative(b: Bound): boolean {
    if (b.kind === 'constant') return b.value >= 0;
    if (b.kind === 'value') return this.isNatural(b.of);
    return ['add', 'mul', 'min', 'max'].includes(b.fn) && b.args.every((a) => this.isNotNegative(a));
  }
}

/** The values of which a result is one. */
function armsOf(op: Op, result: number): readonly ValueId[] | undefined {
  if (op.kind === 'scalar' && op.fn === 'select') return op.args.slice(1);
  if (op.kind !== 'if') return undefined;
  return [op.then.end, op.else.end].flatMap((e) => (e.kind === 'yield' ? [e.args[result]] : []));
}
function joined(
  parts: readonly Range[],
  bounds: Pick<Range, 'lo' | 'hi'>,
  conditions: readonly Condition[] = [],
): Range {
  return {
    ...bounds,
    whole: new Set(parts.flatMap((p) => [...p.whole])),
    conditions: [...parts.flatMap((p) => p.conditions), ...conditions],
  };
}
