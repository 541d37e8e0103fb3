/** Lists of arguments and of elements: what is spread in them, and as one array. */
import { runsAccessorThatMayChange } from '../host/changes.js';
import { tupleType } from '../host/list-types.js';
import type { ts } from '../host/ts.js';
import { outsideType, UnsupportedType } from '../host/types.js';
import { walkNodes } from '../host/walk.js';
import { OPAQUE, type Type, type ValueId } from '../ir/nodes.js';
import { isKeyed, plainArray, refType } from '../ir/types.js';
import { arrayOf } from './array-literals.js';
import { ITERATOR } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import { lowerExpression } from './expressions.js';
import { isAssignment } from './factories.js';
import { fitting } from './fit.js';
import { foreignFunction } from './foreign.js';
import { settled } from './functions.js';
import { isGlobal } from './globals.js';
import { checkLoopOver } from './iterators.js';
import { methodOf } from './members.js';
import { callKeyedMethod } from './methods.js';
import { memberOfNothing, throwIfMissing } from './places.js';
import type { Val } from './shapes.js';

export const irVal = (id: ValueId): Val => ({ kind: 'ir', id });

/** An argument of a call; a `spread` one stands for as many as its array has elements. */
export interface Arg {
  readonly v: Val;
  readonly spread: boolean;
  readonly node: ts.Expression;
}

export function lowerArgs(cx: FunctionContext, list: readonly ts.Expression[]): Arg[] {
  return list.flatMap((a, at): Arg[] => {
    if (!cx.ts.isSpreadElement(a))
      return [{ v: settled(cx, lowerExpression(cx, a)), spread: false, node: a }];
    const v = lowerExpression(cx, a.expression);
    const id = cx.ir(v, a);
    const type = refType(cx.type(id));
    const fixed = tupleLength(cx, a.expression);
    if (type?.kind === 'array' && !isKeyed(type) && fixed !== undefined)
      return Array.from({ length: fixed }, (_, k) => ({
        v: { kind: 'ir', id: cx.load(id, { index: cx.constant(k, a) }, a) },
        spread: false,
        node: a,
      }));
    if (type?.kind !== 'record' || !type.tuple) {
      const elements = toArray(cx, v, a);
      // what comes behind it may change the array, but not what was spread
      const isKept = elements === v && mayBeChangedBehind(cx, list, at);
      return [{ v: isKept ? cx.callLibrary('__copy', [v], a) : elements, spread: true, node: a }];
    }
    return type.fields.map((f) => ({
      v: { kind: 'ir', id: cx.load(id, { key: f.key }, a) },
      spread: false,
      node: a,
    }));
  });
}

/** Whether what stands behind a place of a list may change what was spread there. */
export const mayBeChangedBehind = (
  cx: FunctionContext,
  list: readonly ts.Expression[],
  at: number,
): boolean => list.slice(at + 1).some((later) => mayChangeAnything(cx, later));
function mayChangeAnything(cx: FunctionContext, e: ts.Expression): boolean {
  const { ts } = cx;
  const isMath = (f: ts.Node): boolean =>
    ts.isPropertyAccessExpression(f) && isGlobal(cx, f.expression, 'Math');
  return walkNodes(ts, e, (n) => {
    const changes =
      (ts.isCallExpression(n) && !isMath(n.expression)) ||
      ts.isNewExpression(n) ||
      ts.isTaggedTemplateExpression(n) ||
      ts.isDeleteExpression(n) ||
      ts.isPostfixUnaryExpression(n) ||
      (ts.isPrefixUnaryExpression(n) && n.operator !== ts.SyntaxKind.MinusToken) ||
      (ts.isBinaryExpression(n) && isAssignment(ts, n)) ||
      runsAccessorThatMayChange(cx.host, n);
    return changes ? 'stop' : undefined;
  });
}

/** How many elements a tuple has by its TypeScript type. */
export function tupleLength(cx: FunctionContext, e: ts.Expression): number | undefined {
  if (cx.host.untyped) return undefined;
  const type = cx.host.checker.getTypeAtLocation(e);
  if (!cx.host.checker.isTupleType(type)) return undefined;
  const { elementFlags } = (type as ts.TupleTypeReference).target;
  const isFixed = elementFlags.every((f) => f & cx.ts.ElementFlags.Required);
  return isFixed ? elementFlags.length : undefined;
}

