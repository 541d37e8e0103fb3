/** Constructors: initialisers, parameter properties and bodies in the order of the language, and `super`. */

import { definesFields, keepsFields } from '../host/instances.js';
import { type FunctionNode, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { isSurelyThere, lowerType, UnsupportedType } from '../host/types.js';
import { NULLISH, type RecordType, type ValueId } from '../ir/nodes.js';
import { fieldsNamed, kindOfKey, kindOfSlot, refType, splitKey } from '../ir/types.js';
import { type Arg, lowerArgs } from './args.js';
import { callFunction, callValue } from './call-values.js';
import { classesOf } from './class-checks.js';
import {
  baseOf,
  declarationOfClass,
  decorated,
  extendsError,
  findMember,
  isOrExtends,
  isStatic,
  memberName,
} from './class-declarations.js';
import { type Construction, constructionOf, mayBeFrozenAt } from './construction.js';
import type { FunctionContext } from './context.js';
import { initialiseError } from './error-members.js';
import { lowerExpression } from './expressions.js';
import { fitting } from './fit.js';
import { capturesNow } from './functions.js';
import { capturesOf } from './instances.js';
import { type Env, identity, THIS, type Val } from './shapes.js';
import { getStatic } from './static-members.js';

/** Runs the constructor of a class on an object: initialisers, parameter properties and body in the order of the language. */
export function runConstructor(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  self: Val,
  args: readonly Arg[],
  e: ts.Expression,
): void {
  const { ts } = cx;
  const own = d.members.find(
    (m): m is ts.ConstructorDeclaration => ts.isConstructorDeclaration(m) && m.body !== undefined,
  );
  if (own) {
    // initialisers of fields run in the constructor, those of the classes that it extends too
    const captures: Env = new Map(capturesNow(cx, own));
    for (let c: ts.ClassLikeDeclaration | undefined = d; c; c = baseOf(cx, c))
      for (const [symbol, v] of capturesNow(cx, c as unknown as FunctionNode)) captures.set(symbol, v);
    callFunction(cx, own, captures, args, e, self);
    return;
  }
  const base = baseOf(cx, d);
  if (base) runConstructor(cx, base, self, args, e);
  else if (extendsError(cx, d)) initialiseError(cx, self, args, e);
  const ref = cx.ir(self, e);
  const isInside = cx.unfinished.has(ref);
  if (!mayBeFrozenAt(cx, d)) cx.unfinished.add(ref);
  initialiseFields(cx, d, self, e);
  if (!isInside) cx.unfinished.delete(ref);
}
/** Field initialisers of a class, in order; `this` is the object. */
function initialiseFields(cx: FunctionContext, d: ts.ClassLikeDeclaration, self: Val, e: ts.Node): void {
  const { ts } = cx;
  const before = cx.env.get(THIS);
  const ref = cx.ir(self, e);
  const context = cx.context;
  cx.context = `${context}|${identity(e)}`;
  for (const m of d.members) {
    if (!ts.isPropertyDeclaration(m) || isStatic(ts, m)) continue;
    const name = memberName(cx, m) ?? cx.refuse('AD3005', m.name);
    decorated(cx, m);
    const modifiers = ts.getModifiers(m)?.map((x) => x.kind) ?? [];
    if (modifiers.includes(ts.SyntaxKind.DeclareKeyword)) mayStayAway(cx, d, self, name);
    if (modifiers.some((k) => k === ts.SyntaxKind.DeclareKeyword || k === ts.SyntaxKind.AbstractKeyword))
      continue;
    if (!m.initializer) {
      if (isUndefinedHere(cx, d, self, m, name)) storeField(cx, ref, name, { kind: 'missing' }, m);
      continue;
    }
    cx.env.set(THIS, self);
    const value = lowerExpression(cx, m.initializer);
    storeField(cx, ref, name, value, m);
  }
  cx.context = context;
  if (before) cx.env.set(THIS, before);
  else cx.env.delete(THIS);
}

/** A field that a class only declares is not there until something is stored in it. */
function mayStayAway(cx: FunctionContext, d: ts.ClassLikeDeclaration, self: Val, name: string): void {
  const t = refType(cx.type(cx.ir(self, d)));
  if (t && constructionsOf(cx, d, self).some((c) => !c.given.has(name)))
    cx.state.inference.store(t, name, NULLISH);
}
/** How the instances are made that may be constructed here. */
const constructionsOf = (
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  self: Val,
): readonly Construction[] =>
  classesOf(cx, self)
    .map(declarationOfClass)
    .filter((c) => isOrExtends(cx, c, d))
    .map((c) => constructionOf(cx, c));

/** Whether a base class has a field of the same name. */
function isInherited(cx: FunctionContext, d: ts.ClassLikeDeclaration, name: string): boolean {
  const { ts } = cx;
  const base = baseOf(cx, d);
  if (!base) return false;
  const isIt = (m: ts.Node): boolean =>
    (ts.isPropertyDeclaration(m) && !isStatic(ts, m) && memberName(cx, m) === name) ||
    (ts.isConstructorDeclaration(m) &&
      m.parameters.some((p) => ts.isParameterPropertyDeclaration(p, m) && p.name.getText() === name));
  return base.members.some(isIt) || isInherited(cx, base, name);
}

/**
 * Whether a field without an initialiser becomes `undefined` here. One that the constructor surely assigns is left alone where nothing
 * reads it before, and nothing was stored in it.
 */
function isUndefinedHere(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  self: Val,
  m: ts.PropertyDeclaration,
  name: string,
): boolean {
  const made = constructionsOf(cx, d, self);
  if (isInherited(cx, d, name) || made.some((c) => c.reset.has(name))) return definesFields(cx.host);
  return !isSurelyAssigned(cx, m) && made.some((c) => !c.given.has(name));
}
/** Whether TypeScript has seen to it that the constructor assigns a field. */
function isSurelyAssigned({ host, ts }: FunctionContext, m: ts.PropertyDeclaration): boolean {
  const {
    strict,
    strictPropertyInitialization = strict,
    strictNullChecks = strict,
  } = host.program.getCompilerOptions();
  if (host.untyped || !strictPropertyInitialization || !strictNullChecks) return false;
  if (m.questionToken || m.exclamationToken || !ts.isIdentifier(m.name)) return false;
  return isSurelyThere(host, m);
}
export function storeField(cx: FunctionContext, ref: ValueId, key: string, v: Val, node: ts.Node): void {
  const t = refType(cx.type(ref));
  if (cx.state.inference.splits.has(key) && t?.kind === 'record' && v.kind === 'missing') {
    resetKinds(cx, ref, t, key, node);
    return;
  }
  const id =
    fitting(cx, ref, key, cx.ir(v, node), node) ??
    cx.refuse('AD3003', node, `the field \`${key}\` does not have the type that is expected of it`);
  cx.store(ref, { key }, id, node);
}

/** A class defines a field of a base class again: it is `undefined`, and is given a value of the kind that it had. */
function resetKinds(cx: FunctionContext, ref: ValueId, t: RecordType, name: string, node: ts.Node): void {
  const all = fieldsNamed(t, name);
  const host = cx.state.hostOf(node);
  const declared = lowerType(host, host.checker.getTypeAtLocation(node), node);
  const isKnown = !(declared instanceof UnsupportedType) && declared.kind !== 'opaque';
  const kind = isKnown ? kindOfSlot(declared) : undefined;
  for (const key of kind === undefined ? all.map((f) => f.key) : [splitKey(name, kind)])
    cx.staysOfKind(ref, t, key, node);
  for (const f of all)
    if (f.type.kind === 'maybe' && (kind === undefined || kindOfKey(f.key) === kind))
      cx.store(ref, { key: f.key }, cx.constant(undefined, node), node);
}

/** What a constructor does before its parameters get their values: fields of a class that extends no other are there by then. */
export function enterConstructor(cx: FunctionContext, decl: ts.ConstructorDeclaration): void {
  const self = cx.env.get(THIS);
  if (self?.kind === 'ir') {
    cx.own.add(self.id);
    cx.unfinished.add(self.id);
  }
  if (self && !isDerived(cx, decl) && keepsFields(cx.host)) initialiseFields(cx, decl.parent, self, decl);
}
/** What a constructor does before the statements of its body. */
export function beginConstructor(cx: FunctionContext, decl: ts.ConstructorDeclaration): void {
  const self = cx.env.get(THIS);
  if (!self || isDerived(cx, decl)) return;
  storeParameters(cx, decl, self);
  if (!keepsFields(cx.host)) initialiseFields(cx, decl.parent, self, decl);
}
const isDerived = (cx: FunctionContext, { parent }: ts.ConstructorDeclaration): boolean =>
  baseOf(cx, parent) !== undefined || extendsError(cx, parent);
/** Behind `super(...)`. */
function finishThis(cx: FunctionContext, decl: ts.ConstructorDeclaration, self: Val): void {
  if (keepsFields(cx.host)) initialiseFields(cx, decl.parent, self, decl);
  storeParameters(cx, decl, self);
  if (!keepsFields(cx.host)) initialiseFields(cx, decl.parent, self, decl);
}
/** Parameter properties get their values. */
function storeParameters(cx: FunctionContext, decl: ts.ConstructorDeclaration, self: Val): void {
  const ref = cx.ir(self, decl);
  for (const p of decl.parameters) {
    if (!cx.ts.isParameterPropertyDeclaration(p, decl) || !cx.ts.isIdentifier(p.name)) continue;
    const s = symbolOf(cx.host, p.name);
    const v = parameterValue(cx, p, s);
    storeField(cx, ref, p.name.text, v, p);
  }
}
function parameterValue(cx: FunctionContext, p: ts.ParameterDeclaration, s: ts.Symbol | undefined): Val {
  // the symbol at the name is that of the parameter or of the property
  for (const [symbol, v] of cx.env) if (symbol === s || symbol.valueDeclaration === p) return v;
  return cx.refuse('AD2013', p);
}

/** Behind a call that may freeze the object which is made, writes to it may throw. */
export function noteFreezing(cx: FunctionContext, e: ts.CallExpression | ts.NewExpression): void {
  const self = cx.env.get(THIS);
  if (self?.kind === 'ir' && cx.unfinished.has(self.id) && mayBeFrozenAt(cx, e))
    cx.unfinished.delete(self.id);
}

/** The class whose base class `super` names here. */
function homeOfSuper(cx: FunctionContext, e: ts.Node): ts.ClassLikeDeclaration {
  const { ts } = cx;
  for (let n = e.parent; n && !ts.isSourceFile(n); n = n.parent) {
    if (ts.isClassLike(n)) return n;
    const isOwn = ts.isMethodDeclaration(n) || ts.isAccessor(n);
    if (isOwn && ts.isObjectLiteralExpression(n.parent)) break;
  }
  return cx.refuse(
    'AD2013',
    e,
    '`super` of an object literal is not supported',
    'call the function by its name',
  );
}

/** `super(...)` and `super.method(...)`. */
export function callSuper(cx: FunctionContext, e: ts.CallExpression, name?: string): Val {
  const { ts } = cx;
  const d = homeOfSuper(cx, e);
  const base = baseOf(cx, d);
  const self = cx.env.get(THIS);
  if (!self || (!base && !extendsError(cx, d))) return cx.refuse('AD2013', e);
  const args = lowerArgs(cx, e.arguments);
  if (name !== undefined) {
    if (!base) return cx.refuse('AD4003', e.expression);
    // in a static method `this` is a class, and `super` the one that it extends
    if (self.kind === 'class')
      return callValue(cx, getStatic(cx, { ...self, decl: base }, name, e.expression, self), args, e, self);
    const m = findMember(cx, base, name, 'method', false) as FunctionNode | undefined;
    if (!m) return cx.refuse('AD4003', e.expression);
    return callFunction(cx, m, capturesOf(cx, self, m, e), args, e, self);
  }
  if (base) runConstructor(cx, base, self, args, e);
  else initialiseError(cx, self, args, e);
  if (mayBeFrozenAt(cx, d)) cx.unfinished.delete(cx.ir(self, e));
  let c: ts.Node = e;
  while (!ts.isConstructorDeclaration(c)) c = c.parent;
  finishThis(cx, c, self);
  return { kind: 'missing' };
}

/** `super.name`: what a getter of the class that is extended gives. */
export function getSuper(cx: FunctionContext, e: ts.PropertyAccessExpression): Val {
  const base = baseOf(cx, homeOfSuper(cx, e));
  const self = cx.env.get(THIS);
  if (base && self?.kind === 'class') return getStatic(cx, { ...self, decl: base }, e.name.text, e, self);
  const g = base && (findMember(cx, base, e.name.text, 'get', false) as FunctionNode | undefined);
  if (!g || !self) return cx.refuse('AD2013', e);
  return callFunction(cx, g, capturesOf(cx, self, g, e), [], e, self);
}
/** `super.p = v`, through the setter of the class that is extended. */
export function setSuper(cx: FunctionContext, e: ts.PropertyAccessExpression, v: Val): void {
  const base = baseOf(cx, homeOfSuper(cx, e));
  const self = cx.env.get(THIS);
  const isStatic = self?.kind === 'class';
  const s = base && (findMember(cx, base, e.name.text, 'set', isStatic) as FunctionNode | undefined);
  if (!s || !self) return cx.refuse('AD2013', e);
  const captures = isStatic ? capturesNow(cx, s) : capturesOf(cx, self, s, e);
  callFunction(cx, s, captures, [{ v, spread: false, node: e }], e, self);
}
