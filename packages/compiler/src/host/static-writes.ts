/** **Question**: which static fields may a class have got by an assignment, that a class declares which it extends? */
import { thisIn } from './receivers.js';
import { symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';
import { walkNodes } from './walk.js';
import { isTarget } from './writes.js';

/** The names that are assigned through each class; under nothing those that are assigned through `this` in static members. */
const assigned = perProgram((host): ReadonlyMap<ts.Symbol | undefined, ReadonlySet<string>> => {
  const { ts } = host;
  const found = new Map<ts.Symbol | undefined, Set<string>>();
  const note = (owner: ts.Symbol | undefined, name: string): void => {
    found.set(owner, (found.get(owner) ?? new Set()).add(name));
  };
  visitSources(host, (n) => {
    if (!ts.isPropertyAccessExpression(n) || !isTarget(ts, n)) return;
    const of = n.expression;
    if (of.kind === ts.SyntaxKind.ThisKeyword) {
      if (isInStatic(ts, of)) note(undefined, n.name.text);
      return;
    }
    const owner = ts.isIdentifier(of) ? symbolOf(host, of) : undefined;
    if (owner?.valueDeclaration && ts.isClassLike(owner.valueDeclaration)) note(owner, n.name.text);
  });
  return found;
});
function isInStatic(typescript: typeof ts, n: ts.Node): boolean {
  let at = n;
  while (at.parent && !typescript.isClassLike(at.parent)) at = at.parent;
  return (
    typescript.isClassStaticBlockDeclaration(at) ||
    (typescript.canHaveModifiers(at) &&
      (typescript.getModifiers(at)?.some((m) => m.kind === typescript.SyntaxKind.StaticKeyword) ?? false))
  );
}

/** The static fields that the program assigns through this very class, as far as it names the class. */
export const staticsAssigned = (host: Host, owner: ts.Symbol): ReadonlySet<string> =>
  assigned(host).get(owner) ?? new Set();
/** The static fields that a class gets by an assignment: through its name, or through `this` of a method that is called on it. */
export function staticsGained(host: Host, d: ts.ClassLikeDeclaration, owner: ts.Symbol): readonly string[] {
  const { checker, ts } = host;
  const isInherited = (name: string): boolean => {
    const field = checker.getTypeOfSymbol(owner).getProperty(name)?.valueDeclaration;
    return field !== undefined && ts.isPropertyDeclaration(field) && field.parent !== d;
  };
  const throughThis = [...(assigned(host).get(undefined) ?? [])].filter(isInherited);
  const isThis = throughThis.length > 0 && receivers(host).has(owner);
  return [...staticsAssigned(host, owner), ...(isThis ? throughThis : [])];
}
/** The classes that may be `this` of a static method which another class declares, or of one that hands its `this` on. */
const receivers = perProgram((host): ReadonlySet<ts.Symbol> => {
  const { ts } = host;
  const found = new Set<ts.Symbol>();
  visitSources(host, (n) => {
    const owner = ts.isIdentifier(n) && !isName(ts, n) ? symbolOf(host, n) : undefined;
    const d = owner?.valueDeclaration;
    if (owner && d && ts.isClassLike(d) && mayBeReceiver(host, n as ts.Identifier, d)) found.add(owner);
  });
  return found;
});
const isName = (typescript: typeof ts, n: ts.Identifier): boolean =>
  (n.parent as ts.NamedDeclaration).name === n || typescript.isPartOfTypeNode(n);
function mayBeReceiver(host: Host, n: ts.Identifier, d: ts.ClassLikeDeclaration): boolean {
  const { ts } = host;
  const p = n.parent;
  if (ts.isNewExpression(p) || ts.isHeritageClause(p.parent) || ts.isExportSpecifier(p)) return false;
  if (ts.isImportSpecifier(p) || ts.isImportClause(p)) return false;
  if (ts.isBinaryExpression(p) && p.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) return false;
  if (!ts.isPropertyAccessExpression(p)) return true;
  const member = symbolOf(host, p)?.valueDeclaration;
  if (!member || ts.isPropertyDeclaration(member)) return false;
  return member.parent !== d || thisIn(host, member) !== undefined || callsSuper(ts, member);
}
const callsSuper = (typescript: typeof ts, f: ts.Node): boolean =>
  walkNodes(typescript, f, (n) => (n.kind === typescript.SyntaxKind.SuperKeyword ? 'stop' : undefined));

/** Whether a class may have a static field of its own that it does not declare. */
export const mayOwnStatic = (host: Host, owner: ts.Symbol, name: string): boolean =>
  staticsAssigned(host, owner).has(name) || assigned(host).get(undefined)?.has(name) === true;
