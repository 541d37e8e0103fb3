/** Calls: functions of the program by their source, the language's own by tables and by the library, nothing else. */

import { placeOf } from '../diagnostics/diagnostic.js';
import { usesArguments } from '../host/arguments.js';
import { type FunctionNode, isFunctionNode, isOfNamespace, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { NUMBER, OPAQUE, type ValueId } from '../ir/nodes.js';
import { isKeyed, present, refType } from '../ir/types.js';
import { scalarRule } from '../rules/scalar.js';
import { type Arg, argsArray, irVal, lowerArgs, restFrom, toArray } from './args.js';
import { asText } from './class-checks.js';
import { classOfExpression, ITERATOR } from './class-declarations.js';
import { callSuper } from './constructors.js';
import type { FunctionContext } from './context.js';
import { callUnravel, callWithRule } from './custom.js';
import { callDerivative } from './derivatives.js';
import { arrayOf, behindChain, isNullishType, lowerExpression, type Use } from './expressions.js';
import { builtinCall, foreignMethod, typeOfResult } from './foreign.js';
import {
  areClasses,
  asObject,
  capturesNow,
  dispatch,
  functionsOf,
  isFunctionVal,
  settled,
} from './functions.js';
import { callIntrinsic } from './intrinsics.js';
import { checkHandedOn, checkIterator, firstStep, isStepOfNew } from './iterators.js';
import { callMethodOf, getMember, methodOf } from './members.js';
import { callArrayMethod, callKeyedMethod } from './methods.js';
import { isGlobal } from './names.js';
import { elementKey, member, memberOfNothing, refuseFunctionMember, throwIfMissing } from './places.js';
import { callRuleMap } from './rule-source.js';
import { type Env, THIS, type Val } from './shapes.js';
import { callStatic, hasOwn } from './statics.js';
import { changeOf } from './tables.js';
import { raiseTypeError } from './try.js';

// ------------------------------------------------------------------ what is called

export function lowerCall(cx: FunctionContext, e: ts.CallExpression, use: Use): Val {
  const { ts } = cx;
  const callee = skipWrappers(ts, e.expression);
  if (callee.kind === ts.SyntaxKind.ImportKeyword) cx.refuse('AD2005', e);
  if (callee.kind === ts.SyntaxKind.SuperKeyword) return callSuper(cx, e);
  if (ts.isIdentifier(callee)) {
    if (callee.text === 'eval') cx.refuse('AD2003', e);
    const intrinsic = cx.isLibrary ? callIntrinsic(cx, callee.text, e) : undefined;
    if (intrinsic) return intrinsic;
  }
  const known = callStatic(cx, e, callee, use);
  if (known) return known;
  if (ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee)) {
    const method = lowerMethodCall(cx, e, callee, use);
    if (method) return method;
  }
  const { f, self } = isFunctionNode(ts, callee)
    ? { f: { kind: 'closure', decl: callee, captures: capturesNow(cx, callee) } as Val, self: undefined }
    : calledValue(cx, callee);
  const run = (): Val => {
    const args = lowerArgs(cx, e.arguments);
    return (
      callUnravel(cx, f, args, e) ??
      callOutside(cx, f, args, e, { self: undefined, use }) ??
      callValue(cx, f, args, e, self)
    );
  };
  return e.questionDotToken ? unlessMissing(cx, f, run, e) : run();
}

/** The function that a call calls; `o[k](x)`: with its object. */
function calledValue(cx: FunctionContext, callee: ts.Expression): { f: Val; self: Val | undefined } {
  const isElement = cx.ts.isElementAccessExpression(callee) && !cx.ts.isOptionalChain(callee);
  if (!isElement || isGlobal(cx, callee.expression, 'Math'))
    return { f: lowerExpression(cx, callee), self: undefined };
  const of = lowerExpression(cx, callee.expression);
  const f = member(cx, of, elementKey(cx, callee), callee).get();
  const t = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  const hasMethods = of.kind === 'class' || (t?.kind === 'record' && !t.tuple && !t.functions);
  return { f, self: hasMethods ? of : undefined };
}

/**
 * A function that comes from outside: called once, in the forward sweep. What it gives carries no derivative, and it must not be
 * given what does if that matters.
 */
