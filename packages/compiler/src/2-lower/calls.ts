/** Calls: functions of the program by their source, functions of the library by the closed tables, nothing else. */

import { type FunctionNode, isFunctionNode, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { lowerType, UnsupportedType } from '../host/types.js';
import { BOOLEAN, NUMBER, OPAQUE, type Type, type ValueId } from '../ir/nodes.js';
import { carriesDerivative, isRef, plainArray, refType, typedArray } from '../ir/types.js';
import { scalarRule } from '../rules/scalar.js';
import type { FunctionContext } from './context.js';
import { closure, lowerExpression, lowerNumber, lowerValue, stop } from './expressions.js';
import { isGlobal, MATH_FUNCTIONS } from './names.js';
import { namedClass, refuseClass } from './refuse-class.js';
import type { Env, Val } from './shapes.js';

export function lowerCall(cx: FunctionContext, e: ts.CallExpression, use: 'value' | 'unused'): Val {
  const { ts } = cx;
  if (e.questionDotToken) cx.refuse('AD2000', e, 'optional calls are not supported yet');
  if (e.expression.kind === ts.SyntaxKind.ImportKeyword) cx.refuse('AD2005', e);
  for (const a of e.arguments) if (ts.isSpreadElement(a)) cx.refuse('AD2011', a);
  const callee = skipWrappers(ts, e.expression);
  if (ts.isIdentifier(callee) && callee.text === 'eval') cx.refuse('AD2003', e);
  const library = lowerLibraryCall(cx, e, callee, use);
  if (library) return library;
  const f = calledFunction(cx, callee);
  if (f.kind === 'math') return lowerMath(cx, f.name, e);
  if (f.kind === 'conflict') cx.refuseConflict(f.why, callee);
  if (f.kind === 'closure' || f.kind === 'local') {
    checkCallee(cx, f.decl, callee);
    const args = e.arguments.map((a) => lowerArgument(cx, a));
    const captures: Env = f.kind === 'closure' ? new Map(f.captures) : capturesNow(cx, f.decl);
    return cx.state.call(cx, f.decl, captures, args, e);
  }
  return cx.refuse(
    'AD4003',
    callee,
    `the function called as \`${callee.getText()}\` is not statically known`,
  );
}

/** An argument; functions are passed with what they capture at this moment. */
function lowerArgument(cx: FunctionContext, a: ts.Expression): Val {
  const x = skipWrappers(cx.ts, a);
  const v = isFunctionNode(cx.ts, x) ? closure(cx, x) : lowerExpression(cx, x);
  return v.kind === 'local' ? { kind: 'closure', decl: v.decl, captures: capturesNow(cx, v.decl) } : v;
}

function capturesNow(cx: FunctionContext, decl: FunctionNode): Env {
  const captures: Env = new Map();
  for (const s of cx.state.scopes.captured(decl)) {
    const v = cx.env.get(s);
    if (v) captures.set(s, v);
  }
  return captures;
}

function calledFunction(cx: FunctionContext, callee: ts.Expression): Val {
  const { ts } = cx;
  if (isFunctionNode(ts, callee)) return closure(cx, callee);
  if (ts.isIdentifier(callee)) {
    const s = symbolOf(cx.host, callee);
    const known = s && cx.env.get(s);
    if (known) return known;
    checkHasSource(cx, s, callee);
    return lowerExpression(cx, callee);
  }
  if (ts.isPropertyAccessExpression(callee)) {
    const s = symbolOf(cx.host, callee);
    const qualifier = symbolOf(cx.host, callee.expression);
    if (!(qualifier && qualifier.flags & ts.SymbolFlags.ValueModule)) {
      // what the method belongs to may have a better reason to be refused
      if (ts.isCallExpression(callee.expression)) lowerExpression(cx, callee.expression);
      refuseMethod(cx, callee, s);
    }
    checkHasSource(cx, s, callee);
    return lowerExpression(cx, callee);
  }
  return lowerExpression(cx, callee);
}

function checkHasSource(cx: FunctionContext, s: ts.Symbol | undefined, node: ts.Expression): void {
  const { ts } = cx;
  const decls = s?.declarations ?? [];
  const bodied = decls.some(
    (d) =>
      (isFunctionNode(ts, d) && d.body) ||
      ts.isVariableDeclaration(d) ||
      ts.isParameter(d) ||
      ts.isBindingElement(d),
  );
  if (decls.length > 0 && !bodied)
    cx.refuse('AD4002', node, `no source and no derivative rule for \`${node.getText()}\``);
  const ambient = decls.length > 0 && decls.every((d) => d.getSourceFile().isDeclarationFile);
  if (ambient) cx.refuse('AD4002', node, `no source and no derivative rule for \`${node.getText()}\``);
}

function refuseMethod(
  cx: FunctionContext,
  callee: ts.PropertyAccessExpression,
  s: ts.Symbol | undefined,
): never {
  const { ts } = cx;
  const name = callee.getText();
  const fromLibrary = s?.declarations?.some((d) =>
    cx.host.program.isSourceFileDefaultLibrary(d.getSourceFile()),
  );
  if (fromLibrary) {
    const type = ts.isCallExpression(callee.parent)
      ? cx.host.checker.getTypeAtLocation(callee.parent)
      : undefined;
    if (type && type.flags & ts.TypeFlags.Any)
      return cx.refuse('AD3001', callee, `\`${name}\` gives a value of type \`any\``);
    return cx.refuse('AD4002', callee, `no derivative rule for \`${name}\``);
  }
  const method = s?.declarations?.find((d) => ts.isMethodDeclaration(d) && ts.isClassLike(d.parent));
  if (method) return refuseClass(cx, callee, method.parent as ts.ClassLikeDeclaration);
  return cx.refuse('AD4003', callee, `the function called as \`${name}\` is not statically known`);
}

function checkCallee(cx: FunctionContext, decl: FunctionNode, node: ts.Node): void {
  const { ts } = cx;
  if (decl.asteriskToken) cx.refuse('AD2002', node, 'a generator function is called here');
  if (decl.modifiers?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword))
    cx.refuse('AD2001', node, 'an async function is called here');
}

