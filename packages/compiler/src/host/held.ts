/** What an initialiser of untyped JavaScript makes: how deep it goes, and which functions belong to it. */
import {
  boundFunction,
  declaredClass,
  type FunctionNode,
  isFunctionNode,
  skipWrappers,
  symbolOf,
} from './scopes.js';
import type { Host, ts } from './ts.js';
import { walkNodes } from './walk.js';

export interface Held {
  /** So many steps into it lead to numbers, texts and the like: 1 for `[1, -2]`, 2 for `[[1], [2]]`. */
  readonly depth: number;
  /** What may have made it: literals, `new C(...)`, functions; empty where that is not known. */
  readonly made: readonly ts.Expression[];
}
/** Numbers, texts and the like. */
export const PRIMITIVE: Held = { depth: 0, made: [] };
export const UNKNOWN: Held = { depth: Number.POSITIVE_INFINITY, made: [] };
/** What has the object as a part of it. */
export const around = ({ depth }: Held): Held => ({ depth: depth + 1, made: [] });

/** The names of the constructors of typed arrays. */
export const TYPED_ARRAY = /^(Float(16|32|64)|U?[Ii]nt(8|16|32)|Uint8Clamped)Array$/;

/** What an expression makes; `calls` counts the factories that were called for it. */
export function heldBy(host: Host, x: ts.Expression, calls = 0): Held {
  const { ts } = host;
  const e = skipWrappers(ts, x);
  const container = (parts: readonly (ts.Expression | undefined)[]): Held => ({
    depth: 1 + Math.max(0, ...parts.map((p) => (p ? heldBy(host, p) : UNKNOWN).depth)),
    made: [e],
  });
  if (ts.isArrayLiteralExpression(e))
    return container(e.elements.map((p) => (ts.isSpreadElement(p) ? undefined : p)));
  if (ts.isObjectLiteralExpression(e))
    return container(e.properties.map((p) => (ts.isPropertyAssignment(p) ? p.initializer : undefined)));
  if (ts.isNewExpression(e)) return heldByInstance(host, e);
  if (ts.isFunctionExpression(e) || ts.isArrowFunction(e)) return { ...UNKNOWN, made: [e] };
  if (ts.isCallExpression(e)) return heldByCall(host, e, calls);
  return isPrimitive(ts, e) ? PRIMITIVE : UNKNOWN;
}
/** `Object.freeze({ ... })`, `makeLayer(2)` */
function heldByCall(host: Host, e: ts.CallExpression, calls: number): Held {
  const { ts } = host;
  const [given] = e.expression.getText() === 'Object.freeze' ? e.arguments : [];
  if (given) return heldBy(host, given, calls);
  const s = ts.isIdentifier(e.expression) && calls < MOST_CALLS ? symbolOf(host, e.expression) : undefined;
  const f = s && boundFunction(host, s);
  const results = f?.body && !f.asteriskToken ? resultsOf(ts, f.body) : [];
  if (results.length === 0) return UNKNOWN;
  const held = results.map((r) => (r ? heldBy(host, r, calls + 1) : PRIMITIVE));
  return {
    depth: Math.max(...held.map((h) => h.depth)),
    made: held.every((h) => h.depth === 0 || h.made.length > 0) ? held.flatMap((h) => h.made) : [],
  };
}
const MOST_CALLS = 3;
function resultsOf(ts: Host['ts'], body: ts.ConciseBody): readonly (ts.Expression | undefined)[] {
  if (!ts.isBlock(body)) return [body];
  const found: (ts.Expression | undefined)[] = [];
  walkNodes(ts, body, (n) => {
    if (ts.isReturnStatement(n)) found.push(n.expression);
    return isFunctionNode(ts, n) || ts.isClassLike(n) ? 'skip' : undefined;
  });
  return found;
}
function isPrimitive(ts: Host['ts'], e: ts.Expression): boolean {
  const K = ts.SyntaxKind;
  if (ts.isPrefixUnaryExpression(e)) return true;
  if (ts.isBinaryExpression(e)) return isPrimitive(ts, e.left) && isPrimitive(ts, e.right);
  const isConstant = ts.isIdentifier(e) && /^(undefined|NaN|Infinity)$/.test(e.text);
  const isLiteral = ts.isLiteralExpression(e) && !ts.isRegularExpressionLiteral(e);
  return isConstant || isLiteral || [K.TrueKeyword, K.FalseKeyword, K.NullKeyword].includes(e.kind);
}
/** `new Float64Array(n)`, `new Map([[key, value]])`, `new C()` */
function heldByInstance(host: Host, e: ts.NewExpression): Held {
  const name = e.expression.getText();
  if (TYPED_ARRAY.test(name)) return { depth: 1, made: [e] };
  const [list] = e.arguments ?? [];
  const depth = list && /^(Map|Set)$/.test(name) ? heldBy(host, list).depth : UNKNOWN.depth;
  // a map has what the pairs have, a set what the list has
  return { depth: name === 'Map' ? depth - 1 : depth, made: [e] };
}

