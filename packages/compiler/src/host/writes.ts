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
function assignedAnywhere(host: Host, file: ts.SourceFile): Set<ts.Symbol> {
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

/**
 * Members that something in the program assigns to, deletes, or may replace through `Object.assign` and its kin: by name the types
 * of the objects that they are assigned to.
 */
const assignedMembers = perProgram((host): ReadonlyMap<string, readonly ts.Type[]> => {
  const { ts, checker } = host;
  const found = new Map<string, ts.Type[]>();
  const add = (name: string, type: ts.Type): void => {
    found.set(name, [...(found.get(name) ?? []), type]);
  };
  visitSources(host, (n) => {
    if (ts.isPropertyAccessExpression(n) && isTarget(ts, n))
      add(n.name.text, checker.getTypeAtLocation(n.expression));
    else if (ts.isElementAccessExpression(n) && isTarget(ts, n)) {
      const key = skipWrappers(ts, n.argumentExpression);
      const type = checker.getTypeAtLocation(n.expression);
      if (ts.isStringLiteralLike(key)) add(key.text, type);
      else if (!isListLike(host, n.expression)) for (const p of type.getProperties()) add(p.name, type);
    } else if (ts.isCallExpression(n) && changesFirst(ts, n) && n.arguments[0]) {
      const type = checker.getTypeAtLocation(n.arguments[0]);
      for (const a of n.arguments)
        for (const p of checker.getTypeAtLocation(a).getProperties()) add(p.name, type);
    }
  });
  return found;
});
/** Whether something in the program may assign this member of an object of this type, under whatever type it is seen. */
export function isMemberAssigned(host: Host, type: ts.Type, name: string): boolean {
  const { checker } = host;
  const meets = (t: ts.Type): boolean =>
    isOpenType(host, t) || checker.isTypeAssignableTo(type, t) || checker.isTypeAssignableTo(t, type);
  return (assignedMembers(host).get(name) ?? []).some(meets);
}
/** A type that says nothing of what it stands for. */
const isOpenType = ({ ts }: Host, t: ts.Type): boolean =>
  (t.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) !== 0;

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

const MAP_MUTATORS = new Set('add clear delete set'.split(' '));
/** The types of the lists, maps and dictionaries whose members something in the program changes. */
const mutatedLists = perProgram((host): readonly ts.Type[] => {
  const { ts, checker } = host;
  const types = new Set<ts.Type>();
  visitSources(host, (n) => {
    const isAccess = ts.isPropertyAccessExpression(n) || ts.isElementAccessExpression(n);
    if (!isAccess) return;
    const name = ts.isPropertyAccessExpression(n) ? n.name.text : undefined;
    const isCalled = ts.isCallExpression(n.parent) && n.parent.expression === n;
    const changes =
      (isCalled && name !== undefined && (MUTATORS.has(name) || MAP_MUTATORS.has(name))) ||
      ((name === undefined || name === 'length') && isTarget(ts, n));
    const type = checker.getTypeAtLocation(n.expression);
    // a number that is put into something unknown is data
    if (changes && !(isOpenType(host, type) && isGivenNumber(host, n))) types.add(type);
  });
  return [...types];
});
function isGivenNumber({ ts, checker }: Host, target: ts.Node): boolean {
  const p = target.parent;
  if (!ts.isBinaryExpression(p) || p.left !== target)
    return ts.isPostfixUnaryExpression(p) || ts.isPrefixUnaryExpression(p);
  return (
    (checker.getTypeAtLocation(p.right).flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.StringLike)) !== 0
  );
}
/** Whether the members of some list, map or dictionary of this type may be changed somewhere in the program. */
export function isListMutated(host: Host, type: ts.Type): boolean {
  const { checker } = host;
  const isOpen = (t: ts.Type): boolean =>
    isOpenType(host, t) || checker.getTypeArguments(t as ts.TypeReference).some((a) => isOpenType(host, a));
  return mutatedLists(host).some((t) => isOpen(t) || checker.isTypeAssignableTo(type, t));
}

const assigned = new WeakMap<ts.SourceFile, ReadonlySet<ts.Symbol>>();
/** Whether a variable is assigned anywhere in its file but where it is declared. */
export function isAssignedAgain(host: Host, symbol: ts.Symbol): boolean {
  const file = symbol.valueDeclaration?.getSourceFile();
  if (!file) return true;
  let known = assigned.get(file);
  if (!known) assigned.set(file, (known = assignedAnywhere(host, file)));
  return known.has(symbol);
}