// ------------------------------------------------------------------ library

function lowerMath(cx: FunctionContext, name: string, e: ts.CallExpression): Val {
  if (name === 'random') return { kind: 'ir', id: cx.foreign(['Math.random()'], [], NUMBER, false, e) };
  const fn = name === 'pow' ? 'mathpow' : name;
  const rule = scalarRule(fn);
  const args = e.arguments.map((a) => lowerNumber(cx, a));
  const given = rule.arity === 'n' ? args : args.slice(0, rule.arity);
  if (rule.arity !== 'n' && args.length < rule.arity) return { kind: 'ir', id: cx.constant(Number.NaN, e) };
  return { kind: 'ir', id: cx.scalar(fn, given, e) };
}

/** Calls of the language's own library, by the table below; `undefined` if it is none of them. */
function lowerLibraryCall(
  cx: FunctionContext,
  e: ts.CallExpression,
  callee: ts.Expression,
  use: 'value' | 'unused',
): Val | undefined {
  const { ts } = cx;
  const ir = (id: ValueId): Val => ({ kind: 'ir', id });
  if (ts.isPropertyAccessExpression(callee)) {
    const { expression: of, name } = callee;
    if (isGlobal(cx, of, 'Math') && (MATH_FUNCTIONS.has(name.text) || name.text === 'random'))
      return lowerMath(cx, name.text, e);
    if (isGlobal(cx, of, 'Number') && NUMBER_TESTS.has(name.text))
      return ir(numberTest(cx, `Number.${name.text}`, e));
    if (isGlobal(cx, of, 'console')) return lowerLog(cx, `console.${name.text}`, e, use);
    if (
      (isGlobal(cx, of, 'Date') || isGlobal(cx, of, 'performance')) &&
      name.text === 'now' &&
      e.arguments.length === 0
    )
      return ir(cx.foreign([`${of.getText()}.now()`], [], NUMBER, false, e));
    if (
      NUMBER_TEXTS.has(name.text) &&
      cx.host.checker.getTypeAtLocation(of).flags & ts.TypeFlags.NumberLike
    ) {
      const args = [lowerNumber(cx, of), ...e.arguments.map((a) => lowerNumber(cx, a))];
      return ir(
        cx.foreign(
          ['(', `).${name.text}(`, ...args.slice(2).map(() => ', '), ...(args.length > 1 ? [')'] : [])].map(
            (t, k, all) => (args.length === 1 && k === all.length - 1 ? `${t})` : t),
          ),
          args,
          OPAQUE,
          true,
          e,
        ),
      );
    }
    if (name.text === 'fill' && e.arguments.length === 1 && isNewArray(cx, of))
      return ir(lowerFilled(cx, of as ts.NewExpression, e.arguments[0], e));
    return undefined;
  }
  if (isGlobal(cx, callee, 'Number') && e.arguments.length === 1) {
    const id = lowerValue(cx, e.arguments[0]);
    return ir(cx.type(id).kind === 'number' ? cx.scalar('plus', [id], e) : cx.number(id, e));
  }
  if (isGlobal(cx, callee, 'Boolean') && e.arguments.length === 1)
    return ir(cx.truth(lowerValue(cx, e.arguments[0]), e));
  if ((isGlobal(cx, callee, 'isNaN') || isGlobal(cx, callee, 'isFinite')) && e.arguments.length === 1)
    return ir(numberTest(cx, callee.getText(), e));
  if (isGlobal(cx, callee, 'String'))
    return ir(cx.foreign(['String(', ')'], [lowerValue(cx, e.arguments[0])], OPAQUE, true, e));
  if (
    ts.isIdentifier(callee) &&
    ['parseFloat', 'parseInt'].includes(callee.text) &&
    isGlobal(cx, callee, callee.text)
  )
    return cx.refuse('AD4006', e);
  if (isMarker(cx, callee, 'stopGradient')) {
    const v = lowerExpression(cx, e.arguments[0]);
    const id = cx.ir(v, e.arguments[0]);
    return isRef(cx.type(id)) ? { kind: 'ir', id, stopped: true } : ir(stop(cx, id, e));
  }
  return undefined;
}

