/**
 * Expressions for the tape, as text: operators on what may be numbers become calls of helpers, all else stays as the user has
 * written it. What an operator is applied to is decided by types where they are certain (text, booleans, objects).
 */
import { implementationOf } from '../host/packages.js';
import { isMathReplaced, replacedMath } from '../host/replaced-math.js';
import { isOfNamespace, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { assignmentText, incrementText } from './assignments.js';
import { callText, MATH, newText } from './calls.js';
import { chainText } from './chains.js';
import { classText } from './classes.js';
import { arrow, type Context, helper, isInside, refuse } from './context.js';
import { isActive, isBits, isEquality, isGlobalName, mayBeObject } from './facts.js';
import { signatureAndBody } from './functions.js';
import { nameText, packageText, symbolText } from './names.js';
import { noteClassesOf } from './outside.js';
import { iterated } from './patterns.js';
import { statementText } from './statements.js';
import { textWith } from './text.js';

/** The text of any node of a function's body. */
export function rewrite(cx: Context, node: ts.Node): string {
  return statementText(cx, node) ?? expressionText(cx, node);
}

/** The node with its children rewritten. */
export function copied(cx: Context, node: ts.Node, special?: ReadonlyMap<ts.Node, string>): string {
  return textWith(node, (child) => special?.get(child) ?? rewrite(cx, child), cx.ts);
}

function expressionText(cx: Context, e: ts.Node): string {
  const { ts } = cx;
  const K = ts.SyntaxKind;
  if (ts.isIdentifier(e)) return nameText(cx, e);
  if (
    ts.isAsExpression(e) ||
    ts.isNonNullExpression(e) ||
    ts.isSatisfiesExpression(e) ||
    ts.isTypeAssertionExpression(e) ||
    ts.isExpressionWithTypeArguments(e)
  )
    return rewrite(cx, e.expression);
  if (ts.isExpression(e) && ts.isOptionalChain(e)) return chainText(cx, e);
  if (ts.isBinaryExpression(e)) return binaryText(cx, e);
  if (ts.isPrefixUnaryExpression(e)) return prefixText(cx, e);
  if (ts.isPostfixUnaryExpression(e)) return incrementText(cx, e, 'after');
  if (ts.isConditionalExpression(e))
    return copied(cx, e, new Map([[e.condition, conditionText(cx, e.condition)]]));
  if (ts.isCallExpression(e)) return callText(cx, e);
  if (ts.isNewExpression(e)) return newText(cx, e);
  if (ts.isPropertyAccessExpression(e)) return propertyText(cx, e);
  if (ts.isElementAccessExpression(e)) return elementText(cx, e);
  if (ts.isTypeOfExpression(e)) return typeofText(cx, e);
  if (ts.isDeleteExpression(e)) return `delete ${placeText(cx, e.expression)}`;
  if (ts.isSpreadElement(e)) return `...${iterated(cx, e.expression)}`;
  if (ts.isArrowFunction(e)) return signatureAndBody(cx, e);
  if (ts.isFunctionExpression(e))
    return `function${e.name ? ` ${e.name.text}` : ''}${signatureAndBody(cx, e)}`;
  if (ts.isClassExpression(e)) return classText(cx, e, undefined, undefined);
  if (ts.isAwaitExpression(e)) return refuse(cx, 'AD2001', e);
  if (ts.isYieldExpression(e)) return refuse(cx, 'AD2002', e);
  if (ts.isTaggedTemplateExpression(e))
    return refuse(cx, 'AD2000', e, 'a tagged template cannot be differentiated');
  if (ts.isMetaProperty(e) && e.keywordToken === K.ImportKeyword) return refuse(cx, 'AD2000', e);
  if (e.kind === K.ThisKeyword) return thisText(cx, e);
  return memberText(cx, e) ?? copied(cx, e);
}

/** Members of object literals. */
function memberText(cx: Context, e: ts.Node): string | undefined {
  const { ts } = cx;
  if (ts.isPropertyAssignment(e)) return `${propertyName(cx, e.name)}: ${rewrite(cx, e.initializer)}`;
  if (ts.isShorthandPropertyAssignment(e)) {
    const text = nameText(cx, e.name);
    return text === e.name.text ? text : `${e.name.text}: ${text}`;
  }
  if (ts.isMethodDeclaration(e)) return propertyName(cx, e.name) + signatureAndBody(cx, e);
  if (ts.isGetAccessorDeclaration(e)) return `get ${propertyName(cx, e.name)}${signatureAndBody(cx, e)}`;
  if (ts.isSetAccessorDeclaration(e)) return `set ${propertyName(cx, e.name)}${signatureAndBody(cx, e)}`;
  return undefined;
}

/** A property name as it is declared. */
export function propertyName(cx: Context, name: ts.PropertyName): string {
  return cx.ts.isComputedPropertyName(name) ? `[${rewrite(cx, name.expression)}]` : name.getText();
}

function thisText(cx: Context, e: ts.Node): string {
  const { ts } = cx;
  let n = e.parent;
  while (!ts.isSourceFile(n) && (!ts.isFunctionLike(n) || ts.isArrowFunction(n)) && !ts.isClassLike(n))
    n = n.parent;
  const { scope } = cx.copies;
  const isAround = !ts.isSourceFile(n) && (!isInside(n, cx.roots) || n === scope?.target);
  if (isAround && scope?.receiver) {
    const { symbol, expression } = scope.receiver;
    scope.unit.captured.set(symbol, { assigned: false, text: expression.getText() });
    noteClassesOf(cx, cx.host, cx.host.checker.getTypeAtLocation(expression));
    return `${scope.outer}.${symbol.name}`;
  }
  if (!ts.isSourceFile(n) && !isInside(n, cx.roots))
    return refuse(cx, 'AD5003', e, '`this` of the code around is not known in the differentiated function');
  return cx.host.untyped ? '(this as any)' : 'this';
}

/** An operand where it becomes an argument: without its parentheses. */
function argumentText(cx: Context, e: ts.Expression): string {
  const { ts } = cx;
  let x = e;
  while (ts.isParenthesizedExpression(x)) x = x.expression;
  const isList = ts.isBinaryExpression(x) && x.operatorToken.kind === ts.SyntaxKind.CommaToken;
  return rewrite(cx, isList ? e : x);
}

/** The number of what may be a variable, for comparisons and steps. */
export function primalText(cx: Context, e: ts.Expression): string {
  return isActive(cx, e) ? helper(cx, 'primal', argumentText(cx, e)) : rewrite(cx, e);
}

/** An expression that is only tested: a variable counts by its number. */
export function conditionText(cx: Context, e: ts.Expression): string {
  const { ts } = cx;
  const K = ts.SyntaxKind;
  if (ts.isParenthesizedExpression(e)) return `(${conditionText(cx, e.expression)})`;
  if (ts.isPrefixUnaryExpression(e) && e.operator === K.ExclamationToken)
    return `!${conditionText(cx, e.operand)}`;
  if (ts.isBinaryExpression(e)) {
    const op = e.operatorToken.kind;
    if (op === K.AmpersandAmpersandToken || op === K.BarBarToken)
      return `${conditionText(cx, e.left)} ${e.operatorToken.getText()} ${conditionText(cx, e.right)}`;
  }
  return primalText(cx, e);
}

const OPERATIONS: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'rem',
  '**': 'pow',
};
/** `left op right` as text, where the operands are texts already. */
export function operationText(
  cx: Context,
  op: string,
  left: string,
  right: string,
  active: readonly [left: boolean, right: boolean],
): string {
  if (!active[0] && !active[1]) return `${left} ${op} ${right}`;
  const name = OPERATIONS[op];
  if (name !== undefined) return helper(cx, name, left, right);
  const primal = (text: string, isActive: boolean) => (isActive ? helper(cx, 'primal', text) : text);
  return `${primal(left, active[0])} ${op} ${primal(right, active[1])}`;
}

