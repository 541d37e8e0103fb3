/** Which names does a piece of code assign? */
import { skipWrappers } from './scopes.js';
import type { Host, ts } from './ts.js';
import { boundNames, isVar } from './variables.js';

/** The identifiers that an assignment target binds. */
function targetNames(ts: Host['ts'], target: ts.Expression, found: ts.Identifier[]): void {
  const e = skipWrappers(ts, target);
  if (ts.isIdentifier(e)) found.push(e);
  else if (ts.isArrayLiteralExpression(e))
    for (const x of e.elements) targetNames(ts, ts.isSpreadElement(x) ? x.expression : x, found);
  else if (ts.isObjectLiteralExpression(e))
    for (const p of e.properties) {
      if (ts.isShorthandPropertyAssignment(p)) found.push(p.name);
      else if (ts.isPropertyAssignment(p)) targetNames(ts, p.initializer, found);
      else if (ts.isSpreadAssignment(p)) targetNames(ts, p.expression, found);
    }
  else if (ts.isBinaryExpression(e)) targetNames(ts, e.left, found);
}

/** What an assignment, `++` or `--` writes. */
export function assignedBy(ts: Host['ts'], node: ts.Node): ts.Expression | undefined {
  const K = ts.SyntaxKind;
  if (ts.isBinaryExpression(node)) {
    const op = node.operatorToken.kind;
    return op >= K.FirstAssignment && op <= K.LastAssignment ? node.left : undefined;
  }
  const isUnary = ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node);
  const isStep = isUnary && (node.operator === K.PlusPlusToken || node.operator === K.MinusMinusToken);
  return isStep ? node.operand : undefined;
}

/** The names a node itself assigns (of declarations, those of `var`). */
export function assignedNames(ts: Host['ts'], node: ts.Node): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const target = assignedBy(ts, node);
  if (target) targetNames(ts, target, found);
  else if (
    (ts.isForOfStatement(node) || ts.isForInStatement(node)) &&
    !ts.isVariableDeclarationList(node.initializer)
  )
    targetNames(ts, node.initializer, found);
  else if (ts.isVariableDeclaration(node) && isVar(ts, node)) found.push(...boundNames(ts, node.name));
  return found;
}