/** Methods that write a number as text. */
const NUMBER_TEXTS = new Set(['toFixed', 'toPrecision', 'toExponential', 'toString']);
const NUMBER_TESTS = new Set(['isFinite', 'isInteger', 'isNaN', 'isSafeInteger']);
const numberTest = (cx: FunctionContext, name: string, e: ts.CallExpression): ValueId =>
  cx.foreign([`${name}(`, ')'], [lowerValue(cx, e.arguments[0])], BOOLEAN, true, e);

/** Logging runs once, in the forward sweep; what it is given carries no derivative on. */
function lowerLog(cx: FunctionContext, name: string, e: ts.CallExpression, use: 'value' | 'unused'): Val {
  if (use !== 'unused') cx.refuse('AD4005', e, `the result of \`${name}\` is used`, 'call it as a statement');
  const args = e.arguments.map((a) => lowerValue(cx, a));
  const template = args.length === 0 ? [`${name}()`] : [`${name}(`, ...args.slice(1).map(() => ', '), ')'];
  cx.foreign(template, args, OPAQUE, false, e);
  return { kind: 'missing' };
}

/** Whether an expression names a function that the runtime package exports under this name. */
export function isMarker(cx: FunctionContext, e: ts.Expression, name: string): boolean {
  const s = symbolOf(cx.host, e);
  return s?.name === name && (s.declarations ?? []).some((d) => cx.state.isRuntime(d.getSourceFile()));
}

// ------------------------------------------------------------------ new

