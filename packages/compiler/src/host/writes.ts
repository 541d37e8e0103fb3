/** What the source of a program assigns to: variables, members of objects, the objects that variables hold. */
import { assignedNames } from './assigned-names.js';
import { skipWrappers, symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';
import { boundNames, isVar } from './variables.js';
import { type Next, walkNodes } from './walk.js';

const writtenThrough = perProgram((host) => {
  const found = new Map<ts.Symbol, ts.Node[]>();
  const note = (s: ts.Symbol, n: ts.Node): void => void found.set(s, [...(found.get(s) ?? []), n]);
  const taken: ts.BindingElement[] = [];
  visitSources(host, (n) => {
    if (host.ts.isBindingElement(n)) taken.push(n);
    if (!host.ts.isIdentifier(n) || isReadOf(host, n)) return;
    const s = symbolOf(host, n);
    if (s && s.valueDeclaration !== n.parent) note(s, n);
  });
  for (const e of taken) {
    const isWritten = boundNames(host.ts, e.name).some((n) => found.has(symbolOf(host, n) as ts.Symbol));
    if (isWritten || e.dotDotDotToken) for (const s of takenFromModule(host, e)) note(s, e);
  }
  return found;
});
/** The variables of a module that get another name by `const { table } = all`. */
function takenFromModule({ ts, checker }: Host, e: ts.BindingElement): readonly ts.Symbol[] {
  const { flags, symbol } = checker.getTypeAtLocation(e.parent);
  if (!(flags & ts.TypeFlags.Object) || !symbol || !(symbol.flags & ts.SymbolFlags.ValueModule)) return [];
  const key = (e.propertyName ?? e.name).getText();
  return checker
    .getExportsOfModule(symbol)
    .filter((s) => e.dotDotDotToken || s.name === key)
    .map((s) => (s.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(s) : s));
}
/**
 * Whether something in the program may change the object of a variable, hands it to a call, or gives it another name; `but` where
 * its name stands in one of some places.
 */
export const isWrittenThrough = (
  host: Host,
  symbol: ts.Symbol,
  but: ReadonlySet<ts.Node> = new Set(),
): boolean =>
  writtenThrough(host)
    .get(symbol)
    ?.some((n) => !but.has(n)) ?? false;

/** Calls that give new lists of what an object has. */
const LISTINGS = new Set(['entries', 'hasOwn', 'keys', 'values'].map((name) => `Object.${name}`));
/** Methods that change an array. */
export const MUTATORS = new Set('copyWithin fill pop push reverse shift sort splice unshift'.split(' '));

/**
 * Whether what a name holds is only read here: `name.key` or `name[key]` that is read or called, a loop over it, a question for a key
 * or for all keys.
 */
export function isReadOf(host: Host, n: ts.Node): boolean {
  const { ts } = host;
  const p = n.parent;
  // under its other name it is looked at likewise
  if (
    ts.isImportClause(p) ||
    ts.isExportAssignment(p) ||
    ts.isImportSpecifier(p) ||
    ts.isExportSpecifier(p) ||
    ts.isTypeQueryNode(p) ||
    ts.isPropertyAssignment(p)
  )
    return p.kind !== ts.SyntaxKind.PropertyAssignment || (p as ts.PropertyAssignment).name === n;
  if (ts.isTypeOfExpression(p) || ts.isForInStatement(p)) return true;
  if (ts.isForOfStatement(p)) return p.expression === n;
  if (ts.isSpreadElement(p)) return !isTarget(ts, p);
  if (ts.isBinaryExpression(p) && p.right === n && p.operatorToken.kind === ts.SyntaxKind.InKeyword)
    return true;
  if (ts.isCallExpression(p) && p.arguments[0] === n) return LISTINGS.has(p.expression.getText());
  if (ts.isPropertyAccessExpression(p) && p.name === n) return isReadOf(host, p);
  const access = ts.isPropertyAccessExpression(p) || ts.isElementAccessExpression(p);
  if (!access || p.expression !== n) return false;
  return !isTarget(ts, p) && (!isCollection(host, n) || leavesAlone(host, p));
}
/** Whether an expression is assigned or deleted, by a pattern too. */
export function isTarget(ts: Host['ts'], e: ts.Node): boolean {
  const p = e.parent;
  if (ts.isDeleteExpression(p) || ts.isPostfixUnaryExpression(p)) return true;
  const K = ts.SyntaxKind;
  if (ts.isPrefixUnaryExpression(p))
    return p.operator === K.PlusPlusToken || p.operator === K.MinusMinusToken;
  if (ts.isForOfStatement(p) || ts.isForInStatement(p)) return p.initializer === e;
  if (ts.isBinaryExpression(p) && p.left === e) {
    const op = p.operatorToken.kind;
    if (op >= K.FirstAssignment && op <= K.LastAssignment) return true;
  }
  // `[a.b = 1] = ...`: a default in a pattern is seen above already
  const inPattern =
    ts.isArrayLiteralExpression(p) ||
    ts.isObjectLiteralExpression(p) ||
    ts.isSpreadElement(p) ||
    ts.isSpreadAssignment(p) ||
    ts.isPropertyAssignment(p) ||
    ts.isParenthesizedExpression(p) ||
    ts.isAsExpression(p) ||
    ts.isNonNullExpression(p);
  return inPattern && isTarget(ts, p);
}
/** A list, a map or a set. */
function isCollection({ checker }: Host, n: ts.Node): boolean {
  const type = checker.getTypeAtLocation(n);
  const name = type.symbol?.name ?? '';
  return checker.isArrayType(type) || checker.isTupleType(type) || /^(Readonly)?(Map|Set|Array)$/.test(name);
}
/** Methods that leave their list, map or set as it is; what they call may get it as a further argument (`of` those it gets). */
const READERS: ReadonlyMap<string, number> = new Map([
  ...'at concat entries get has includes indexOf join keys lastIndexOf slice toReversed toSorted values with'
    .split(' ')
    .map((name) => [name, 0] as const),
  ...'every filter find findIndex findLast findLastIndex flatMap forEach map some'
    .split(' ')
    .map((name) => [name, 2] as const),
  ...['reduce', 'reduceRight'].map((name) => [name, 3] as const),
]);
/** Whether an access to a collection reads an element, its size, or calls a method that changes nothing. */
function leavesAlone(
  { ts, checker }: Host,
  p: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): boolean {
  if (ts.isElementAccessExpression(p)) {
    const key = checker.getTypeAtLocation(p.argumentExpression);
    return (key.flags & ts.TypeFlags.NumberLike) !== 0;
  }
  const { text } = p.name;
  if (text === 'length' || text === 'size') return true;
  const most = READERS.get(text);
  const call = p.parent;
  if (most === undefined || !ts.isCallExpression(call) || call.expression !== p) return false;
  const f = most > 0 && call.arguments[0] ? skipWrappers(ts, call.arguments[0]) : undefined;
  return (
    most === 0 ||
    (f !== undefined &&
      (ts.isArrowFunction(f) || ts.isFunctionExpression(f)) &&
      f.parameters.length <= most &&
      f.parameters.every((x) => !x.dotDotDotToken))
  );
}

/** Variables that a file assigns after their declaration, in any function. */
function assignedAnywhere(host: Host, file: ts.SourceFile): Set<ts.Symbol> {
  const { ts } = host;
  const found = new Set<ts.Symbol>();
  walkNodes(ts, file, (n) => {
    if (!ts.isVariableDeclaration(n) || !n.initializer)
      for (const name of assignedNames(ts, n)) {
        const s = symbolOf(host, name);
        if (s && !ts.isVariableDeclaration(n)) found.add(s);
      }
  });
  if (host.untyped) for (const s of replacedByVar(host, file)) found.add(s);
  return found;
}
const replaced = new WeakMap<ts.SourceFile, ReadonlySet<ts.Symbol>>();
/** Functions of JavaScript that a `var` of their name gives another value: TypeScript, which refuses that, takes the two for different ones. */
export function replacedByVar(host: Host, file: ts.SourceFile): ReadonlySet<ts.Symbol> {
  const { ts } = host;
  const known = replaced.get(file);
  if (known) return known;
  const functions = new Map<string, ts.Symbol>();
  const values = new Set<string>();
  walkNodes(ts, file, (n) => {
    const isValue = ts.isVariableDeclaration(n) && n.initializer !== undefined && isVar(ts, n);
    if (!isValue && !ts.isFunctionDeclaration(n)) return;
    const home = ts.findAncestor(n.parent, ts.isFunctionLike)?.pos ?? -1;
    for (const name of n.name ? boundNames(ts, n.name) : []) {
      const symbol = isValue ? undefined : symbolOf(host, name);
      if (isValue) values.add(`${home} ${name.text}`);
      else if (symbol) functions.set(`${home} ${name.text}`, symbol);
    }
  });
  const found = new Set([...functions].flatMap(([key, symbol]) => (values.has(key) ? [symbol] : [])));
  replaced.set(file, found);
  return found;
}

/** Variables assigned anywhere in the nodes, functions in them left out. */
export function assignedIn(host: Host, nodes: readonly (ts.Node | undefined)[]): Set<ts.Symbol> {
  const { ts } = host;
  const found = new Set<ts.Symbol>();
  const visit = (n: ts.Node): Next => {
    if (ts.isFunctionLike(n)) return 'skip';
    for (const name of assignedNames(ts, n)) {
      const s = symbolOf(host, name);
      if (s) found.add(s);
    }
    return undefined;
  };
  for (const n of nodes) if (n) walkNodes(ts, n, visit);
  return found;
}

const assigned = new WeakMap<ts.SourceFile, ReadonlySet<ts.Symbol>>();
/** Whether a variable is assigned anywhere in its file but where it is declared, or declared again with another value. */
export function isAssignedAgain(host: Host, symbol: ts.Symbol): boolean {
  const { ts } = host;
  const declared = symbol.declarations ?? [];
  const values = declared.filter((d) => ts.isVariableDeclaration(d) && d.initializer);
  const isFunction = declared.some((d) => ts.isFunctionDeclaration(d) && d.body);
  if (values.length + (isFunction ? 1 : 0) > 1) return true;
  const file = symbol.valueDeclaration?.getSourceFile();
  if (!file) return true;
  let known = assigned.get(file);
  if (!known) assigned.set(file, (known = assignedAnywhere(host, file)));
  return known.has(symbol);
}

/** Whether a function inside of that which declares a variable assigns it: it may do so when the other has returned. */
export function isAssignedInside(host: Host, symbol: ts.Symbol): boolean {
  const { ts } = host;
  const d = symbol.valueDeclaration;
  const own = d && ts.findAncestor(d.parent, ts.isFunctionLike);
  if (!d || !own) return true;
  return walkNodes(ts, own, (n) =>
    assignedNames(ts, n).some((x) => symbolOf(host, x) === symbol) &&
    ts.findAncestor(n.parent, ts.isFunctionLike) !== own
      ? 'stop'
      : undefined,
  );
}

/** The functions of a file that assign one of its variables. */
export function assigningFunctions(host: Host, symbol: ts.Symbol): readonly string[] {
  const { ts } = host;
  const found: string[] = [];
  const isNamed = (n: ts.Node): n is ts.FunctionDeclaration & { readonly name: ts.Identifier } =>
    ts.isFunctionDeclaration(n) && n.name !== undefined;
  const file = symbol.valueDeclaration?.getSourceFile();
  if (file)
    walkNodes(ts, file, (n) => {
      if (!assignedNames(ts, n).some((x) => symbolOf(host, x) === symbol)) return;
      const around = ts.findAncestor(n.parent, isNamed);
      if (around) found.push(around.name.text);
    });
  return found;
}
/** Whether a program's own sources name one of these functions. */
export function mayBeCalled({ program }: Host, names: readonly string[]): boolean {
  return program
    .getSourceFiles()
    .some((f) => !f.isDeclarationFile && names.some((name) => f.text.includes(name)));
}
