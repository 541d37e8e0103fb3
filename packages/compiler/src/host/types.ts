/** IR types of TypeScript types, for the arguments of the differentiated function and what it captures. */

import { withGains } from '../ir/gains.js';
import { joinTypes } from '../ir/join-types.js';
import {
  BOOLEAN,
  type Field,
  MIXED,
  NEVER,
  NULLISH,
  NUMBER,
  OPAQUE,
  type RecordType,
  type Type,
} from '../ir/nodes.js';
import {
  GETTER,
  kindOfSlot,
  plainArray,
  present,
  refType,
  SETTER,
  type SlotKind,
  splitKey,
  typedArray,
} from '../ir/types.js';
import { classOf, hasMethods, isField, lowerInstance, lowerInstances } from './class-types.js';
import { fieldKey, implementersOf, isAbstract, isOnPrototype, propertiesInOrder } from './instances.js';
import { arrayType, holdsParts, isAnyList, lowerTuple, TEXT_LISTS, withKeys } from './list-types.js';
import type { Host, ts } from './ts.js';

/** Why a type has no IR type. */
export class UnsupportedType {
  constructor(
    readonly code: 'AD3001' | 'AD3002',
    readonly why: string,
  ) {}
}

/** One conversion: IR types under construction, by TypeScript type (a type may contain itself), and unions of records to join. */
export class Known {
  /** `functions`: what stands for functions; `carrying`: keyed containers of which it has been found out that they hold numbers. */
  constructor(
    readonly functions: Type = NEVER,
    private readonly carrying: ReadonlySet<ts.Type> = new Set(),
  ) {}

  readonly types = new Map<ts.Type, Type>();
  readonly unions: { readonly made: RecordType; readonly parts: readonly Type[] }[] = [];
  /** Keyed containers taken for text and the like, whose elements may not have been complete then. */
  private readonly plain: { readonly type: ts.Type; readonly elem: Type }[] = [];
  depth = 0;

  /** Types that are parts of themselves. */
  readonly inside = new Set<Type>();
  /** Whether a type is still being made: it is part of itself. */
  isOpen(type: Type): boolean {
    return [...this.types.values()].includes(type);
  }
  /** Whether a keyed container, by what is known of its elements, has numbers or functions in it. */
  carries(type: ts.Type, elem: Type): boolean {
    if (this.carrying.has(type) || holdsParts(elem)) return true;
    this.plain.push({ type, elem });
    return false;
  }
  anew(): Known {
    return new Known(this.functions, this.carrying);
  }
  /** With all types complete: how to convert again if a keyed container was taken for text that is none. */
  again(): Known | undefined {
    const found = this.plain.filter(({ elem }) => holdsParts(elem)).map(({ type }) => type);
    return found.length > 0 ? new Known(this.functions, new Set([...this.carrying, ...found])) : undefined;
  }

  /** Joins the unions, now that all their parts are complete. */
  finish(host: Host): UnsupportedType | undefined {
    for (const { made, parts } of this.unions.splice(0)) {
      const joined = joinAll(host, parts);
      if (joined?.kind !== 'record') return NO_UNION;
      Object.assign(made, joined);
    }
    return undefined;
  }
}

/** The IR type of a value that comes from outside: functions in it are unknown code, and optional ones may be there. */
export function outsideType(host: Host, type: ts.Type, at: ts.Node): Type | UnsupportedType {
  const t = lowerType(host, type, at, new Known(OPAQUE));
  return t instanceof UnsupportedType ? t : withGains(t, host.gains);
}

/**
 * The IR type of a TypeScript type as seen at `at`. Types without numbers in them become `opaque`; of functions it is found out
 * which ones come there.
 */
export function lowerType(
  host: Host,
  type: ts.Type,
  at: ts.Node,
  known: Known = new Known(),
): Type | UnsupportedType {
  const before = host.newSplits?.size;
  known.depth++;
  const t = convert(host, type, at, known);
  known.depth--;
  if (known.depth > 0 || t instanceof UnsupportedType) return t;
  const failed = known.finish(host);
  // with other fields told apart, all of it has other keys
  if (host.newSplits?.size !== before) return lowerType(host, type, at, known.anew());
  if (failed) return failed;
  const again = known.again();
  return again ? lowerType(host, type, at, again) : t;
}