export function lowerNew(cx: FunctionContext, e: ts.NewExpression): Val {
  const { ts } = cx;
  const name = ts.isIdentifier(e.expression) ? e.expression.text : '';
  if (name === 'Function' && isGlobal(cx, e.expression, name)) cx.refuse('AD2003', e);
  if (!isGlobal(cx, e.expression, name)) return refuseClass(cx, e, namedClass(cx, e.expression));
  if (name === 'Array') {
    if (e.arguments?.length !== 1)
      cx.refuse('AD4002', e, '`new Array` is supported with a length and `.fill(value)`');
    return cx.refuse('AD4002', e, 'an array with holes is not supported yet', 'write `new Array(n).fill(0)`');
  }
  const type = typedArray(name);
  if (!type) return cx.refuse('AD4002', e, `no derivative rule for \`new ${e.expression.getText()}\``);
  const [first, second] = e.arguments ?? [];
  if (second) cx.refuse('AD4002', e, 'views of buffers are not supported yet');
  if (!first) return { kind: 'ir', id: alloc(cx, type, cx.constant(0, e), e) };
  const id = lowerValue(cx, first);
  const from = refType(cx.type(id));
  if (!from) {
    if (cx.type(id).kind !== 'number')
      cx.refuse('AD4002', e, `\`new ${name}\` of this value is not supported`);
    return { kind: 'ir', id: alloc(cx, type, id, e) };
  }
  if (from.kind !== 'array' || from.elem.kind !== 'number')
    cx.refuse('AD4002', e, `\`new ${name}\` of this value is not supported`);
  return { kind: 'ir', id: copyInto(cx, type, id, e) };
}

/** `new Float64Array(array)`: a new array, filled element by element. */
function copyInto(cx: FunctionContext, type: Type & { kind: 'array' }, from: ValueId, e: ts.Node): ValueId {
  const length = cx.fresh(NUMBER, e);
  cx.emit({ kind: 'length', ref: from, results: [length], span: cx.span(e) });
  const to = alloc(cx, type, length, e);
  const iv = cx.fresh(NUMBER, e);
  const r = cx.region(() => {
    cx.store(to, { index: iv }, cx.load(from, { index: iv }, e), e);
  });
  const body = { params: [iv], ops: r.ops, end: { kind: 'yield' as const, args: [] } };
  const lo = cx.constant(0, e);
  cx.emit({
    kind: 'loop',
    label: cx.values.freshLabel(),
    lo,
    hi: length,
    step: 1,
    inclusive: false,
    inits: [],
    body,
    extras: [],
    results: [],
    span: cx.span(e),
  });
  return to;
}

function alloc(
  cx: FunctionContext,
  type: Type & { kind: 'array' },
  length: ValueId,
  e: ts.Node,
  fill?: ValueId,
): ValueId {
  const id = cx.fresh(type, e);
  cx.emit({
    kind: 'alloc',
    type,
    length,
    results: [id],
    span: cx.span(e),
    ...(fill === undefined ? {} : { fill }),
  });
  return id;
}

const isNewArray = (cx: FunctionContext, e: ts.Expression): boolean => {
  const x = skipWrappers(cx.ts, e);
  return (
    cx.ts.isNewExpression(x) &&
    x.arguments?.length === 1 &&
    cx.ts.isIdentifier(x.expression) &&
    (isGlobal(cx, x.expression, 'Array') ||
      (typedArray(x.expression.text) !== undefined && isGlobal(cx, x.expression, x.expression.text)))
  );
};

/** `new Array(n).fill(v)`. */
function lowerFilled(
  cx: FunctionContext,
  of: ts.NewExpression,
  value: ts.Expression,
  e: ts.CallExpression,
): ValueId {
  const x = skipWrappers(cx.ts, of) as ts.NewExpression;
  const length = lowerValue(cx, x.arguments![0]);
  if (cx.type(length).kind !== 'number')
    cx.refuse('AD4002', x, 'this form of `new` with `fill` is not supported yet');
  const fill = lowerValue(cx, value);
  const typed = typedArray((x.expression as ts.Identifier).text);
  if (typed) return alloc(cx, typed, length, e, cx.number(fill, value));
  if (isRef(cx.type(fill)))
    cx.refuse('AD4002', e, 'filling with one shared array or object is not supported yet');
  const declared = lowerType(cx.host, cx.host.checker.getTypeAtLocation(e), e);
  const elem =
    !(declared instanceof UnsupportedType) && declared.kind === 'array' && carriesDerivative(declared)
      ? declared.elem
      : cx.type(fill);
  return alloc(cx, plainArray(elem.kind === 'number' ? elem : cx.type(fill)), length, e, fill);
}