function binaryText(cx: Context, e: ts.BinaryExpression): string {
  const K = cx.ts.SyntaxKind;
  const op = e.operatorToken.kind;
  if (op >= K.FirstAssignment && op <= K.LastAssignment) return assignmentText(cx, e);
  if (isEquality(cx, op)) return equalityText(cx, e);
  if (op === K.AmpersandAmpersandToken || op === K.BarBarToken) {
    if (!isActive(cx, e.left)) return copied(cx, e);
    const name = op === K.BarBarToken ? 'or' : 'and';
    return helper(cx, name, rewrite(cx, e.left), arrow('', rewrite(cx, e.right)));
  }
  const text = e.operatorToken.getText();
  if (text in OPERATIONS || ['<', '>', '<=', '>='].includes(text))
    for (const x of [e.left, e.right]) refuseOwnNumber(cx, x);
  if (text in OPERATIONS || isBits(cx, op)) {
    const active = [isActive(cx, e.left), isActive(cx, e.right)] as const;
    if (active[0] || active[1]) {
      const inCall = !isBits(cx, op);
      const [left, right] = [e.left, e.right].map((x, k) =>
        inCall || active[k] ? argumentText(cx, x) : rewrite(cx, x),
      );
      return operationText(cx, text, left, right, active);
    }
  }
  if (['<', '>', '<=', '>='].includes(text)) {
    const both = new Map([e.left, e.right].map((x) => [x as ts.Node, primalText(cx, x)]));
    return copied(cx, e, both);
  }
  // the token is kept as it is, with what stands around it
  return copied(cx, e, new Map([[e.operatorToken as ts.Node, text]]));
}

