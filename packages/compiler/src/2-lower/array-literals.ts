/** Array literals and tuples, also those of rest parameters. */
import { tupleType } from '../host/list-types.js';
import type { ts } from '../host/ts.js';
import { lowerType, UnsupportedType } from '../host/types.js';
import { joinTypes } from '../ir/join-types.js';
import { type ArrayType, NEVER, type RecordType, type Type, type ValueId } from '../ir/nodes.js';
import { holdsInstances } from '../ir/type-questions.js';
import { isKeyed, plainArray, refType, sameType } from '../ir/types.js';
import { appendArgs, argsArray, lowerArgs, mayBeChangedBehind } from './args.js';
import type { FunctionContext } from './context.js';
import { lowerValue } from './expressions.js';
import { deleteSlot } from './intrinsics.js';

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
export function expected(cx: FunctionContext, e: ts.Expression): Type | undefined {
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
  // the elements of an array are those that are stored below: what becomes wider later is where they are made
  const start = (): ArrayType | RecordType =>
    declaredArray(cx, e, args) ?? (args.length === 0 || own.kind === 'array' ? plainArray(NEVER) : own);
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

export function fitsSlot(cx: FunctionContext, slotType: Type, arg: ValueId): boolean {
  const joined = joinTypes(slotType, cx.type(arg));
  return joined !== undefined && sameType(joined, slotType);
}

export function storable(cx: FunctionContext, e: ts.Expression): ValueId {
  const id = lowerValue(cx, e);
  if (cx.isStopped(id)) cx.refuse('AD5002', e);
  return id;
}
