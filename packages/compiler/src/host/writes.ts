/** What the source of a program assigns to: variables, members of objects, the objects that variables hold. */
import { assignedNames, skipWrappers, symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';

const writtenThrough = perProgram((host) => {
  const found = new Set<ts.Symbol>();
  visitSources(host, (n) => {
    if (!host.ts.isIdentifier(n) || isReadOf(host, n)) return;
    const s = symbolOf(host, n);
    if (s && s.valueDeclaration !== n.parent) found.add(s);
  });
  return found;
});
/** Whether something in the program may change the object of a variable, hands it to a call, or gives it another name. */
export const isWrittenThrough = (host: Host, symbol: ts.Symbol): boolean => writtenThrough(host).has(symbol);

const MUTATORS = new Set('copyWithin fill pop push reverse shift sort splice unshift'.split(' '));

/** Whether what a name holds is only read here: `name.key` or `name[key]` that is read or called, a loop over it. */
export function isReadOf(host: Host, n: ts.Node): boolean {
  const { ts } = host;
  const p = n.parent;
  if (
    ts.isImportSpecifier(p) ||
    ts.isExportSpecifier(p) ||
    ts.isTypeQueryNode(p) ||
    ts.isPropertyAssignment(p)
  )
    return p.kind !== ts.SyntaxKind.PropertyAssignment || (p as ts.PropertyAssignment).name === n;
  if (ts.isTypeOfExpression(p) || ts.isForInStatement(p)) return true;
  if (ts.isForOfStatement(p)) return p.expression === n;
  if (ts.isPropertyAccessExpression(p) && p.name === n) return isReadOf(host, p);
  const access = ts.isPropertyAccessExpression(p) || ts.isElementAccessExpression(p);
  if (!access || p.expression !== n) return false;
  return !isTarget(ts, p) && !callsMutator(host, p);
}
/** Whether an expression is assigned or deleted, by a pattern too. */
function isTarget(ts: Host['ts'], e: ts.Node): boolean {
  const p = e.parent;
  if (ts.isDeleteExpression(p) || ts.isPrefixUnaryExpression(p) || ts.isPostfixUnaryExpression(p))
    return true;
  if (ts.isForOfStatement(p) || ts.isForInStatement(p)) return p.initializer === e;
  if (ts.isBinaryExpression(p) && p.left === e) {
    const op = p.operatorToken.kind;
    if (op >= ts.SyntaxKind.FirstAssignment && op <= ts.SyntaxKind.LastAssignment) return true;
  }
  const inPattern =
    ts.isArrayLiteralExpression(p) ||
    ts.isObjectLiteralExpression(p) ||
    ts.isSpreadElement(p) ||
    ts.isSpreadAssignment(p) ||
    ts.isPropertyAssignment(p) ||
    ts.isParenthesizedExpression(p) ||
    ts.isAsExpression(p) ||
    ts.isNonNullExpression(p) ||
    (ts.isBinaryExpression(p) && p.left === e);
  return inPattern && isTarget(ts, p);
}
/** A call of a method that changes its array. */
function callsMutator({ ts, checker }: Host, p: ts.Expression): boolean {
  if (!ts.isCallExpression(p.parent) || p.parent.expression !== p) return false;
  if (!ts.isPropertyAccessExpression(p)) return false;
  return MUTATORS.has(p.name.text) && checker.isArrayType(checker.getTypeAtLocation(p.expression));
}

/** Variables that a file assigns after their declaration, in any function. */
export function assignedAnywhere(host: Host, file: ts.SourceFile): Set<ts.Symbol> {
  const { ts } = host;
  const found = new Set<ts.Symbol>();
  const visit = (n: ts.Node): void => {
    if (!ts.isVariableDeclaration(n) || !n.initializer)
      for (const name of assignedNames(ts, n)) {
        const s = symbolOf(host, name);
        if (s && !ts.isVariableDeclaration(n)) found.add(s);
      }
    ts.forEachChild(n, visit);
  };
  visit(file);
  return found;
}

/** Variables assigned anywhere in the nodes, functions in them left out. */
export function assignedIn(host: Host, nodes: readonly (ts.Node | undefined)[]): Set<ts.Symbol> {
  const { ts } = host;
  const found = new Set<ts.Symbol>();
  const visit = (n: ts.Node): void => {
    if (ts.isFunctionLike(n)) return;
    for (const name of assignedNames(ts, n)) {
      const s = symbolOf(host, name);
      if (s) found.add(s);
    }
    ts.forEachChild(n, visit);
  };
  for (const n of nodes) if (n) visit(n);
  return found;
}

/** Names of members that something in the program assigns to, deletes, or may replace through `Object.assign` and its kin. */
export const assignedMembers = perProgram((host): ReadonlySet<string> => {
  const { ts } = host;
  const names = new Set<string>();
  visitSources(host, (n) => {
    if (ts.isPropertyAccessExpression(n) && isTarget(ts, n)) names.add(n.name.text);
    else if (ts.isElementAccessExpression(n) && isTarget(ts, n)) {
      const key = skipWrappers(ts, n.argumentExpression);
      if (ts.isStringLiteralLike(key)) names.add(key.text);
      else if (!isListLike(host, n.expression)) addMembers(host, n.expression, names);
    } else if (ts.isCallExpression(n) && changesFirst(ts, n))
      for (const a of n.arguments) addMembers(host, a, names);
  });
  return names;
});

/** Names of methods and accessors that something in the program replaces on a prototype: `C.prototype.m = ...`. */
export const patchedMembers = perProgram((host): ReadonlySet<string> => {
  const { ts } = host;
  const names = new Set<string>();
  visitSources(host, (n) => {
    const access = ts.isPropertyAccessExpression(n) || ts.isElementAccessExpression(n);
    if (access && isPrototype(ts, n.expression) && isTarget(ts, n)) {
      const key = ts.isPropertyAccessExpression(n) ? n.name : skipWrappers(ts, n.argumentExpression);
      names.add((key as ts.Identifier).text ?? '');
    } else if (
      ts.isCallExpression(n) &&
      changesFirst(ts, n) &&
      n.arguments[0] &&
      isPrototype(ts, n.arguments[0])
    )
      for (const a of n.arguments.slice(1)) {
        const x = skipWrappers(ts, a);
        if (ts.isStringLiteralLike(x)) names.add(x.text);
        else addMembers(host, a, names);
      }
  });
  return names;
});

function isPrototype(ts: Host['ts'], e: ts.Expression): boolean {
  const x = skipWrappers(ts, e);
  return ts.isPropertyAccessExpression(x) && x.name.text === 'prototype';
}
function addMembers({ checker }: Host, e: ts.Node, to: Set<string>): void {
  for (const p of checker.getTypeAtLocation(e).getProperties()) to.add(p.name);
}
const CHANGERS = new Set(['assign', 'defineProperty', 'defineProperties', 'setPrototypeOf', 'set']);
/** `Object.assign(x, ...)`, `Object.defineProperty(x, ...)`, `Reflect.set(x, ...)` ... */
function changesFirst(ts: Host['ts'], n: ts.CallExpression): boolean {
  const f = n.expression;
  return (
    ts.isPropertyAccessExpression(f) &&
    CHANGERS.has(f.name.text) &&
    ts.isIdentifier(f.expression) &&
    (f.expression.text === 'Object' || f.expression.text === 'Reflect')
  );
}
/** Elements of arrays and of objects with an index signature are data. */
const isListLike = ({ checker }: Host, e: ts.Expression): boolean =>
  checker.getTypeAtLocation(e).getNumberIndexType() !== undefined;