/** An object with a `valueOf` of its own: operators would call it behind the back of the helpers. */
function refuseOwnNumber(cx: Context, operand: ts.Expression): void {
  if (cx.host.untyped) return;
  const e = skipWrappers(cx.ts, operand);
  // asking for the type of a sum would check all of its terms, and again for each of them
  if (isArithmetic(e, cx.ts)) return;
  const { checker, program } = cx.host;
  const own = checker.getPropertyOfType(checker.getTypeAtLocation(e), 'valueOf')?.declarations ?? [];
  if (own.some((d) => !program.isSourceFileDefaultLibrary(d.getSourceFile())))
    refuse(cx, 'AD3002', e, 'an object is used as a number through its `valueOf`');
}

/** Whether a literal or an operator gives a number, a text or a boolean, of whatever operands. */
const isArithmetic = (e: ts.Expression, ts: Context['ts']): boolean =>
  ts.isLiteralExpression(e) ||
  ts.isPrefixUnaryExpression(e) ||
  (ts.isBinaryExpression(e) && e.operatorToken.getText() in OPERATIONS);

/** Numbers are compared by value, objects as the caller knows them. */
function equalityText(cx: Context, e: ts.BinaryExpression): string {
  const K = cx.ts.SyntaxKind;
  const op = e.operatorToken.kind;
  const isNullish = (x: ts.Expression) => {
    const y = skipWrappers(cx.ts, x);
    return y.kind === K.NullKeyword || (cx.ts.isIdentifier(y) && y.text === 'undefined');
  };
  if (isNullish(e.left) || isNullish(e.right)) return copied(cx, e);
  const negated = op === K.ExclamationEqualsToken || op === K.ExclamationEqualsEqualsToken;
  const isLoose = op === K.EqualsEqualsToken || op === K.ExclamationEqualsToken;
  if (mayBeObject(cx, e.left) && mayBeObject(cx, e.right))
    return `${negated ? '!' : ''}${helper(cx, isLoose ? 'loose' : 'same', rewrite(cx, e.left), rewrite(cx, e.right))}`;
  return copied(cx, e, new Map([e.left, e.right].map((x) => [x as ts.Node, primalText(cx, x)])));
}

function prefixText(cx: Context, e: ts.PrefixUnaryExpression): string {
  const K = cx.ts.SyntaxKind;
  switch (e.operator) {
    case K.PlusPlusToken:
    case K.MinusMinusToken:
      return incrementText(cx, e, 'before');
    case K.ExclamationToken:
      return `!${conditionText(cx, e.operand)}`;
    case K.TildeToken:
      return `~${primalText(cx, e.operand)}`;
    default: {
      refuseOwnNumber(cx, e.operand);
      if (!isActive(cx, e.operand)) return copied(cx, e);
      return helper(cx, e.operator === K.MinusToken ? 'neg' : 'number', argumentText(cx, e.operand));
    }
  }
}

function typeofText(cx: Context, e: ts.TypeOfExpression): string {
  const { ts } = cx;
  const x = skipWrappers(ts, e.expression);
  // a name that may not exist
  if (ts.isIdentifier(x) && !symbolOf(cx.host, x)) return e.getText();
  return isActive(cx, x) ? helper(cx, 'typeOf', rewrite(cx, x)) : `typeof ${rewrite(cx, x)}`;
}

