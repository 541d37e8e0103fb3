/** Assignments: `=`, `+=` and its kin, `??=` and its kin, `++` and `--`, on variables, fields and elements. */
import { skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { arrow, type Context, helper } from './context.js';
import { conditionText, operationText, placeText, receiverText, rewrite } from './expressions.js';
import { assignmentsIn, isActive } from './facts.js';
import { iterated, targetText } from './patterns.js';

type Access = ts.PropertyAccessExpression | ts.ElementAccessExpression;

export function assignmentText(cx: Context, e: ts.BinaryExpression): string {
  const { ts } = cx;
  const op = e.operatorToken.getText();
  const left = skipWrappers(ts, e.left);
  if (op === '=') return plainAssignment(cx, left, e.right);
  if (op === '??=' || op === '||=' || op === '&&=') return logicalAssignment(cx, left, op, e.right);
  const active = [isActive(cx, left), isActive(cx, e.right)] as const;
  const value = (old: string) => operationText(cx, op.slice(0, -1), old, rewrite(cx, e.right), active);
  if (!active[0] && !active[1]) return `${placeText(cx, left)} ${op} ${rewrite(cx, e.right)}`;
  return changed(cx, left, value, e.right);
}

function plainAssignment(cx: Context, left: ts.Expression, right: ts.Expression): string {
  const { ts } = cx;
  if (ts.isArrayLiteralExpression(left)) return `${targetText(cx, left)} = ${iterated(cx, right)}`;
  if (ts.isObjectLiteralExpression(left)) return `${targetText(cx, left)} = ${rewrite(cx, right)}`;
  const isLength = ts.isPropertyAccessExpression(left) && left.name.text === 'length';
  if (
    (ts.isElementAccessExpression(left) && (isActive(cx, left) || isActive(cx, right))) ||
    (isLength && isActive(cx, right))
  )
    return helper(cx, 'set', ...objectAndKey(cx, left as Access), rewrite(cx, right));
  return `${placeText(cx, left)} = ${rewrite(cx, right)}`;
}

/** Assigns to a place what is computed from its old value; the object and the key are evaluated once. */
function changed(
  cx: Context,
  left: ts.Expression,
  value: (old: string) => string,
  right: ts.Expression | undefined,
): string {
  const { ts } = cx;
  if (ts.isElementAccessExpression(left) && left.expression.kind !== ts.SyntaxKind.SuperKeyword) {
    const old = cx.copies.oldValue;
    return helper(cx, 'update', ...objectAndKey(cx, left), arrow(`${old}: any`, value(old)));
  }
  if (ts.isPropertyAccessExpression(left) && !isSimple(cx, left.expression, right)) {
    const o = cx.copies.object;
    const place = `${o}.${left.name.text}`;
    cx.copies.mentioned.add(left.name.text);
    return helper(
      cx,
      'once',
      receiverText(cx, left.expression),
      arrow(`${o}: any`, `(${place} = ${value(place)})`),
    );
  }
  const place = placeText(cx, left);
  return `${place} = ${value(place)}`;
}

function objectAndKey(cx: Context, e: Access): [object: string, key: string] {
  const { ts } = cx;
  if (ts.isElementAccessExpression(e)) return [rewrite(cx, e.expression), rewrite(cx, e.argumentExpression)];
  cx.copies.mentioned.add(e.name.text);
  return [rewrite(cx, e.expression), JSON.stringify(e.name.text)];
}

/** Whether an object can be named twice: a name that `right` does not change. */
function isSimple(cx: Context, object: ts.Expression, right: ts.Expression | undefined): boolean {
  const { ts } = cx;
  const e = skipWrappers(ts, object);
  if (e.kind === ts.SyntaxKind.ThisKeyword || e.kind === ts.SyntaxKind.SuperKeyword) return true;
  if (!ts.isIdentifier(e)) return false;
  const symbol = symbolOf(cx.host, e);
  if (!symbol || !right) return true;
  return (assignmentsIn(cx.host, e.getSourceFile()).get(symbol) ?? []).length === 0 || isInert(cx, right);
}
/** Whether evaluating an expression assigns nothing. */
function isInert(cx: Context, e: ts.Node): boolean {
  const { ts } = cx;
  const K = ts.SyntaxKind;
  if (ts.isCallExpression(e) || ts.isNewExpression(e)) return false;
  if (ts.isBinaryExpression(e)) {
    const op = e.operatorToken.kind;
    if (op >= K.FirstAssignment && op <= K.LastAssignment) return false;
  }
  if (ts.isPostfixUnaryExpression(e)) return false;
  if (ts.isPrefixUnaryExpression(e) && (e.operator === K.PlusPlusToken || e.operator === K.MinusMinusToken))
    return false;
  return !ts.forEachChild(e, (child) => !isInert(cx, child));
}

function logicalAssignment(
  cx: Context,
  left: ts.Expression,
  op: '??=' | '||=' | '&&=',
  right: ts.Expression,
): string {
  const { ts } = cx;
  const isElement = ts.isElementAccessExpression(left);
  if (!isActive(cx, left) || (op === '??=' && !isElement))
    return `${placeText(cx, left)} ${op} ${rewrite(cx, right)}`;
  const isField = ts.isPropertyAccessExpression(left) && ts.isIdentifier(left.name);
  if ((isElement || isField) && (left as Access).expression.kind !== ts.SyntaxKind.SuperKeyword)
    return helper(
      cx,
      'assignIf',
      ...objectAndKey(cx, left as Access),
      JSON.stringify(op.slice(0, -1)),
      arrow('', rewrite(cx, right)),
    );
  const place = placeText(cx, left);
  const assign = `(${place} = ${rewrite(cx, right)})`;
  return op === '||='
    ? `(${conditionText(cx, left)} ? ${place} : ${assign})`
    : `(${conditionText(cx, left)} ? ${assign} : ${place})`;
}

/** `o.x++` may run a getter, which is to happen once. */
function mayBeAccessor({ ts }: Context, e: ts.Expression): e is ts.PropertyAccessExpression {
  return (
    ts.isPropertyAccessExpression(e) &&
    ts.isIdentifier(e.name) &&
    e.expression.kind !== ts.SyntaxKind.SuperKeyword
  );
}

/** `++` and `--`: the value is the number before or after, or nobody reads it. */
export function incrementText(
  cx: Context,
  e: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  value: 'before' | 'after' | 'unused',
): string {
  const { ts } = cx;
  const up = e.operator === ts.SyntaxKind.PlusPlusToken;
  const sign = up ? '++' : '--';
  const left = skipWrappers(ts, e.operand);
  const isPostfix = value === 'after';
  if (!isActive(cx, left)) {
    const place = placeText(cx, left);
    return ts.isPostfixUnaryExpression(e) ? place + sign : sign + place;
  }
  const name = `${cx.copies.helper}.${up ? 'increment' : 'decrement'}`;
  if (ts.isElementAccessExpression(left) || (isPostfix && mayBeAccessor(cx, left)))
    return helper(cx, isPostfix ? 'updateAfter' : 'update', ...objectAndKey(cx, left), name);
  const step = (old: string) => `${name}(${old})`;
  if (!isPostfix) {
    const text = changed(cx, left, step, undefined);
    return value === 'unused' ? text : `(${text})`;
  }
  if (ts.isPropertyAccessExpression(left) && !isSimple(cx, left.expression, undefined)) {
    const o = cx.copies.object;
    cx.copies.mentioned.add(left.name.text);
    const place = `${o}.${left.name.text}`;
    const text = helper(cx, 'before', helper(cx, 'numeric', place), `(${place} = ${step(place)})`);
    return helper(cx, 'once', receiverText(cx, left.expression), arrow(`${o}: any`, text));
  }
  const place = placeText(cx, left);
  return helper(cx, 'before', helper(cx, 'numeric', place), `(${place} = ${step(place)})`);
}
