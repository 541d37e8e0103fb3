/** IR types of arrays, tuples and what stands for them in declarations. */
import { joinTypes } from '../ir/join-types.js';
import { type ArrayType, NEVER, NULLISH, NUMBER, OPAQUE, type RecordType, type Type } from '../ir/nodes.js';
import { holdsInstances } from '../ir/type-questions.js';
import { carriesDerivative, FLOAT64, isLeaf, plainArray, present, refType, typeKey } from '../ir/types.js';
import { hasMethods } from './class-types.js';
import type { Host, ts } from './ts.js';
import { isFunctionRecord, type Known, lowerType, outsideType, UnsupportedType } from './types.js';

/**
 * The kinds of lists of numbers that a value may be, where there are several: of `number[] | Float64Array` both, and of
 * `ArrayLike<number>`, which says nothing of the kind, the same two.
 */
export function listKinds(host: Host, type: ts.Type, at: ts.Node): readonly ArrayType[] {
  const { checker } = host;
  const constraint =
    type.flags & host.ts.TypeFlags.TypeParameter ? checker.getBaseConstraintOfType(type) : type;
  const present = checker.getNonNullableType(constraint ?? type);
  if (isNumberLists(host, present)) return [plainArray(NUMBER), FLOAT64];
  if (!present.isUnion()) return [];
  const found = new Map<string, ArrayType>();
  for (const part of present.types) {
    const t = outsideType(host, part, at);
    if (t instanceof UnsupportedType || t.kind !== 'array' || !isLeaf(t.elem) || !carriesDerivative(t))
      return [];
    if (t.storage !== 'keyed') found.set(typeKey(t), t);
  }
  return found.size > 1 ? [...found.values()] : [];
}
/** `ArrayLike<number>` */
const isNumberLists = ({ ts, checker }: Host, type: ts.Type): boolean =>
  type.symbol?.name === 'ArrayLike' &&
  checker.getTypeArguments(type as ts.TypeReference).some((t) => t.flags & ts.TypeFlags.NumberLike);

export const isAnyList = ({ symbol }: ts.Type): boolean =>
  symbol?.name === 'ArrayLike' || symbol?.name === 'Iterable';
export const TEXT_LISTS: ReadonlySet<string> = new Set([
  'RegExpMatchArray',
  'RegExpExecArray',
  'TemplateStringsArray',
]);

/** A map whose keys are numbers gives numbers where its keys are listed. */
export function withKeys(t: Type | UnsupportedType, keys: Type | UnsupportedType): Type | UnsupportedType {
  return !(t instanceof UnsupportedType) &&
    t.kind === 'array' &&
    !(keys instanceof UnsupportedType) &&
    keys.kind === 'number'
    ? { ...t, keys }
    : t;
}

export function arrayType(
  host: Host,
  type: ts.Type,
  of: ts.Type,
  inner: (t: ts.Type) => Type | UnsupportedType,
  known: Known,
  ctor: 'Array' | 'Map' | 'Set' | 'Object' = 'Array',
): Type | UnsupportedType {
  const made = {
    kind: 'array' as const,
    storage: ctor === 'Array' ? ('plain' as const) : ('keyed' as const),
    ctor,
    elem: NEVER,
  };
  known.types.set(type, made);
  const elem = inner(of);
  known.types.delete(type);
  if (elem instanceof UnsupportedType) return elem;
  // keyed containers without numbers, functions and instances are handled by the language itself
  if (ctor !== 'Array' && !hasMethods(host, of) && !known.carries(type, elem)) return OPAQUE;
  (made as { elem: Type }).elem = elem;
  return made;
}

/** Whether numbers, functions or instances are among the parts of a value: what the fields of instances hold is found out. */
export function holdsParts(t: Type): boolean {
  const r = refType(t);
  return carriesDerivative(t) || mayHoldFunctions(t) || (r !== undefined && holdsInstances(r));
}

/** Whether functions are among the parts of a value: which ones is found out. */
function mayHoldFunctions(t: Type, seen: readonly Type[] = []): boolean {
  if (t.kind === 'never') return true;
  const r = refType(t);
  if (!r || seen.includes(r)) return false;
  const inner = [...seen, r];
  return r.kind === 'array'
    ? mayHoldFunctions(r.elem, inner)
    : r.fields.some((f) => mayHoldFunctions(f.type, inner));
}

export function lowerTuple(host: Host, type: ts.Type, at: ts.Node, known: Known): Type | UnsupportedType {
  const { ts, checker } = host;
  const { target } = type as ts.TupleTypeReference;
  const made: RecordType = { kind: 'record', fields: [], tuple: true };
  known.types.set(type, made);
  const elems: Type[] = [];
  let variable = false;
  for (const [k, t] of checker.getTypeArguments(type as ts.TypeReference).entries()) {
    const e = lowerType(host, t, at, known);
    if (e instanceof UnsupportedType) {
      known.types.delete(type);
      return e;
    }
    variable ||= !(target.elementFlags[k] & (ts.ElementFlags.Required | ts.ElementFlags.Optional));
    elems.push(target.elementFlags[k] & ts.ElementFlags.Optional ? (joinTypes(e, NULLISH) ?? e) : e);
  }
  known.types.delete(type);
  // of a function nothing is known but where it is made
  const isFunction = (e: Type): boolean => present(e).kind === 'never';
  const isBesideFunction = elems.some(isFunction) && !elems.every(isFunction);
  const tuple = isBesideFunction ? made : tupleType(elems);
  if (tuple.kind === 'array' && !known.inside.has(made)) return tuple;
  if (variable)
    return new UnsupportedType('AD3002', 'tuples with rest elements of another type are not supported');
  return Object.assign(made, { fields: elems.map((e, k) => ({ key: String(k), type: e })) });
}
/** Tuples of one type are arrays; others are records with the keys `0`, `1`, ... */
export function tupleType(elems: readonly Type[]): Type {
  const first = elems[0];
  // a function beside data: `[value, pullback]`
  const functions = elems.filter(isFunctionRecord).length;
  if (first !== undefined && (functions === 0 || functions === elems.length)) {
    let joined: Type | undefined = first;
    for (const e of elems) joined = joined && joinTypes(joined, e);
    if (joined && (joined.kind !== 'maybe' || isLeaf(joined) || elems.every((e) => e.kind === 'maybe')))
      return plainArray(joined);
  }
  return { kind: 'record', fields: elems.map((type, k) => ({ key: String(k), type })), tuple: true };
}
