/** Assignable expressions, members of values, and assignment by patterns. */

import { skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { lowerType, UnsupportedType } from '../host/types.js';
import { type At, OPAQUE, type RecordType, type Type, type ValueId } from '../ir/nodes.js';
import { isKeyed, isRef, refType } from '../ir/types.js';
import { destructureArray, destructureObject } from './bindings.js';
import { irVal, lengthOf } from './calls.js';
import { getMember, setThroughSetter } from './classes.js';
import { type FunctionContext, sameVal } from './context.js';
import { isNullishType, lowerExpression, lowerValue, stop } from './expressions.js';
import { typeOfResult } from './foreign.js';
import { isFunctionVal } from './functions.js';
import { sizeOf } from './methods.js';
import { lowerIdentifier } from './names.js';
import type { Val } from './shapes.js';
import { fieldsInOrder } from './statics.js';
import { raise } from './try.js';

export interface Place {
  get(): Val;
  set(v: Val): void;
}
/** A key as it is written, or as a value. */
type Key = { readonly name: string } | { readonly value: ValueId };

/** An assignable expression: its object and key are evaluated once, now. */
export function lowerPlace(cx: FunctionContext, target: ts.Expression): Place {
  const { ts } = cx;
  const e = skipWrappers(ts, target);
  if (ts.isIdentifier(e)) return { get: () => lowerIdentifier(cx, e), set: (v) => assignName(cx, e, v) };
  if (ts.isPropertyAccessExpression(e)) {
    if (e.expression.kind === ts.SyntaxKind.SuperKeyword) cx.refuse('AD2013', e);
    return member(cx, lowerExpression(cx, e.expression), { name: e.name.text }, e);
  }
  if (ts.isElementAccessExpression(e)) {
    const of = lowerExpression(cx, e.expression);
    return member(cx, of, elementKey(cx, e), e);
  }
  return cx.refuse('AD2000', e);
}

export function elementKey(cx: FunctionContext, e: ts.ElementAccessExpression): Key {
  const arg = skipWrappers(cx.ts, e.argumentExpression);
  if (cx.ts.isStringLiteralLike(arg)) return { name: arg.text };
  const value = lowerValue(cx, e.argumentExpression);
  const text = cx.knownText(value);
  return text === undefined ? { value } : { name: text };
}

type Access = ts.PropertyAccessExpression | ts.ElementAccessExpression;

/** A member of a value: a slot, what an accessor gives, a property of something without derivatives. */
export function member(cx: FunctionContext, of: Val, key: Key, node: Access | ts.Expression): Place {
  const { ts } = cx;
  if (of.kind === 'class') {
    if (!('name' in key)) return cx.refuse('AD3005', node);
    return {
      get: () => getMember(cx, of, key.name, node),
      set: () => cx.refuse('AD5005', node, `the static field \`${key.name}\` is written here`),
    };
  }
  if (isFunctionVal(of))
    return cx.refuse('AD3005', node, 'properties of functions cannot be used in differentiated code');
  const at =
    ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? node.expression : node;
  const ref = cx.ir(of, at);
  const type = refType(cx.type(ref));
  if (!type) return foreignMember(cx, ref, key, node, at);
  if (cx.catches && cx.type(ref).kind === 'maybe') raiseIfMissing(cx, ref, key, node);
  const stopped = of.kind === 'ir' && of.stopped === true;
  if (type.kind === 'record' && !type.tuple) return recordMember(cx, of, ref, type, key, stopped, node);
  if ('name' in key && key.name === 'length' && !isKeyed(type))
    return lengthMember(cx, ref, type.kind === 'record' ? type : undefined, node);
  if (type.kind === 'record') {
    const k = 'name' in key ? key.name : String(cx.knownNumber(key.value));
    if (type.fields.some((f) => f.key === k)) return slot(cx, ref, { key: k }, stopped, node);
    if ('name' in key || cx.knownNumber(key.value) !== undefined) return missing(cx, node);
    return anyField(cx, ref, type, key.value, stopped, node);
  }
  if (isKeyed(type)) {
    if (type.ctor !== 'Object') {
      if ('name' in key && key.name === 'size')
        return { get: () => irVal(sizeOf(cx, ref, node)), set: () => cx.refuse('AD3005', node) };
      return cx.refuse('AD3005', node);
    }
    if ('name' in key && key.name === '__proto__') cx.refuse('AD3005', node);
    return slot(cx, ref, { index: 'name' in key ? cx.constant(key.name, node) : key.value }, stopped, node);
  }
  if ('name' in key) {
    if (/^\d+$/.test(key.name))
      return slot(cx, ref, { index: cx.constant(Number(key.name), node) }, stopped, node);
    if (['byteLength', 'byteOffset', 'BYTES_PER_ELEMENT'].includes(key.name))
      return foreignMember(cx, ref, key, node, at);
    return cx.refuse('AD3005', node, `the array property \`${key.name}\` is not supported here`);
  }
  if (cx.type(key.value).kind === 'opaque')
    return slot(cx, ref, { index: cx.number(key.value, node) }, stopped, node);
  return slot(cx, ref, { index: cx.number(key.value, node) }, stopped, node);
}

/** A property of `undefined` or `null`, where the exception is caught. */
function raiseIfMissing(cx: FunctionContext, ref: ValueId, key: Key, node: ts.Expression): void {
  const text = 'name' in key ? JSON.stringify(key.name) : '0';
  const error = [`((o: any) => { try { return o[${text}]; } catch (e) { return e; } })(`, ')'];
  const fail = (): undefined => {
    raise(cx, irVal(cx.foreign(error, [ref], OPAQUE, false, node, 'reads')), node);
  };
  cx.branch(cx.scalar('isNullish', [ref], node), fail, () => undefined, node);
}

const missing = (cx: FunctionContext, node: ts.Node): Place => ({
  get: () => irVal(cx.constant(undefined, node)),
  set: () => cx.refuse('AD3005', node),
});

function lengthMember(
  cx: FunctionContext,
  ref: ValueId,
  tuple: RecordType | undefined,
  node: ts.Node,
): Place {
  return {
    get: () => irVal(tuple ? cx.constant(tuple.fields.length, node) : lengthOf(cx, ref, node)),
    set: (v) => {
      const t = refType(cx.type(ref));
      if (t?.kind !== 'array' || t.storage !== 'plain') cx.refuse('AD3005', node);
      const length = cx.number(cx.ir(v, node), node);
      cx.emit({ kind: 'resize', ref, length, results: [], span: cx.span(node) });
    },
  };
}

/** The type of a property of what has no derivatives; the node may be a pattern. */
function typeOfMember(cx: FunctionContext, key: Key, node: ts.Expression): Type {
  if (cx.ts.isPropertyAccessExpression(node) || cx.ts.isElementAccessExpression(node))
    return typeOfResult(cx, node);
  const { checker } = cx.host;
  const property = 'name' in key ? checker.getTypeAtLocation(node).getProperty(key.name) : undefined;
  const type = property && lowerType(cx.host, checker.getTypeOfSymbolAtLocation(property, node), node);
  return type === undefined || type instanceof UnsupportedType ? OPAQUE : type;
}

/** A property of a string, a date, a number ... */
function foreignMember(
  cx: FunctionContext,
  ref: ValueId,
  key: Key,
  node: ts.Expression,
  at: ts.Expression,
): Place {
  const kind = cx.type(ref).kind;
  if (kind === 'never') cx.giveUp(node);
  if (kind === 'nullish') cx.refuse('AD3002', at, 'this is undefined or null here');
  const access = 'name' in key ? [`).${key.name}`] : [')[', ']'];
  const args = 'name' in key ? [ref] : [ref, key.value];
  return {
    get: () => irVal(cx.foreign(['(', ...access], args, typeOfMember(cx, key, node), false, node, 'unknown')),
    set: (v) => {
      const close = [...access.slice(0, -1), `${access[access.length - 1]} = `, ''];
      cx.foreign(['(', ...close], [...args, cx.ir(v, node)], OPAQUE, false, node, 'unknown');
    },
  };
}

function recordMember(
  cx: FunctionContext,
  of: Val,
  ref: ValueId,
  type: RecordType,
  key: Key,
  stopped: boolean,
  node: ts.Expression,
): Place {
  if (!('name' in key)) return anyField(cx, ref, type, key.value, stopped, node);
  const { name } = key;
  if (name === '__proto__') cx.refuse('AD3005', node);
  if (type.fields.some((f) => f.key === name)) return slot(cx, ref, { key: name }, stopped, node);
  return {
    get: () => {
      const v = getMember(cx, of, name, node);
      if (v.kind !== 'missing') return v;
      // a field of a type that is not made here may be left out of it for what it holds
      if (type.site === undefined && !type.classes && !isKnownAbsent(cx, node))
        return cx.refuse(
          'AD3005',
          node,
          `\`${name}\` is not a field of \`${textOf(node)}\` that can be differentiated`,
        );
      return irVal(cx.constant(undefined, node));
    },
    set: (v) => {
      if (setThroughSetter(cx, of, name, v, node)) return;
      slot(cx, ref, { key: name }, stopped, node).set(v);
    },
  };
}
const textOf = (node: ts.Expression): string =>
  'expression' in node ? (node.expression as ts.Node).getText() : node.getText();
function isKnownAbsent(cx: FunctionContext, node: ts.Expression): boolean {
  return cx.isLibrary || isNullishType(typeOfResult(cx, node)) || typeOfResult(cx, node).kind === 'maybe';
}

/** A field whose name is computed: one of those that the object has. */
function anyField(
  cx: FunctionContext,
  ref: ValueId,
  type: RecordType,
  key: ValueId,
  stopped: boolean,
  node: ts.Expression,
): Place {
  const named = namedKeys(cx, node);
  const fields = fieldsInOrder(type).filter((f) => named?.has(f.key) ?? true);
  if (fields.length === 0 && type.site !== undefined) cx.giveUp(node);
  const isNumber = cx.type(key).kind === 'number';
  const through = (k: number, use: (p: Place) => Val): Val => {
    const f = fields[k];
    if (!f) return irVal(cx.constant(undefined, node));
    const name = cx.constant(isNumber ? Number(f.key) : f.key, node);
    const here = cx.scalar('eq', [key, name], node);
    return (
      cx.branch(
        here,
        () => use(slot(cx, ref, { key: f.key }, stopped, node)),
        () => through(k + 1, use),
        node,
      ) ?? { kind: 'missing' }
    );
  };
  return {
    get: () => through(0, (p) => p.get()),
    set: (v) => {
      if (type.site !== undefined)
        cx.refuse(
          'AD3005',
          node,
          'only constant keys can be written on an object with known fields',
          'give the object an index signature, as in `Record<string, number>`',
        );
      through(0, (p) => {
        p.set(v);
        return irVal(cx.constant(undefined, node));
      });
    },
  };
}

/** The keys that a computed one may be by its type, `undefined` if it may be any. */
function namedKeys(cx: FunctionContext, node: ts.Expression): ReadonlySet<string> | undefined {
  if (cx.host.untyped || !cx.ts.isElementAccessExpression(node)) return undefined;
  const type = cx.host.checker.getTypeAtLocation(node.argumentExpression);
  const parts = type.isUnion() ? type.types : [type];
  if (!parts.every((t) => t.isStringLiteral() || t.isNumberLiteral())) return undefined;
  return new Set(parts.map((t) => String((t as ts.LiteralType).value)));
}

function slot(cx: FunctionContext, ref: ValueId, at: At, stopped: boolean, node: ts.Node): Place {
  return {
    get: () => {
      const id = cx.load(ref, at, node);
      if (!stopped) return irVal(id);
      return isRef(cx.type(id)) ? { kind: 'ir', id, stopped } : irVal(stop(cx, id, node));
    },
    set: (v) => {
      if (stopped || (v.kind === 'ir' && v.stopped)) cx.refuse('AD5002', node);
      const id = cx.ir(v, node);
      const type = refType(cx.type(ref));
      if (!type || !cx.state.inference.store(type, 'key' in at ? at.key : undefined, cx.type(id)))
        cx.refuse('AD3003', node, 'the stored value does not have the type of this element or field');
      cx.store(ref, at, id, node);
    },
  };
}

function assignName(cx: FunctionContext, name: ts.Identifier, v: Val): void {
  const symbol = symbolOf(cx.host, name);
  const before = symbol && cx.env.get(symbol);
  if (!symbol || !before || cx.state.outer.has(symbol))
    cx.refuse('AD5005', name, `\`${name.text}\` belongs to an outer scope and is written here`);
  if (before.kind === 'cell') {
    const id = cx.ir(v, name);
    const type = refType(cx.type(before.ref));
    if (!type || !cx.state.inference.store(type, 'v', cx.type(id)))
      cx.refuse('AD3003', name, 'the assigned value does not have the type of this variable');
    cx.store(before.ref, { key: 'v' }, id, name);
    return;
  }
  if (v.kind === 'ir') cx.values.setName(v.id, name.text);
  if (v.kind !== 'local' || !sameVal(before, v))
    cx.env.set(symbol, v.kind === 'missing' ? irVal(cx.constant(undefined, name)) : v);
}

// ------------------------------------------------------------------ patterns

/** `target = v`; the target may be a pattern. */
export function assign(cx: FunctionContext, target: ts.Expression, v: Val): void {
  const { ts } = cx;
  const e = skipWrappers(ts, target);
  if (ts.isArrayLiteralExpression(e)) {
    const parts = e.elements.map((x) => {
      if (ts.isOmittedExpression(x)) return undefined;
      return part(cx, ts.isSpreadElement(x) ? x.expression : x, ts.isSpreadElement(x));
    });
    destructureArray(cx, v, parts, e);
    return;
  }
  if (!ts.isObjectLiteralExpression(e)) {
    lowerPlace(cx, e).set(v);
    return;
  }
  const parts = e.properties.map((p) => {
    if (ts.isShorthandPropertyAssignment(p)) {
      const set = (x: Val) => assignName(cx, p.name, x);
      return {
        name: p.name as ts.PropertyName,
        set,
        initializer: p.objectAssignmentInitializer,
        rest: false,
      };
    }
    if (ts.isPropertyAssignment(p)) return { name: p.name, ...part(cx, p.initializer, false) };
    if (ts.isSpreadAssignment(p)) return { name: undefined, ...part(cx, p.expression, true) };
    return cx.refuse('AD2000', p);
  });
  destructureObject(cx, v, parts, e);
}
function part(cx: FunctionContext, x: ts.Expression, rest: boolean) {
  const hasDefault = cx.ts.isBinaryExpression(x) && x.operatorToken.kind === cx.ts.SyntaxKind.EqualsToken;
  const target = hasDefault ? x.left : x;
  const initializer = hasDefault ? x.right : undefined;
  return { set: (v: Val) => assign(cx, target, v), initializer, rest };
}
