/** Objects that come from outside: which classes their types name, and where functions stand in constants of modules. */
import { planInstance } from '../host/constructed.js';
import { implementersOf, subclassesOf } from '../host/instances.js';
import { isRuleCall } from '../host/known-functions.js';
import { changeOfList } from '../host/list-writes.js';
import { isMemberAssigned } from '../host/member-writes.js';
import { thisIn } from '../host/receivers.js';
import { registrationsOf } from '../host/registrations.js';
import {
  boundFunction,
  isConst,
  isFunctionNode,
  nameOfClass,
  ScopeFacts,
  skipWrappers,
  symbolOf,
  typeOfLiteral,
  withoutFreeze,
} from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { walkNodes } from '../host/walk.js';
import { isWrittenThrough } from '../host/writes.js';
import { type Context, hostOf } from './context.js';
import { useClass } from './names.js';

/** Copies the classes whose instances a value of the type may hold, so that they can be called with variables. */
export function noteClassesOf(cx: Context, host: Host, type: ts.Type): void {
  if (host.untyped) return;
  for (const d of classesIn(host, type)) noteClass(cx, d);
}

export function noteClass(cx: Context, d: ts.ClassLikeDeclaration): void {
  const name = nameOfClass(cx.ts, d);
  const symbol = name && symbolOf(hostOf(cx.host, d), name);
  if (!symbol || hasPrivate(cx, d)) return;
  const original = cx.copies.classText(symbol);
  if (original === undefined) return;
  const base = baseOf(cx.host, d);
  // also where another marker call had it copied: what its methods read and write belongs to this one too
  const copy = `${useClass(cx, d, symbol.name, original)}()`;
  if (!cx.copies.isPaired(original)) cx.copies.pair(original, copy);
  if (base) noteClass(cx, base);
}

/** Private fields belong to the class itself: code of another class cannot reach them. */
function hasPrivate(cx: Context, d: ts.ClassLikeDeclaration): boolean {
  return d.members.some((m) => m.name && cx.ts.isPrivateIdentifier(m.name));
}

