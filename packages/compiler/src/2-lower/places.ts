/** Assignable expressions, members of values, and assignment by patterns. */

import { extendsNumbers } from '../host/prototypes.js';
import { boundFunction, isFunctionNode, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { type At, NUMBER, OPAQUE, type RecordType, type ValueId } from '../ir/nodes.js';
import { isArrayIndex, isKeyed, refType } from '../ir/types.js';
import { irVal, lengthOf } from './args.js';
import { assignName } from './assignments.js';
import { bufferOf } from './buffers.js';
import { checkKey, chosenMath, memberByName, possibleKeys } from './computed-names.js';
import { getSuper, setSuper } from './constructors.js';
import type { FunctionContext } from './context.js';
import { elementAt } from './element-keys.js';
import { lowerExpression, lowerValue } from './expressions.js';
import { fitting } from './fit.js';
import { doesNothingElse, isText, typeOfResult } from './foreign.js';
import { areClasses, isFunctionVal } from './functions.js';
import { throwUnlessLength } from './lengths.js';
import { getMember } from './members.js';
import { sizeOf } from './methods.js';
import { lowerIdentifier } from './names.js';
import { anyField, recordMember } from './record-members.js';
import type { Val } from './shapes.js';
import { setStatic } from './static-members.js';
import { raise } from './try.js';

export interface Place {
  get(): Val;
  set(v: Val): void;
}
/** A key as it is written, or as a value. */
export type Key = { readonly name: string } | { readonly value: ValueId };

/** An assignable expression: its object and key are evaluated once, now. */
export function lowerPlace(cx: FunctionContext, target: ts.Expression): Place {
  const { ts } = cx;
  const e = skipWrappers(ts, target);
  if (ts.isIdentifier(e)) return { get: () => lowerIdentifier(cx, e), set: (v) => assignName(cx, e, v) };
  if (ts.isPropertyAccessExpression(e)) {
    if (e.expression.kind === ts.SyntaxKind.SuperKeyword)
      return { get: () => getSuper(cx, e), set: (v) => setSuper(cx, e, v) };
    return member(cx, lowerExpression(cx, e.expression), { name: e.name.text }, e);
  }
  if (ts.isElementAccessExpression(e)) {
    const math = chosenMath(cx, e, () => lowerValue(cx, e.argumentExpression));
    if (math) return { get: () => math, set: () => cx.refuse('AD3005', e) };
    const of = lowerExpression(cx, e.expression);
    return member(cx, of, elementKey(cx, e), e);
  }
  return cx.refuse('AD2000', e);
}

export function elementKey(cx: FunctionContext, e: ts.ElementAccessExpression): Key {
  const arg = skipWrappers(cx.ts, e.argumentExpression);
  if (cx.ts.isStringLiteralLike(arg)) return { name: arg.text };
  const value = lowerValue(cx, e.argumentExpression);
  checkKey(cx, value, e.argumentExpression);
  const text = cx.knownText(value);
  return text === undefined ? { value } : { name: text };
}

export type Access = ts.PropertyAccessExpression | ts.ElementAccessExpression;

/** A member of a value: a slot, what an accessor gives, a property of something without derivatives. */
export function member(cx: FunctionContext, of: Val, key: Key, node: Access | ts.Expression): Place {
  const { ts } = cx;
  if (!('name' in key) && (of.kind === 'class' || areClasses(cx, of))) {
    const names = possibleKeys(cx, node);
    if (names) return memberByName(cx, key.value, names, node, (name) => member(cx, of, { name }, node));
  }
  if (of.kind === 'class') {
    if (!('name' in key)) return cx.refuse('AD3005', node);
    return {
      get: () => getMember(cx, of, key.name, node),
      set: (v) => setStatic(cx, of, key.name, v, node),
    };
  }
  if (areClasses(cx, of)) {
    if (!('name' in key)) return cx.refuse('AD3005', node);
    raiseIfMissing(cx, of.id, key, node);
    return {
      get: () => getMember(cx, of, key.name, node),
      set: () =>
        cx.refuse('AD5005', node, 'a static field of a class that is chosen at run time is written here'),
    };
  }
  if (isFunctionVal(of) && cx.host.untyped && isAssignedFunction(cx, node))
    return { get: () => cx.refuse('AD3005', node), set: () => {} };
  if (isFunctionVal(of)) return refuseFunctionMember(cx, node);
  const at =
    ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? node.expression : node;
  const ref = cx.ir(of, at);
  if (!mayThrowMissing(cx, ref)) return memberOfReference(cx, of, ref, key, node);
  return checkedPlace(cx, ref, key, node, () => memberOfReference(cx, of, ref, key, node));
}

/** A member of what may be missing: JavaScript looks when it is read or written, behind the right side of an assignment. */
function checkedPlace(
  cx: FunctionContext,
  ref: ValueId,
  key: Key,
  node: ts.Expression,
  make: () => Place,
): Place {
  let place: Place | undefined;
  const there = (access: 'read' | 'set'): Place => {
    if (!place) {
      raiseIfMissing(cx, ref, key, node, access);
      place = make();
    }
    return place;
  };
  return { get: () => there('read').get(), set: (v) => there('set').set(v) };
}

function memberOfReference(
  cx: FunctionContext,
  of: Val,
  ref: ValueId,
  key: Key,
  node: Access | ts.Expression,
): Place {
  const type = refType(cx.type(ref));
  if (!type) return isNoMember(cx, ref, key) ? missing(cx, node) : foreignMember(cx, ref, key, node);
  if (type.kind === 'record' && !type.tuple) {
    const place = recordMember(cx, of, ref, type, key, node);
    if (!type.functions) return place;
    // of a function only what was stored is known
    const isStored = (): boolean => 'name' in key && type.fields.some((f) => f.key === key.name);
    return { ...place, get: () => (isStored() ? place : refuseFunctionMember(cx, node)).get() };
  }
  if ('name' in key && key.name === 'length' && !isKeyed(type))
    return lengthMember(cx, ref, type.kind === 'record' ? type : undefined, node);
  if (type.kind === 'record') {
    const k = 'name' in key ? key.name : String(cx.knownNumber(key.value));
    if (type.fields.some((f) => f.key === k)) return slot(cx, ref, { key: k }, node);
    if ('name' in key || cx.knownNumber(key.value) !== undefined) return missing(cx, node);
    return anyField(cx, ref, type, key.value, node);
  }
  if (isKeyed(type)) {
    if (type.ctor !== 'Object') {
      if ('name' in key && key.name === 'size')
        return { get: () => irVal(sizeOf(cx, ref, node)), set: () => cx.refuse('AD3005', node) };
      return cx.refuse('AD3005', node);
    }
    if ('name' in key && key.name === '__proto__') cx.refuse('AD3005', node);
    return slot(cx, ref, { index: 'name' in key ? cx.constant(key.name, node) : key.value }, node);
  }
  if ('name' in key) {
    if (isArrayIndex(key.name)) return slot(cx, ref, { index: cx.constant(Number(key.name), node) }, node);
    if (['byteLength', 'byteOffset', 'BYTES_PER_ELEMENT'].includes(key.name)) {
      const read = (): Val => irVal(cx.foreign(['', `.${key.name}`], [ref], NUMBER, false, node, 'reads'));
      return { get: read, set: () => cx.refuse('AD3005', node) };
    }
    const buffer = key.name === 'buffer' ? bufferOf(cx, ref, node) : undefined;
    if (buffer !== undefined) return { get: () => irVal(buffer), set: () => cx.refuse('AD3005', node) };
    return cx.refuse('AD3005', node, `the array property \`${key.name}\` is not supported here`);
  }
  return elementAt(cx, ref, key.value, node);
}

export const refuseFunctionMember = (cx: FunctionContext, node: ts.Node): never =>
  cx.refuse('AD3005', node, 'properties of functions cannot be used in differentiated code');

/** `f.option = function ...`: what a package hangs on a function; reading it is refused. */
function isAssignedFunction(cx: FunctionContext, node: ts.Expression): boolean {
  const { ts } = cx;
  const p = node.parent;
  if (!ts.isBinaryExpression(p) || p.left !== node) return false;
  const right = skipWrappers(ts, p.right);
  const named = ts.isIdentifier(right) ? symbolOf(cx.host, right) : undefined;
  return isFunctionNode(ts, right) || (named !== undefined && boundFunction(cx.host, named) !== undefined);
}

/** `x[0]`, `x.type` of a number, in code for other things that it is told apart from when the program runs: it has no such member. */
function isNoMember(cx: FunctionContext, ref: ValueId, key: Key): boolean {
  if (cx.type(ref).kind !== 'number') return false;
  if (!('name' in key)) return cx.type(key.value).kind === 'number';
  return !(key.name in Number.prototype) && ![cx.host, cx.state.host].some(extendsNumbers);
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
      throwUnlessLength(cx, length, 'list', node);
      cx.write({ kind: 'resize', ref, length, results: [], span: cx.span(node) }, node);
    },
  };
}

