/** **Question**: which static fields may a class have got by an assignment, that a class declares which it extends? */
import { symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';
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
/** Whether a class may have a static field of its own that it does not declare. */
export const mayOwnStatic = (host: Host, owner: ts.Symbol, name: string): boolean =>
  staticsAssigned(host, owner).has(name) || assigned(host).get(undefined)?.has(name) === true;
