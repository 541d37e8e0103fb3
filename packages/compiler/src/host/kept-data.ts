/**
 * Whether the object that a module of a package makes stays as its initialiser makes it: then it may be made again where it is
 * read. There are no types in that JavaScript, so every use of the name is looked at.
 */
import { boundFunction, skipWrappers, symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';
import { isTarget, MUTATORS } from './writes.js';

/** The identifiers of a program by their text; asking the checker what each of them means takes seconds in large packages. */
const identifiersOf = perProgram((host) => {
  const found = new Map<string, ts.Identifier[]>();
  visitSources(host, (n) => {
    if (!host.ts.isIdentifier(n)) return;
    const known = found.get(n.text);
    if (known) known.push(n);
    else found.set(n.text, [n]);
  });
  return found;
});
/** Where a variable is named, also by the other names that imports and exports give it. */
function usesOf(host: Host, symbol: ts.Symbol): readonly ts.Identifier[] {
  const { ts } = host;
  const names = new Set([symbol.name]);
  const uses: ts.Identifier[] = [];
  for (const name of names)
    for (const n of identifiersOf(host).get(name) ?? []) {
      if (symbol.valueDeclaration === n.parent || symbolOf(host, n) !== symbol) continue;
      uses.push(n);
      if (ts.isImportSpecifier(n.parent) || ts.isExportSpecifier(n.parent)) names.add(n.parent.name.text);
    }
  return uses;
}

/** Whether nothing in the package changes the object of a variable, or what is in it. */
export function isNeverChanged(host: Host, symbol: ts.Symbol): boolean {
  const d = symbol.valueDeclaration;
  const init = d && host.ts.isVariableDeclaration(d) ? d.initializer : undefined;
  const depth = init ? depthOf(host, init) : Number.POSITIVE_INFINITY;
  return isOnlyRead(host, symbol, { depth, asked: new Set() });
}

interface Asked {
  /** So many steps into the object lead to numbers, texts and the like. */
  readonly depth: number;
  readonly asked: Set<ts.Symbol>;
}
function isOnlyRead(host: Host, symbol: ts.Symbol, { depth, asked }: Asked): boolean {
  if (asked.has(symbol)) return true;
  asked.add(symbol);
  return usesOf(host, symbol).every((n) => isRead(host, n, { depth, asked }));
}
function isRead(host: Host, n: ts.Expression, { depth, asked }: Asked): boolean {
  const { ts } = host;
  let e: ts.Expression = n;
  let steps = 0;
  for (; isMemberOf(host, e.parent, e); steps++) e = e.parent as ts.Expression;
  if (isTarget(ts, e)) return false;
  const p = e.parent;
  const isCallee = ts.isCallExpression(p) && p.expression === e;
  if (isCallee) return steps === 0 || !mayChangeObject(host, e);
  if (steps >= depth) return true;
  const inner = { depth: depth - steps, asked };
  if (ts.isCallExpression(p)) return isGivenToReader(host, p, e, inner);
  if (ts.isVariableDeclaration(p) && p.initializer === e) {
    const s = ts.isIdentifier(p.name) ? symbolOf(host, p.name) : undefined;
    return s !== undefined && isOnlyRead(host, s, inner);
  }
  const part =
    ts.isShorthandPropertyAssignment(p) || ts.isPropertyAssignment(p) ? p.parent.parent : undefined;
  if (part && ts.isVariableDeclaration(part) && ts.isIdentifier(part.name)) {
    const s = symbolOf(host, part.name);
    return s !== undefined && isOnlyRead(host, s, { depth: inner.depth + 1, asked });
  }
  if (ts.isForOfStatement(p) || ts.isSpreadElement(p)) return inner.depth === 1;
  return (
    ts.isExportSpecifier(p) ||
    ts.isImportSpecifier(p) ||
    ts.isForInStatement(p) ||
    ts.isTypeOfExpression(p) ||
    ts.isIfStatement(p) ||
    ts.isPrefixUnaryExpression(p) ||
    (ts.isBinaryExpression(p) && (!isHandedOn(ts, p) || isExport(ts, p))) ||
    (ts.isConditionalExpression(p) && p.condition === e)
  );
}
const isMemberOf = ({ ts }: Host, p: ts.Node, e: ts.Node): boolean =>
  (ts.isPropertyAccessExpression(p) || ts.isElementAccessExpression(p)) && p.expression === e;

/** `module.exports = a`, `exports.a = a` */
const isExport = (ts: Host['ts'], { left }: ts.BinaryExpression): boolean =>
  ts.isPropertyAccessExpression(left) &&
  ((ts.isIdentifier(left.expression) && left.expression.text === 'exports') ||
    left.getText() === 'module.exports');

/** `a || b`, `(a, b)`, `c = a`: the object itself goes on. */
function isHandedOn(ts: Host['ts'], { operatorToken: { kind } }: ts.BinaryExpression): boolean {
  const K = ts.SyntaxKind;
  const isLogical =
    kind === K.BarBarToken || kind === K.AmpersandAmpersandToken || kind === K.QuestionQuestionToken;
  return isLogical || kind === K.CommaToken || (kind >= K.FirstAssignment && kind <= K.LastAssignment);
}

const CHANGING_METHODS = new Set([...MUTATORS, 'add', 'clear', 'delete', 'set']);
const mayChangeObject = ({ ts }: Host, e: ts.Expression): boolean =>
  !ts.isPropertyAccessExpression(e) || CHANGING_METHODS.has(e.name.text);

const READERS = new Set('Object.entries Object.keys Object.values Array.isArray Array.from'.split(' '));
/** An argument of a function that only reads its parameter. */
function isGivenToReader(host: Host, call: ts.CallExpression, e: ts.Expression, asked: Asked): boolean {
  const { ts } = host;
  const callee = skipWrappers(ts, call.expression);
  if (READERS.has(callee.getText())) return true;
  const s = ts.isIdentifier(callee) ? symbolOf(host, callee) : undefined;
  const parameter = s && boundFunction(host, s)?.parameters[call.arguments.indexOf(e)];
  if (!parameter || !ts.isIdentifier(parameter.name) || parameter.dotDotDotToken) return false;
  const own = symbolOf(host, parameter.name);
  return own !== undefined && isOnlyRead(host, own, asked);
}

/** How many steps into what an initialiser makes lead to numbers and texts: 1 for `[1, -2]`, 2 for `[[1], [2]]`. */
function depthOf({ ts }: Host, e: ts.Expression): number {
  const K = ts.SyntaxKind;
  const among = (parts: readonly (ts.Expression | undefined)[]): number =>
    1 + Math.max(0, ...parts.map((x) => (x ? depth(x) : Number.POSITIVE_INFINITY)));
  const depth = (x: ts.Expression): number => {
    if (ts.isArrayLiteralExpression(x)) return among(x.elements);
    if (ts.isObjectLiteralExpression(x))
      return among(x.properties.map((p) => (ts.isPropertyAssignment(p) ? p.initializer : undefined)));
    const y = ts.isPrefixUnaryExpression(x) ? x.operand : x;
    const isPrimitive = ts.isLiteralExpression(y) || y.kind === K.TrueKeyword || y.kind === K.FalseKeyword;
    return isPrimitive ? 0 : Number.POSITIVE_INFINITY;
  };
  return depth(e);
}
