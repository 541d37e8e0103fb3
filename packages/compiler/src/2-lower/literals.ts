/** Array and object literals, and the types of what they make. */
import { settledName } from '../host/settled-types.js';
import type { ts } from '../host/ts.js';
import { type ArrayType, NEVER, NULLISH, type RecordType, type Type, type ValueId } from '../ir/nodes.js';
import { holdsInstances } from '../ir/type-questions.js';
import { GETTER, isKeyed, isSplit, refType, SETTER } from '../ir/types.js';
import { expected, fitsSlot, storable } from './array-literals.js';
import { believeName, checkKey, possibleKeys } from './computed-names.js';
import type { FunctionContext } from './context.js';
import { dataMap, isDataMap } from './data-literals.js';
import { lowerExpression, lowerValue } from './expressions.js';
import { closure } from './functions.js';
import { alloc, storeAt } from './intrinsics.js';
import { define } from './literal-accessors.js';
import { lowerIdentifier } from './names.js';
import { spreadInto, spreadLiteral, testedPart } from './spreads.js';

type Property =
  | { readonly key: string; readonly v: ValueId }
  | { readonly computed: ValueId; readonly v: ValueId };

export function lowerObjectLiteral(cx: FunctionContext, e: ts.ObjectLiteralExpression): ValueId {
  const { ts } = cx;
  const declared = expected(cx, e);
  if (isDataMap(cx, e, declared)) return dataMap(cx, e);
  const wanted = refType(declared ?? NEVER);
  const keyed = wanted && isKeyed(wanted) && (wanted as ArrayType).ctor === 'Object';
  const hasComputed = e.properties.some(
    (p) =>
      p.name && ts.isComputedPropertyName(p.name) && settledName(cx.host, p.name.expression) === undefined,
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
      if ('key' in one) define(fields, one.key, one.v);
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
    if (
      !p.name ||
      !ts.isComputedPropertyName(p.name) ||
      settledName(cx.host, p.name.expression) !== undefined
    )
      return true;
    const names = possibleKeys(cx, p.name);
    return names?.every((name) => properties.slice(0, k).some((q) => isIn(name, q))) ?? false;
  });
}

export function property(cx: FunctionContext, p: ts.ObjectLiteralElementLike): Property {
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
    checkKey(cx, computed, p.name.expression);
    const v = storable(cx, p.initializer);
    const known = cx.knownText(computed);
    const text = known ?? settledName(cx.host, p.name.expression);
    if (text === undefined) return { computed, v };
    if (known === undefined) believeName(cx, computed, text, p.name);
    return { key: text, v };
  }
  if (ts.isPrivateIdentifier(p.name)) return cx.refuse('AD3005', p.name);
  if (p.name.text === '__proto__') cx.refuse('AD3005', p.name);
  return { key: p.name.text, v: storable(cx, p.initializer) };
}

/** `name`, and `[Mode.Ground]` of an enum or a `const`. */
function constantName(cx: FunctionContext, name: ts.PropertyName): string | undefined {
  if (cx.ts.isIdentifier(name) || cx.ts.isStringLiteral(name) || cx.ts.isNumericLiteral(name))
    return name.text;
  if (!cx.ts.isComputedPropertyName(name)) return undefined;
  return settledName(cx.host, name.expression);
}

/** An object used as a map: an index signature, or keys that are computed. */
export function keyedLiteral(
  cx: FunctionContext,
  e: ts.ObjectLiteralExpression,
  wanted: ArrayType | undefined,
  what = 'keyed',
): ValueId {
  const { ts } = cx;
  // instances that are made here are none of the caller's, whatever the declared type says
  const known = wanted && !holdsInstances(wanted) ? wanted : undefined;
  const start = (): ArrayType => known ?? { kind: 'array', storage: 'keyed', ctor: 'Object', elem: NEVER };
  const out = alloc(cx, cx.site(what, e, start), cx.constant(0, e), e);
  cx.unfinished.add(out);
  for (const p of e.properties) {
    if (ts.isSpreadAssignment(p)) {
      spreadInto(cx, out, p.expression);
      continue;
    }
    if (ts.isAccessor(p))
      cx.refuse(
        'AD3005',
        p,
        'an accessor of an object that is used as a map is not supported',
        'let a function compute what the accessor gives',
      );
    const one = property(cx, p);
    storeAt(cx, out, 'key' in one ? cx.constant(one.key, p) : one.computed, one.v, p);
  }
  cx.unfinished.delete(out);
  return out;
}

/** A key, or an object whose keys stand here in the order in which it has them. */
export type KeySource = string | ValueId;

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
