/** IR types of TypeScript types, for the arguments of the differentiated function and what it captures. */

import {
  BOOLEAN,
  type ClassTag,
  type Field,
  NEVER,
  NULLISH,
  NUMBER,
  OPAQUE,
  type RecordType,
  type Type,
} from '../ir/nodes.js';
import { carriesDerivative, joinTypes, plainArray, typedArray } from '../ir/types.js';
import type { Host, ts } from './ts.js';

/** Why a type has no IR type. */
export class UnsupportedType {
  constructor(
    readonly code: 'AD3001' | 'AD3002',
    readonly why: string,
  ) {}
}

/** IR types under construction or made, by TypeScript type: a type may contain itself. */
type Known = Map<ts.Type | { readonly members: readonly ts.Type[] }, Type>;

/** The IR type of a TypeScript type as seen at `at`. Types without numbers in them become `opaque`. */
export function lowerType(
  host: Host,
  type: ts.Type,
  at: ts.Node,
  known: Known = new Map(),
): Type | UnsupportedType {
  const { ts, checker } = host;
  const F = ts.TypeFlags;
  const inner = (t: ts.Type) => lowerType(host, t, at, known);
  if (type.flags & (F.Any | F.Unknown))
    return new UnsupportedType('AD3001', `its type is \`${checker.typeToString(type)}\``);
  if (type.flags & F.TypeParameter) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint ? inner(constraint) : new UnsupportedType('AD3001', 'its type is a type parameter');
  }
  if (type.flags & (F.Undefined | F.Null | F.Void)) return NULLISH;
  if (type.flags & F.NumberLike) return NUMBER;
  if (type.flags & F.BooleanLike) return BOOLEAN;
  if (type.flags & (F.StringLike | F.BigIntLike | F.ESSymbolLike | F.Never)) return OPAQUE;
  if (type.isUnion()) return lowerUnionOf(host, type, inner, known);
  if (type.flags & (F.Object | F.Intersection | F.NonPrimitive)) {
    const before = known.get(type);
    return before ?? lowerObject(host, type, at, known);
  }
  if (type.flags & (F.IndexedAccess | F.Conditional | F.Substitution)) {
    const constraint = checker.getBaseConstraintOfType(type);
    if (constraint && constraint !== type) return inner(constraint);
  }
  return new UnsupportedType(
    'AD3002',
    `\`${checker.typeToString(type)}\` is not a number, an array or a plain object`,
  );
}

/** Several kinds of objects that may refer to the union itself: the record of all their fields is known before them. */
function lowerUnionOf(
  { ts }: Host,
  type: ts.UnionType,
  inner: (t: ts.Type) => Type | UnsupportedType,
  known: Known,
): Type | UnsupportedType {
  const objects = type.types.filter((t) => t.flags & ts.TypeFlags.Object);
  if (objects.length < 2) return lowerUnion(type.types.map(inner));
  const key = [...known.keys()].find((k) => 'members' in k && sameMembers(k.members, objects));
  const others = type.types.filter((t) => !objects.includes(t)).map(inner);
  if (key) return lowerUnion([known.get(key) as Type, ...others]);
  const fields: Field[] = [];
  const made: RecordType = { kind: 'record', fields, tuple: false };
  const here = { members: objects };
  known.set(here, made);
  const joined = lowerUnion(objects.map(inner));
  known.delete(here);
  if (joined instanceof UnsupportedType) return joined;
  if (joined.kind !== 'record' || joined.tuple) return lowerUnion([joined, ...others]);
  fields.push(...joined.fields);
  if (joined.classes) (made as { classes?: RecordType['classes'] }).classes = joined.classes;
  return lowerUnion([made, ...others]);
}
const sameMembers = (a: readonly ts.Type[], b: readonly ts.Type[]): boolean =>
  a.length === b.length && a.every((t) => b.includes(t));

function lowerUnion(parts: readonly (Type | UnsupportedType)[]): Type | UnsupportedType {
  let joined: Type | undefined;
  for (const p of parts) {
    if (p instanceof UnsupportedType) return p;
    const next: Type | undefined = joined === undefined ? p : joinTypes(joined, p);
    if (next === undefined)
      return new UnsupportedType('AD3002', 'it is a union of types that cannot be handled as one');
    joined = next;
  }
  return joined ?? OPAQUE;
}

function lowerObject(host: Host, type: ts.Type, at: ts.Node, known: Known): Type | UnsupportedType {
  const { ts, checker } = host;
  const inner = (t: ts.Type) => lowerType(host, t, at, known);
  if (checker.isTupleType(type)) return lowerTuple(host, type, at, known);
  if (checker.isArrayType(type))
    return arrayType(type, checker.getTypeArguments(type as ts.TypeReference)[0], inner, known);
  const name = type.symbol?.name;
  const fromLibrary = type.symbol?.declarations?.some((d) =>
    host.program.isSourceFileDefaultLibrary(d.getSourceFile()),
  );
  if (fromLibrary && name !== undefined) {
    const typed = typedArray(name);
    if (typed) return typed;
    if (name === 'Map' || name === 'ReadonlyMap') return mapType(host, type, inner, known);
    if (name === 'Set' || name === 'ReadonlySet')
      return arrayType(type, checker.getTypeArguments(type as ts.TypeReference)[0], inner, known, 'Set');
    if (!type.aliasSymbol && checker.getIndexInfosOfType(type).length === 0) return OPAQUE;
  }
  if (
    checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0 ||
    checker.getSignaturesOfType(type, ts.SignatureKind.Construct).length > 0
  )
    return OPAQUE;
  const index = checker.getIndexInfosOfType(type);
  if (index.length > 0 && checker.getPropertiesOfType(type).length === 0) {
    if (index.some((i) => i.type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown))) return OPAQUE;
    return arrayType(type, index[0].type, inner, known, 'Object');
  }
  return lowerRecord(host, type, at, known);
}