/** A list, a map, or whatever else has the methods of those. */
export function isCollection({ ts }: Host, { made, depth }: Held): boolean {
  const isNamed = (name: string): boolean => TYPED_ARRAY.test(name) || /^(Map|Set|Array)$/.test(name);
  const isOne = (e: ts.Expression): boolean =>
    ts.isArrayLiteralExpression(e) || (ts.isNewExpression(e) && isNamed(e.expression.getText()));
  return made.length > 0 ? made.every(isOne) : Number.isFinite(depth);
}

/** A part of a list or map. */
export function elementOf(host: Host, { depth, made }: Held): Held {
  const { ts } = host;
  const lists = made.filter((e) => ts.isArrayLiteralExpression(e));
  const elements = lists.flatMap((e) => [...e.elements]);
  const isKnown = lists.length === made.length && !elements.some(ts.isSpreadElement);
  return { depth: depth - 1, made: isKnown ? elements.flatMap((e) => heldBy(host, e).made) : [] };
}

/** A member of this name, or any of them; accessors are left out. */
export function memberOf(host: Host, held: Held, name: string | undefined): Held {
  const { ts } = host;
  if (name === undefined) return elementOf(host, held);
  if ((name === 'length' || name === 'size') && isCollection(host, held)) return PRIMITIVE;
  // the memory of a typed array, which others may have
  if (name === 'buffer') return UNKNOWN;
  const inner = { depth: held.depth - 1, made: [] };
  const [literal] = held.made;
  if (held.made.length !== 1 || !literal || !ts.isObjectLiteralExpression(literal)) return inner;
  const own = literal.properties.filter((p) => p.name && nameOf(ts, p.name) === name);
  const [p] = own;
  const isSure =
    own.length === 1 && literal.properties.every((x) => x.name && nameOf(ts, x.name) !== undefined);
  return isSure && p && ts.isPropertyAssignment(p) ? heldBy(host, p.initializer) : inner;
}
const nameOf = (ts: Host['ts'], n: ts.PropertyName): string | undefined =>
  ts.isIdentifier(n) || ts.isStringLiteralLike(n) || ts.isNumericLiteral(n) ? n.text : undefined;

/** The functions that run where a member of this name, or any (`undefined`), is read or called; nothing if they are not known. */
export function functionsOf(
  host: Host,
  { made }: Held,
  name: string | undefined,
): readonly FunctionNode[] | undefined {
  if (made.length === 0) return undefined;
  const found: FunctionNode[] = [];
  for (const e of made) {
    const members = membersOf(host, e);
    if (!members) return undefined;
    const named = members.filter((m) => name === undefined || !m.name || nameOf(host.ts, m.name) === name);
    if (named.length === 0) return undefined;
    for (const m of named) {
      const f = functionIn(host, m);
      if (f === undefined) return undefined;
      if (f !== 'none') found.push(f);
    }
  }
  return found;
}
type Member = ts.ObjectLiteralElementLike | ts.ClassElement;
/** The members that a literal or a class, its base classes included, gives its objects. */
function membersOf(host: Host, e: ts.Expression): readonly Member[] | undefined {
  const { ts } = host;
  if (ts.isObjectLiteralExpression(e)) return e.properties;
  if (!ts.isNewExpression(e)) return undefined;
  const found: Member[] = [];
  let of: ts.Expression | undefined = e.expression;
  const seen = new Set<ts.Node>();
  while (of) {
    const d: ts.ClassLikeDeclaration | undefined = ts.isClassExpression(of)
      ? of
      : declaredClass(ts, symbolOf(host, of)?.valueDeclaration);
    if (!d || !ts.isClassLike(d) || seen.has(d)) return undefined;
    seen.add(d);
    found.push(...d.members.filter((m) => !ts.isConstructorDeclaration(m)));
    of = d.heritageClauses?.[0]?.types[0]?.expression;
  }
  return found;
}
function functionIn(host: Host, m: Member): FunctionNode | 'none' | undefined {
  const { ts } = host;
  if (ts.isMethodDeclaration(m) || ts.isAccessor(m)) return m;
  const init = ts.isPropertyAssignment(m) || ts.isPropertyDeclaration(m) ? m.initializer : undefined;
  const e = init && skipWrappers(ts, init);
  if (e && (ts.isFunctionExpression(e) || ts.isArrowFunction(e))) return e;
  const s = ts.isShorthandPropertyAssignment(m)
    ? host.checker.getShorthandAssignmentValueSymbol(m)
    : e && ts.isIdentifier(e) && symbolOf(host, e);
  const f = s && boundFunction(host, s);
  if (f) return f;
  return e && (/^Math\.\w+$/.test(e.getText()) || heldBy(host, e).depth === 0) ? 'none' : undefined;
}
