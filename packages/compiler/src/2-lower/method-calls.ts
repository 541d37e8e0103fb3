/** Calls of methods: of instances, literals, arrays, maps and functions themselves. */

import { isOfNamespace, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { OPAQUE, type ValueId } from '../ir/nodes.js';
import { isKeyed, refType } from '../ir/types.js';
import { type Arg, irVal, lowerArgs, toArray } from './args.js';
import { arrayOf } from './array-literals.js';
import { callValue } from './call-values.js';
import { callOutside, callOutsideMethod, unlessMissing } from './calls.js';
import { asText } from './class-checks.js';
import { classOfExpression, ITERATOR } from './class-declarations.js';
import { callSuper } from './constructors.js';
import type { FunctionContext } from './context.js';
import { behindChain, isNullishType, lowerExpression, type Use } from './expressions.js';
import { foreignMethod } from './foreign.js';
import { areClasses, asObject, dispatch, functionsOf, isFunctionVal, settled } from './functions.js';
import { isGlobal } from './globals.js';
import { checkIterator, firstStep, isStepOfNew } from './iterators.js';
import { callMethodOf, getMember, methodOf } from './members.js';
import { COMMON, callArrayMethod, callKeyedMethod } from './methods.js';
import { hasOwn } from './object-functions.js';
import { member, memberOfNothing, raiseIfMissing, refuseFunctionMember, throwIfMissing } from './places.js';
import type { Val } from './shapes.js';
import { raiseTypeError } from './try.js';

/** A call of a member of a value; `undefined` if it is the call of a name in a namespace. */
export function lowerMethodCall(
  cx: FunctionContext,
  e: ts.CallExpression,
  callee: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  use: Use,
): Val | undefined {
  const { ts } = cx;
  // `Math['exp'](x)`
  if (ts.isElementAccessExpression(callee) && isGlobal(cx, callee.expression, 'Math')) return undefined;
  const ofPrototype = callOfPrototype(cx, e, callee);
  if (ofPrototype) return ofPrototype;
  if (isHandedIterator(cx, e, callee)) return toArray(cx, lowerExpression(cx, callee.expression), e);
  const qualifier = symbolOf(cx.host, callee.expression);
  if (isOfNamespace(cx.host, callee) || (qualifier && qualifier.flags & ts.SymbolFlags.Enum))
    return undefined;
  const name = ts.isPropertyAccessExpression(callee)
    ? callee.name.text
    : ts.isStringLiteralLike(skipWrappers(ts, callee.argumentExpression))
      ? (skipWrappers(ts, callee.argumentExpression) as ts.StringLiteralLike).text
      : undefined;
  if (name === undefined) return undefined;
  if (callee.expression.kind === ts.SyntaxKind.SuperKeyword) return callSuper(cx, e, name);
  const run = (of: Val): Val => callMethod(cx, of, name, e, callee, use);
  if (!callee.questionDotToken)
    return ts.isOptionalChain(callee)
      ? behindChain(cx, callee.expression, run)
      : run(lowerExpression(cx, callee.expression));
  const of = lowerExpression(cx, callee.expression);
  return unlessMissing(cx, of, () => run(of), e);
}

/** `[Symbol.iterator]() { return this.items[Symbol.iterator](); }`: going through the instance is going through the list. */
function isHandedIterator(
  { ts }: FunctionContext,
  e: ts.CallExpression,
  callee: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): boolean {
  const method = ts.isReturnStatement(e.parent) ? e.parent.parent.parent : undefined;
  return (
    ts.isElementAccessExpression(callee) &&
    callee.argumentExpression.getText() === 'Symbol.iterator' &&
    method !== undefined &&
    ts.isMethodDeclaration(method) &&
    method.name.getText() === ITERATOR
  );
}

export function callMethod(
  cx: FunctionContext,
  of: Val,
  name: string,
  e: ts.CallExpression,
  callee: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  use: Use,
): Val {
  // of a class, `C.apply` and its kin are static methods of its own
  if (of.kind === 'ir' && functionsOf(cx, of.id)) raiseIfMissing(cx, of.id, { name }, callee);
  if (areClasses(cx, of)) return dispatch(cx, of.id, callee, (c) => callMethod(cx, c, name, e, callee, use));
  if (of.kind === 'class') {
    const f = getMember(cx, of, name, callee);
    return callValue(cx, f, lowerArgs(cx, e.arguments), e, of);
  }
  if (isFunctionVal(of) || (of.kind === 'ir' && functionsOf(cx, of.id))) {
    const on = callOnFunction(cx, of, name, e);
    if (on) return on;
  }
  if (isFunctionVal(of)) return refuseFunctionMember(cx, callee);
  const id = cx.ir(of, callee.expression);
  throwIfMissing(cx, id, { name }, callee);
  const type = refType(cx.type(id));
  if (!type) {
    const { kind } = cx.type(id);
    if (kind === 'never' || kind === 'nullish') return irVal(memberOfNothing(cx, id, { name }, e));
    return foreignMethod(cx, id, name, e, callee);
  }
  checkIterator(cx, type, name, e);
  if (type.kind === 'array') {
    if (isStepOfNew(cx, name, skipWrappers(cx.ts, callee.expression))) return firstStep(cx, of, e);
    if (isKeyed(type) && type.ctor !== 'Object')
      return callKeyedMethod(cx, of, name, lowerArgs(cx, e.arguments), e);
    const inherited = isKeyed(type) ? inheritedMethod(cx, id, name, e) : undefined;
    if (inherited) return inherited;
    // `rules.relu(x)` of a dictionary of functions
    const one = isKeyed(type) ? member(cx, of, { name }, callee).get() : undefined;
    const call = (f: Val) => (): Val => callValue(cx, f, lowerArgs(cx, e.arguments), e, of);
    if (one) return e.questionDotToken ? unlessMissing(cx, one, call(one), e) : call(one)();
    if (!isKeyed(type)) return callArrayMethod(cx, of, name, lowerArgs(cx, e.arguments), e, callee);
  } else if (type.tuple) {
    // a tuple is an array to its methods
    const elements = type.fields.map((f) => cx.load(id, { key: f.key }, callee));
    return callArrayMethod(
      cx,
      { kind: 'ir', id: arrayOf(cx, elements, callee) },
      name,
      lowerArgs(cx, e.arguments),
      e,
      callee,
    );
  }
  const method = methodOf(cx, of, name, callee);
  if (method) return method(lowerArgs(cx, e.arguments), e);
  const f = getMember(cx, of, name, callee);
  if (f.kind === 'missing' || (f.kind === 'ir' && isNullishType(cx.type(f.id)))) {
    const inherited = inheritedMethod(cx, id, name, e);
    if (inherited) return inherited;
    const result = callOutsideMethod(cx, id, name, e, callee, use);
    if (result) return result;
    if (e.questionDotToken) return { kind: 'missing' };
    // all that an object made here ever holds is known
    if (type.kind === 'record' && type.site !== undefined && !type.outside) {
      lowerArgs(cx, e.arguments);
      raiseTypeError(cx, `${callee.getText()} is not a function`, callee);
      return { kind: 'missing' };
    }
    return cx.refuse(
      'AD4003',
      callee,
      `the function called as \`${callee.getText()}\` is not statically known`,
    );
  }
  const run = (): Val => {
    const args = lowerArgs(cx, e.arguments);
    return callOutside(cx, f, args, e, { self: of, use }) ?? callValue(cx, f, args, e, of);
  };
  return e.questionDotToken ? unlessMissing(cx, f, run, e) : run();
}

/**
 * `C.prototype.area.call(self, ...)`, `Object.prototype.hasOwnProperty.call(o, 'a')`, `Array.prototype.concat.apply([], rows)`, and
 * methods that are taken from a list at hand: `[].concat.apply([], rows)`.
 */
function callOfPrototype(
  cx: FunctionContext,
  e: ts.CallExpression,
  callee: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): Val | undefined {
  const { ts } = cx;
  const [first] = e.arguments;
  if (!ts.isPropertyAccessExpression(callee) || !first || ts.isSpreadElement(first)) return undefined;
  if (callee.name.text !== 'call' && callee.name.text !== 'apply') return undefined;
  const method = skipWrappers(ts, callee.expression);
  if (!ts.isPropertyAccessExpression(method)) return undefined;
  const { text } = method.name;
  const owner = skipWrappers(ts, method.expression);
  const holder =
    ts.isPropertyAccessExpression(owner) && owner.name.text === 'prototype' ? owner.expression : undefined;
  const named = holder && classOfExpression(cx, holder);
  const isArray = holder ? isGlobal(cx, holder, 'Array') : isListAtHand(cx, owner);
  const asksForOwn = holder && isGlobal(cx, holder, 'Object') && text === 'hasOwnProperty';
  if (!named && !isArray && !asksForOwn) return undefined;
  const [self, ...args] = argumentsFor(cx, e, callee.name.text);
  if (named) return callMethodOf(cx, named, text, self.v, args, e);
  if (isArray) return callArrayMethod(cx, listOfPrototype(cx, self, text, callee), text, args, e, callee);
  return args.length === 1 ? hasOwn(cx, cx.ir(self.v, first), args[0], e) : cx.refuse('AD4002', callee);
}
/** `[]`, or a variable that holds an array. */
function isListAtHand(cx: FunctionContext, e: ts.Expression): boolean {
  const { ts } = cx;
  if (ts.isArrayLiteralExpression(e)) return e.elements.length === 0;
  const symbol = ts.isIdentifier(e) ? symbolOf(cx.host, e) : undefined;
  const v = symbol && cx.env.get(symbol);
  const t = v?.kind === 'ir' ? refType(cx.type(v.id)) : undefined;
  return t?.kind === 'array' && t.storage === 'plain' && !t.either && !isKeyed(t);
}
/** What `call`, `bind` and `apply` hand on, the object first; the last that `apply` is given is a list. */
function argumentsFor(cx: FunctionContext, e: ts.CallExpression, how: string): readonly Arg[] {
  const written = how === 'apply' ? argumentsInList(cx, e) : undefined;
  const args = lowerArgs(cx, written ?? e.arguments);
  return how !== 'apply' || written
    ? args
    : args.slice(0, 2).map((a, k) => (k === 1 ? { ...a, spread: true } : a));
}
/** What a method of `Array.prototype` is called on: an array, or a typed array where the method does the same to both. */
function listOfPrototype(cx: FunctionContext, self: Arg, name: string, callee: ts.Node): Val {
  const t = refType(cx.type(cx.ir(self.v, self.node)));
  const isTyped = t?.kind === 'array' && t.storage !== 'plain';
  if (isTyped && (isKeyed(t) || !COMMON.has(name)))
    cx.refuse(
      'AD4002',
      callee,
      `\`Array.prototype.${name}\` is called on ${isKeyed(t) ? 'an object that is no array' : 'a typed array, whose own method of that name does something else'}`,
      'copy it to an array first, as in `[...a]`',
    );
  return toArray(cx, self.v, self.node);
}
/** What every object has from `Object.prototype`. */
function inheritedMethod(
  cx: FunctionContext,
  id: ValueId,
  name: string,
  e: ts.CallExpression,
): Val | undefined {
  if (name === 'hasOwnProperty' && e.arguments.length === 1)
    return hasOwn(cx, id, lowerArgs(cx, e.arguments)[0], e);
  if (name !== 'toString' || e.arguments.length > 0) return undefined;
  return irVal(cx.foreign(['String(', ')'], [asText(cx, id, e)], OPAQUE, false, e, 'encodes'));
}

/** `this.m = this.m.bind(this)` */
function isBoundInPlace(ts: FunctionContext['ts'], { expression, parent }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    ts.isPropertyAccessExpression(expression.expression) &&
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.left.getText() === expression.expression.getText()
  );
}
/** `f.call(self, ...)`, `f.apply(self, list)`, `f.bind(self, ...)`. */
function callOnFunction(cx: FunctionContext, f: Val, name: string, e: ts.CallExpression): Val | undefined {
  if (name !== 'call' && name !== 'apply' && name !== 'bind') return undefined;
  const [self, ...rest] = argumentsFor(cx, e, name);
  const given = self && !(self.v.kind === 'ir' && isNullishType(cx.type(self.v.id))) ? self.v : undefined;
  if (name === 'bind') {
    if (isBoundInPlace(cx.ts, e))
      cx.refuse(
        'AD5004',
        e,
        'a method is replaced by itself, bound to its object',
        'bind it where it is handed on, or make it a field: `m = () => { ... }`',
      );
    if (rest.some((a) => a.spread)) cx.refuse('AD2011', e);
    return asObject(cx, { kind: 'bound', of: settled(cx, f), self: given, args: rest.map((a) => a.v) }, e);
  }
  return callValue(cx, f, rest, e, given);
}
/** `f.apply(self, [x, y])`: the list is not made, so that its elements may be of different kinds. */
function argumentsInList(
  { ts }: FunctionContext,
  e: ts.CallExpression,
): readonly ts.Expression[] | undefined {
  const list = e.arguments.length === 2 ? skipWrappers(ts, e.arguments[1]) : undefined;
  if (!list || !ts.isArrayLiteralExpression(list)) return undefined;
  return list.elements.some((x) => ts.isOmittedExpression(x))
    ? undefined
    : [e.arguments[0], ...list.elements];
}
