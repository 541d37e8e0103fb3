/**
 * Types that hold whatever happens between a test and a use. TypeScript narrows `state.mode` by a test and believes it until it sees an
 * assignment; a call in between may have changed the mode all the same (microsoft/TypeScript#9998).
 */
import { assignedNames } from './assigned-names.js';
import { skipWrappers, symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';

/** The types that an expression may be of, the members of a union one by one; what a cast says of it is not believed. */
export function settledTypes(host: Host, expression: ts.Expression): readonly ts.Type[] {
  const { ts, checker } = host;
  const e = skipWrappers(ts, expression);
  if (ts.isConditionalExpression(e))
    return [...settledTypes(host, e.whenTrue), ...settledTypes(host, e.whenFalse)];
  const type = settledType(host, e);
  const t = checker.getBaseConstraintOfType(type) ?? type;
  return t.isUnion() ? t.types : [t];
}

/** The names that a computed key may be, by its type; nothing if it may be any. */
export function settledNames(host: Host, key: ts.Expression): readonly string[] | undefined {
  const types = settledTypes(host, key);
  const isLiteral = (t: ts.Type): t is ts.LiteralType => t.isStringLiteral() || t.isNumberLiteral();
  return types.every(isLiteral) ? types.map((t) => String(t.value)) : undefined;
}

/** The only name that a computed key can be. */
export function settledName(host: Host, key: ts.Expression): string | undefined {
  const names = settledNames(host, key);
  return names?.length === 1 ? names[0] : undefined;
}

function settledType(host: Host, e: ts.Expression): ts.Type {
  const { ts, checker } = host;
  const declared = ts.isIdentifier(e) ? typeOfVariable(host, e) : typeOfMember(host, e);
  return declared ?? checker.getTypeAtLocation(e);
}

/** The declared type of a variable that a function assigns while another one reads it. */
function typeOfVariable(host: Host, e: ts.Identifier): ts.Type | undefined {
  const symbol = symbolOf(host, e);
  const reading = functionAround(host.ts, e);
  const isAssignedElsewhere = symbol && [...(assigners(host).get(symbol) ?? [])].some((f) => f !== reading);
  return isAssignedElsewhere ? host.checker.getTypeOfSymbol(symbol) : undefined;
}

/** The declared type of a field that may be written, of an object that itself may be another one since it was tested. */
function typeOfMember(host: Host, e: ts.Expression): ts.Type | undefined {
  const { ts, checker } = host;
  if (!ts.isPropertyAccessExpression(e) && !ts.isElementAccessExpression(e)) return undefined;
  const key = ts.isElementAccessExpression(e) ? skipWrappers(ts, e.argumentExpression) : e.name;
  const isNamed = ts.isPropertyAccessExpression(e) || ts.isStringLiteralLike(key);
  const of = checker.getNonNullableType(settledType(host, skipWrappers(ts, e.expression)));
  const property = ts.isPrivateIdentifier(key)
    ? checker.getSymbolAtLocation(key)
    : isNamed
      ? checker.getPropertyOfType(of, (key as ts.Identifier | ts.StringLiteral).text)
      : undefined;
  return property && !isReadonly(ts, property) ? checker.getTypeOfSymbol(property) : undefined;
}
const isReadonly = (ts: Host['ts'], { declarations = [] }: ts.Symbol): boolean =>
  declarations.length > 0 &&
  declarations.every((d) => (ts.getCombinedModifierFlags(d) & ts.ModifierFlags.Readonly) !== 0);

/** The functions (or files) that assign a variable after its declaration. */
const assigners = perProgram((host) => {
  const found = new Map<ts.Symbol, Set<ts.Node>>();
  visitSources(host, (n) => {
    if (host.ts.isVariableDeclaration(n)) return;
    for (const name of assignedNames(host.ts, n)) {
      const s = symbolOf(host, name);
      if (s) found.set(s, (found.get(s) ?? new Set()).add(functionAround(host.ts, n)));
    }
  });
  return found;
});
function functionAround(ts: Host['ts'], node: ts.Node): ts.Node {
  let n = node.parent;
  while (!ts.isFunctionLike(n) && !ts.isSourceFile(n)) n = n.parent;
  return n;
}