/** Where something may catch it: whether JavaScript may throw at a member of this, as one of `undefined` or `null`. */
const mayThrowMissing = (cx: FunctionContext, ref: ValueId): boolean =>
  cx.catches && !cx.sure.has(ref) && (cx.type(ref).kind === 'maybe' || cx.elements.has(ref));
/** Throws it, where something may catch it. */
export function throwIfMissing(cx: FunctionContext, ref: ValueId, key: Key, node: ts.Node): void {
  if (mayThrowMissing(cx, ref)) raiseIfMissing(cx, ref, key, node);
}
/** The same wherever it is, for what is not read from the object itself: members of a class or function that is chosen at run time. */
export function raiseIfMissing(
  cx: FunctionContext,
  ref: ValueId,
  key: Key,
  node: ts.Node,
  access: 'read' | 'set' = 'read',
): void {
  if (cx.sure.has(ref)) return;
  const [doing, done] = access === 'read' ? ['read', 'reading'] : ['set', 'setting'];
  const raiseIt = (): undefined => {
    const [name, more] = 'name' in key ? [key.name, []] : ['${', [key.value]];
    const rest = 'name' in key ? [] : [`}')\`)`];
    const text = cx.foreign(
      [
        `new TypeError(\`Cannot ${doing} properties of \${`,
        `} (${done} '${name}${rest.length > 0 ? '' : "')`)"}`,
        ...rest,
      ],
      [ref, ...more],
      OPAQUE,
      true,
      node,
      'reads',
    );
    raise(cx, irVal(text), node, true);
    return undefined;
  };
  cx.branch(cx.scalar('isNullish', [ref], node), raiseIt, () => undefined, node);
}