function convert(host: Host, type: ts.Type, at: ts.Node, known: Known): Type | UnsupportedType {
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
  if (type.flags & (F.StringLike | F.BigIntLike | F.ESSymbolLike)) return OPAQUE;
  if (type.flags & F.Never) return NEVER;
  const branded = brandedPrimitive(host, type);
  if (branded) return inner(branded);
  const before = known.types.get(type);
  if (before) {
    known.inside.add(before);
    return before;
  }
  if (type.isUnion()) return lowerUnion(host, type, at, known);
  // `object` and `{}` do not say which fields there are
  if (type.flags & F.NonPrimitive || (type.flags & F.Object && isEmptyType(host, type))) return MIXED;
  if (type.flags & (F.Object | F.Intersection)) return lowerObject(host, type, at, known);
  if (type.flags & (F.IndexedAccess | F.Conditional | F.Substitution)) {
    const constraint = checker.getBaseConstraintOfType(type);
    if (constraint && constraint !== type) return inner(constraint);
  }
  return new UnsupportedType(
    'AD3002',
    `\`${checker.typeToString(type)}\` is not a number, an array or a plain object`,
  );
}

/** `number & { readonly unit: 'm' }` is a number: what it is joined with exists for the type checker alone. */
function brandedPrimitive({ ts }: Host, type: ts.Type): ts.Type | undefined {
  const { NumberLike, BooleanLike, StringLike, BigIntLike } = ts.TypeFlags;
  const primitive = NumberLike | BooleanLike | StringLike | BigIntLike;
  return type.isIntersection() ? type.types.find((t) => t.flags & primitive) : undefined;
}

/** `Readonly<Float64Array>` is a type without a name, with all members of a typed array: its tag says of which. */
function tagOf({ ts, checker }: Host, type: ts.Type, at: ts.Node): string | undefined {
  const tag = checker
    .getPropertiesOfType(type)
    .find((p) => p.escapedName.toString().startsWith('__@toStringTag@'));
  const text = tag && checker.getTypeOfSymbolAtLocation(tag, at);
  return text && text.flags & ts.TypeFlags.StringLiteral ? (text as ts.StringLiteralType).value : undefined;
}

function isEmptyType({ ts, checker }: Host, type: ts.Type): boolean {
  const { flags } = type.symbol ?? { flags: ts.SymbolFlags.TypeLiteral };
  return (
    (flags & (ts.SymbolFlags.TypeLiteral | ts.SymbolFlags.Interface)) !== 0 &&
    checker.getPropertiesOfType(type).length === 0 &&
    checker.getIndexInfosOfType(type).length === 0 &&
    checker.getSignaturesOfType(type, ts.SignatureKind.Call).length === 0 &&
    checker.getSignaturesOfType(type, ts.SignatureKind.Construct).length === 0
  );
}

/** The key of a field, by what it holds where that is told apart. */
function slotKeyOf({ splits }: Host, name: string, type: Type, known: Known): string {
  const kind = splits?.has(name) ? kindOf(type, known) : undefined;
  return kind === undefined ? name : splitKey(name, kind);
}
/** What a field holds; an array that is still being made is around the field, so what it holds is no number. */
function kindOf(type: Type, known: Known): SlotKind | undefined {
  const t = present(type);
  return t.kind === 'array' && t.storage === 'plain' && known.isOpen(t) ? 'lists' : kindOfSlot(t);
}

const NO_UNION = new UnsupportedType('AD3002', 'it is a union of types that cannot be handled as one');

function joinAll({ newSplits }: Host, parts: readonly Type[]): Type | undefined {
  const split = (name: string): void => void newSplits?.add(name);
  let joined: Type | undefined;
  for (const p of parts) {
    joined = joined === undefined ? p : joinTypes(joined, p, undefined, split);
    if (joined === undefined) return undefined;
  }
  return joined ?? OPAQUE;
}

