/**
 * Which values are surely integers, unless they become too large to be finite: what induction variables, lengths and constants are
 * made of. Loops may only be run backwards by their step where this is proved. Of these, which are never -0, and which are not
 * negative: bounds that the methods of arrays clamp are within them already.
 */
import type { LoopOp, ValueId } from '../ir/nodes.js';
import { walkOps } from '../ir/visit.js';
import type { Constant } from './fold.js';

/** Integers for integers. */
export const RING: ReadonlySet<string> = new Set(['add', 'sub', 'mul', 'neg', 'min', 'max']);
/** An index plus a larger constant may be rounded. */
export const LARGEST = 2 ** 32;
export const ROUNDING: ReadonlySet<string> = new Set(['trunc', 'floor', 'ceil', 'round']);
/** Integers of 32 bits, of whatever. */
export const BITWISE: ReadonlySet<string> = new Set([
  'bitand',
  'bitor',
  'bitxor',
  'bitnot',
  'shl',
  'shr',
  'ushr',
  'imul',
  'clz32',
]);

/** An upper limit for the length of an array. */
const LONGEST_ARRAY = 2 ** 34;
/** No loop runs longer. */
const LONGEST_RUN = 2 ** 52;
/** From here on one less may be the same. */
const FIRST_ROUNDED = 2 ** 53;

export class IntegerFacts {
  private readonly known = new Set<ValueId>();
  private readonly signed = new Set<ValueId>();
  private readonly natural = new Set<ValueId>();
  /** What is known to be greater, from one value to the next. */
  private readonly above = new Map<ValueId, ValueId>();
  /** How far from zero they are at most, where that is known. */
  private readonly limits = new Map<ValueId, number>();
  /** What a loop carries may double in each trip until it is infinite; the difference of two such is no number. */
  private readonly unbounded = new Set<ValueId>();

  constructor(private readonly constant: (v: ValueId) => Constant) {}

  constantOf(v: ValueId): number | undefined {
    const c = this.constant(v);
    return typeof c === 'number' ? c : undefined;
  }
  has(v: ValueId): boolean {
    return this.known.has(v) || Number.isSafeInteger(this.constant(v));
  }
  /** How far from zero an integer is at most. */
  most(v: ValueId): number {
    return Math.abs(this.constantOf(v) ?? this.limits.get(v) ?? Number.POSITIVE_INFINITY);
  }
  /** A finite integer that is not negative, and not -0. */
  isNatural(v: ValueId): boolean {
    const c = this.constantOf(v);
    return this.natural.has(v) || (c !== undefined && Number.isSafeInteger(c) && c >= 0 && !Object.is(c, -0));
  }
  /** An integer that is not -0. */
  isPlain(v: ValueId): boolean {
    const c = this.constantOf(v);
    return this.signed.has(v) || this.isNatural(v) || (Number.isSafeInteger(c) && c !== 0);
  }
  isBelow(v: ValueId, limit: ValueId): boolean {
    for (let next = this.above.get(v); next !== undefined; next = this.above.get(next))
      if (next === limit) return true;
    return false;
  }
  add(v: ValueId): void {
    this.known.add(v);
  }
  addLength(v: ValueId): void {
    this.add(v);
    this.natural.add(v);
    this.limits.set(v, LONGEST_ARRAY);
  }
  /** Whether a value may be as large as what a loop doubles in each trip. */
  isUnbounded(v: ValueId): boolean {
    return this.unbounded.has(v);
  }
  /** What a loop carries. */
  addUnbounded(v: ValueId): void {
    this.add(v);
    this.unbounded.add(v);
  }
  scalar(result: ValueId, fn: string, args: readonly ValueId[]): void {
    if (fn === 'select') this.oneOf(result, args.slice(1));
    const isExact = RING.has(fn) || (fn === 'rem' && !!this.constantOf(args[1]));
    if (!BITWISE.has(fn) && !(isExact && args.every((a) => this.has(a)))) return;
    this.add(result);
    const most = this.limitOf(fn, args);
    this.limits.set(result, most);
    if (!BITWISE.has(fn) && args.some((a) => this.unbounded.has(a))) this.unbounded.add(result);
    // infinity less something is not below itself, nor is what is so large that it is rounded
    else if (fn === 'sub' && (this.constantOf(args[1]) ?? 0) >= 1 && this.most(args[0]) < FIRST_ROUNDED)
      this.above.set(result, args[0]);
    // zero times infinity is no number
    if (most < Number.POSITIVE_INFINITY && this.givesNatural(fn, args)) this.natural.add(result);
    else if (this.givesPlain(fn, args)) this.signed.add(result);
  }
  private limitOf(fn: string, args: readonly ValueId[]): number {
    if (BITWISE.has(fn)) return LARGEST;
    const all = args.map((a) => this.most(a));
    return fn === 'mul' ? all[0] * all[1] : all.reduce((sum, m) => sum + m, 0);
  }
  private givesNatural(fn: string, args: readonly ValueId[]): boolean {
    if (fn === 'max') return args.some((a) => this.isNatural(a)) && !args.some((a) => this.unbounded.has(a));
    if (fn === 'rem') return this.isNatural(args[0]);
    const all = args.every((a) => this.isNatural(a));
    return fn === 'ushr' || fn === 'clz32' || (all && (fn === 'add' || fn === 'mul' || fn === 'min'));
  }
  private givesPlain(fn: string, args: readonly ValueId[]): boolean {
    if (fn === 'add') return args.some((a) => this.isPlain(a));
    // -0 comes of -0 - 0 only
    if (fn === 'sub') return this.isPlain(args[0]);
    return BITWISE.has(fn) || ((fn === 'min' || fn === 'max') && args.every((a) => this.isPlain(a)));
  }