function callOutside(
  cx: FunctionContext,
  f: Val,
  args: readonly Arg[],
  e: ts.CallExpression,
  { self, use }: { readonly self: Val | undefined; readonly use: Use },
): Val | undefined {
  if (f.kind !== 'ir' || present(cx.type(f.id)).kind !== 'opaque') return undefined;
  if (args.some((a) => isFunctionVal(a.v)) || (self && isMadeHere(cx, self))) return undefined;
  if (cx.state.inference.readTables()) cx.giveUp(e);
  const own = args.map((a) => cx.ir(a.v, a.node));
  const ids = self ? [f.id, cx.ir(self, e), ...own] : [f.id, ...own];
  const before = (k: number): string => `${k > 0 || self ? ', ' : ''}${args[k].spread ? '...' : ''}`;
  const open = self ? ['(', ').call('] : ['('];
  const head = self ? '' : ')(';
  const template = [...open, ...args.map((_, k) => (k === 0 ? head : '') + before(k))];
  template.push(args.length === 0 ? `${head})` : ')');
  const type = use === 'unused' ? OPAQUE : typeOfResult(cx, e);
  const callee = skipWrappers(cx.ts, e.expression);
  const id = cx.foreign(template, ids, type, false, callee, 'calls');
  noteChange(cx, callee);
  cx.state.inference.noteOutsideCall();
  cx.state.outside.readAgain(cx, e);
  return use === 'unused' ? { kind: 'missing' } : { kind: 'ir', id };
}

/** For messages: where the object of a module, of which a function is called, may be changed. */
function noteChange(cx: FunctionContext, callee: ts.Expression): void {
  let root: ts.Node = callee;
  while (
    cx.ts.isPropertyAccessExpression(root) ||
    cx.ts.isElementAccessExpression(root) ||
    cx.ts.isCallExpression(root) ||
    cx.ts.isNonNullExpression(root) ||
    cx.ts.isParenthesizedExpression(root)
  )
    root = root.expression;
  const symbol = cx.ts.isIdentifier(root) ? symbolOf(cx.host, root) : undefined;
  const at = symbol && changeOf(cx.state, symbol);
  if (at)
    cx.state.noteAt(cx.span(callee), { ...placeOf(at), message: `\`${symbol.name}\` may be changed here` });
}

/** A method that the type of an object from outside declares, and no class of the program has. */
function callOutsideMethod(
  cx: FunctionContext,
  of: ValueId,
  name: string,
  e: ts.CallExpression,
  callee: ts.Expression,
  use: Use,
): Val | undefined {
  const t = refType(cx.type(of));
  if (cx.state.inference.readTables()) cx.giveUp(e);
  const isFromOutside =
    t?.kind === 'record' && t.site === undefined && !t.classes && !t.functions && !t.tuple;
  const isDeclared = cx.host.checker.getTypeAtLocation(callee).getCallSignatures().length > 0;
  if (!isFromOutside || !isDeclared || cx.host.untyped) return undefined;
  const method = cx.foreign(['(', `).${name}`], [of], OPAQUE, false, callee, 'reads');
  const args = lowerArgs(cx, e.arguments);
  return callOutside(cx, irVal(method), args, e, { self: irVal(of), use });
}

/** An instance that generated code made has no prototype. */
function isMadeHere(cx: FunctionContext, v: Val): boolean {
  const t = v.kind === 'ir' ? refType(cx.type(v.id)) : undefined;
  return t?.kind === 'record' && t.classes !== undefined && !t.outside;
}

/** `run()`, or `undefined` where the value is `undefined` or `null`. */
export function unlessMissing(cx: FunctionContext, v: Val, run: () => Val, node: ts.Node): Val {
  if (isFunctionVal(v)) return run();
  const id = cx.ir(v, node);
  if (isNullishType(cx.type(id))) return { kind: 'missing' };
  // an element may be missing whatever its type says
  if (cx.sure.has(id)) return run();
  const missing = cx.scalar('isNullish', [id], node);
  return (
    cx.branch(missing, () => ({ kind: 'ir', id: cx.constant(undefined, node) }), run, node) ?? {
      kind: 'missing',
    }
  );
}