/** What is looked for in what is gone through, as messages have it. */
export const ITERATED = 'Symbol(Symbol.iterator)';
/** The array of what an iterable gives. */
export function toArray(cx: FunctionContext, v: Val, node: ts.Expression): Val {
  const id = cx.ir(v, node);
  const type = refType(cx.type(id));
  if (type) throwIfMissing(cx, id, { name: ITERATED }, node);
  if (type?.kind === 'array' && !isKeyed(type)) return v;
  if (cx.type(id).kind === 'never') {
    // the result of a recursive function, as long as nothing is known of it
    memberOfNothing(cx, id, { name: ITERATED }, node);
    return irVal(arrayOf(cx, [], node, true, 'nothing'));
  }
  const iterator = type?.kind === 'record' && !type.tuple ? methodOf(cx, v, ITERATOR, node) : undefined;
  if (iterator) {
    checkLoopOver(cx, node);
    return toArray(cx, iterator([], node), node);
  }
  if (type && isKeyed(type))
    return callKeyedMethod(
      cx,
      v,
      type.kind === 'array' && type.ctor === 'Set' ? 'values' : 'entries',
      [],
      node,
    );
  if (cx.type(id).kind === 'opaque')
    return foreignFunction(cx, ['[...', ']'], [v], node, plainArray(elementType(cx, node)));
  if (type?.kind === 'record' && type.tuple) {
    if (cx.state.inference.makeList(type)) cx.giveUp(node);
    return cx.refuse(
      'AD3003',
      node,
      'this list holds numbers beside values of other types, which cannot be gone through as one',
      'read its elements by constant index, or keep the numbers in a list of their own',
    );
  }
  return cx.refuse('AD2007', node, 'only arrays, maps and sets can be spread or looped over here');
}

/** What an iterable without derivatives gives, as TypeScript has it. */
export function elementType(cx: FunctionContext, node: ts.Expression): Type {
  if (cx.host.untyped) return OPAQUE;
  const type = cx.host.checker.getTypeAtLocation(node);
  const args = cx.host.checker.getTypeArguments(type as ts.TypeReference);
  const parts = args
    .map((a) => outsideType(cx.host, a, node))
    .map((t) => (t instanceof UnsupportedType ? OPAQUE : t));
  if (type.symbol?.name === 'Map' && parts.length === 2) return tupleType(parts);
  return parts.length > 0 && type.flags & cx.ts.TypeFlags.Object ? parts[0] : OPAQUE;
}

export function appendArgs(
  cx: FunctionContext,
  out: ValueId,
  args: readonly Arg[],
  node: ts.Expression,
): void {
  for (const a of args) {
    if (a.spread) cx.callLibrary('__append', [{ kind: 'ir', id: out }, a.v], node);
    else push(cx, out, cx.ir(a.v, a.node), node);
  }
}

/** All arguments as one array. */
export function argsArray(cx: FunctionContext, args: readonly Arg[], node: ts.Expression): ValueId {
  if (args.every((a) => !a.spread))
    return arrayOf(
      cx,
      args.map((a) => cx.ir(a.v, a.node)),
      node,
    );
  if (args.length === 1) return cx.ir(cx.callLibrary('__copy', [args[0].v], node), node);
  const out = arrayOf(cx, [], node, true);
  appendArgs(cx, out, args, node);
  return out;
}

/** `out[out.length] = value`. */
export function push(cx: FunctionContext, out: ValueId, value: ValueId, node: ts.Expression): void {
  const fit =
    fitting(cx, out, undefined, value, node) ??
    cx.refuse('AD3003', node, 'the added value does not have the type of the elements');
  cx.store(out, { index: lengthOf(cx, out, node) }, fit, node);
}

export function lengthOf(cx: FunctionContext, ref: ValueId, node: ts.Node): ValueId {
  const id = cx.fresh({ kind: 'number' }, node);
  cx.emit({ kind: 'length', ref, results: [id], span: cx.span(node) });
  return id;
}

/** The elements of a list from a place on, as an array that may grow. */
export const restFrom = (cx: FunctionContext, list: Val, k: number, node: ts.Node): Val =>
  cx.callLibrary('__rest', [list, { kind: 'ir', id: cx.constant(k, node) }], node);

/** Values as the arguments of a call; `spread`: the last is a list of arguments. */
export const asArgs = (args: readonly Val[], node: ts.Expression, spread = false): Arg[] =>
  args.map((v, k) => ({ v, spread: spread && k === args.length - 1, node }));