function propertyText(cx: Context, e: ts.PropertyAccessExpression): string {
  const member = constantText(cx, e) ?? qualifiedText(cx, e);
  if (member !== undefined) return member;
  if (isGlobalName(cx, e.expression, 'Math') && MATH.has(e.name.text))
    return isMathReplaced(cx.copies.given.host, e.name.text)
      ? refuse(cx, 'AD5004', e, ...replacedMath(e.name.text))
      : `${cx.copies.helper}.${e.name.text}`;
  return placeText(cx, e);
}

/** A member of an enum. */
function constantText(
  cx: Context,
  e: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): string | undefined {
  const { ts, untyped } = cx.host;
  // of `Axis['X']` the name says which member it is; in `list[Axis.X]` the member is an index
  const named = ts.isPropertyAccessExpression(e) ? e : e.argumentExpression;
  if (untyped || (named !== e && !ts.isStringLiteralLike(named))) return undefined;
  const d = symbolOf(cx.host, named)?.valueDeclaration;
  const value = d && ts.isEnumMember(d) ? cx.host.checker.getConstantValue(d) : undefined;
  return value === undefined
    ? undefined
    : typeof value === 'number' && value < 0
      ? `(${value})`
      : JSON.stringify(value);
}
/** A member of an imported module. */
export function qualifiedText(cx: Context, e: ts.PropertyAccessExpression): string | undefined {
  const outside = implementationOf(cx.host, e);
  if (outside) return packageText(cx, outside, e);
  if (!isOfNamespace(cx.host, e)) return undefined;
  const symbol = symbolOf(cx.host, e);
  return symbol && symbolText(cx, symbol, e);
}

function elementText(cx: Context, e: ts.ElementAccessExpression): string {
  const member = constantText(cx, e);
  if (member !== undefined) return member;
  if (!isActive(cx, e)) return placeText(cx, e);
  return helper(cx, 'get', rewrite(cx, e.expression), rewrite(cx, e.argumentExpression));
}

/** A property or element where the language itself reads, writes or deletes it. */
export function placeText(cx: Context, target: ts.Expression): string {
  const { ts } = cx;
  const e = skipWrappers(ts, target);
  if (ts.isPropertyAccessExpression(e)) {
    cx.copies.mentioned.add(e.name.text);
    return `${receiverText(cx, e.expression)}${e.questionDotToken ? '?' : ''}.${e.name.text}`;
  }
  if (ts.isElementAccessExpression(e)) {
    const key = skipWrappers(ts, e.argumentExpression);
    if (ts.isStringLiteralLike(key)) cx.copies.mentioned.add(key.text);
    return `${indexedText(cx, e.expression)}${e.questionDotToken ? '?.' : ''}[${rewrite(cx, e.argumentExpression)}]`;
  }
  return rewrite(cx, e);
}
/** An object that is indexed: keys are of any type in rewritten code, which only lists and dictionaries may be indexed by. */
function indexedText(cx: Context, e: ts.Expression): string {
  const { checker } = cx.host;
  const type = checker.getTypeAtLocation(e);
  const isOpen = (type.flags & cx.ts.TypeFlags.Any) !== 0 || type.getNumberIndexType() !== undefined;
  return isOpen || type.getStringIndexType() ? receiverText(cx, e) : `(${rewrite(cx, e)} as any)`;
}
/** An object of which a property is used: functions, and classes that are copied, may have more than TypeScript sees. */
export function receiverText(cx: Context, e: ts.Expression): string {
  const { ts } = cx;
  const text = rewrite(cx, e);
  const x = skipWrappers(ts, e);
  if (ts.isIdentifier(x)) {
    const d = symbolOf(cx.host, x)?.valueDeclaration;
    const isRoot = d !== undefined && ts.isClassLike(d) && cx.roots.includes(d);
    if (isRoot || cx.host.checker.getTypeAtLocation(x).getCallSignatures().length > 0)
      return `(${text} as any)`;
  }
  return ts.isNewExpression(x) || ts.isNumericLiteral(x) ? `(${text})` : text;
}
