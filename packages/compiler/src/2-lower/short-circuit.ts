/** `&&`, `||`, `??`, their assignments, and `?:`: the side that is not come to is not lowered into what is computed. */

import { skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import type { Type, ValueId } from '../ir/nodes.js';
import { isKeyed, isRef, refType } from '../ir/types.js';
import { irVal, toArray } from './args.js';
import type { FunctionContext } from './context.js';
import { knownDefault } from './default-functions.js';
import { Unknown } from './emission.js';
import { lowerCondition, lowerExpression, type Use } from './expressions.js';
import { keyedLiteral } from './literals.js';
import { fromTable } from './operators.js';
import type { Val } from './shapes.js';

/** The right side of `a && b`, `a || b`, `a ?? b`; `empty` makes what an empty literal there is beside the left side. */
type RightSide = (empty?: () => Val) => Val;
const sideOf =
  (make: () => Val): RightSide =>
  (empty) =>
    (empty ?? make)();
export const rightOf = (cx: FunctionContext, e: ts.BinaryExpression, use: Use): RightSide =>
  sideOf(() => lowerExpression(cx, e.right, use));

/** `a && b`, `a || b`, `a ?? b` with `b` evaluated only where needed; as a statement it has no value, of whatever types. */
export function shortCircuit(
  cx: FunctionContext,
  op: ts.SyntaxKind,
  left: Val,
  right: RightSide,
  e: ts.BinaryExpression,
  use: Use,
): Val {
  const K = cx.ts.SyntaxKind;
  const id = cx.ir(left, e.left);
  const choose = (cond: ValueId, then: () => Val, otherwise: () => Val): Val =>
    cx.branch(cond, usedAs(cx, use, then, e), usedAs(cx, use, otherwise, e), e) ?? { kind: 'missing' };
  if (op === K.QuestionQuestionToken) {
    const isStored = e.operatorToken.kind === K.QuestionQuestionEqualsToken;
    const known = use === 'value' && !isStored ? knownDefault(cx, id, e.right, 'isNullish') : undefined;
    if (known) fromTable(cx, e.left);
    if (known) return known;
    const t = cx.type(id);
    const missing = cx.scalar('isNullish', [id], e);
    const otherwise = (): Val => right(emptyFor(cx, t, e));
    // loads may be out of range whatever the type says
    if (t.kind !== 'maybe')
      return inItsPlace(cx, id, otherwise, (other) => choose(missing, other, () => asListed(cx, left, e)));
    return choose(missing, otherwise, () => asListed(cx, { kind: 'ir', id: cx.present(id, e) }, e));
  }
  const truth = cx.truth(id, e.left);
  const isAnd = op === K.AmpersandAmpersandToken;
  // where the left side is true it is not missing either
  const same = (): Val => ({ kind: 'ir', id: isAnd ? id : cx.present(id, e.left) });
  if (isAnd)
    return choose(truth, () => right(), isOtherObject(cx, id, e) ? () => whichNothing(cx, id, e) : same);
  const otherwise = (): Val => right(emptyFor(cx, cx.type(id), e));
  return inItsPlace(cx, id, otherwise, (other) => choose(truth, () => asListed(cx, same(), e), other));
}

/** `list[i] || other`: what is chosen in the place of an element that is missing may not be missing, unless that other may. */
function inItsPlace(
  cx: FunctionContext,
  id: ValueId,
  otherwise: () => Val,
  choose: (otherwise: () => Val) => Val,
): Val {
  let other: Val | undefined;
  const chosen = choose(() => (other = otherwise()));
  const isThere = other !== undefined && !(other.kind === 'ir' && cx.elements.has(other.id));
  if (chosen.kind === 'ir' && chosen.id !== id && isThere) cx.elements.delete(chosen.id);
  return chosen;
}

/** `o && o.x`: an object that need not have the type of what comes behind it; where it is the value, it is `undefined` or `null`. */
function isOtherObject(cx: FunctionContext, id: ValueId, e: ts.BinaryExpression): boolean {
  const { checker, untyped } = cx.host;
  if (!isRef(cx.type(id))) return false;
  if (untyped) return true;
  const declared = (x: ts.Expression): ts.Type => checker.getNonNullableType(checker.getTypeAtLocation(x));
  return declared(e.left) !== declared(e.right);
}
function whichNothing(cx: FunctionContext, id: ValueId, e: ts.BinaryExpression): Val {
  const nothing =
    (value: null | undefined): (() => Val) =>
    () =>
      irVal(cx.constant(value, e));
  const isNull = cx.scalar('eq', [id, cx.constant(null, e)], e);
  return cx.branch(isNull, nothing(null), nothing(undefined), e)!;
}

/** `test && x` with a test that is a truth value and an `x` that is none: its value may be either. */
export function isChoice(cx: FunctionContext, x: ts.Expression): boolean {
  const { ts } = cx;
  const e = skipWrappers(ts, x);
  if (!ts.isBinaryExpression(e) || cx.host.untyped) return false;
  const op = e.operatorToken.kind;
  if (op === ts.SyntaxKind.BarBarToken) return isChoice(cx, e.left) || isChoice(cx, e.right);
  const flags = (y: ts.Expression) => cx.host.checker.getTypeAtLocation(y).flags;
  return (
    op === ts.SyntaxKind.AmpersandAmpersandToken &&
    (flags(e.left) & ts.TypeFlags.BooleanLike) !== 0 &&
    (flags(e.right) & ts.TypeFlags.NumberLike) !== 0
  );
}
/** `(test && x) || y` is `test ? x || y : y`, of one type. */
export function chosen(
  cx: FunctionContext,
  first: ts.Expression,
  rest: ts.Expression | (() => Val),
  e: ts.BinaryExpression,
  use: Use,
): Val {
  const { ts } = cx;
  const K = ts.SyntaxKind;
  const x = skipWrappers(ts, first);
  const otherwise = typeof rest === 'function' ? rest : () => orElse(cx, rest, undefined, e, use);
  if (ts.isBinaryExpression(x) && x.operatorToken.kind === K.BarBarToken)
    return chosen(cx, x.left, () => orElse(cx, x.right, otherwise, e, use), e, use);
  if (!ts.isBinaryExpression(x) || !isChoice(cx, x)) return orElse(cx, x, otherwise, e, use);
  const yes = (): Val =>
    shortCircuit(cx, K.BarBarToken, lowerExpression(cx, x.right), sideOf(otherwise), e, use);
  const v = cx.branch(lowerCondition(cx, x.left), usedAs(cx, use, yes, x), usedAs(cx, use, otherwise, x), e);
  return v ?? { kind: 'missing' };
}
/** A value, or another where it is false. */
function orElse(
  cx: FunctionContext,
  x: ts.Expression,
  rest: (() => Val) | undefined,
  e: ts.BinaryExpression,
  use: Use,
): Val {
  if (rest === undefined) return lowerExpression(cx, x, use);
  if (isChoice(cx, x)) return chosen(cx, x, rest, e, use);
  return shortCircuit(cx, cx.ts.SyntaxKind.BarBarToken, lowerExpression(cx, x), sideOf(rest), e, use);
}

/** `table[key] ?? {}`: beside an object used as a map the empty literal is one too. */
function emptyFor(cx: FunctionContext, t: Type, { right }: ts.BinaryExpression): (() => Val) | undefined {
  const literal = skipWrappers(cx.ts, right);
  const r = refType(t);
  if (!cx.ts.isObjectLiteralExpression(literal) || literal.properties.length > 0) return undefined;
  if (r?.kind !== 'array' || !isKeyed(r) || r.ctor !== 'Object') return undefined;
  return () => irVal(keyedLiteral(cx, literal, undefined));
}
/** `[...(map.get(key) ?? [])]`: what is gone through in the place of an empty list is a list of what a map or set has. */
function asListed(cx: FunctionContext, v: Val, e: ts.BinaryExpression): Val {
  const { ts } = cx;
  const literal = skipWrappers(ts, e.right);
  const t = v.kind === 'ir' ? refType(cx.type(v.id)) : undefined;
  const isEmpty = ts.isArrayLiteralExpression(literal) && literal.elements.length === 0;
  return t && isKeyed(t) && isEmpty && isGoneThrough(ts, e) ? toArray(cx, v, e) : v;
}
function isGoneThrough(ts: FunctionContext['ts'], e: ts.Expression): boolean {
  const { parent } = e;
  if (ts.isParenthesizedExpression(parent)) return isGoneThrough(ts, parent);
  return ts.isSpreadElement(parent) || (ts.isForOfStatement(parent) && parent.expression === e);
}

/** An arm of a choice: run for its effects only if nobody uses its value. */
export const usedAs =
  (cx: FunctionContext, use: Use, arm: () => Val, node: ts.Node) => (): Val | undefined => {
    try {
      const v = arm();
      return use === 'value' ? v : undefined;
    } catch (e) {
      if (use !== 'value' || !(e instanceof Unknown)) throw e;
      // the other arm may tell what is not known yet
      return irVal(cx.nothing(node));
    }
  };
