/** Calls: functions of the program by their source, the language's own by tables and by the library, nothing else. */

import { placeOf } from '../diagnostics/diagnostic.js';
import { isFunctionNode, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { OPAQUE, type ValueId } from '../ir/nodes.js';
import { present, refType } from '../ir/types.js';
import { type Arg, irVal, lowerArgs } from './args.js';
import { callValue } from './call-values.js';
import { callSuper } from './constructors.js';
import type { FunctionContext } from './context.js';
import { callUnravel } from './custom.js';
import { isNullishType, lowerExpression, type Use } from './expressions.js';
import { typeOfResult } from './foreign.js';
import { capturesNow, isFunctionVal } from './functions.js';
import { isGlobal } from './globals.js';
import { callIntrinsic } from './intrinsics.js';
import { lowerMethodCall } from './method-calls.js';
import { elementKey, member } from './places.js';
import { whereFound } from './presence.js';
import type { Val } from './shapes.js';
import { callStatic } from './statics.js';
import { changeOf } from './tables.js';

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
export function callOutside(
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
export function callOutsideMethod(
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
    cx.branch(
      missing,
      () => ({ kind: 'ir', id: cx.constant(undefined, node) }),
      whereFound(cx, id, run),
      node,
    ) ?? {
      kind: 'missing',
    }
  );
}
