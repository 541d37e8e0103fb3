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
  if (ts.isBinaryExpression(e) && handsOn(ts, e)) {
    const left = settledTypes(host, e.left).filter((t) => checker.getNonNullableType(t) === t);
    const isComma = e.operatorToken.kind === ts.SyntaxKind.CommaToken;
    return [...(isComma ? [] : left), ...settledTypes(host, e.right)];
  }
  const type = settledType(host, e);
  return [...new Set([...membersOf(host, type), ...typesOfInitialiser(host, e)])];
}
/** `a ?? b`, `a || b`, `(a, b)` */
const handsOn = ({ SyntaxKind: K }: Host['ts'], e: ts.BinaryExpression): boolean =>
  [K.QuestionQuestionToken, K.BarBarToken, K.CommaToken].includes(e.operatorToken.kind);
function membersOf({ checker }: Host, type: ts.Type): readonly ts.Type[] {
  const t = checker.getBaseConstraintOfType(type) ?? type;
  return t.isUnion() ? t.types : [t];
}

/** Whether a variable that another function assigns may have been set to `undefined` or `null` since it was tested. */
export function mayBeUnset(host: Host, expression: ts.Expression): boolean {
  const F = host.ts.TypeFlags;
  const e = skipWrappers(host.ts, expression);
  return (
    host.ts.isIdentifier(e) && settledTypes(host, e).some((t) => (t.flags & (F.Undefined | F.Null)) !== 0)
  );
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

/** What the type of a variable does not say because it was taken from what a test had said of its initialiser: `const now = state.mode`. */
function typesOfInitialiser(host: Host, e: ts.Expression): readonly ts.Type[] {
  const { ts, checker } = host;
  const d = ts.isIdentifier(e) ? symbolOf(host, e)?.valueDeclaration : undefined;
  // only what stands before: `var all = all || {}` is no end
  if (!d || d.getSourceFile() !== e.getSourceFile() || d.end > e.pos) return [];
  const declared = checker.getTypeAtLocation(d);
  return (initialTypes(host, d) ?? []).filter((t) => !checker.isTypeAssignableTo(t, declared));
}
function initialTypes(host: Host, d: ts.Node): readonly ts.Type[] | undefined {
  const { ts } = host;
  if (ts.isVariableDeclaration(d))
    return d.initializer && !d.type ? settledTypes(host, d.initializer) : undefined;
  if (!ts.isBindingElement(d) || d.dotDotDotToken || !ts.isObjectBindingPattern(d.parent)) return undefined;
  const of = d.parent.parent;
  const key = d.propertyName ?? d.name;
  if (!ts.isVariableDeclaration(of) || !of.initializer || !ts.isIdentifier(key)) return undefined;
  const type = typeOfProperty(host, of.initializer, key.text);
  return type && membersOf(host, type);
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
  const { ts } = host;
  if (!ts.isPropertyAccessExpression(e) && !ts.isElementAccessExpression(e)) return undefined;
  const name = ts.isPropertyAccessExpression(e) ? e.name : skipWrappers(ts, e.argumentExpression);
  if (ts.isPrivateIdentifier(name)) return typeUnlessReadonly(host, host.checker.getSymbolAtLocation(name));
  const key = ts.isPropertyAccessExpression(e) ? e.name.text : settledName(host, name);
  return key === undefined ? undefined : typeOfProperty(host, e.expression, key);
}
function typeOfProperty(host: Host, object: ts.Expression, key: string): ts.Type | undefined {
  const { ts, checker } = host;
  const of = checker.getNonNullableType(settledType(host, skipWrappers(ts, object)));
  const property = checker.getPropertyOfType(of, key);
  if (property) return typeUnlessReadonly(host, property);
  // an element of a list that may be written
  const isList = checker.isArrayType(of) && of.symbol.name === 'Array' && /^\d+$/.test(key);
  return isList ? of.getNumberIndexType() : undefined;
}
const typeUnlessReadonly = (host: Host, property: ts.Symbol | undefined): ts.Type | undefined =>
  property && !isReadonly(host.ts, property) ? host.checker.getTypeOfSymbol(property) : undefined;
/** Whether an expression is a member that only its initialiser gives: `KEYS.first` of `const KEYS = { ... } as const`. */
export function isReadonlyMember(host: Host, e: ts.Expression): boolean {
  const { ts, checker } = host;
  const member = ts.isPropertyAccessExpression(e) ? checker.getSymbolAtLocation(e.name) : undefined;
  return member !== undefined && isReadonly(ts, member);
}
const isReadonly = (ts: Host['ts'], { declarations = [] }: ts.Symbol): boolean =>
  declarations.length > 0 &&
  declarations.every(
    (d) => (ts.getCombinedModifierFlags(d) & ts.ModifierFlags.Readonly) !== 0 || isInConst(ts, d),
  );
/** A member of `{ ... } as const`. */
function isInConst(ts: Host['ts'], d: ts.Node): boolean {
  let n = d.parent;
  while (ts.isObjectLiteralExpression(n) || ts.isPropertyAssignment(n)) n = n.parent;
  return ts.isAsExpression(n) && ts.isConstTypeReference(n.type);
}

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