/** A member of what is never there: of the elements of an array that stays empty, say. */
export function memberOfNothing(cx: FunctionContext, ref: ValueId, key: Key, node: ts.Node): ValueId {
  if (!cx.state.inference.deadEnds) cx.state.inference.meetsDeadEnd = true;
  else raiseIfMissing(cx, ref, key, node);
  return cx.nothing(node);
}

/** A property of a string, a date, a number ... */
function foreignMember(cx: FunctionContext, ref: ValueId, key: Key, node: ts.Expression): Place {
  const kind = cx.type(ref).kind;
  if (kind === 'never' || kind === 'nullish') {
    let id: ValueId | undefined;
    const nothing = (): ValueId => (id ??= memberOfNothing(cx, ref, key, node));
    return { get: () => irVal(nothing()), set: () => void nothing() };
  }
  const access = 'name' in key ? [`).${key.name}`] : [')[', ']'];
  const args = 'name' in key ? [ref] : [ref, key.value];
  const isOfText =
    (cx.ts.isPropertyAccessExpression(node) || cx.ts.isElementAccessExpression(node)) &&
    isText(cx, node.expression);
  return {
    get: () => {
      const type = typeOfResult(cx, node);
      return irVal(
        isOfText
          ? doesNothingElse(cx, ['(', ...access], args, type, node, 'unknown')
          : cx.foreign(['(', ...access], args, type, false, node, 'unknown'),
      );
    },
    set: (v) => {
      const close = [...access.slice(0, -1), `${access[access.length - 1]} = `, ''];
      cx.foreign(['(', ...close], [...args, cx.ir(v, node)], OPAQUE, false, node, 'unknown');
    },
  };
}

export function slot(cx: FunctionContext, ref: ValueId, at: At, node: ts.Node): Place {
  return {
    get: () => {
      const id = cx.load(ref, at, node);
      if ('index' in at && !cx.isLibrary) cx.elements.add(id);
      return irVal(id);
    },
    set: (v) => {
      if (cx.isStopped(ref) || (v.kind === 'ir' && cx.isStopped(v.id))) cx.refuse('AD5002', node);
      const id =
        fitting(cx, ref, 'key' in at ? at.key : undefined, cx.ir(v, node), node) ??
        cx.refuse('AD3003', node, 'the stored value does not have the type of this element or field');
      cx.store(ref, at, id, node);
    },
  };
}