function baseOf(host: Host, d: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration | undefined {
  const { ts } = host;
  const base = d.heritageClauses?.find((h) => h.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  if (!base) return undefined;
  const found = symbolOf(hostOf(host, d), base.expression)?.valueDeclaration;
  return found && ts.isClassLike(found) && !found.getSourceFile().isDeclarationFile ? found : undefined;
}

/** The classes that a type names, in fields, elements and type arguments too, and the classes that extend them. */
function classesIn(host: Host, type: ts.Type): Set<ts.ClassLikeDeclaration> {
  const { ts, checker } = host;
  const found = new Set<ts.ClassLikeDeclaration>();
  const seen = new Set<ts.Type>();
  const visit = (t: ts.Type, depth: number): void => {
    if (seen.has(t) || depth > 8) return;
    seen.add(t);
    if (t.isUnionOrIntersection()) {
      for (const part of t.types) visit(part, depth);
      return;
    }
    const constraint = t.flags & ts.TypeFlags.TypeParameter ? checker.getBaseConstraintOfType(t) : undefined;
    if (constraint) visit(constraint, depth);
    if (!(t.flags & ts.TypeFlags.Object)) return;
    for (const argument of checker.getTypeArguments(t as ts.TypeReference) ?? []) visit(argument, depth + 1);
    for (const { type: of } of checker.getIndexInfosOfType(t)) visit(of, depth + 1);
    const d = t.symbol?.valueDeclaration ?? t.symbol?.declarations?.[0];
    if (!d || host.program.isSourceFileDefaultLibrary(d.getSourceFile())) return;
    if (ts.isClassLike(d) && !d.getSourceFile().isDeclarationFile) found.add(d);
    for (const implementation of implementersOf(host, t)) found.add(implementation);
    for (const property of checker.getPropertiesOfType(t))
      if (!(property.flags & ts.SymbolFlags.Method)) visit(checker.getTypeOfSymbol(property), depth + 1);
  };
  visit(type, 0);
  for (const d of found) for (const c of subclassesOf(host, d)) found.add(c);
  return found;
}

/** An expression for a function, or a method of an object literal. */
export type FunctionPart = ts.Expression | ts.MethodDeclaration | ts.AccessorDeclaration;

/** Where a function stands in a constant: what reads it there, and the part that makes it, or (`of`) what it is a member of. */
export interface FunctionPlace {
  readonly path: string;
  readonly part: FunctionPart;
  readonly member?: string;
}

/** Where functions stand that are registered in a constant, and nothing else changes it. */
export function functionsRegistered(host: Host, symbol: ts.Symbol, path: string): FunctionPlace[] {
  const { ts } = host;
  const registered = registrationsOf(host, symbol);
  const names = new Set(registered.map((r) => r.table));
  if (registered.length === 0 || isWrittenThrough(host, symbol, names)) return [];
  const { initializer } = symbol.valueDeclaration as ts.VariableDeclaration;
  const list = initializer && withoutFreeze(host, initializer);
  const isList = list && ts.isArrayLiteralExpression(list) && !list.elements.some(ts.isSpreadElement);
  let length = isList ? list.elements.length : Number.NaN;
  const places = registered.flatMap(({ values, way }) =>
    way === undefined && !isList
      ? []
      : values.flatMap((f) => functionsIn(host, path + (way ?? `[${length++}]`), f)),
  );
  return [...new Map(places.map((place) => [place.path, place])).values()];
}

/** Where functions stand in the initialiser of a constant. */
export function functionsIn(host: Host, path: string, initializer: ts.Expression): FunctionPlace[] {
  const { ts, checker } = host;
  const e = withoutFreeze(host, initializer);
  if (ts.isObjectLiteralExpression(e)) {
    const places = e.properties.flatMap((p) => functionsOfMember(host, path, e, p));
    // what comes later takes the place of what was spread before
    return [...new Map(places.map((place) => [place.path, place])).values()];
  }
  if (ts.isArrayLiteralExpression(e))
    return e.elements.some((x) => ts.isSpreadElement(x)) || changeOfList(host, e)
      ? []
      : e.elements.flatMap((x, k) => functionsIn(host, `${path}[${k}]`, x));
  if (ts.isNewExpression(e))
    return e.expression.getText() === 'Map'
      ? functionsInMap(host, path, e)
      : functionsOfInstance(host, path, e);
  if (keepsState(host, e) || isRuleCall(host, e)) return [];
  const type = checker.getTypeAtLocation(e);
  const isFunction = type.getCallSignatures().length > 0;
  if (ts.isCallExpression(e) && !isFunction)
    return type
      .getProperties()
      .filter((p) => !isOfLanguage(host, p))
      .filter((p) => checker.getNonNullableType(checker.getTypeOfSymbol(p)).getCallSignatures().length > 0)
      .filter((p) => !isMemberAssigned(host, type, p.name))
      .map((p) => ({ path: `${path}.${p.name}`, part: e, member: p.name }));
  const symbol = symbolOf(host, e);
  const d = symbol?.valueDeclaration;
  // a function of another such constant, or of a module that is imported as a whole
  if (isFunction && ts.isPropertyAccessExpression(e)) {
    if (d && ts.isPropertyAssignment(d)) return [{ path, part: d.initializer }];
    return d && (ts.isFunctionDeclaration(d) || (ts.isVariableDeclaration(d) && isConst(ts, d)))
      ? [{ path, part: e }]
      : [];
  }
  if (isFunction && (!ts.isIdentifier(e) || !symbol || boundFunction(host, symbol)))
    return [{ path, part: e }];
  const isFixed = ts.isIdentifier(e) && d && ts.isVariableDeclaration(d) && d.initializer && isConst(ts, d);
  return isFixed ? functionsIn(host, path, d.initializer) : [];
}
/** A method of an array, a map and the like, or what a computed symbol names. */
const isOfLanguage = ({ program }: Host, p: ts.Symbol): boolean =>
  p.name.startsWith('__@') ||
  (p.declarations ?? []).some((d) => program.isSourceFileDefaultLibrary(d.getSourceFile()));
function functionsOfMember(
  host: Host,
  path: string,
  e: ts.ObjectLiteralExpression,
  p: ts.ObjectLiteralElementLike,
): FunctionPlace[] {
  const { ts, checker } = host;
  if (ts.isSpreadAssignment(p)) return functionsIn(host, path, p.expression);
  if (ts.isAccessor(p))
    return ts.isComputedPropertyName(p.name) ? [] : [{ path: accessorOf(host, path, p), part: p }];
  const computed = ts.isComputedPropertyName(p.name)
    ? checker.getTypeAtLocation(p.name.expression)
    : undefined;
  const isKnown = computed === undefined || computed.isStringLiteral() || computed.isNumberLiteral();
  if (!isKnown) return [];
  const name = computed ? String((computed as ts.LiteralType).value) : (p.name as ts.Identifier).text;
  if (isMemberAssigned(host, typeOfLiteral(host, e), name)) return [];
  const key = computed ? JSON.stringify(name) : p.name.getText();
  const inner = ts.isIdentifier(p.name) ? `${path}.${p.name.text}` : `${path}[${key}]`;
  if (ts.isMethodDeclaration(p)) return [{ path: inner, part: p }];
  if (ts.isPropertyAssignment(p)) return functionsIn(host, inner, p.initializer);
  return functionsIn(host, inner, p.name);
}
/** `new Layer(2, relu)`: functions that the constructor puts into fields. */
function functionsOfInstance(host: Host, path: string, e: ts.NewExpression): FunctionPlace[] {
  return (planInstance(host, e)?.fields ?? []).flatMap(({ key, made }) =>
    made && thisIn(host, made) === undefined
      ? functionsIn(host, `(${path} as any)[${JSON.stringify(key)}]`, made)
      : [],
  );
}
/** `new Map([[key, f], ...])` */
function functionsInMap(host: Host, path: string, e: ts.NewExpression): FunctionPlace[] {
  const { ts } = host;
  const [list] = e.arguments ?? [];
  if (!list || !ts.isArrayLiteralExpression(list) || changeOfList(host, e)) return [];
  return list.elements.flatMap((pair) => {
    const [key, value] = ts.isArrayLiteralExpression(pair) ? pair.elements : [];
    const isKnown = key && value && (ts.isStringLiteralLike(key) || ts.isNumericLiteral(key));
    return isKnown ? functionsIn(host, `(${path} as any).get(${key.getText()})`, value) : [];
  });
}

/** The function of an accessor of an object. */
export const accessorOf = ({ ts }: Host, object: string, p: ts.AccessorDeclaration): string => {
  const key = ts.isIdentifier(p.name) ? JSON.stringify(p.name.text) : p.name.getText();
  return `Object.getOwnPropertyDescriptor(${object}, ${key})!.${ts.isGetAccessor(p) ? 'get' : 'set'}`;
};

/** An expression for the rewritten form of a part. */
export function twinText(host: Host, part: FunctionPart, text: string): string {
  const { ts } = host;
  if (ts.isMethodDeclaration(part)) return `({ ${text} } as any)[${JSON.stringify(part.name.getText())}]`;
  return ts.isAccessor(part) ? accessorOf(host, `({ ${text} } as any)`, part) : text;
}

/** Whether an expression is a call that makes functions with variables of their own: a copy would have others. */
export function keepsState(host: Host, e: ts.Expression): boolean {
  const { ts } = host;
  if (!ts.isCallExpression(e)) return false;
  const callee = skipWrappers(ts, e.expression);
  const symbol = symbolOf(host, callee);
  const f = isFunctionNode(ts, callee) ? callee : symbol && boundFunction(host, symbol);
  if (!f?.body) return false;
  const facts = ScopeFacts.of(hostOf(host, f));
  const keeps = (n: ts.Node): boolean => n !== f && isFunctionNode(ts, n) && facts.hasEffects(n);
  return walkNodes(ts, f.body, (n) => (keeps(n) ? 'stop' : undefined));
}
