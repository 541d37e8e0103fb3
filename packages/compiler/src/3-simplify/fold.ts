/**
 * Constant folding and the few algebraic identities that keep the bits of every result, NaN and -0 included
 * (LANGUAGE.md R1). `x + 0` and `x * 0` are not among them.
 */
import type { ValueId } from '../ir/nodes.js';
import { scalarRule } from '../rules/scalar.js';
import { type IntegerFacts, ROUNDING } from './integers.js';

export type Constant = number | boolean | string | null | undefined;
export type ConstantOf = (v: ValueId) => { readonly value: Constant } | undefined;
/** What an operation amounts to: a constant, one of its arguments, or another operation. */
export type Folded =
  | { readonly constant: Constant }
  | { readonly value: ValueId }
  | { readonly fn: string; readonly args: readonly ValueId[] }
  | undefined;

/** What is known of the arguments. */
export interface Known {
  readonly constant: ConstantOf;
  /** The type is a number; the value may be missing all the same (an element beyond the end). */
  readonly isNumber: (v: ValueId) => boolean;
  /** The type is that of an object that is not missing. */
  readonly isObject: (v: ValueId) => boolean;
  /** The value is a number, never missing; also where it no longer matters. */
  readonly isPresent: (v: ValueId) => boolean;
  /** The value is there, as a number, whatever the code around it takes care of. */
  readonly isThere: (v: ValueId) => boolean;
  readonly integers: Pick<IntegerFacts, 'has' | 'isNatural' | 'isPlain' | 'isBelow'>;
  /** The texts that a value may be, where nothing else can be there. */
  readonly texts: (v: ValueId) => readonly string[] | undefined;
  readonly definition: (v: ValueId) => { fn: string; args: readonly ValueId[] } | undefined;
}

export function fold(fn: string, args: readonly ValueId[], known: Known): Folded {
  const { isNumber, definition } = known;
  const consts = args.map(known.constant);
  /** `v` as a number: what is missing becomes NaN, as in any arithmetic. */
  const asNumber = (v: ValueId): Folded => (known.isPresent(v) ? { value: v } : { fn: 'plus', args: [v] });
  const negated = (v: ValueId): ValueId | undefined => {
    const d = definition(v);
    return d?.fn === 'neg' ? d.args[0] : undefined;
  };
  const rule = scalarRule(fn);
  // what is missing all the same keeps the type that the program says it has
  if (fn === 'unwrap' && consts[0] && (consts[0].value ?? undefined) === undefined) return undefined;
  if (rule.foldable && consts.every((c) => c !== undefined))
    return { constant: rule.evaluate(...consts.map((c) => c!.value)) as Constant };
  const [a, b] = args;
  const is = (k: number, x: Constant) => consts[k] !== undefined && Object.is(consts[k]!.value, x);
  const truth = (k: number) => consts[k] && Boolean(consts[k]!.value);
  const [minusA, minusB] = [negated(a), negated(b)];
  switch (fn) {
    case 'mul':
      if (is(0, 1)) return asNumber(b);
      if (is(1, 1)) return asNumber(a);
      if (is(0, -1)) return { fn: 'neg', args: [b] };
      if (is(1, -1)) return { fn: 'neg', args: [a] };
      return undefined;
    case 'div':
      return is(1, 1) ? asNumber(a) : undefined;
    case 'sub':
      if (is(1, 0)) return asNumber(a);
      return minusB === undefined ? undefined : { fn: 'add', args: [a, minusB] };
    case 'add':
      if (is(0, -0)) return asNumber(b);
      if (is(1, -0)) return asNumber(a);
      // `a + -b` and `-a + b` are the same to the last bit
      if (minusA !== undefined && minusB !== undefined) return undefined;
      if (minusB !== undefined) return { fn: 'sub', args: [a, minusB] };
      return minusA === undefined ? foldInteger(fn, args, known) : { fn: 'sub', args: [b, minusA] };
    case 'neg':
      return minusA === undefined ? undefined : asNumber(minusA);
    case 'orZero':
    case 'plus': {
      // what may be missing (an element beyond the end) is zero for the one, NaN for the other
      const d = definition(a);
      return d && scalarRule(d.fn).result === 'number' ? { value: a } : undefined;
    }
    case 'unwrap':
      return isNumber(a) || known.isObject(a) ? { value: a } : undefined;
    case 'not': {
      const d = definition(a);
      if (d?.fn === 'not') return { value: d.args[0] };
      if (d?.fn === 'eq' || d?.fn === 'ne') return { fn: d.fn === 'eq' ? 'ne' : 'eq', args: d.args };
      return undefined;
    }
    case 'and':
      if (a === b) return { value: a };
      if (consts[0]) return truth(0) ? { value: b } : { constant: false };
      return truth(1) ? { value: a } : undefined;
    case 'or':
      if (a === b) return { value: a };
      if (consts[0]) return truth(0) ? { constant: true } : { value: b };
      return consts[1] && !truth(1) ? { value: a } : undefined;
    case 'select':
      if (consts[0]) return { value: truth(0) ? b : args[2] };
      return b === args[2] ? { value: b } : undefined;
    case 'eq':
    case 'ne':
      return neverEqual(a, b, known) ? { constant: fn === 'ne' } : foldInteger(fn, args, known);
    case 'strong':
    case 'strongdiv':
      if (!consts[0]) return undefined;
      return is(0, 0) || is(0, -0) ? { constant: 0 } : { fn: fn === 'strong' ? 'mul' : 'div', args };
    case 'isNullish':
    case 'isUndefined':
      return known.isThere(a) ? { constant: false } : undefined;
    default:
      return foldInteger(fn, args, known);
  }
}

/** Whether two values are texts of which none can be the other, as a chosen `'a'` or `'b'` and `'c'`. */
function neverEqual(a: ValueId, b: ValueId, { texts }: Known): boolean {
  const [of, other] = [texts(a), texts(b)];
  return of !== undefined && other !== undefined && !of.some((text) => other.includes(text));
}

/** What is clamped or rounded already. */
function foldInteger(fn: string, args: readonly ValueId[], known: Known): Folded {
  const { integers } = known;
  const [a, b] = args;
  if (ROUNDING.has(fn)) return integers.has(a) ? { value: a } : undefined;
  const isZero = (v: ValueId) => known.constant(v)?.value === 0 && integers.isNatural(v);
  const least = (zero: ValueId, other: ValueId) => isZero(zero) && integers.isNatural(other);
  switch (fn) {
    case 'add':
      if (isZero(a) && integers.isPlain(b)) return { value: b };
      return isZero(b) && integers.isPlain(a) ? { value: a } : undefined;
    case 'lt':
    case 'ge':
      if (integers.isBelow(a, b)) return { constant: fn === 'lt' };
      return least(b, a) ? { constant: fn === 'ge' } : undefined;
    case 'gt':
    case 'le':
      return least(a, b) ? { constant: fn === 'le' } : undefined;
    case 'min':
    case 'max': {
      if (args.length !== 2) return undefined;
      if (a === b && integers.has(a)) return { value: a };
      if (least(a, b)) return { value: fn === 'min' ? a : b };
      return least(b, a) ? { value: fn === 'min' ? b : a } : undefined;
    }
    default:
      return undefined;
  }
}