/** A call of a member of a value; `undefined` if it is the call of a name in a namespace. */
function lowerMethodCall(
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

/** `C.prototype.area.call(self, ...)`, `Object.prototype.hasOwnProperty.call(o, 'a')` */
function callOfPrototype(
  cx: FunctionContext,
  e: ts.CallExpression,
  callee: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): Val | undefined {
  const { ts } = cx;
  const [first] = e.arguments;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'call') return undefined;
  const method = skipWrappers(ts, callee.expression);
  const prototype = ts.isPropertyAccessExpression(method) ? skipWrappers(ts, method.expression) : method;
  if (!ts.isPropertyAccessExpression(method) || !ts.isPropertyAccessExpression(prototype)) return undefined;
  if (prototype.name.text !== 'prototype' || !first || ts.isSpreadElement(first)) return undefined;
  const { text } = method.name;
  const named = classOfExpression(cx, prototype.expression);
  const isArray = isGlobal(cx, prototype.expression, 'Array');
  const asksForOwn = isGlobal(cx, prototype.expression, 'Object') && text === 'hasOwnProperty';
  if (!named && !isArray && !asksForOwn) return undefined;
  const [self, ...args] = lowerArgs(cx, e.arguments);
  if (named) return callMethodOf(cx, named, text, self.v, args, e);
  if (isArray) return callArrayMethod(cx, toArray(cx, self.v, first), text, args, e, callee);
  return args.length === 1 ? hasOwn(cx, cx.ir(self.v, first), args[0], e) : cx.refuse('AD4002', callee);
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

/** `f.call(self, ...)`, `f.apply(self, list)`, `f.bind(self, ...)`. */
function callOnFunction(cx: FunctionContext, f: Val, name: string, e: ts.CallExpression): Val | undefined {
  if (name !== 'call' && name !== 'apply' && name !== 'bind') return undefined;
  const [self, ...rest] = lowerArgs(cx, (name === 'apply' && argumentsInList(cx, e)) || e.arguments);
  const given = self && !(self.v.kind === 'ir' && isNullishType(cx.type(self.v.id))) ? self.v : undefined;
  if (name === 'bind') {
    if (rest.some((a) => a.spread)) cx.refuse('AD2011', e);
    return asObject(cx, { kind: 'bound', of: settled(cx, f), self: given, args: rest.map((a) => a.v) }, e);
  }
  const isWrittenOut = name === 'call' || argumentsInList(cx, e) !== undefined;
  const args = isWrittenOut ? rest : rest.slice(0, 1).map((a) => ({ ...a, spread: true }));
  return callValue(cx, f, args, e, given);
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

/** Calls a function value; `self` is what `this` is in it. */
export function callValue(
  cx: FunctionContext,
  f: Val,
  args: readonly Arg[],
  e: ts.Expression,
  self: Val | undefined,
): Val {
  switch (f.kind) {
    case 'local':
    case 'closure':
      return callFunction(
        cx,
        f.decl,
        f.kind === 'local' ? capturesNow(cx, f.decl) : new Map(f.captures),
        args,
        e,
        self,
      );
    case 'bound':
      return callValue(
        cx,
        f.of,
        [...f.args.map((v): Arg => ({ v, spread: false, node: e })), ...args],
        e,
        f.self ?? self,
      );
    case 'derivative':
      return callDerivative(cx, f, args, e);
    case 'math':
      return callMath(cx, f.name, args, e);
    case 'builtin':
      return builtinCall(cx, f.name, args, e);
    case 'custom':
      return callWithRule(cx, f, args, e);
    case 'ruleMap':
      return callRuleMap(cx, f, args, e);
    case 'conflict':
      return cx.refuseConflict(f.why, e);
    case 'ir':
      if (functionsOf(cx, f.id)) return dispatch(cx, f.id, e, (known) => callValue(cx, known, args, e, self));
      return cx.type(f.id).kind === 'nullish' ? callNothing(cx, e) : refuseUnknown(cx, e);
    case 'missing':
      return callNothing(cx, e);
    default:
      return refuseUnknown(cx, e);
  }
}

/** A call of what is surely missing, behind a test that it is there: it throws. */
function callNothing(cx: FunctionContext, e: ts.Expression): Val {
  const at = cx.ts.isCallExpression(e) ? skipWrappers(cx.ts, e.expression) : e;
  raiseTypeError(cx, `${at.getText()} is not a function`, at);
  return { kind: 'missing' };
}

function refuseUnknown(cx: FunctionContext, e: ts.Expression): never {
  if (cx.state.inference.readTables()) cx.giveUp(e);
  const at = cx.ts.isCallExpression(e) ? skipWrappers(cx.ts, e.expression) : e;
  return cx.refuse('AD4003', at, `the function called as \`${at.getText()}\` is not statically known`);
}

/** Calls a function of the program by its source. */
export function callFunction(
  cx: FunctionContext,
  decl: FunctionNode,
  captures: Env,
  args: readonly Arg[],
  e: ts.Expression,
  self: Val | undefined,
): Val {
  const { ts } = cx;
  if (decl.asteriskToken) cx.refuse('AD2002', e, 'a generator function is called here');
  if (decl.modifiers?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword))
    cx.refuse('AD2001', e, 'an async function is called here');
  if (self && !ts.isArrowFunction(decl)) captures.set(THIS, self);
  const result = cx.state.call(cx, decl, captures, positional(cx, decl, args, e), e);
  checkHandedOn(cx, decl, e);
  return result;
}

/** The arguments by the parameters of the callee; those of a rest parameter as one array. */
function positional(cx: FunctionContext, decl: FunctionNode, args: readonly Arg[], e: ts.Expression): Val[] {
  if (usesArguments(cx.ts, decl) && !decl.parameters.some((p) => p.dotDotDotToken)) {
    const list = args.find((a) => a.spread);
    if (list)
      cx.refuse('AD2008', list.node, 'a function that reads `arguments` is given a list of them here');
    return args.map((a) => a.v);
  }
  const params = decl.parameters.filter((p) => p.name.getText() !== 'this');
  const rest = params.findIndex((p) => p.dotDotDotToken !== undefined);
  const count = rest < 0 ? params.length : rest;
  const first = args.findIndex((a) => a.spread);
  const plain = first < 0 ? args.length : first;
  const out: Val[] = args.slice(0, Math.min(plain, count)).map((a) => a.v);
  if (first >= 0 && first < count) {
    const all: Val =
      first === args.length - 1 ? args[first].v : { kind: 'ir', id: argsArray(cx, args.slice(first), e) };
    const list = cx.ir(all, e);
    for (let k = first; k < count; k++) {
      const index = cx.constant(k - first, e);
      out.push({ kind: 'ir', id: cx.load(list, { index }, e) });
    }
    if (rest >= 0) out.push(restFrom(cx, all, count - first, e));
    return out;
  }
  if (rest < 0) return out;
  while (out.length < rest) out.push({ kind: 'missing' });
  out.push({ kind: 'ir', id: argsArray(cx, args.slice(rest), e) });
  return out;
}

export function callMath(cx: FunctionContext, name: string, args: readonly Arg[], e: ts.Expression): Val {
  if (name === 'random')
    return { kind: 'ir', id: cx.foreign(['Math.random()'], [], { kind: 'number' }, false, e) };
  const fn = name === 'pow' ? 'mathpow' : name;
  const rule = scalarRule(fn);
  if (args.some((a) => a.spread)) return mathOfList(cx, name, args, e);
  const used = rule.arity === 'n' ? args : args.slice(0, rule.arity);
  const given = used.map((a) => cx.number(cx.ir(a.v, a.node), a.node));
  if (rule.arity !== 'n' && given.length < rule.arity) return { kind: 'ir', id: cx.constant(Number.NaN, e) };
  return { kind: 'ir', id: cx.scalar(fn, given, e) };
}

/** `Math.max(...list)` and its kin: the value is the language's own. */
function mathOfList(cx: FunctionContext, name: string, args: readonly Arg[], e: ts.Expression): Val {
  if (name !== 'max' && name !== 'min' && name !== 'hypot')
    return cx.refuse('AD2011', e, `\`Math.${name}\` with a spread argument is not supported`);
  const list = argsArray(cx, args, e);
  const value = cx.foreign([`Math.${name}(...`, ')'], [list], NUMBER, false, e, 'reads');
  const carrier =
    name === 'hypot'
      ? cx.callLibrary('__hypotOf', [irVal(list)], e)
      : cx.callLibrary('__meanOfEqual', [irVal(list), irVal(value)], e);
  return irVal(cx.scalar('valueOf', [value, cx.ir(carrier, e)], e));
}