  /** Values of which a result is one. */
  oneOf(result: ValueId, values: readonly ValueId[]): void {
    if (values.length === 0 || !values.every((v) => this.has(v))) return;
    this.add(result);
    this.limits.set(result, Math.max(...values.map((v) => this.most(v))));
    if (values.some((v) => this.unbounded.has(v))) this.unbounded.add(result);
    if (values.every((v) => this.isNatural(v))) this.natural.add(result);
    else if (values.every((v) => this.isPlain(v))) this.signed.add(result);
  }

  /** The variable of a loop between its bounds. */
  variable(op: Pick<LoopOp, 'step' | 'body'>, lo: ValueId, hi: ValueId): void {
    const [iv] = op.body.params;
    if (!this.has(lo)) return;
    this.add(iv);
    this.limits.set(iv, this.most(lo) + LONGEST_RUN);
    if (this.isNatural(op.step > 0 ? lo : hi) && this.isPlain(lo)) this.natural.add(iv);
    const first = this.above.get(lo);
    if (op.step < 0 && first !== undefined) this.above.set(iv, first);
  }

  /** Assumes integer carried values and withdraws those whose next value is not one; true for those that are. */
  assumeCarried(op: LoopOp, inits: readonly ValueId[], value: (v: ValueId) => ValueId): boolean[] {
    const params = op.body.params.slice(1);
    const { end } = op.body;
    const yields = end.kind === 'yield' ? end.args : [];
    const local = new Set<ValueId>();
    const holds = (v: ValueId): boolean => local.has(v) || this.has(value(v));
    let candidates = params.map((_, k) => this.has(inits[k]));
    for (;;) {
      local.clear();
      local.add(op.body.params[0]);
      params.forEach((p, k) => {
        if (candidates[k]) local.add(p);
      });
      walkOps(op.body, (o) => {
        if (o.kind === 'const' && Number.isSafeInteger(o.value)) local.add(o.results[0]);
        if (o.kind === 'length') local.add(o.results[0]);
        if (o.kind === 'scalar' && (BITWISE.has(o.fn) || (RING.has(o.fn) && o.args.every(holds))))
          local.add(o.results[0]);
        if (o.kind === 'if' && o.then.end.kind === 'yield' && o.else.end.kind === 'yield') {
          const [t, e] = [o.then.end.args, o.else.end.args];
          o.results.forEach((r, k) => {
            if (holds(t[k]) && holds(e[k])) local.add(r);
          });
        }
      });
      const next = candidates.map((c, k) => c && (yields.length === 0 || holds(yields[k])));
      if (next.every((c, k) => c === candidates[k])) break;
      candidates = next;
    }
    params.forEach((p, k) => {
      if (candidates[k]) this.addUnbounded(p);
    });
    return candidates;
  }
}
