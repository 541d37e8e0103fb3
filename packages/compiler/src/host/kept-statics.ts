/**
 * **Question**: which static field of a class of a package may hold something else than its initialiser makes? A copy of the class would not see it.
 * **Method**: in that JavaScript a class may be anything: each member of the field's name counts, unless it is known to be another one.
 */
import { heldBy, PRIMITIVE } from './held.js';
import { namesOf } from './kept-data.js';
import { isChanger, nameOfAccess } from './member-writes.js';
import { OnlyRead, type Uses } from './only-read.js';
import { nameOfClass, symbolOf } from './scopes.js';
import { visitSources } from './sources.js';
import type { Host, ts } from './ts.js';
import { walkNodes } from './walk.js';
import { isTarget } from './writes.js';

type Access = ts.PropertyAccessExpression | ts.ElementAccessExpression;

/** `user`: the program that imports the package, which may change what is exported. */
export function changingStatic(
  host: Host,
  user: Host,
  d: ts.ClassLikeDeclaration,
): ts.PropertyDeclaration | undefined {
  const { ts } = host;
  const isStatic = (m: ts.ClassElement): m is ts.PropertyDeclaration =>
    ts.isPropertyDeclaration(m) && (ts.getCombinedModifierFlags(m) & ts.ModifierFlags.Static) !== 0;
  const fields = d.members.filter(isStatic);
  if (fields.length === 0) return undefined;
  const name = nameOfClass(ts, d)?.text;
  const byUser = name === undefined ? new Set() : namedIn(user, name);
  const isAny = isWrittenByKey(host, d);
  return fields.find((m) => isAny || byUser.has(m.name.getText()) || !isKept(host, m));
}

/** Whether a package may give a static member another value, as far as it names it. */
export const isStaticAssigned = (host: Host, m: ts.ClassElement): boolean =>
  usesOf(host, m).some((n) => isTarget(host.ts, n.parent));

function isKept(host: Host, m: ts.PropertyDeclaration): boolean {
  const uses = usesOf(host, m);
  if (uses.some((n) => isTarget(host.ts, n.parent))) return false;
  const held = m.initializer ? heldBy(host, m.initializer) : PRIMITIVE;
  const symbol = host.checker.getSymbolAtLocation(m.name);
  return symbol !== undefined && new OnlyRead(host, (s) => (s === symbol ? uses : [])).variable(symbol, held);
}
/** Where the field is named: by its symbol, or as a member of something that is not known. */
function usesOf(host: Host, m: ts.ClassElement): Uses {
  const { ts } = host;
  if (!m.name) return [];
  const isAccess = (n: ts.Node): boolean =>
    ts.isPropertyAccessExpression(n.parent) || ts.isElementAccessExpression(n.parent);
  if (ts.isPrivateIdentifier(m.name)) {
    const { text } = m.name;
    const found: ts.PrivateIdentifier[] = [];
    walkNodes(ts, m.parent, (n) => {
      if (ts.isPrivateIdentifier(n) && n.text === text && isAccess(n)) found.push(n);
    });
    return found as unknown as Uses;
  }
  const own = host.checker.getSymbolAtLocation(m.name);
  const name = ts.isComputedPropertyName(m.name) ? undefined : m.name.text;
  return (namesOf(host).get(name ?? '') ?? []).filter((n) => {
    const symbol = isAccess(n) ? host.checker.getSymbolAtLocation(n) : own;
    return n !== m.name && (symbol === undefined || symbol === own);
  });
}

/** `C[key] = v`, `this[key] = v` in a static member, `Object.assign(C, ...)` */
function isWrittenByKey(host: Host, d: ts.ClassLikeDeclaration): boolean {
  const { ts } = host;
  const name = nameOfClass(ts, d);
  const symbol = name && symbolOf(host, name);
  const isClass = (e: ts.Node | undefined): boolean =>
    e !== undefined &&
    (e.kind === ts.SyntaxKind.ThisKeyword || (ts.isIdentifier(e) && symbolOf(host, e) === symbol));
  const writes = (n: ts.Node): boolean => {
    if (ts.isElementAccessExpression(n) && isClass(n.expression))
      return nameOfAccess(ts, n) === undefined && isTarget(ts, n);
    return ts.isCallExpression(n) && isClass(n.arguments[0]) && isChanger(host, n.expression);
  };
  return walkNodes(ts, d.getSourceFile(), (n) => (writes(n) ? 'stop' : undefined));
}

/** The members of a class that a program writes, or takes as more than a number or text. */
function namedIn(user: Host, name: string): ReadonlySet<string> {
  const { ts, checker } = user;
  const found = new Set<string>();
  const isOfClass = (n: Access): boolean =>
    ts.isIdentifier(n.expression) && symbolOf(user, n.expression)?.name === name;
  const Plain = ts.TypeFlags.NumberLike | ts.TypeFlags.StringLike | ts.TypeFlags.BooleanLike;
  visitSources(user, (n) => {
    if (!ts.isPropertyAccessExpression(n) || !isOfClass(n)) return;
    const isCalled = ts.isCallExpression(n.parent) && n.parent.expression === n;
    const isPlain = (checker.getTypeAtLocation(n).flags & Plain) !== 0;
    if (isTarget(ts, n) || !(isPlain || isCalled)) found.add(n.name.text);
  });
  return found;
}