function mapType(
  { ts, checker }: Host,
  type: ts.Type,
  inner: (t: ts.Type) => Type | UnsupportedType,
  known: Known,
): Type | UnsupportedType {
  const [key, value] = checker.getTypeArguments(type as ts.TypeReference);
  return arrayType(type, value, inner, known, 'Map', (key.flags & ts.TypeFlags.NumberLike) !== 0);
}

function arrayType(
  type: ts.Type,
  of: ts.Type,
  inner: (t: ts.Type) => Type | UnsupportedType,
  known: Known,
  ctor: 'Array' | 'Map' | 'Set' | 'Object' = 'Array',
  keys = false,
): Type | UnsupportedType {
  const made = {
    kind: 'array' as const,
    storage: ctor === 'Array' ? ('plain' as const) : ('keyed' as const),
    ctor,
    elem: NEVER,
    ...(keys ? { keys: NUMBER } : {}),
  };
  known.set(type, made);
  const elem = inner(of);
  known.delete(type);
  if (elem instanceof UnsupportedType) return elem;
  // keyed containers without numbers are handled by the language itself
  if (ctor !== 'Array' && !carriesDerivative(elem)) return OPAQUE;
  (made as { elem: Type }).elem = elem;
  return made;
}

function lowerTuple(host: Host, type: ts.Type, at: ts.Node, known: Known): Type | UnsupportedType {
  const { ts, checker } = host;
  const { target } = type as ts.TupleTypeReference;
  const elems: Type[] = [];
  let variable = false;
  for (const [k, t] of checker.getTypeArguments(type as ts.TypeReference).entries()) {
    const e = lowerType(host, t, at, known);
    if (e instanceof UnsupportedType) return e;
    variable ||= !(target.elementFlags[k] & (ts.ElementFlags.Required | ts.ElementFlags.Optional));
    elems.push(target.elementFlags[k] & ts.ElementFlags.Optional ? (joinTypes(e, NULLISH) ?? e) : e);
  }
  const made = tupleType(elems);
  if (!variable) return made;
  return made.kind === 'array'
    ? made
    : new UnsupportedType('AD3002', 'tuples with rest elements of another type are not supported');
}

function lowerRecord(host: Host, type: ts.Type, at: ts.Node, known: Known): Type | UnsupportedType {
  const { ts, checker } = host;
  const S = ts.SymbolFlags;
  const fields: { key: string; type: Type }[] = [];
  const made: RecordType = { kind: 'record', fields, tuple: false, ...classOf(host, type) };
  known.set(type, made);
  for (const property of checker.getPropertiesOfType(type)) {
    // methods and accessors of classes live on the prototype
    if (property.flags & (S.Method | S.Accessor | S.Prototype)) continue;
    if (property.valueDeclaration?.kind === ts.SyntaxKind.MethodDeclaration) continue;
    const declared = checker.getTypeOfSymbolAtLocation(property, at);
    const t = lowerType(host, declared, at, known);
    if (t instanceof UnsupportedType) {
      known.delete(type);
      return new UnsupportedType(t.code, `field \`${property.name}\`: ${t.why}`);
    }
    const optional = (property.flags & S.Optional) !== 0;
    const joined = optional ? joinTypes(t, NULLISH) : t;
    if (joined) fields.push({ key: fieldKey(ts, property), type: joined });
  }
  known.delete(type);
  return made;
}

/** The key of a property; a `#private` name gets one that no user can write. */
const fieldKey = (ts: Host['ts'], property: ts.Symbol): string => {
  const d = property.valueDeclaration;
  return d && ts.isPropertyDeclaration(d) && ts.isPrivateIdentifier(d.name) ? d.name.text : property.name;
};

function classOf(host: Host, type: ts.Type): { classes?: readonly ClassTag[] } {
  const d = type.symbol?.valueDeclaration;
  if (!d || !host.ts.isClassLike(d)) return {};
  return { classes: [classTag(d)] };
}

const classTags = new WeakMap<ts.ClassLikeDeclaration, ClassTag>();
let nextClass = 0;
/** The tag of a class; the same for the same declaration. */
export function classTag(d: ts.ClassLikeDeclaration): ClassTag {
  let tag = classTags.get(d);
  if (!tag) {
    tag = { id: nextClass++, name: d.name?.text ?? 'anonymous', declaration: d };
    classTags.set(d, tag);
  }
  return tag;
}

/** Tuples of one type are arrays; others are records with the keys `0`, `1`, ... */
export function tupleType(elems: readonly Type[]): Type {
  const first = elems[0];
  if (first !== undefined) {
    let joined: Type | undefined = first;
    for (const e of elems) joined = joined && joinTypes(joined, e);
    if (joined && (joined.kind !== 'maybe' || elems.every((e) => e.kind === 'maybe')))
      return plainArray(joined);
  }
  return { kind: 'record', fields: elems.map((type, k) => ({ key: String(k), type })), tuple: true };
}