function lowerUnion(host: Host, type: ts.UnionType, at: ts.Node, known: Known): Type | UnsupportedType {
  const { ts, checker } = host;
  const missing = type.types.some(
    (t) => t.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void),
  );
  if (missing) {
    const rest = lowerType(host, checker.getNonNullableType(type), at, known);
    if (rest instanceof UnsupportedType) return rest;
    return joinTypes(rest, NULLISH) ?? NO_UNION;
  }
  // the parts may contain the union: it is there before they are
  const made: RecordType = { kind: 'record', fields: [], tuple: false };
  known.types.set(type, made);
  const parts: Type[] = [];
  for (const t of type.types) {
    // beside other types it is not known for a list
    const p = isAnyList(t) ? OPAQUE : lowerType(host, t, at, known);
    if (p instanceof UnsupportedType) {
      known.types.delete(type);
      return p;
    }
    parts.push(p);
  }
  if (parts.length > 1 && parts.every((p) => p.kind === 'record')) {
    known.unions.push({ made, parts });
    return made;
  }
  known.types.delete(type);
  return joinAll(host, parts) ?? NO_UNION;
}

function lowerObject(host: Host, type: ts.Type, at: ts.Node, known: Known): Type | UnsupportedType {
  const { ts, checker } = host;
  const inner = (t: ts.Type) => lowerType(host, t, at, known);
  if (checker.isTupleType(type)) return lowerTuple(host, type, at, known);
  if (checker.isArrayType(type))
    return arrayType(host, type, checker.getTypeArguments(type as ts.TypeReference)[0], inner, known);
  const name = type.symbol?.name;
  const fromLibrary = type.symbol?.declarations?.some((d) =>
    host.program.isSourceFileDefaultLibrary(d.getSourceFile()),
  );
  if (fromLibrary && name !== undefined) {
    const typed = typedArray(name);
    if (typed) return typed;
    if (name === 'Map' || name === 'ReadonlyMap')
      return withKeys(
        arrayType(host, type, checker.getTypeArguments(type as ts.TypeReference)[1], inner, known, 'Map'),
        inner(checker.getTypeArguments(type as ts.TypeReference)[0]),
      );
    if (name === 'Set' || name === 'ReadonlySet')
      return arrayType(
        host,
        type,
        checker.getTypeArguments(type as ts.TypeReference)[0],
        inner,
        known,
        'Set',
      );
    const S = ts.SymbolFlags;
    // the matches of a regular expression, the parts of a template
    if (TEXT_LISTS.has(name)) return plainArray(OPAQUE);
    // any list: which one is found out
    if (known.functions === NEVER && isAnyList(type)) return NEVER;
    if (type.symbol.flags & (S.Interface | S.Class)) return OPAQUE;
    if (!type.aliasSymbol && checker.getIndexInfosOfType(type).length === 0) return OPAQUE;
  }
  if (
    checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0 ||
    checker.getSignaturesOfType(type, ts.SignatureKind.Construct).length > 0
  )
    return known.functions;
  const index = checker.getIndexInfosOfType(type);
  if (index.length > 0 && checker.getPropertiesOfType(type).length === 0) {
    if (index.some((i) => i.type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown))) return OPAQUE;
    return arrayType(host, type, index[0].type, inner, known, 'Object');
  }
  const typed = index.length > 0 ? typedArray(tagOf(host, type, at) ?? '') : undefined;
  if (typed) return typed;
  // an enumeration also has the names of its members by their numbers, which its type does not list
  if (index.length > 0 && type.symbol && type.symbol.flags & ts.SymbolFlags.Enum) return OPAQUE;
  if (index.length > 0) return new UnsupportedType('AD3002', 'it has named fields and an index signature');
  const d = type.symbol?.valueDeclaration;
  if (d && ts.isClassLike(d)) return lowerInstance(host, type, d, at, known);
  const found = known.functions === OPAQUE && hasMethods(host, type) ? implementersOf(host, type) : [];
  // numbers are not looked for behind an accessor
  const classes = found.some((c) => c.members.some((m) => ts.isAccessor(m) && isField(ts, type, m)))
    ? []
    : found;
  const types = classes.filter((c) => !isAbstract(ts, c)).map((c) => checker.getTypeAtLocation(c));
  return types.length > 0 ? lowerInstances(host, type, types, at, known) : lowerRecord(host, type, at, known);
}
export function lowerRecord(host: Host, type: ts.Type, at: ts.Node, known: Known): Type | UnsupportedType {
  const { ts, checker } = host;
  const S = ts.SymbolFlags;
  const fields: { key: string; type: Type }[] = [];
  const made: RecordType = { kind: 'record', fields, tuple: false, ...classOf(host, type) };
  known.types.set(type, made);
  for (const property of propertiesInOrder(host, type)) {
    if (known.functions === OPAQUE) fields.push(...ownAccessors(host, property));
    if (isOnPrototype(ts, property) && !(known.functions === OPAQUE && isMethodOfObject(ts, property)))
      continue;
    const declared = checker.getTypeOfSymbolAtLocation(property, at);
    const t = lowerType(host, declared, at, known);
    const isTold = host.newSplits !== undefined || host.splits?.has(fieldKey(ts, property)) === true;
    const parts = t instanceof UnsupportedType && isTold ? byKinds(host, declared, at, known) : [];
    if (t instanceof UnsupportedType && parts.length === 0) {
      known.types.delete(type);
      return new UnsupportedType(t.code, `field \`${property.name}\`: ${t.why}`);
    }
    if (t instanceof UnsupportedType) {
      const name = fieldKey(ts, property);
      host.newSplits?.add(name);
      for (const part of parts)
        fields.push({ key: slotKeyOf(host, name, part, known), type: joinTypes(part, NULLISH)! });
      continue;
    }
    // a method that an interface declares may be on a prototype: then copies do not have it
    const mayBeInherited =
      property.valueDeclaration !== undefined && ts.isMethodSignature(property.valueDeclaration);
    const optional = (property.flags & S.Optional) !== 0 || mayBeInherited;
    const joined = optional ? joinTypes(t, NULLISH) : t;
    const name = fieldKey(ts, property);
    if (joined) fields.push({ key: slotKeyOf(host, name, joined, known), type: joined });
  }
  known.types.delete(type);
  return made;
}

