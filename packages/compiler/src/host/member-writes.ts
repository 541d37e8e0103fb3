/** **Question**: may something in the program give an object another member of this name, above all another function? */
import { castFrom, isCast, isOpenType, mayBe } from './casts.js';
import { skipWrappers, symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';
import { isReadOf, isTarget } from './writes.js';

/** Where something is changed, and a type of the object. */
export interface Write {
  readonly type: ts.Type;
  readonly at: ts.Node;
}
type Writes = ReadonlyMap<string, readonly Write[]>;
/** Where members are assigned, by the member; `*` where that is not known. */
interface MemberWrites {
  /** Only those that may put a function there, or what holds one. */
  readonly ofFunctions: Writes;
  /** Of these, those that may well put nothing there: of a field that is optional in what is copied. */
  readonly perhaps: Writes;
  /** Those of `this.member = ...` in a constructor, by which an instance gets its function. */
  readonly initial: Writes;
  readonly all: Writes;
}
export const ANY_MEMBER = '*';

/** Members that something in the program assigns to, deletes, or may replace through `Object.assign` and its kin. */
const assignedMembers = perProgram((host): MemberWrites => {
  const { ts, checker } = host;
  const [ofFunctions, perhaps, initial, all] = [0, 1, 2, 3].map(() => new Map<string, Write[]>());
  const put = (to: Map<string, Write[]>, name: string, writes: readonly Write[]) =>
    to.set(name, [...(to.get(name) ?? []), ...writes]);
  const add = (name: string, writes: readonly Write[], isFunction = true, to = ofFunctions): void => {
    put(all, name, writes);
    if (isFunction) put(to, name, writes);
  };
  const receiver = (e: ts.Expression): readonly Write[] =>
    typesBehindCasts(host, e)
      .flatMap((type) => [type, ...castFrom(host, type)])
      .map((type) => ({ type, at: e.parent }));
  const open = checker.getAnyType();
  visitSources(host, (n) => {
    if (ts.isPropertyAccessExpression(n) && isTarget(ts, n)) {
      const to = isInitial(ts, n) ? initial : ofFunctions;
      add(n.name.text, receiver(n.expression), mayPutFunction(host, n), to);
    } else if (ts.isElementAccessExpression(n) && isTarget(ts, n)) {
      const key = skipWrappers(ts, n.argumentExpression);
      const isIndex = (checker.getTypeAtLocation(key).flags & ts.TypeFlags.NumberLike) !== 0;
      const name = ts.isStringLiteralLike(key) ? key.text : ANY_MEMBER;
      if (!isIndex) add(name, receiver(n.expression), mayPutFunction(host, n));
    } else if (isChanger(host, n)) {
      const call = n.parent;
      const isCalled = ts.isCallExpression(call) && call.expression === n;
      const target = isCalled ? call.arguments[0] : undefined;
      if (!target) add(ANY_MEMBER, [{ type: open, at: n }]);
      else
        for (const { name, isSure } of changedNames(host, call as ts.CallExpression)) {
          if (isSure) add(name, receiver(target));
          else add(name, receiver(target), true, perhaps);
        }
    }
  });
  return { ofFunctions, perhaps, initial, all };
});
/** `this.member = ...;` as a statement of a constructor itself. */
function isInitial(ts: Host['ts'], n: ts.PropertyAccessExpression): boolean {
  const s = n.parent.parent;
  return (
    n.expression.kind === ts.SyntaxKind.ThisKeyword &&
    ts.isExpressionStatement(s) &&
    ts.isBlock(s.parent) &&
    ts.isConstructorDeclaration(s.parent.parent)
  );
}
/** The types by which an object is seen in `x`, `x as any`, `x as unknown as T`: those that say something, if there are any. */
function typesBehindCasts(host: Host, e: ts.Expression): readonly ts.Type[] {
  const { ts, checker } = host;
  const seen: ts.Type[] = [];
  let x = e;
  for (; ; x = x.expression) {
    const t = checker.getTypeAtLocation(x);
    seen.push(checker.getBaseConstraintOfType(t) ?? t);
    if (!ts.isParenthesizedExpression(x) && !ts.isNonNullExpression(x) && !ts.isAsExpression(x)) break;
  }
  // a cast may say anything of what nothing is known of
  if (isCast(host, x)) return [checker.getAnyType()];
  if (isOpenType(host, seen[seen.length - 1])) return seen.slice(-1);
  return seen.filter((t) => !isOpenType(host, t));
}
/** Whether what an assignment puts there may be, or hold, a function. */
function mayPutFunction(host: Host, target: ts.Node): boolean {
  const { ts, checker } = host;
  const p = target.parent;
  if (ts.isPostfixUnaryExpression(p) || ts.isPrefixUnaryExpression(p)) return false;
  if (!ts.isBinaryExpression(p) || p.left !== target) return true;
  return mayHoldFunction(host, checker.getTypeAtLocation(p.right));
}
function mayHoldFunction(host: Host, type: ts.Type): boolean {
  const { ts, checker } = host;
  const F = ts.TypeFlags;
  const seen = new Set<ts.Type>();
  const visit = (t: ts.Type): boolean => {
    if (seen.has(t)) return false;
    seen.add(t);
    if (t.flags & (F.NumberLike | F.StringLike | F.BooleanLike | F.Null | F.Undefined | F.BigIntLike))
      return false;
    if (t.isUnionOrIntersection()) return t.types.some(visit);
    if (checker.isArrayType(t) || checker.isTupleType(t))
      return checker.getTypeArguments(t as ts.TypeReference).some(visit);
    const d = t.symbol?.valueDeclaration;
    if (!(t.flags & F.Object) || t.getCallSignatures().length + t.getConstructSignatures().length > 0)
      return true;
    if (d && host.program.isSourceFileDefaultLibrary(d.getSourceFile()))
      return /^(Map|Set|Object|Function)$/.test(t.symbol.name);
    const properties = t.getProperties();
    return properties.length === 0 || properties.some((x) => visit(checker.getTypeOfSymbol(x)));
  };
  return visit(type);
}
/** `Object.assign`, `Reflect.set` and their kin, called or taken as a value. */
export function isChanger(host: Host, n: ts.Node): boolean {
  const { ts } = host;
  if (ts.isPropertyAccessExpression(n) || ts.isElementAccessExpression(n)) {
    const name = nameOfAccess(ts, n);
    return name !== undefined && CHANGERS.has(name) && isChangerOf(host, n.expression, name);
  }
  if (!ts.isBindingElement(n)) return false;
  const from = n.parent.parent;
  const name = (n.propertyName ?? n.name).getText();
  const of = CHANGERS.has(name) && ts.isVariableDeclaration(from) ? from.initializer : undefined;
  return of !== undefined && isChangerOf(host, of, name);
}
/** Whether what an expression gives is `Object` or `Reflect`, by its name or by its type. */
function isChangerOf({ ts, checker, program }: Host, x: ts.Expression, name: string): boolean {
  const e = skipWrappers(ts, x);
  const last = ts.isPropertyAccessExpression(e) ? e.name : e;
  if (ts.isIdentifier(last) && /^(Object|Reflect)$/.test(last.text)) return true;
  const declared = checker.getTypeAtLocation(e).getProperty(name)?.declarations ?? [];
  return declared.some(
    (d) =>
      program.isSourceFileDefaultLibrary(d.getSourceFile()) &&
      (ts.isInterfaceDeclaration(d.parent)
        ? d.parent.name.text === 'ObjectConstructor'
        : ts.isModuleBlock(d.parent)),
  );
}
export const nameOfAccess = (
  ts: Host['ts'],
  n: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): string | undefined => {
  if (ts.isPropertyAccessExpression(n)) return n.name.text;
  const key = skipWrappers(ts, n.argumentExpression);
  return ts.isStringLiteralLike(key) ? key.text : undefined;
};
interface Changed {
  readonly name: string;
  readonly isSure: boolean;
}
const CHANGES_ANY: Changed = { name: ANY_MEMBER, isSure: true };
/** The members that such a call may change. */
export function changedNames(host: Host, call: ts.CallExpression): readonly Changed[] {
  const { ts, checker } = host;
  const [, ...given] = call.arguments;
  const first = given[0] && skipWrappers(ts, given[0]);
  const callee = call.expression as ts.PropertyAccessExpression | ts.ElementAccessExpression;
  const isAssign = nameOfAccess(ts, callee) === 'assign';
  if (!isAssign)
    return first && ts.isStringLiteralLike(first) ? [{ name: first.text, isSure: true }] : [CHANGES_ANY];
  return given.flatMap((source) => {
    const type = checker.getTypeAtLocation(source);
    const isKnown = (type.flags & ts.TypeFlags.Object) !== 0 && !type.getStringIndexType();
    const names = type
      .getProperties()
      .filter((p) => mayHoldFunction(host, checker.getTypeOfSymbol(p)))
      .map((p) => ({ name: p.name, isSure: !(p.flags & ts.SymbolFlags.Optional) }));
    if (isKnown && type.getProperties().length > 0) return names;
    return mayHoldFunction(host, type) ? [CHANGES_ANY] : [];
  });
}
/**
 * Where something in the program may assign this member of an object of this type, under whatever type it is seen: a function, or
 * what holds one, with `data` anything.
 */
export function memberWrite(host: Host, type: ts.Type, name: string, data = false): ts.Node | undefined {
  const { all, ofFunctions, perhaps, initial } = assignedMembers(host);
  return writeIn(host, data ? [all] : [ofFunctions, perhaps, initial], type, [name, ANY_MEMBER]);
}
export const isMemberAssigned = (host: Host, type: ts.Type, name: string, data = false): boolean =>
  memberWrite(host, type, name, data) !== undefined;
/** The same for a function that an instance holds, behind its constructor. */
export function isReplacedLater(host: Host, type: ts.Type, name: string): boolean {
  const { ofFunctions, perhaps } = assignedMembers(host);
  return writeIn(host, [ofFunctions, perhaps], type, [name, ANY_MEMBER]) !== undefined;
}
function writeIn(
  host: Host,
  maps: readonly Writes[],
  type: ts.Type,
  names: readonly string[],
): ts.Node | undefined {
  for (const writes of maps)
    for (const name of names)
      for (const w of writes.get(name) ?? []) if (mayBe(host, type, w.type)) return w.at;
  return undefined;
}
/** The same for a method of a class, which only few programs replace, by its name. */
export const isMethodAssigned = (host: Host, type: ts.Type, name: string): boolean =>
  writeIn(host, [assignedMembers(host).ofFunctions], type, [name]) !== undefined;
/** Whether that may happen by code that does not say which members it assigns. */
export function mayMethodBeAssigned(host: Host, type: ts.Type, name: string): boolean {
  const { ofFunctions, perhaps } = assignedMembers(host);
  const found = writeIn(host, [ofFunctions], type, [ANY_MEMBER]) ?? writeIn(host, [perhaps], type, [name]);
  return found !== undefined;
}

/** Classes that something in the program handles as a value: all but `new C`, `extends C`, `instanceof C`, and reads of members. */
const handledClasses = perProgram((host): ReadonlySet<ts.Symbol> => {
  const { ts } = host;
  const found = new Set<ts.Symbol>();
  const isUse = (n: ts.Identifier): boolean => {
    const p = n.parent;
    if (ts.isNewExpression(p)) return p.expression === n;
    if (ts.isBinaryExpression(p)) return p.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
    return ts.isExpressionWithTypeArguments(p) || ts.isTypeNode(p) || ts.isClassLike(p) || isReadOf(host, n);
  };
  visitSources(host, (n) => {
    const s = ts.isIdentifier(n) && !isUse(n) ? symbolOf(host, n) : undefined;
    if (s && s.flags & ts.SymbolFlags.Class) found.add(s);
  });
  return found;
});
/** Whether something in the program gives a class another function under the name of a static one, or may do so without naming it. */
export function isStaticReplaced(host: Host, owner: ts.Symbol, name: string): boolean {
  const { checker } = host;
  const type = checker.getTypeOfSymbol(owner);
  if (isMethodAssigned(host, type, name)) return true;
  const writes = assignedMembers(host).ofFunctions.get(ANY_MEMBER) ?? [];
  const isHandled = () => handledClasses(host).has(owner);
  return writes.some(({ type: t }) => (isOpenType(host, t) ? isHandled() : mayBe(host, type, t)));
}
const CHANGERS = new Set(['assign', 'defineProperty', 'defineProperties', 'setPrototypeOf', 'set']);
