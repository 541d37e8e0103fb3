/** Operators: assignment, arithmetic, comparison, short circuits, increments. */
import { skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { OPAQUE, type ValueId } from '../ir/nodes.js';
import { irVal } from './args.js';
import { arithmetic, bigIntOperation, isBigInt, operation } from './arithmetic.js';
import { assign } from './assignments.js';
import type { FunctionContext } from './context.js';
import { lowerCondition, lowerExpression, lowerValue, not, type Use } from './expressions.js';
import { lowerPlace } from './places.js';
import type { Val } from './shapes.js';
import { chosen, isChoice, rightOf, shortCircuit } from './short-circuit.js';
import { lowerIn, lowerInstanceOf } from './type-tests.js';

export function lowerBinary(cx: FunctionContext, e: ts.BinaryExpression, use: Use): Val {
  const { ts } = cx;
  const K = ts.SyntaxKind;
  const op = e.operatorToken.kind;
  if (op === K.CommaToken) {
    lowerExpression(cx, e.left, 'unused');
    return lowerExpression(cx, e.right, use);
  }
  if (op === K.EqualsToken) return lowerAssignment(cx, e);
  if (op === K.InstanceOfKeyword) return irVal(lowerInstanceOf(cx, e));
  if (op === K.InKeyword) return irVal(lowerIn(cx, e));
  if (op === K.BarBarToken && isChoice(cx, e.left)) return chosen(cx, e.left, e.right, e, use);
  if (op === K.AmpersandAmpersandToken || op === K.BarBarToken || op === K.QuestionQuestionToken)
    return shortCircuit(cx, op, lowerExpression(cx, e.left), rightOf(cx, e, use), e, use);
  if (
    op === K.AmpersandAmpersandEqualsToken ||
    op === K.BarBarEqualsToken ||
    op === K.QuestionQuestionEqualsToken
  ) {
    const place = lowerPlace(cx, e.left);
    const plain =
      op === K.AmpersandAmpersandEqualsToken
        ? K.AmpersandAmpersandToken
        : op === K.BarBarEqualsToken
          ? K.BarBarToken
          : K.QuestionQuestionToken;
    return shortCircuit(
      cx,
      plain,
      place.get(),
      (empty) => {
        const v = rightOf(cx, e, 'value')(empty);
        place.set(v);
        return v;
      },
      e,
      use,
    );
  }
  if (op >= K.FirstCompoundAssignment && op <= K.LastCompoundAssignment) {
    const place = lowerPlace(cx, e.left);
    const old = cx.ir(place.get(), e.left);
    const right = lowerValue(cx, e.right);
    const v: Val = { kind: 'ir', id: arithmetic(cx, operation(cx, op), old, right, e) };
    place.set(v);
    return v;
  }
  return { kind: 'ir', id: lowerOperations(cx, e) };
}

/** Operators in a row, from the left end: sums in generated code have tens of thousands of terms. */
function lowerOperations(cx: FunctionContext, e: ts.BinaryExpression): ValueId {
  const row = [e];
  let left = skipWrappers(cx.ts, e.left);
  for (; isOperation(cx, left); left = skipWrappers(cx.ts, left.left)) row.push(left);
  let value = lowerValue(cx, left);
  for (const each of row.reverse()) {
    const fn = operation(cx, each.operatorToken.kind);
    value = arithmetic(cx, fn, value, lowerValue(cx, each.right), each);
  }
  return value;
}
function isOperation(cx: FunctionContext, e: ts.Expression): e is ts.BinaryExpression {
  if (!cx.ts.isBinaryExpression(e) || cx.replaced?.has(e)) return false;
  const op = e.operatorToken.kind;
  return op < cx.ts.SyntaxKind.FirstAssignment && operation(cx, op) !== undefined;
}

function lowerAssignment(cx: FunctionContext, e: ts.BinaryExpression): Val {
  const left = skipWrappers(cx.ts, e.left);
  if (cx.ts.isArrayLiteralExpression(left) && isSwap(cx, left, e)) return lowerArrayAssignment(cx, left, e);
  if (cx.ts.isArrayLiteralExpression(left) || cx.ts.isObjectLiteralExpression(left)) {
    const v = lowerExpression(cx, e.right);
    assign(cx, left, v);
    return v;
  }
  const place = lowerPlace(cx, e.left);
  const v = lowerExpression(cx, e.right);
  place.set(v);
  return v;
}

/** `[a[i], a[j]] = [a[j], a[i]]`: from a literal, which is never built; all loads first, then the stores. */
function lowerArrayAssignment(
  cx: FunctionContext,
  left: ts.ArrayLiteralExpression,
  e: ts.BinaryExpression,
): Val {
  const right = skipWrappers(cx.ts, e.right) as ts.ArrayLiteralExpression;
  const values = right.elements.map((x) => lowerExpression(cx, x));
  left.elements.forEach((x, k) => {
    assign(cx, x, values[k]);
  });
  return { kind: 'missing' };
}

/** As many elements on both sides, and neither holes, spreads nor defaults: a swap, whose value nobody uses. */
function isSwap(cx: FunctionContext, left: ts.ArrayLiteralExpression, e: ts.BinaryExpression): boolean {
  const { ts } = cx;
  const right = skipWrappers(ts, e.right);
  const plain = (x: ts.Expression) => !ts.isSpreadElement(x) && !ts.isOmittedExpression(x);
  return (
    ts.isArrayLiteralExpression(right) &&
    ts.isExpressionStatement(e.parent) &&
    left.elements.length === right.elements.length &&
    left.elements.every((x) => plain(x) && !ts.isBinaryExpression(x)) &&
    right.elements.every(plain)
  );
}

/** `(rules.get(name) ?? fallback)(x)`: the function of a table of the module is known as well; the program is lowered again. */
export function fromTable(cx: FunctionContext, e: ts.Expression): void {
  const { ts } = cx;
  let root = skipWrappers(ts, e);
  while (
    ts.isPropertyAccessExpression(root) ||
    ts.isElementAccessExpression(root) ||
    ts.isCallExpression(root)
  )
    root = skipWrappers(ts, root.expression);
  const symbol = ts.isIdentifier(root) ? symbolOf(cx.host, root) : undefined;
  if (!symbol || cx.env.has(symbol) || !cx.state.outside.isTable(symbol)) return;
  if (cx.state.inference.readTables()) cx.giveUp(e);
  cx.state.outside.tableNow(cx, symbol, e);
}

export function lowerPrefix(cx: FunctionContext, e: ts.PrefixUnaryExpression): Val {
  const K = cx.ts.SyntaxKind;
  const value = (fn: string): Val => {
    const id = lowerValue(cx, e.operand);
    if (isBigInt(cx, id, e)) return { kind: 'ir', id: bigIntOperation(cx, fn, [id], e) };
    if (fn === 'plus' && cx.type(id).kind !== 'number') return { kind: 'ir', id: cx.number(id, e) };
    return { kind: 'ir', id: cx.scalar(fn, [cx.number(id, e)], e) };
  };
  switch (e.operator) {
    case K.MinusToken:
      return value('neg');
    case K.PlusToken:
      return value('plus');
    case K.TildeToken:
      return value('bitnot');
    case K.ExclamationToken:
      return { kind: 'ir', id: not(cx, lowerCondition(cx, e.operand), e) };
    default:
      return update(cx, e.operand, e.operator, 'new', e);
  }
}

/** `++` and `--`: the value is the number before (postfix) or after (prefix). */
export function update(
  cx: FunctionContext,
  operand: ts.Expression,
  op: ts.SyntaxKind,
  gives: 'old' | 'new',
  e: ts.Node,
): Val {
  const place = lowerPlace(cx, operand);
  const before = cx.ir(place.get(), operand);
  const fn = op === cx.ts.SyntaxKind.PlusPlusToken ? 'add' : 'sub';
  const big = isBigInt(cx, before, e);
  const old = big ? before : cx.number(before, e);
  const next: Val = {
    kind: 'ir',
    id: big
      ? bigIntOperation(cx, fn, [old, cx.foreign(['1n'], [], OPAQUE, true, e)], e)
      : cx.scalar(fn, [old, cx.constant(1, e)], e),
  };
  place.set(next);
  return gives === 'old' ? { kind: 'ir', id: old } : next;
}