/** The types of a field that is declared as a union, one for each kind of value; nothing if they cannot be told apart. */
function byKinds(host: Host, declared: ts.Type, at: ts.Node, known: Known): readonly Type[] {
  const present = host.checker.getNonNullableType(declared);
  if (!present.isUnion()) return [];
  const kinds = new Map<SlotKind, Type>();
  for (const part of present.types) {
    const t = lowerType(host, part, at, known);
    const kind = t instanceof UnsupportedType ? undefined : kindOf(t, known);
    if (t instanceof UnsupportedType || kind === undefined) return [];
    const before = kinds.get(kind);
    const joined = before === undefined ? t : joinTypes(before, t);
    if (joined === undefined) return [];
    kinds.set(kind, joined);
  }
  return kinds.size > 1 ? [...kinds.values()] : [];
}

/** A method that an object literal has, as a field of its own. */
const isMethodOfObject = (ts: Host['ts'], { valueDeclaration: d }: ts.Symbol): boolean =>
  d !== undefined &&
  ((ts.isMethodDeclaration(d) && ts.isObjectLiteralExpression(d.parent)) ||
    (ts.isMethodSignature(d) && ts.isIdentifier(d.name)));

/** The accessors that an object literal gives to an object from outside: unknown code, under names that no field has. */
function ownAccessors({ ts }: Host, property: ts.Symbol): Field[] {
  const own = (property.declarations ?? []).filter((d) => ts.isObjectLiteralExpression(d.parent));
  return own
    .filter((d) => ts.isAccessor(d))
    .map((d) => ({ key: `${ts.isGetAccessor(d) ? GETTER : SETTER}${property.name}`, type: OPAQUE }));
}
export function isFunctionRecord(t: Type): boolean {
  const r = refType(t);
  return r?.kind === 'record' && r.functions !== undefined;
}

/** Whether the type of an expression or declaration has no `undefined` and no `null` in it, where the program tells them apart. */
export function isSurelyThere({ program, checker, ts, untyped }: Host, e: ts.Node): boolean {
  const { strict, strictNullChecks = strict } = program.getCompilerOptions();
  if (untyped || !strictNullChecks) return false;
  const type = checker.getTypeAtLocation(e);
  const F = ts.TypeFlags;
  const parts = type.isUnion() ? type.types : [type];
  return parts.every(
    (t) => (t.flags & (F.Undefined | F.Null | F.Void | F.Any | F.Unknown | F.TypeParameter)) === 0,
  );
}
