/** Statements stay what they are: only conditions, declarations and what loops go over are rewritten. */
import type { ts } from '../host/ts.js';
import { assignmentText, incrementText } from './assignments.js';
import { classText } from './classes.js';
import { type Context, helper, refuse } from './context.js';
import { conditionText, copied, rewrite } from './expressions.js';
import { isActive, mayBeObject } from './facts.js';
import { signatureAndBody, withStatements } from './functions.js';
import { bindingText, iterated, type Later, targetText } from './patterns.js';

/** The text of a statement or a part of one; `undefined` for expressions and for what needs no thought. */
export function statementText(cx: Context, n: ts.Node): string | undefined {
  const { ts } = cx;
  if (ts.isExpressionStatement(n)) return `${unusedText(cx, n.expression)};`;
  if (ts.isVariableStatement(n)) return `${declarationsText(cx, n.declarationList)};`;
  if (ts.isVariableDeclarationList(n)) return declarationsText(cx, n);
  if (ts.isIfStatement(n) || ts.isWhileStatement(n) || ts.isDoStatement(n))
    return copied(cx, n, new Map([[n.expression, conditionText(cx, n.expression)]]));
  if (ts.isForStatement(n)) return forText(cx, n);
  if (ts.isForOfStatement(n) || ts.isForInStatement(n)) return forEachText(cx, n);
  if (ts.isSwitchStatement(n)) return switchText(cx, n);
  if (ts.isLabeledStatement(n)) return `${n.label.text}: ${rewrite(cx, n.statement)}`;
  if (ts.isBreakStatement(n) || ts.isContinueStatement(n)) return n.getText();
  if (ts.isFunctionDeclaration(n))
    return n.body ? `function ${n.name?.text ?? ''}${signatureAndBody(cx, n)}` : '';
  if (ts.isClassDeclaration(n)) return classText(cx, n, undefined, undefined);
  if (ts.isCatchClause(n)) return catchText(cx, n);
  if (ts.isInterfaceDeclaration(n) || ts.isTypeAliasDeclaration(n)) return '';
  if (ts.isEnumDeclaration(n)) return n.getText();
  if (ts.isWithStatement(n)) return refuse(cx, 'AD2004', n);
  if (ts.isModuleDeclaration(n)) return refuse(cx, 'AD2000', n);
  if (ts.isTypeNode(n) && !ts.isExpression(n)) return '';
  return undefined;
}

/** An expression whose value nobody reads: the simplest form will do. */
function unusedText(cx: Context, e: ts.Expression): string {
  const { ts } = cx;
  if (ts.isPostfixUnaryExpression(e)) return incrementText(cx, e, 'unused');
  if (ts.isPrefixUnaryExpression(e) && e.operator !== ts.SyntaxKind.ExclamationToken) {
    const op = e.operator;
    if (op === ts.SyntaxKind.PlusPlusToken || op === ts.SyntaxKind.MinusMinusToken)
      return incrementText(cx, e, 'unused');
  }
  if (ts.isBinaryExpression(e)) {
    const op = e.operatorToken.kind;
    if (op === ts.SyntaxKind.CommaToken) return `${unusedText(cx, e.left)}, ${unusedText(cx, e.right)}`;
    if (op >= ts.SyntaxKind.FirstAssignment && op <= ts.SyntaxKind.LastAssignment)
      return assignmentText(cx, e);
  }
  return rewrite(cx, e);
}

function declarationsText(cx: Context, list: ts.VariableDeclarationList): string {
  const { NodeFlags } = cx.ts;
  const flags = list.flags & NodeFlags.BlockScoped;
  if (flags === NodeFlags.Using || flags === NodeFlags.AwaitUsing) return refuse(cx, 'AD2009', list);
  const keyword = flags === NodeFlags.Const ? 'const' : flags === NodeFlags.Let ? 'let' : 'var';
  return `${keyword} ${list.declarations.map((d) => declarationText(cx, d)).join(', ')}`;
}

function declarationText(cx: Context, d: ts.VariableDeclaration): string {
  const later: Later[] = [];
  const pattern = bindingText(cx, d.name, later, false);
  if (!d.initializer) return `${pattern}: any`;
  const value = cx.ts.isArrayBindingPattern(d.name)
    ? iterated(cx, d.initializer)
    : rewrite(cx, d.initializer);
  return [`${pattern}: any = ${value}`, ...later.map((l) => `${l.pattern}: any = ${l.value}`)].join(', ');
}

function forText(cx: Context, n: ts.ForStatement): string {
  const special = new Map<ts.Node, string>();
  if (n.condition) special.set(n.condition, conditionText(cx, n.condition));
  if (n.incrementor) special.set(n.incrementor, unusedText(cx, n.incrementor));
  if (n.initializer && !cx.ts.isVariableDeclarationList(n.initializer))
    special.set(n.initializer, unusedText(cx, n.initializer));
  return copied(cx, n, special);
}

function forEachText(cx: Context, n: ts.ForOfStatement | ts.ForInStatement): string {
  const { ts } = cx;
  if (ts.isForOfStatement(n) && n.awaitModifier) return refuse(cx, 'AD2001', n.awaitModifier);
  const later: Later[] = [];
  const special = new Map<ts.Node, string>();
  if (ts.isVariableDeclarationList(n.initializer)) {
    const { NodeFlags } = ts;
    const flags = n.initializer.flags & NodeFlags.BlockScoped;
    if (flags === NodeFlags.Using || flags === NodeFlags.AwaitUsing)
      return refuse(cx, 'AD2009', n.initializer);
    const keyword = flags === NodeFlags.Const ? 'const' : flags === NodeFlags.Let ? 'let' : 'var';
    const [d] = n.initializer.declarations;
    special.set(n.initializer, `${keyword} ${bindingText(cx, d.name, later, true)}`);
  } else special.set(n.initializer, targetText(cx, n.initializer));
  if (ts.isForOfStatement(n)) special.set(n.expression, iterated(cx, n.expression));
  const statements = later.map((l) => `const ${l.pattern}: any = ${l.value};`);
  special.set(n.statement, withStatements(statements, rewrite(cx, n.statement)));
  return copied(cx, n, special);
}

/** Cases are compared with `===`. */
function switchText(cx: Context, n: ts.SwitchStatement): string {
  const { ts } = cx;
  const byValue = (e: ts.Expression): string => {
    const text = rewrite(cx, e);
    if (mayBeObject(cx, e)) return helper(cx, 'identity', text);
    return isActive(cx, e) ? helper(cx, 'primal', text) : text;
  };
  const cases = n.caseBlock.clauses.map((c): [ts.Node, string] => [
    c,
    ts.isCaseClause(c) ? copied(cx, c, new Map([[c.expression, byValue(c.expression)]])) : copied(cx, c),
  ]);
  return copied(
    cx,
    n,
    new Map<ts.Node, string>([
      [n.expression, byValue(n.expression)],
      [n.caseBlock, copied(cx, n.caseBlock, new Map(cases))],
    ]),
  );
}

function catchText(cx: Context, n: ts.CatchClause): string {
  const later: Later[] = [];
  const variable = n.variableDeclaration
    ? ` (${bindingText(cx, n.variableDeclaration.name, later, false)}: any)`
    : '';
  const statements = later.map((l) => `const ${l.pattern}: any = ${l.value};`);
  return `catch${variable} ${withStatements(statements, rewrite(cx, n.block))}`;
}
