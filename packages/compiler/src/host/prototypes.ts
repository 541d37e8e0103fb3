/** Which methods and accessors a program replaces on the prototypes of its classes. */
import { symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';
import { ANY_MEMBER, changedNames, isChanger, isTarget } from './writes.js';

/** Names of methods and accessors that something in the program replaces on a prototype: `C.prototype.m = ...`; `*` for any. */
const patchedNames = perProgram((host): ReadonlySet<string> => {
  const uses = new PrototypeUses(host);
  visitSources(host, (n) => {
    if (isPrototype(host.ts, n)) uses.follow(n);
    else if (takesPrototype(host.ts, n)) uses.changed.add(ANY_MEMBER);
  });
  return uses.changed;
});
export const isPatched = (host: Host, name: string): boolean =>
  patchedNames(host).has(name) || patchedNames(host).has(ANY_MEMBER);

/** `C.prototype`, `C['prototype']`, `Object.getPrototypeOf(x)` */
function isPrototype(ts: Host['ts'], n: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(n)) return NAMES.has(n.name.text);
  if (ts.isElementAccessExpression(n))
    return ts.isStringLiteralLike(n.argumentExpression) && NAMES.has(n.argumentExpression.text);
  return ts.isCallExpression(n) && /^(Object|Reflect)\.getPrototypeOf$/.test(n.expression.getText());
}
/** A pattern that takes a prototype out of a class or an object. */
function takesPrototype(ts: Host['ts'], n: ts.Node): boolean {
  if (ts.isBindingElement(n)) return NAMES.has((n.propertyName ?? n.name).getText());
  const isPart = ts.isPropertyAssignment(n) || ts.isShorthandPropertyAssignment(n);
  return isPart && NAMES.has(n.name.getText()) && isTarget(ts, n);
}
const NAMES = new Set(['prototype', '__proto__']);

/** `x = n`, whose own value is not used. */
const isAssignmentOf = (ts: Host['ts'], p: ts.Node, n: ts.Node): p is ts.BinaryExpression =>
  ts.isBinaryExpression(p) &&
  p.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
  p.right === n &&
  (ts.isExpressionStatement(p.parent) || ts.isForStatement(p.parent));

/** Functions of `Object` and `Reflect` that read what they are given. */
const READERS = new Set(
  `create entries getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols getPrototypeOf has
  hasOwn is isFrozen keys ownKeys values`.split(/\s+/),
);
/** Methods of lists and objects that compare. */
const COMPARERS = new Set(['includes', 'indexOf', 'isPrototypeOf']);

function onlyReads(ts: Host['ts'], callee: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const { expression, name } = callee;
  const isGlobal =
    ts.isIdentifier(expression) && (expression.text === 'Object' || expression.text === 'Reflect');
  return COMPARERS.has(name.text) || (isGlobal && READERS.has(name.text));
}

function isExported(ts: Host['ts'], d: ts.VariableDeclaration): boolean {
  const s = d.parent.parent;
  return (
    ts.isVariableStatement(s) && (s.modifiers?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

/** Where the prototypes of a program go to. */
class PrototypeUses {
  readonly changed = new Set<string>();
  private readonly variables = new Set<ts.Symbol>();

  constructor(private readonly host: Host) {}

  /** An expression that stands for a prototype; `isName`: a variable that holds it, which may itself be assigned. */
  follow(n: ts.Node, isName = false): void {
    const { host } = this;
    const { ts } = host;
    const p = n.parent;
    if (isName && isTarget(ts, n)) return;
    if (ts.isPropertyAccessExpression(p)) {
      if (isTarget(ts, p)) this.changed.add(p.name.text);
    } else if (ts.isElementAccessExpression(p) && p.expression === n) {
      const key = p.argumentExpression;
      if (isTarget(ts, p)) this.changed.add(ts.isStringLiteralLike(key) ? key.text : ANY_MEMBER);
    } else if (this.passesOn(p, n)) this.follow(p);
    else if (ts.isCallExpression(p) && isChanger(host, p.expression) && p.arguments[0] !== undefined)
      for (const { name } of changedNames(host, p)) this.changed.add(name);
    else if (ts.isVariableDeclaration(p) && ts.isIdentifier(p.name)) this.followVariable(p.name, p);
    else if (isAssignmentOf(ts, p, n) && ts.isIdentifier(p.left))
      this.followVariable(p.left, symbolOf(host, p.left)?.valueDeclaration);
    else if (!this.isRead(p)) this.changed.add(ANY_MEMBER);
  }

  /** Whether the value of an expression is, perhaps, that of one of its parts. */
  private passesOn(p: ts.Node, n: ts.Node): boolean {
    const { ts } = this.host;
    const K = ts.SyntaxKind;
    if (ts.isBinaryExpression(p))
      return [K.AmpersandAmpersandToken, K.BarBarToken, K.QuestionQuestionToken].includes(
        p.operatorToken.kind,
      );
    if (ts.isConditionalExpression(p)) return p.condition !== n;
    return ts.isParenthesizedExpression(p) || ts.isAsExpression(p) || ts.isNonNullExpression(p);
  }

  /** Whether all that is done with it here is to look at it. */
  private isRead(p: ts.Node): boolean {
    const { ts } = this.host;
    const K = ts.SyntaxKind;
    if (ts.isBinaryExpression(p)) {
      const op = p.operatorToken.kind;
      return op !== K.CommaToken && !(op >= K.FirstAssignment && op <= K.LastAssignment);
    }
    if (ts.isArrayLiteralExpression(p)) return onlyReads(ts, p.parent);
    if (ts.isCallExpression(p)) return onlyReads(ts, p.expression);
    return [
      K.IfStatement,
      K.WhileStatement,
      K.DoStatement,
      K.ForStatement,
      K.ConditionalExpression,
      K.PrefixUnaryExpression,
      K.TypeOfExpression,
      K.TypeQuery,
      K.ExpressionStatement,
    ].includes(p.kind);
  }

  private followVariable(name: ts.Identifier, d: ts.Declaration | undefined): void {
    const { host } = this;
    const { ts } = host;
    const symbol = symbolOf(host, name);
    if (symbol && this.variables.has(symbol)) return;
    if (!symbol || !d || !ts.isVariableDeclaration(d) || isExported(ts, d)) {
      this.changed.add(ANY_MEMBER);
      return;
    }
    this.variables.add(symbol);
    const walk = (n: ts.Node): void => {
      if (ts.isIdentifier(n) && n.text === name.text && n !== d.name && symbolOf(host, n) === symbol)
        this.follow(n, true);
      ts.forEachChild(n, walk);
    };
    walk(d.getSourceFile());
  }
}
