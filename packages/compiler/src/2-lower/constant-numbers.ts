/** **Question**: which number does a constant expression of a module have? */
import { isConst, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import type { FunctionContext } from './context.js';

/** Constants that are made from constants are followed this far: two that need each other have no value. */
const MOST_STEPS = 20;

/** The value of number literals, `const` variables that hold such, and arithmetic on them that every engine rounds alike. */
export function constantNumber(cx: FunctionContext, e: ts.Expression, steps = 0): number | undefined {
  const { ts } = cx;
  const x = skipWrappers(ts, e);
  if (ts.isNumericLiteral(x)) return Number(x.text);
  if (ts.isPrefixUnaryExpression(x) && x.operator === ts.SyntaxKind.MinusToken) {
    const v = constantNumber(cx, x.operand, steps);
    return v === undefined ? undefined : -v;
  }
  if (ts.isBinaryExpression(x)) return constantRow(cx, x, steps);
  if (ts.isIdentifier(x) && steps < MOST_STEPS) {
    const d = symbolOf(cx.state.hostOf(x), x)?.valueDeclaration;
    if (d && ts.isVariableDeclaration(d) && d.initializer && isConst(ts, d))
      return constantNumber(cx, d.initializer, steps + 1);
  }
  return undefined;
}
/** Operators in a row, from the left end: there may be tens of thousands. */
function constantRow(cx: FunctionContext, x: ts.BinaryExpression, steps: number): number | undefined {
  const row = [x];
  let left = skipWrappers(cx.ts, x.left);
  for (; cx.ts.isBinaryExpression(left); left = skipWrappers(cx.ts, left.left)) row.push(left);
  let value = constantNumber(cx, left, steps);
  for (const { operatorToken, right } of row.reverse()) {
    const b = value === undefined ? undefined : constantNumber(cx, right, steps);
    if (value === undefined || b === undefined) return undefined;
    value = folded(cx.ts, operatorToken.kind, value, b);
  }
  return value;
}
function folded(ts: FunctionContext['ts'], op: ts.SyntaxKind, a: number, b: number): number | undefined {
  const K = ts.SyntaxKind;
  if (op === K.PlusToken) return a + b;
  if (op === K.MinusToken) return a - b;
  if (op === K.AsteriskToken) return a * b;
  return op === K.SlashToken ? a / b : undefined;
}
