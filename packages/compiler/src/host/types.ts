/** IR types of TypeScript types, for the arguments of the differentiated function and what it captures. */

import { BOOLEAN, NULLISH, NUMBER, OPAQUE, type Type } from '../ir/nodes.js';
import { joinTypes, plainArray, typedArray } from '../ir/types.js';
import type { Host, ts } from './ts.js';

/** Why a type has no IR type. */
export class UnsupportedType {
  constructor(
    readonly code: 'AD3001' | 'AD3002',
    readonly why: string,
  ) {}
}

const MAX_DEPTH = 12;

/** The IR type of a TypeScript type as seen at `at`. Types without numbers in them become `opaque`. */
export function lowerType(host: Host, type: ts.Type, at: ts.Node, depth = 0): Type | UnsupportedType {
  const { ts, checker } = host;
  const F = ts.TypeFlags;
  const inner = (t: ts.Type) => lowerType(host, t, at, depth + 1);
  if (depth > MAX_DEPTH)
    return new UnsupportedType('AD3002', 'it refers to itself, which is not supported yet');
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
  if (type.isUnion()) return lowerUnion(type.types.map(inner));
  if (type.flags & (F.Object | F.Intersection | F.NonPrimitive)) return lowerObject(host, type, at, depth);
  return new UnsupportedType(
    'AD3002',
    `\`${checker.typeToString(type)}\` is not a number, an array or a plain object`,
  );
}

function lowerUnion(parts: readonly (Type | UnsupportedType)[]): Type | UnsupportedType {
  let joined: Type | undefined;
  for (const p of parts) {
    if (p instanceof UnsupportedType) return p;
    const next: Type | undefined = joined === undefined ? p : joinTypes(joined, p);
    if (next === undefined)
      return new UnsupportedType(
        'AD3002',
        'it is a union of types that differ in more than undefined or null',
      );
    joined = next;
  }
  return joined ?? OPAQUE;
}

function lowerObject(host: Host, type: ts.Type, at: ts.Node, depth: number): Type | UnsupportedType {
  const { ts, checker } = host;
  const inner = (t: ts.Type) => lowerType(host, t, at, depth + 1);
  if (checker.isTupleType(type)) {
    const target = (type as ts.TupleTypeReference).target;
    if (target.elementFlags.some((f) => !(f & (ts.ElementFlags.Required | ts.ElementFlags.Optional))))
      return new UnsupportedType('AD3002', 'tuples with rest elements are not supported yet');
    const elems: Type[] = [];
    for (const t of checker.getTypeArguments(type as ts.TypeReference)) {
      const e = inner(t);
      if (e instanceof UnsupportedType) return e;
      elems.push(e);
    }
    return tupleType(elems);
  }
  if (checker.isArrayType(type)) {
    const elem = inner(checker.getTypeArguments(type as ts.TypeReference)[0]);
    return elem instanceof UnsupportedType ? elem : plainArray(elem);
  }
  const name = type.symbol?.name;
  const fromLibrary = type.symbol?.declarations?.some((d) =>
    host.program.isSourceFileDefaultLibrary(d.getSourceFile()),
  );
  if (fromLibrary && name !== undefined) {
    const typed = typedArray(name);
    if (typed) return typed;
    if (['Map', 'Set', 'ReadonlyMap', 'ReadonlySet', 'WeakMap', 'WeakSet'].includes(name))
      return new UnsupportedType('AD3002', `\`${name}\` is not supported yet`);
    return OPAQUE;
  }
  if (checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0) return OPAQUE;
  if (type.symbol && type.symbol.flags & ts.SymbolFlags.Class)
    return new UnsupportedType('AD3002', `\`${name}\` is a class, which is not supported yet`);
  if (checker.getIndexInfosOfType(type).length > 0)
    return new UnsupportedType('AD3002', 'records with an index signature are not supported yet');
  return lowerRecord(host, type, at, depth);
}

function lowerRecord(host: Host, type: ts.Type, at: ts.Node, depth: number): Type | UnsupportedType {
  const { ts, checker } = host;
  const fields: { key: string; type: Type }[] = [];
  for (const property of checker.getPropertiesOfType(type)) {
    const declared = checker.getTypeOfSymbolAtLocation(property, at);
    const t = lowerType(host, declared, at, depth + 1);
    if (t instanceof UnsupportedType)
      return new UnsupportedType(t.code, `field \`${property.name}\`: ${t.why}`);
    if (property.flags & ts.SymbolFlags.Accessor)
      return new UnsupportedType(
        'AD3002',
        `field \`${property.name}\` is an accessor, which is not supported yet`,
      );
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const joined = optional ? joinTypes(t, NULLISH) : t;
    if (joined) fields.push({ key: property.name, type: joined });
  }
  return { kind: 'record', fields, tuple: false };
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
