/** Array and object literals, and the types of what they make. */

import { skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { isSurelyThere, lowerType, tupleType, UnsupportedType } from '../host/types.js';
import { type ArrayType, NEVER, NULLISH, type RecordType, type Type, type ValueId } from '../ir/nodes.js';
import {
  fieldsNamed,
  GETTER,
  holdsInstances,
  isKeyed,
  isSplit,
  joinTypes,
  plainArray,
  refType,
  SETTER,
  sameType,
} from '../ir/types.js';
import { appendArgs, argsArray, irVal, lowerArgs, mayBeChangedBehind } from './args.js';
import { possibleKeys } from './computed-names.js';
import type { FunctionContext } from './context.js';
import { lowerCondition, lowerExpression, lowerValue } from './expressions.js';
import { closure } from './functions.js';
import { alloc, deleteSlot, storeAt } from './intrinsics.js';
import { lowerIdentifier } from './names.js';
import { member } from './places.js';
import type { Val } from './shapes.js';
import { copyFields, fieldsInOrder, isLaidOut, leadingFields } from './statics.js';

export function lowerArrayLiteral(cx: FunctionContext, e: ts.ArrayLiteralExpression): ValueId {
  const { ts } = cx;
  if (e.elements.some((x) => ts.isSpreadElement(x))) {
    if (e.elements.some((x) => ts.isOmittedExpression(x)))
      cx.refuse('AD2000', e, 'holes beside spread elements are not supported');
    const { elements } = e;
    if (!elements.some((x, k) => ts.isSpreadElement(x) && mayBeChangedBehind(cx, elements, k)))
      return argsArray(cx, lowerArgs(cx, elements), e);
    const out = arrayOf(cx, [], e, true);
    for (const x of elements) appendArgs(cx, out, lowerArgs(cx, [x]), e);
    return out;
  }
  const args = e.elements.map((x) =>
    ts.isOmittedExpression(x) ? cx.constant(undefined, x) : storable(cx, x),
  );
  const id = arrayOf(cx, args, e);
  e.elements.forEach((x, k) => {
    if (ts.isOmittedExpression(x)) deleteSlot(cx, id, cx.constant(k, x), x);
  });
  return id;
}

/** The TypeScript type that an expression should have, if it can be used. */
function expected(cx: FunctionContext, e: ts.Expression): Type | undefined {
  if (cx.isLibrary || !cx.ts.isExpression(e)) return undefined;
  const isLiteral = cx.ts.isArrayLiteralExpression(e) || cx.ts.isObjectLiteralExpression(e);
  const type =
    cx.host.checker.getContextualType(e) ?? (isLiteral ? cx.host.checker.getTypeAtLocation(e) : undefined);
  const declared = type && lowerType(cx.host, type, e);
  return declared instanceof UnsupportedType ? undefined : declared;
}

/** A literal of these elements; `e` tells the type where the elements do not. `asArray`: never a tuple. */
export function arrayOf(
  cx: FunctionContext,
  args: readonly ValueId[],
  e: ts.Expression,
  asArray = false,
  what = 'literal',
): ValueId {
  const types = args.map((a) => cx.type(a));
  const own = (asArray ? plainArray(NEVER) : tupleType(types)) as ArrayType | RecordType;
  const start = (): ArrayType | RecordType =>
    declaredArray(cx, e, args) ?? (args.length === 0 ? plainArray(NEVER) : own);
  const type = cx.site<ArrayType | RecordType>(asArray ? `${what} array` : what, e, start);
  args.forEach((a, k) => {
    if (!cx.state.inference.store(type, String(k), cx.type(a)))
      cx.refuse('AD3003', e, 'the elements of this array have types that do not fit together');
  });
  const id = cx.fresh(type, e);
  const literal =
    type.kind === 'record' && type.fields.length !== args.length && own.kind === 'record' ? own : type;
  cx.emit({ kind: 'literal', type: literal, args, results: [id], span: cx.span(e) });
  return id;
}

/** The type that TypeScript has for an array literal, if the elements fit into it. */
function declaredArray(
  cx: FunctionContext,
  e: ts.Expression,
  args: readonly ValueId[],
): ArrayType | RecordType | undefined {
  const known = refType(expected(cx, e) ?? NEVER);
  if (!known) return undefined;
  if (known.kind === 'array') {
    if (isKeyed(known)) return undefined;
    if (known.storage !== 'plain') return plainArray(known.elem);
    // whose instances they are, the caller's or the function's own, is known by what is stored there
    if (holdsInstances(known.elem) || cx.state.inference.mayBeMap(known.elem)) return undefined;
    return args.every((a) => fitsSlot(cx, known.elem, a)) ? known : undefined;
  }
  return known.tuple &&
    known.fields.length === args.length &&
    known.fields.every((f, k) => fitsSlot(cx, f.type, args[k]))
    ? known
    : undefined;
}

function fitsSlot(cx: FunctionContext, slotType: Type, arg: ValueId): boolean {
  const joined = joinTypes(slotType, cx.type(arg));
  return joined !== undefined && sameType(joined, slotType);
}

function storable(cx: FunctionContext, e: ts.Expression): ValueId {
  const id = lowerValue(cx, e);
  if (cx.isStopped(id)) cx.refuse('AD5002', e);
  return id;
}

// ------------------------------------------------------------------ objects

type Property =
  | { readonly key: string; readonly v: ValueId }
  | { readonly computed: ValueId; readonly v: ValueId };

export function lowerObjectLiteral(cx: FunctionContext, e: ts.ObjectLiteralExpression): ValueId {
  const { ts } = cx;
  const wanted = refType(expected(cx, e) ?? NEVER);
  const keyed = wanted && isKeyed(wanted) && (wanted as ArrayType).ctor === 'Object';
  const hasComputed = e.properties.some(
    (p) => p.name && ts.isComputedPropertyName(p.name) && !isConstantKey(cx, p.name.expression),
  );
  const spreads = e.properties.some((p) => ts.isSpreadAssignment(p));
  const found = cx.knownSite('literal', e);
  if (found && isKeyed(found)) return keyedLiteral(cx, e, found as ArrayType, 'literal');
  if (keyed || (hasComputed && !replacesFields(cx, e)))
    return keyedLiteral(cx, e, keyed ? (wanted as ArrayType) : undefined);
  if (!spreads) {
    const fields = new Map<string, ValueId>();
    for (const p of e.properties) {
      const one = property(cx, p);
      if ('key' in one) fields.set(one.key, one.v);
    }
    return recordOf(cx, fields, e);
  }
  return spreadLiteral(cx, e);
}

/** `{ ...state, [key]: v }` where the state has a field by every name that the key can be. */
function replacesFields(cx: FunctionContext, { properties }: ts.ObjectLiteralExpression): boolean {
  const { ts } = cx;
  const { checker } = cx.host;
  const isIn = (name: string, p: ts.ObjectLiteralElementLike): boolean => {
    if (!ts.isSpreadAssignment(p) || testedPart(cx, p.expression)) return false;
    const field = checker.getTypeAtLocation(p.expression).getProperty(name);
    return field !== undefined && (field.flags & ts.SymbolFlags.Optional) === 0;
  };
  return properties.every((p, k) => {
    if (!p.name || !ts.isComputedPropertyName(p.name) || isConstantKey(cx, p.name.expression)) return true;
    const names = possibleKeys(cx, p.name);
    return names?.every((name) => properties.slice(0, k).some((q) => isIn(name, q))) ?? false;
  });
}

function isConstantKey(cx: FunctionContext, e: ts.Expression): boolean {
  const t = cx.host.checker.getTypeAtLocation(e);
  return (
    cx.ts.isStringLiteralLike(e) ||
    cx.ts.isNumericLiteral(e) ||
    (t.flags & cx.ts.TypeFlags.StringLiteral) !== 0
  );
}

function property(cx: FunctionContext, p: ts.ObjectLiteralElementLike): Property {
  const { ts } = cx;
  if (ts.isShorthandPropertyAssignment(p))
    return { key: p.name.text, v: cx.ir(lowerIdentifier(cx, p.name), p) };
  const methodName = ts.isMethodDeclaration(p) ? constantName(cx, p.name) : undefined;
  if (methodName !== undefined)
    return { key: methodName, v: cx.ir(lowerExpression(cx, p as unknown as ts.Expression), p) };
  if ((ts.isGetAccessor(p) || ts.isSetAccessor(p)) && (ts.isIdentifier(p.name) || ts.isStringLiteral(p.name)))
    return { key: `${ts.isGetAccessor(p) ? GETTER : SETTER}${p.name.text}`, v: cx.ir(closure(cx, p), p) };
  if (!ts.isPropertyAssignment(p)) return cx.refuse('AD3005', p);
  if (ts.isComputedPropertyName(p.name)) {
    const computed = lowerValue(cx, p.name.expression);
    const v = storable(cx, p.initializer);
    const t = cx.host.checker.getTypeAtLocation(p.name.expression);
    const text = cx.knownText(computed) ?? (t.isStringLiteral() ? t.value : undefined);
    return text === undefined ? { computed, v } : { key: text, v };
  }
  if (ts.isPrivateIdentifier(p.name)) return cx.refuse('AD3005', p.name);
  if (p.name.text === '__proto__') cx.refuse('AD3005', p.name);
  return { key: p.name.text, v: storable(cx, p.initializer) };
}

/** `name`, and `[Mode.Ground]` of an enum or a `const`. */
function constantName(cx: FunctionContext, name: ts.PropertyName): string | undefined {
  if (cx.ts.isIdentifier(name)) return name.text;
  if (!cx.ts.isComputedPropertyName(name)) return undefined;
  const t = cx.host.checker.getTypeAtLocation(name.expression);
  return t.isStringLiteral() ? t.value : undefined;
}

/** An object used as a map: an index signature, or keys that are computed. */
export function keyedLiteral(
  cx: FunctionContext,
  e: ts.ObjectLiteralExpression,
  wanted: ArrayType | undefined,
  what = 'keyed',
): ValueId {
  const { ts } = cx;
  const start = (): ArrayType => wanted ?? { kind: 'array', storage: 'keyed', ctor: 'Object', elem: NEVER };
  const out = alloc(cx, cx.site(what, e, start), cx.constant(0, e), e);
  for (const p of e.properties) {
    if (ts.isSpreadAssignment(p)) {
      spreadInto(cx, out, p.expression);
      continue;
    }
    const one = property(cx, p);
    storeAt(cx, out, 'key' in one ? cx.constant(one.key, p) : one.computed, one.v, p);
  }
  return out;
}
function spreadInto(cx: FunctionContext, out: ValueId, from: ts.Expression): void {
  const part = testedPart(cx, from);
  if (part) {
    const copy = (): undefined => void spreadInto(cx, out, part.right);
    cx.branch(lowerCondition(cx, part.left), copy, () => undefined, from);
    return;
  }
  const of = lowerExpression(cx, from);
  const id = cx.ir(of, from);
  const t = refType(cx.type(id));
  if (t && isKeyed(t)) cx.callLibrary('__copyKeys', [irVal(out), irVal(id)], from);
  else
    copyFields(cx, keptLiteral(of, id), (key, v) => storeAt(cx, out, cx.constant(key, from), v, from), from);
}

/** `{ ...a, x: 1 }`: fields that are surely there are part of the literal, others are added where they are. */
function spreadLiteral(cx: FunctionContext, e: ts.ObjectLiteralExpression): ValueId {
  const { ts } = cx;
  const fields = new Map<string, ValueId>();
  const order: KeySource[] = [];
  let made: ValueId | undefined;
  const put = (key: string, v: ValueId, node: ts.Node): void => {
    if (made === undefined) {
      fields.set(key, v);
      order.push(key);
      return;
    }
    const t = refType(cx.type(made)) as RecordType;
    if (!cx.state.inference.store(t, key, cx.type(v))) cx.refuse('AD3003', node);
    cx.store(made, { key }, v, node);
  };
  for (const p of e.properties) {
    if (!ts.isSpreadAssignment(p)) {
      const one = property(cx, p);
      if ('key' in one) put(one.key, one.v, p);
      else {
        made ??= recordOf(cx, fields, e, 'literal', order);
        const name = p.name as unknown as ts.Expression;
        member(cx, irVal(made), { value: one.computed }, name).set(irVal(one.v));
      }
      continue;
    }
    const of = spreadValue(cx, p.expression);
    const given = cx.ir(of, p.expression);
    const isThere = isSurelyThere(cx.host, p.expression) && !testedPart(cx, p.expression);
    const id = isThere ? cx.present(given, p.expression) : given;
    const t = refType(cx.type(id));
    if (t && isKeyed(t)) {
      const own = made === undefined ? recordOf(cx, fields, e) : made;
      const type = refType(cx.type(own)) as RecordType;
      if ((t as ArrayType).ctor === 'Object' && cx.state.inference.makeMap(type, (t as ArrayType).elem))
        cx.giveUp(p);
      return cx.refuse(
        'AD2011',
        p,
        'an object used as a map is spread into an object with known fields',
        'give the literal the type of a map, as in `Record<string, number>`',
      );
    }
    const certain =
      t?.kind === 'record' && cx.type(id).kind !== 'maybe' && t.fields.every((f) => f.type.kind !== 'maybe');
    const first = certain || made !== undefined ? [] : leadingFields(cx, id);
    for (const { key } of first) put(key, cx.load(id, { key }, p.expression), p);
    const arranged = certain && made === undefined;
    if (arranged) order.push(...(isLaidOut(t) ? fieldsInOrder(t).map((f) => f.key) : [id]));
    if (!certain) made ??= recordOf(cx, fields, e, 'literal', order);
    const rest = new Set([
      ...first.map((f) => f.key),
      ...(made === undefined ? [] : replacedKinds(cx, t, e, p)),
    ]);
    const putField = (key: string, v: ValueId): void => (arranged ? void fields.set(key, v) : put(key, v, p));
    copyFields(cx, keptLiteral(of, id), putField, p.expression, rest, arranged);
  }
  return made ?? recordOf(cx, fields, e, 'literal', order);
}

/** The fields that are told apart by kinds and given again behind a spread: the object has only the kind that is given last. */
function replacedKinds(
  { ts }: FunctionContext,
  t: ArrayType | RecordType | undefined,
  { properties }: ts.ObjectLiteralExpression,
  spread: ts.ObjectLiteralElementLike,
): readonly string[] {
  if (t?.kind !== 'record') return [];
  return properties.slice(properties.indexOf(spread) + 1).flatMap((p) => {
    const isNamed =
      (ts.isPropertyAssignment(p) || ts.isShorthandPropertyAssignment(p)) &&
      (ts.isIdentifier(p.name) || ts.isStringLiteral(p.name));
    return isNamed && fieldsNamed(t, p.name.text).some((f) => isSplit(f.key)) ? [p.name.text] : [];
  });
}

/** `...(far && { x })`: nothing where the test fails. */
function spreadValue(cx: FunctionContext, e: ts.Expression): Val {
  const part = testedPart(cx, e);
  if (!part) return lowerExpression(cx, e);
  const nothing = (): Val => irVal(cx.constant(undefined, e));
  return cx.branch(lowerCondition(cx, part.left), () => spreadValue(cx, part.right), nothing, e) ?? nothing();
}
function testedPart({ ts }: FunctionContext, e: ts.Expression): ts.BinaryExpression | undefined {
  const x = skipWrappers(ts, e);
  const isAnd = ts.isBinaryExpression(x) && x.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
  return isAnd ? x : undefined;
}

/** A value that is `id`, with what is known of the literal that made it. */
const keptLiteral = (of: Val, id: ValueId): Val => (of.kind === 'ir' ? { ...of, id } : irVal(id));

/** A key, or an object whose keys stand here in the order in which it has them. */
type KeySource = string | ValueId;

/**
 * A literal of these fields, with the type that is expected of it where they fit. `order` tells in which order its keys come,
 * if that is not the order of `fields`; keys of `without` are left out.
 */
export function recordOf(
  cx: FunctionContext,
  fields: ReadonlyMap<string, ValueId>,
  e: ts.Expression,
  what = 'literal',
  order: readonly KeySource[] = [],
  without: ReadonlySet<string> = new Set(),
): ValueId {
  const { inference } = cx.state;
  const keyOf = (name: string, id: ValueId): string => inference.slotKey(name, cx.type(id));
  const own: RecordType = {
    kind: 'record',
    fields: [...fields].map(([name, id]) => ({ key: keyOf(name, id), type: cx.type(id) })),
    tuple: false,
    literal: true,
  };
  const sources = order.filter((x) => typeof x === 'number');
  const type = cx.site(
    what,
    e,
    (): RecordType => ({ ...(declaredRecord(cx, e, fields) ?? own), literal: true }),
  );
  // what an attempt before this one took for a part of the literal may be stored later, if it is there
  if (type.kind === 'record')
    for (const f of type.fields)
      if (f.type.kind !== 'maybe' && !own.fields.some(({ key }) => key === f.key))
        inference.store(type, f.key, NULLISH);
  cx.state.inference.laidOut(type, sources.length === 0 ? [...fields.keys()] : undefined);
  for (const [key, id] of fields)
    if (!cx.state.inference.store(type, key, cx.type(id)))
      cx.refuse('AD3003', e, `the field \`${key}\` does not have the type that is expected of it`);
  const id = cx.fresh(type, e);
  cx.emit({ kind: 'literal', type: own, args: [...fields.values()], results: [id], span: cx.span(e) });
  if (sources.length > 0 && cx.state.inference.keyOrderMatters)
    cx.emit({
      kind: 'runtime',
      name: 'arrangeKeys',
      args: [id, ...sources],
      literals: [
        JSON.stringify(order.map((x) => (typeof x === 'number' ? sources.indexOf(x) : x))),
        JSON.stringify([...without]),
      ],
      effect: 'effect',
      results: [],
      span: cx.span(e),
    });
  return id;
}

function declaredRecord(
  cx: FunctionContext,
  e: ts.Expression,
  fields: ReadonlyMap<string, ValueId>,
): RecordType | undefined {
  const wanted = refType(expected(cx, e) ?? NEVER);
  if (wanted?.kind !== 'record' || wanted.tuple || wanted.classes) return undefined;
  // which kind a field has is known better by what is stored there
  if (wanted.fields.some((f) => isSplit(f.key))) return undefined;
  if (wanted.fields.some((f) => cx.state.inference.mayBeMap(f.type))) return undefined;
  const known = new Map(wanted.fields.map((f) => [f.key, f.type]));
  const fits = [...fields].every(([key, id]) => {
    const t = known.get(key);
    return t === undefined || fitsSlot(cx, t, id);
  });
  if (!fits) return undefined;
  // what the literal lacks must be optional; what it has beyond the expected type is kept
  if (wanted.fields.some((f) => !fields.has(f.key) && f.type.kind !== 'maybe')) return undefined;
  const more = [...fields].filter(([key]) => !known.has(key));
  // what was made here is known better than by its declared type
  const own = (key: string, declared: Type): Type => {
    const id = fields.get(key);
    const type = id === undefined ? undefined : cx.type(id);
    return type && type.kind !== 'maybe' && declared.kind !== 'maybe' && refType(type)?.site !== undefined
      ? type
      : declared;
  };
  const types = new Map([
    ...wanted.fields.map((f) => [f.key, own(f.key, f.type)] as const),
    ...more.map(([key, id]) => [key, cx.type(id)] as const),
  ]);
  // its keys come as the literal has them
  const keys = new Set([...fields.keys(), ...types.keys()]);
  return { ...wanted, fields: [...keys].map((key) => ({ key, type: types.get(key)! })) };
}
