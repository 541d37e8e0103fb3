/**
 * Functions that are registered in a table where its module begins: `rules.relu = ...`, `rules.set('relu', ...)`,
 * `layers.push(...)` right behind the declaration of the table, before anything else can have run.
 */
import { isConst, isFunctionNode, skipWrappers, symbolOf } from './scopes.js';
import type { Host, ts } from './ts.js';
import { type Next, walkNodes } from './walk.js';

export interface Registration {
  /** The assignment or call. */
  readonly expression: ts.Expression;
  /** The name of the table in it. */
  readonly table: ts.Identifier;
  /** What is registered. */
  readonly values: readonly ts.Expression[];
  /** How it is read from the table, as text behind it; nothing for what is added to a list. */
  readonly way: string | undefined;
}

/** The registrations in a variable of a module, in their order. */
export function registrationsOf(host: Host, symbol: ts.Symbol): readonly Registration[] {
  const { ts } = host;
  const d = symbol.valueDeclaration;
  if (!d || !ts.isVariableDeclaration(d) || !isConst(ts, d)) return [];
  const statement = d.parent.parent;
  if (!ts.isSourceFile(statement.parent)) return [];
  const { statements } = statement.parent;
  const found: Registration[] = [];
  for (const s of statements.slice(statements.indexOf(statement as ts.Statement) + 1)) {
    const one = ts.isExpressionStatement(s) ? registration(host, s.expression) : undefined;
    if (one && symbolOf(host, one.table) === symbol) found.push(one);
    else if (!one && !isQuiet(host, s)) break;
  }
  return found;
}

function registration({ ts }: Host, e: ts.Expression): Registration | undefined {
  if (ts.isBinaryExpression(e) && e.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const { left, right } = e;
    const isNamed = ts.isPropertyAccessExpression(left);
    const isKeyed = ts.isElementAccessExpression(left) && isKey(ts, left.argumentExpression);
    if (!(isNamed || isKeyed) || !ts.isIdentifier(left.expression)) return undefined;
    const way = isNamed ? `.${left.name.text}` : `[${left.argumentExpression.getText()}]`;
    return { expression: e, table: left.expression, values: [right], way };
  }
  if (!ts.isCallExpression(e) || !ts.isPropertyAccessExpression(e.expression)) return undefined;
  const { expression: table, name } = e.expression;
  if (!ts.isIdentifier(table) || e.arguments.some(ts.isSpreadElement)) return undefined;
  const [key, ...values] = e.arguments;
  if (name.text === 'push') return { expression: e, table, values: [...e.arguments], way: undefined };
  if (name.text === 'set' && values.length === 1 && key && isKey(ts, key))
    return { expression: e, table, values, way: `.get(${key.getText()})` };
  return undefined;
}
const isKey = (ts: Host['ts'], e: ts.Expression): boolean =>
  ts.isStringLiteralLike(skipWrappers(ts, e)) || ts.isNumericLiteral(skipWrappers(ts, e));

/** Whether a statement runs no code but its own literals. */
function isQuiet({ ts }: Host, s: ts.Statement): boolean {
  if (ts.isFunctionDeclaration(s) || ts.isInterfaceDeclaration(s) || ts.isTypeAliasDeclaration(s))
    return true;
  if (ts.isImportDeclaration(s) || ts.isExportDeclaration(s)) return true;
  if (!ts.isVariableStatement(s)) return false;
  const visit = (n: ts.Node): Next => {
    if (isFunctionNode(ts, n) || ts.isTypeNode(n)) return 'skip';
    const isEmptyTable = ts.isNewExpression(n) && !n.arguments?.length && n.expression.getText() === 'Map';
    const isInert =
      ts.isIdentifier(n) ||
      ts.isLiteralExpression(n) ||
      ts.isObjectLiteralExpression(n) ||
      ts.isArrayLiteralExpression(n) ||
      ts.isPropertyAssignment(n) ||
      ts.isAsExpression(n) ||
      ts.isPrefixUnaryExpression(n) ||
      n.kind === ts.SyntaxKind.TrueKeyword ||
      n.kind === ts.SyntaxKind.FalseKeyword ||
      n.kind === ts.SyntaxKind.NullKeyword ||
      isEmptyTable;
    return isInert ? undefined : 'stop';
  };
  const runs = (n: ts.Node): boolean => walkNodes(ts, n, visit);
  return s.declarationList.declarations.every(
    (d) => ts.isIdentifier(d.name) && (!d.initializer || !runs(d.initializer)),
  );
}
