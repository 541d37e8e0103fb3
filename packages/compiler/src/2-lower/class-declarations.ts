/** **Question**: what does the declaration of a class say: which class it extends, which members it has and inherits? */

import { isPatched, isSeenOnPrototype, onPrototype } from '../host/prototypes.js';
import { isConst, nameOfClass, skipWrappers, symbolOf } from '../host/scopes.js';
import { settledName } from '../host/settled-types.js';
import type { ts } from '../host/ts.js';
import type { ClassTag } from '../ir/nodes.js';
import type { FunctionContext } from './context.js';
import { THIS } from './shapes.js';
import { isErrorClass } from './try.js';

export const declarationOfClass = (tag: ClassTag): ts.ClassLikeDeclaration =>
  tag.declaration as ts.ClassLikeDeclaration;

/** The name of a class, if it has one. */
export function symbolOfClass(cx: FunctionContext, d: ts.ClassLikeDeclaration): ts.Symbol | undefined {
  const name = nameOfClass(cx.ts, d);
  return name && symbolOf(cx.state.hostOf(d), name);
}

/** The class that a class extends; a refusal if it is not known. */
export function baseOf(cx: FunctionContext, d: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration | undefined {
  const { ts } = cx;
  const clause = d.heritageClauses?.find((h) => h.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  if (!clause) return undefined;
  const base = classOfExpression(cx, clause.expression);
  if (!base && isErrorClass(clause.expression.getText())) return undefined;
  return base ?? cx.refuse('AD2013', clause, 'the class that is extended here is not statically known');
}

/** Whether a class is another one, or extends it. */
export function isOrExtends(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  of: ts.ClassLikeDeclaration,
): boolean {
  for (let c: ts.ClassLikeDeclaration | undefined = d; c; c = baseOf(cx, c)) if (c === of) return true;
  return false;
}

/** Whether a class extends one of the language's own classes of errors. */
export function extendsError(cx: FunctionContext, d: ts.ClassLikeDeclaration): boolean {
  const clause = d.heritageClauses?.find((h) => h.token === cx.ts.SyntaxKind.ExtendsKeyword)?.types[0];
  return (
    clause !== undefined &&
    isErrorClass(clause.expression.getText()) &&
    !classOfExpression(cx, clause.expression)
  );
}

/** The class that an expression surely denotes. */
export function classOfExpression(
  cx: FunctionContext,
  e: ts.Expression,
): ts.ClassLikeDeclaration | undefined {
  const { ts } = cx;
  const x = skipWrappers(ts, e);
  if (ts.isClassExpression(x)) return x;
  if (x.kind === ts.SyntaxKind.ThisKeyword) {
    // in a static method it may be a class that extends the one around
    const self = cx.env.get(THIS);
    return self?.kind === 'class' ? self.decl : undefined;
  }
  const host = cx.state.hostOf(x);
  const s = symbolOf(host, x);
  for (const d of s?.declarations ?? []) {
    if (ts.isClassLike(d) && !d.getSourceFile().isDeclarationFile) return d;
    if (ts.isVariableDeclaration(d) && d.initializer && isConst(ts, d)) {
      const init = skipWrappers(ts, d.initializer);
      if (ts.isClassExpression(init) || (ts.isIdentifier(init) && init !== x))
        return classOfExpression(cx, init);
    }
  }
  return undefined;
}

export type Member =
  | ts.MethodDeclaration
  | ts.GetAccessorDeclaration
  | ts.SetAccessorDeclaration
  | ts.PropertyDeclaration;

/** The name of a member, also one that is computed from a constant; nothing for those that are named by symbols. */
export function memberName(cx: FunctionContext, { name }: ts.ClassElement): string | undefined {
  const { ts } = cx;
  if (!name) return undefined;
  if (
    ts.isIdentifier(name) ||
    ts.isPrivateIdentifier(name) ||
    ts.isStringLiteral(name) ||
    ts.isNumericLiteral(name)
  )
    return name.text;
  if (isIteratorKey(ts, name)) return ITERATOR;
  if (!ts.isComputedPropertyName(name) || /^\[Symbol\.\w+\]$/.test(name.getText())) return undefined;
  const host = cx.state.hostOf(name);
  const computed = settledName(host, name.expression);
  if (computed !== undefined) return computed;
  if (host.checker.getTypeAtLocation(name.expression).flags & ts.TypeFlags.ESSymbolLike) return undefined;
  return cx.refuse('AD3005', name, 'a class has a member whose name is computed, and is not known here');
}
/** The name by which the method is known that `for ... of` and spreads call. */
export const ITERATOR = '[Symbol.iterator]';
const isIteratorKey = (ts: FunctionContext['ts'], name: ts.PropertyName): boolean =>
  ts.isComputedPropertyName(name) && name.getText() === ITERATOR;
export const isStatic = (ts: FunctionContext['ts'], m: ts.ClassElement): boolean =>
  ts.canHaveModifiers(m) &&
  (ts.getModifiers(m)?.some((x) => x.kind === ts.SyntaxKind.StaticKeyword) ?? false);

type Kind = 'method' | 'get' | 'set' | 'field';

/** Whether there is something of the member where the program runs. */
export const isMade = (ts: FunctionContext['ts'], m: ts.ClassElement): boolean =>
  ts.isPropertyDeclaration(m)
    ? (ts.getCombinedModifierFlags(m) & (ts.ModifierFlags.Ambient | ts.ModifierFlags.Abstract)) === 0
    : (m as ts.MethodDeclaration).body !== undefined;
const kindOf = (ts: FunctionContext['ts'], m: Member): Kind =>
  ts.isPropertyDeclaration(m)
    ? 'field'
    : ts.isMethodDeclaration(m)
      ? 'method'
      : ts.isGetAccessorDeclaration(m)
        ? 'get'
        : 'set';

/** A member by its name, in the class or the nearest one that it extends. */
export function findMember(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  name: string,
  kind: Kind,
  fromStatic: boolean,
): Member | undefined {
  const { ts } = cx;
  for (let c: ts.ClassLikeDeclaration | undefined = d; c; c = baseOf(cx, c)) {
    const named = c.members.filter(
      (m): m is Member => memberName(cx, m) === name && isStatic(ts, m) === fromStatic && isMade(ts, m),
    );
    named.forEach((m) => void refuseAccessor(cx, m));
    const m = named.find((m) => kindOf(ts, m) === kind);
    if (m) return decorated(cx, m);
    // whatever it is, it stands before what the classes have that this one extends
    if (named.length > 0) return undefined;
  }
  return undefined;
}
/** `accessor k = 1` is no field, but a getter and a setter. */
function refuseAccessor(cx: FunctionContext, m: Member): void {
  if (!cx.ts.isAutoAccessorPropertyDeclaration(m)) return;
  const message = `\`accessor ${m.name.getText()}\` is not supported`;
  cx.refuse('AD2013', m, message, 'write a field, or a getter and a setter');
}
/** Whether a class itself has a method or an accessor of this name. */
export const hasOther = (cx: FunctionContext, d: ts.ClassLikeDeclaration, name: string): boolean =>
  d.members.some(
    (m) =>
      !cx.ts.isPropertyDeclaration(m) &&
      memberName(cx, m) === name &&
      !isStatic(cx.ts, m) &&
      isMade(cx.ts, m),
  );
/** A field that instances do not surely have as their own is what the prototype has under its name, where something gives it one. */
export function refusePatched(
  cx: FunctionContext,
  classes: readonly ClassTag[],
  name: string,
  node: ts.Node,
): void {
  for (const d of classes.map(declarationOfClass)) {
    const host = cx.state.hostOf(d);
    const type = host.checker.getTypeAtLocation(d);
    const own = type.getProperty(name)?.valueDeclaration;
    // those are asked for where they are found
    const isMember = own !== undefined && (cx.ts.isMethodDeclaration(own) || cx.ts.isAccessor(own));
    if (!isMember && isSeenOnPrototype(host, type, name)) cx.refuse('AD5004', node, ...onPrototype(name));
  }
}
export function decorated<T extends Member>(cx: FunctionContext, m: T): T {
  refuseAccessor(cx, m);
  if (cx.ts.canHaveDecorators(m) && (cx.ts.getDecorators(m)?.length ?? 0) > 0) cx.refuse('AD2006', m);
  const name = memberName(cx, m);
  const host = cx.state.hostOf(m);
  if (
    name !== undefined &&
    !cx.ts.isPropertyDeclaration(m) &&
    isPatched(host, host.checker.getTypeAtLocation(m.parent), name)
  )
    cx.refuse('AD5004', m.name ?? m, `\`${name}\` is replaced on a prototype somewhere in the program`);
  return m;
}
