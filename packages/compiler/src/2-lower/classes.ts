/**
 * Classes. An instance made here is a record with the class as its tag; constructors and methods are functions with `this` as a
 * captured value, found through the chain of classes. Where several classes may be there, a call branches on the tag.
 */
import { definedFields, definesFields, sureFields } from '../host/instances.js';
import { knownFunction } from '../host/known-functions.js';
import { isPatched } from '../host/prototypes.js';
import {
  boundFunction,
  type FunctionNode,
  isConst,
  isFunctionNode,
  nameOfClass,
  skipWrappers,
  symbolOf,
} from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { classTag, isSurelyThere, lowerType, outsideType, UnsupportedType } from '../host/types.js';
import { isMemberAssigned, isMethodAssigned, isStaticReplaced, mayMethodBeAssigned } from '../host/writes.js';
import {
  BOOLEAN,
  type ClassTag,
  type Field,
  NEVER,
  OPAQUE,
  type RecordType,
  type ValueId,
} from '../ir/nodes.js';
import {
  CELL,
  CLASS_FIELD,
  fieldsNamed,
  GETTER,
  HELD_CELL,
  HELD_VALUE,
  holdsFunctions,
  holdsInstances,
  isSplit,
  kindOfKey,
  kindOfSlot,
  nameOfKey,
  refType,
  SETTER,
  slotType,
  splitKey,
  withoutObjects,
} from '../ir/types.js';
import { type Arg, irVal, lowerArgs } from './args.js';
import { callFunction, callValue } from './calls.js';
import { type FunctionContext, severalKinds } from './context.js';
import { lowerExpression } from './expressions.js';
import { fitting } from './fit.js';
import { accessorName, areClasses, capturesNow, dispatch, functionsOf } from './functions.js';
import { literalFunction } from './literal-members.js';
import { constantNumber, readChanging } from './names.js';
import { type Env, identity, THIS, type Val } from './shapes.js';
import { engineError, initialiseError, isErrorClass, raiseTypeError, thrownClass } from './try.js';

const declarationOf = (tag: ClassTag): ts.ClassLikeDeclaration => tag.declaration as ts.ClassLikeDeclaration;

/** The name of a class, if it has one. */
export function symbolOfClass(cx: FunctionContext, d: ts.ClassLikeDeclaration): ts.Symbol | undefined {
  const name = nameOfClass(cx.ts, d);
  return name && symbolOf(cx.state.hostOf(d), name);
}

/** The class that a class extends; a refusal if it is not known. */
function baseOf(cx: FunctionContext, d: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration | undefined {
  const { ts } = cx;
  const clause = d.heritageClauses?.find((h) => h.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  if (!clause) return undefined;
  const base = classOfExpression(cx, clause.expression);
  if (!base && isErrorClass(clause.expression.getText())) return undefined;
  return base ?? cx.refuse('AD2013', clause, 'the class that is extended here is not statically known');
}

/** Whether a class extends one of the language's own classes of errors. */
function extendsError(cx: FunctionContext, d: ts.ClassLikeDeclaration): boolean {
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

type Member =
  | ts.MethodDeclaration
  | ts.GetAccessorDeclaration
  | ts.SetAccessorDeclaration
  | ts.PropertyDeclaration;

const memberName = (ts: FunctionContext['ts'], m: ts.ClassElement): string | undefined => {
  const { name } = m;
  if (!name) return undefined;
  if (
    ts.isIdentifier(name) ||
    ts.isPrivateIdentifier(name) ||
    ts.isStringLiteral(name) ||
    ts.isNumericLiteral(name)
  )
    return name.text;
  return isIteratorKey(ts, name) ? ITERATOR : undefined;
};
/** The name by which the method is known that `for ... of` and spreads call. */
export const ITERATOR = '[Symbol.iterator]';
const isIteratorKey = (ts: FunctionContext['ts'], name: ts.PropertyName): boolean =>
  ts.isComputedPropertyName(name) && name.getText() === ITERATOR;
const isStatic = (ts: FunctionContext['ts'], m: ts.ClassElement): boolean =>
  ts.canHaveModifiers(m) &&
  (ts.getModifiers(m)?.some((x) => x.kind === ts.SyntaxKind.StaticKeyword) ?? false);

type Kind = 'method' | 'get' | 'set' | 'field';

/** A member by its name, in the class or the nearest one that it extends. */
function findMember(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  name: string,
  kind: Kind,
  fromStatic: boolean,
): Member | undefined {
  const { ts } = cx;
  for (let c: ts.ClassLikeDeclaration | undefined = d; c; c = baseOf(cx, c))
    for (const m of c.members) {
      if (memberName(ts, m) !== name || isStatic(ts, m) !== fromStatic) continue;
      if (kind === 'method' && ts.isMethodDeclaration(m) && m.body) return decorated(cx, m);
      if (kind === 'get' && ts.isGetAccessorDeclaration(m) && m.body) return decorated(cx, m);
      if (kind === 'set' && ts.isSetAccessorDeclaration(m) && m.body) return decorated(cx, m);
      if (kind === 'field' && ts.isPropertyDeclaration(m)) return decorated(cx, m);
    }
  return undefined;
}
function decorated<T extends Member>(cx: FunctionContext, m: T): T {
  if (cx.ts.canHaveDecorators(m) && (cx.ts.getDecorators(m)?.length ?? 0) > 0) cx.refuse('AD2006', m);
  const name = memberName(cx.ts, m);
  const host = cx.state.hostOf(m);
  if (
    name !== undefined &&
    !cx.ts.isPropertyDeclaration(m) &&
    isPatched(host, host.checker.getTypeAtLocation(m.parent), name)
  )
    cx.refuse('AD5004', m.name ?? m, `\`${name}\` is replaced on a prototype somewhere in the program`);
  return m;
}

// ------------------------------------------------------------------ instances

/** `new C(...)`. */
export function construct(cx: FunctionContext, d: ts.ClassLikeDeclaration, e: ts.NewExpression): Val {
  const { ts } = cx;
  if (ts.getDecorators(d as ts.ClassDeclaration)?.length) cx.refuse('AD2006', d);
  refusePrivateTwice(cx, d, e);
  const args = lowerArgs(cx, e.arguments ?? []);
  const id = makeInstance(cx, d, e);
  keepScope(cx, d, id, e);
  const self = irVal(id);
  runConstructor(cx, d, self, args, e);
  return self;
}

/** An instance with these fields, made without its constructor. */
export function rebuildInstance(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  e: ts.NewExpression,
  fields: (self: Val) => readonly (readonly [key: string, value: Val])[],
): Val {
  const id = makeInstance(cx, d, e);
  for (const [key, value] of fields(irVal(id))) storeField(cx, id, key, value, e);
  return irVal(id);
}
/** Lowers with another `this`. */
export function withThis(cx: FunctionContext, self: Val, run: () => Val): Val {
  const before = cx.env.get(THIS);
  cx.env.set(THIS, self);
  const value = run();
  if (before) cx.env.set(THIS, before);
  else cx.env.delete(THIS);
  return value;
}

/** The same `#name` in a class and in one that it extends is two fields. */
function refusePrivateTwice(cx: FunctionContext, d: ts.ClassLikeDeclaration, e: ts.Node): void {
  const seen = new Set<string>();
  for (let c: ts.ClassLikeDeclaration | undefined = d; c; c = baseOf(cx, c))
    for (const m of c.members) {
      if (!m.name || !cx.ts.isPrivateIdentifier(m.name) || isStatic(cx.ts, m)) continue;
      // a getter and its setter are of one class
      const key = cx.ts.isPropertyDeclaration(m) ? m.name.text : `${m.name.text}${m.kind}`;
      if (seen.has(key))
        cx.refuse(
          'AD2013',
          e,
          `\`${m.name.text}\` is a private name of several classes of this object`,
          'give them different names',
        );
      seen.add(key);
    }
}

/**
 * An instance of a class that a function declares holds the variables of that function which its methods use: where they are called,
 * another trip or call may have other variables of the same names.
 */
function keepScope(cx: FunctionContext, d: ts.ClassLikeDeclaration, id: ValueId, e: ts.Node): void {
  for (let c: ts.ClassLikeDeclaration | undefined = d; c; c = baseOf(cx, c))
    for (const s of cx.state.scopesOf(c).captured(c as unknown as FunctionNode)) {
      // of the scope around the differentiated function there is only one
      if (cx.state.outer.has(s)) continue;
      const v = cx.env.get(s);
      if (!v) refuseLater(cx, s, e);
      if (!v || v.kind === 'class' || v.kind === 'conflict') continue;
      const key = heldName(cx, c, s);
      if (v.kind === 'cell') storeField(cx, id, HELD_CELL + key, irVal(v.ref), e);
      else storeField(cx, id, HELD_VALUE + key, v, e);
    }
}
/** A variable that a class captures has no value yet where an instance is made: which one it will be is not known. */
function refuseLater(cx: FunctionContext, s: ts.Symbol, e: ts.Node): void {
  const d = s.valueDeclaration;
  if (!d || !(cx.ts.isVariableDeclaration(d) || cx.ts.isBindingElement(d))) return;
  // what stands before it belongs to a scope around, and is found there
  if (d.getSourceFile() !== e.getSourceFile() || d.pos < e.pos) return;
  const host = cx.state.hostOf(d);
  if (cx.state.scopesOf(d).isLocal(s) && !boundFunction(host, s))
    cx.refuse('AD5003', e, `\`${s.name}\`, which methods of this class use, is initialised only later`);
}
/** The name of a variable that a class captures, and how many others have it among those that the classes which it extends capture. */
function heldName(cx: FunctionContext, d: ts.ClassLikeDeclaration, s: ts.Symbol): string {
  const others = new Set<ts.Symbol>();
  for (let c = baseOf(cx, d); c; c = baseOf(cx, c))
    for (const x of cx.state.scopesOf(c).captured(c as unknown as FunctionNode))
      if (x.name === s.name && x !== s) others.add(x);
  return others.size === 0 ? s.name : `${s.name}_${others.size}`;
}
/** What a member of a class captures: what the instance holds, else of the scope here. */
function capturesOf(cx: FunctionContext, of: Val, m: FunctionNode, node: ts.Node): Env {
  const captures = capturesNow(cx, m);
  const t = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  const d = m.parent;
  if (of.kind !== 'ir' || t?.kind !== 'record' || !cx.ts.isClassLike(d)) return captures;
  const ofClass = cx.state.scopesOf(d).captured(d as unknown as FunctionNode);
  for (const s of cx.state.scopesOf(m).captured(m)) {
    const name = ofClass.has(s) ? heldName(cx, d, s) : undefined;
    const held = t.fields.find((f) => f.key === HELD_VALUE + name || f.key === HELD_CELL + name);
    const c = s.valueDeclaration;
    if (!held && c && cx.ts.isClassLike(c) && !captures.has(s))
      captures.set(s, { kind: 'class', decl: c, captures: new Map() });
    if (!held) continue;
    const id = cx.present(cx.load(of.id, { key: held.key }, node), node);
    const isCell = held.key.startsWith(HELD_CELL);
    captures.set(
      s,
      isCell ? { kind: 'cell', ref: id, type: slotType(cx.type(id), CELL) ?? NEVER } : irVal(id),
    );
  }
  return captures;
}

/** The object before its constructor runs: all declared fields are there. */
function makeInstance(cx: FunctionContext, d: ts.ClassLikeDeclaration, e: ts.NewExpression): ValueId {
  const tag = classTag(d);
  const host = cx.state.hostOf(e);
  const instance = host.checker.getTypeAtLocation(e);
  const start = (): RecordType => {
    const declared = lowerType(cx.state.hostOf(d), instance, e);
    const isUnknown = declared instanceof UnsupportedType;
    const known = isUnknown ? undefined : refType(declared);
    // which kind a field has that is told apart, what is stored in it says
    const isLeftOut = (key: string): boolean => key.startsWith('#') || cx.state.inference.splits.has(key);
    const unknown = isUnknown
      ? sureFields(cx.state.hostOf(d), instance).filter((key) => !isLeftOut(key))
      : [];
    const declaredFields = known?.kind === 'record' ? known.fields.filter((f) => !f.key.startsWith('#')) : [];
    const fields = [
      ...declaredFields.map((f) => ({ key: f.key, type: withoutObjects(f.type) })),
      ...unknown.map((key) => ({ key, type: NEVER })),
    ];
    return {
      kind: 'record',
      fields: [...fields, { key: CLASS_FIELD, type: OPAQUE }],
      tuple: false,
      classes: [tag],
    };
  };
  const type = cx.siteOfKind(`new ${tag.id}`, e, start);
  // the fields of this class in its order, whatever other classes the type has come to stand for
  const order = definedFields(host, instance);
  const rank = ({ key }: Field): number =>
    order.includes(nameOfKey(key)) ? order.indexOf(nameOfKey(key)) : order.length;
  const ownKinds = type.fields.some((f) => isSplit(f.key)) ? start().fields.map((f) => f.key) : undefined;
  const isOwn = ({ key }: Field): boolean =>
    order.includes(nameOfKey(key)) && (!isSplit(key) || ownKinds?.includes(key) === true);
  const present = type.fields
    .filter((f) => f.type.kind !== 'maybe' || f.key === CLASS_FIELD || isOwn(f))
    .filter((f, k, all) => all.findIndex((g) => nameOfKey(g.key) === nameOfKey(f.key)) === k)
    .sort((f, g) => rank(f) - rank(g));
  const own: RecordType = { ...type, fields: present };
  cx.state.inference.laidOut(
    type,
    present.map((f) => f.key),
  );
  const args = present.map((f) => {
    if (f.key === CLASS_FIELD) return cx.constant(className(cx, tag), e);
    const id = cx.fresh(NEVER, e);
    cx.emit({ kind: 'const', value: undefined, results: [id] });
    return id;
  });
  const id = cx.fresh(type, e);
  const real = type.outside ? { instanceOf: realClass(cx, d, tag, e) } : {};
  cx.emit({ kind: 'literal', type: own, args, ...real, results: [id], span: cx.span(e) });
  return id;
}
/** The expression of a class whose instances the caller sees; they are made without their constructor. */
function realClass(cx: FunctionContext, d: ts.ClassLikeDeclaration, tag: ClassTag, e: ts.Node): string {
  const symbol = symbolOfClass(cx, d);
  if (!symbol || cx.state.scopesOf(d).isLocal(symbol))
    return cx.refuse('AD2013', e, 'an instance of a class that a function declares is handed to the caller');
  for (let c: ts.ClassLikeDeclaration | undefined = d; c; c = baseOf(cx, c))
    for (const m of c.members)
      if (
        m.name &&
        cx.ts.isPrivateIdentifier(m.name) &&
        cx.ts.isPropertyDeclaration(m) &&
        !isStatic(cx.ts, m)
      )
        cx.refuse(
          'AD2013',
          e,
          `an instance with the private field \`${m.name.text}\` is handed to the caller`,
          'use a field that is `private` in TypeScript instead of one with `#`',
        );
  return classReference(cx, tag, e);
}
const className = (cx: FunctionContext, tag: ClassTag): string => cx.state.classText(tag);

/** Runs the constructor of a class on an object: initialisers, parameter properties and body in the order of the language. */
function runConstructor(
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
  else if (extendsError(cx, d)) initialiseError(cx, self, args[0]?.v, e);
  initialiseFields(cx, d, self, e);
}

/** Field initialisers of a class, in order; `this` is the object. */
export function initialiseFields(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  self: Val,
  e: ts.Node,
): void {
  const { ts } = cx;
  const before = cx.env.get(THIS);
  const ref = cx.ir(self, e);
  const context = cx.context;
  cx.context = `${context}|${identity(e)}`;
  for (const m of d.members) {
    if (!ts.isPropertyDeclaration(m) || isStatic(ts, m)) continue;
    const name = memberName(ts, m) ?? cx.refuse('AD3005', m.name);
    decorated(cx, m);
    if (
      ts
        .getModifiers(m)
        ?.some((x) => x.kind === ts.SyntaxKind.DeclareKeyword || x.kind === ts.SyntaxKind.AbstractKeyword)
    )
      continue;
    if (!m.initializer) {
      const isReset = isInherited(cx, d, name) ? definesFields(cx.host) : !definedByConstructor(cx, d, name);
      if (isReset) storeField(cx, ref, name, { kind: 'missing' }, m);
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

/** Whether a base class has a field of the same name. */
function isInherited(cx: FunctionContext, d: ts.ClassLikeDeclaration, name: string): boolean {
  const { ts } = cx;
  const base = baseOf(cx, d);
  if (!base) return false;
  const isIt = (m: ts.Node): boolean =>
    (ts.isPropertyDeclaration(m) && !isStatic(ts, m) && memberName(ts, m) === name) ||
    (ts.isConstructorDeclaration(m) &&
      m.parameters.some((p) => ts.isParameterPropertyDeclaration(p, m) && p.name.getText() === name));
  return base.members.some(isIt) || isInherited(cx, base, name);
}

/** A field without an initialiser that the constructor assigns is left alone: it is never read before. */
function definedByConstructor(cx: FunctionContext, d: ts.ClassLikeDeclaration, name: string): boolean {
  const { ts } = cx;
  const own = d.members.find((m) => ts.isConstructorDeclaration(m) && m.body !== undefined);
  return own?.getText().includes(name) ?? false;
}

function storeField(cx: FunctionContext, ref: ValueId, key: string, v: Val, node: ts.Node): void {
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

/** What a constructor does before the statements of its body. */
export function beginConstructor(cx: FunctionContext, decl: ts.ConstructorDeclaration): void {
  const d = decl.parent;
  if (!cx.ts.isClassLike(d) || baseOf(cx, d) || extendsError(cx, d)) return;
  finishThis(cx, decl);
}
/** Initialisers and parameter properties: where there is no base class, or behind `super(...)`. */
function finishThis(cx: FunctionContext, decl: ts.ConstructorDeclaration): void {
  const self = cx.env.get(THIS);
  if (!self) return;
  const ref = cx.ir(self, decl);
  // parameter properties are assigned first (TypeScript's order for targets with class fields is the same here)
  for (const p of decl.parameters) {
    if (!cx.ts.isParameterPropertyDeclaration(p, decl) || !cx.ts.isIdentifier(p.name)) continue;
    const s = symbolOf(cx.host, p.name);
    const v = parameterValue(cx, p, s);
    storeField(cx, ref, p.name.text, v, p);
  }
  initialiseFields(cx, decl.parent as ts.ClassLikeDeclaration, self, decl);
}
function parameterValue(cx: FunctionContext, p: ts.ParameterDeclaration, s: ts.Symbol | undefined): Val {
  // the symbol at the name is that of the parameter or of the property
  for (const [symbol, v] of cx.env) if (symbol === s || symbol.valueDeclaration === p) return v;
  return cx.refuse('AD2013', p);
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
    const m = findMember(cx, base, name, 'method', false) as ts.MethodDeclaration | undefined;
    if (!m) return cx.refuse('AD4003', e.expression);
    return callFunction(cx, m, capturesOf(cx, self, m, e), args, e, self);
  }
  if (base) runConstructor(cx, base, self, args, e);
  else initialiseError(cx, self, args[0]?.v, e);
  let c: ts.Node = e;
  while (!ts.isConstructorDeclaration(c)) c = c.parent;
  finishThis(cx, c);
  return { kind: 'missing' };
}

// ------------------------------------------------------------------ members

/** The classes that an object may be of; of those that come from outside only what this file can name. */
const classesOf = (cx: FunctionContext, of: Val): readonly ClassTag[] => {
  if (of.kind !== 'ir') return [];
  const t = refType(cx.type(of.id));
  if (t?.kind !== 'record' || !t.classes) return [];
  if (!t.outside || t.classes.length === 1) return t.classes;
  const named = (c: ClassTag): boolean => {
    const d = declarationOf(c);
    const symbol = symbolOfClass(cx, d);
    return symbol !== undefined && cx.state.outside.reach(symbol) !== undefined;
  };
  return t.classes.filter(named);
};

/** The expression that names a class in generated code. */
function classReference(cx: FunctionContext, tag: ClassTag, node: ts.Node): string {
  const d = declarationOf(tag);
  const symbol = symbolOfClass(cx, d);
  return symbol
    ? cx.state.outside.text(cx, symbol, node)
    : cx.refuse('AD5007', node, 'a class without a name cannot be told from others');
}
/** An instance made here as an instance of its class, for unknown code, texts and logs. */
export function asInstance(cx: FunctionContext, id: ValueId, node: ts.Node): ValueId {
  const t = refType(cx.type(id));
  if (t?.kind !== 'record' || t.outside || t.classes?.length !== 1 || cx.type(id).kind === 'maybe') return id;
  const d = declarationOf(t.classes[0]);
  if (d === thrownClass(cx)) return engineError(cx, id, node);
  const symbol = symbolOfClass(cx, d);
  const text = symbol && !cx.state.scopesOf(d).isLocal(symbol) ? cx.state.outside.reach(symbol) : undefined;
  if (text === undefined) return id;
  const template = [
    `(({ ${CLASS_FIELD}: _, ...fields }: any) => Object.assign(Object.create(${text}.prototype), fields))(`,
    ')',
  ];
  return cx.foreign(template, [id], OPAQUE, false, node, 'encodes');
}

/** A value that is made into text: what its class or its parts say of that counts. */
export function asText(cx: FunctionContext, id: ValueId, node: ts.Node): ValueId {
  const t = refType(cx.type(id));
  const parts = t?.kind === 'record' && t.classes ? t.fields.map((f) => f.type) : undefined;
  const isFlat = parts?.every((p) => !holdsInstances(p) && !holdsFunctions(p));
  const shown = isFlat ? asInstance(cx, id, node) : id;
  if (shown === id) cx.handOut(id, node);
  return shown;
}

/** What comes from outside must be of the very classes that are known: another one may have other methods (R9). */
function checkClass(cx: FunctionContext, of: Val, classes: readonly ClassTag[], node: ts.Node): void {
  if (of.kind !== 'ir') return;
  const t = refType(cx.type(of.id));
  if (t?.kind !== 'record' || !t.outside || cx.checkedClasses.has(of.id)) return;
  cx.checkedClasses.add(of.id);
  const list = classes.map((c) => `() => ${classReference(cx, c, node)}`).join(', ');
  const path = JSON.stringify(
    cx.ts.isPropertyAccessExpression(node) ? node.expression.getText() : node.getText(),
  );
  cx.emit({
    kind: 'runtime',
    name: 'checkClass',
    args: [of.id],
    literals: [path, `[${list}]`],
    effect: 'effect',
    results: [],
    span: cx.span(node),
  });
}

/** Runs the arm of the class that the object is of. */
export function byClass(
  cx: FunctionContext,
  of: Val & { kind: 'ir' },
  classes: readonly ClassTag[],
  node: ts.Node,
  run: (d: ts.ClassLikeDeclaration) => Val,
): Val {
  const from = (k: number): Val => {
    const arm = (): Val => run(declarationOf(classes[k]));
    if (k === classes.length - 1) return arm();
    const here = isInstance(cx, of.id, classes[k], node);
    return cx.branch(here, arm, () => from(k + 1), node) ?? { kind: 'missing' };
  };
  return from(0);
}
function isInstance(cx: FunctionContext, id: ValueId, tag: ClassTag, node: ts.Node): ValueId {
  const t = refType(cx.type(id));
  if (t?.kind === 'record' && t.outside) {
    const text = classReference(cx, tag, node);
    const made = JSON.stringify(className(cx, tag));
    const result = cx.fresh(BOOLEAN, node);
    cx.emit({
      kind: 'runtime',
      name: 'isOfClass',
      args: [id],
      literals: [`() => ${text}`, made],
      effect: 'pure',
      results: [result],
      span: cx.span(node),
    });
    return result;
  }
  const name = cx.constant(className(cx, tag), node);
  return cx.scalar('eq', [cx.load(id, { key: CLASS_FIELD }, node), name], node);
}

/** Where an instance and an object literal meet, only fields of both can be used: a literal has no class to look in. */
function refuseLiteral(cx: FunctionContext, of: Val, name: string, node: ts.Node): void {
  const t = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  if (t?.kind !== 'record' || !t.literal || !t.classes) return;
  if (t.classes.some((c) => isMemberOf(cx, c, name)))
    cx.refuse(
      'AD2013',
      node,
      `\`${name}\` is used here of an object that may be an instance of a class or an object literal`,
      'make instances of classes in both places',
    );
}
/** Whether a class has a method or an accessor of that name. */
function isMemberOf(cx: FunctionContext, c: ClassTag, name: string): boolean {
  const kinds = ['method', 'get', 'set'] as const;
  return kinds.some((kind) => findMember(cx, declarationOf(c), name, kind, false) !== undefined);
}
/** Whether a class that the instance may be of has a method or an accessor of that name. */
export const isMemberOfClasses = (cx: FunctionContext, of: Val, name: string): boolean =>
  classesOf(cx, of).some((c) => isMemberOf(cx, c, name));
/** The names of the accessors of the classes that an instance may be of. */
export function accessorsOf(cx: FunctionContext, of: Val): readonly string[] {
  const names: string[] = [];
  for (const c of classesOf(cx, of))
    for (let d: ts.ClassLikeDeclaration | undefined = declarationOf(c); d; d = baseOf(cx, d))
      for (const m of d.members)
        if (cx.ts.isAccessor(m) && !isStatic(cx.ts, m)) names.push(memberName(cx.ts, m) ?? '');
  return names.filter((n) => n !== '' && !n.startsWith('#'));
}
/** A method that an instance has as a field of its own stands before that of its class. */
function refuseReplaced(
  cx: FunctionContext,
  of: Val,
  classes: readonly ClassTag[],
  name: string,
  node: ts.Node,
): void {
  const t = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  const isField = t?.kind === 'record' && fieldsNamed(t, name).length > 0;
  const isAssigned = (c: ClassTag): boolean => {
    const d = declarationOf(c);
    const host = cx.state.hostOf(d);
    return !host.untyped && isMethodAssigned(host, host.checker.getTypeAtLocation(d), name);
  };
  if (isField || (t?.kind === 'record' && t.outside && classes.some(isAssigned)))
    cx.refuse('AD5004', node, `the method \`${name}\` is replaced on an instance somewhere in the program`);
}
/** Where the program puts functions into fields that it does not name, an object from outside is asked whether it has one of its own. */
function checkMethod(
  cx: FunctionContext,
  of: Val,
  classes: readonly ClassTag[],
  name: string,
  node: ts.Node,
): void {
  const t = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  if (of.kind !== 'ir' || t?.kind !== 'record' || !t.outside) return;
  const mayBeReplaced = classes.map(declarationOf).some((d) => {
    const host = cx.state.hostOf(d);
    return !host.untyped && mayMethodBeAssigned(host, host.checker.getTypeAtLocation(d), name);
  });
  if (!mayBeReplaced) return;
  const path = JSON.stringify(
    cx.ts.isPropertyAccessExpression(node) ? node.expression.getText() : node.getText(),
  );
  cx.emit({
    kind: 'runtime',
    name: 'checkMethod',
    args: [of.id],
    literals: [path, JSON.stringify(name)],
    effect: 'effect',
    results: [],
    span: cx.span(node),
  });
}

/** A method of an instance, ready to be called; `undefined` if its classes have none of this name. */
export function methodOf(
  cx: FunctionContext,
  of: Val,
  name: string,
  node: ts.Node,
): ((args: readonly Arg[], e: ts.Expression) => Val) | undefined {
  const classes = classesOf(cx, of);
  const found = classes.map((c) => findMember(cx, declarationOf(c), name, 'method', false));
  if (classes.length === 0 || found.every((m) => m === undefined)) return undefined;
  refuseLiteral(cx, of, name, node);
  refuseReplaced(cx, of, classes, name, node);
  checkClass(cx, of, classes, node);
  checkMethod(cx, of, classes, name, node);
  const call = (m: Member | undefined, args: readonly Arg[], e: ts.Expression): Val => {
    if (m)
      return callFunction(cx, m as FunctionNode, capturesOf(cx, of, m as FunctionNode, node), args, e, of);
    if (!cx.ts.isCallExpression(e) || !e.questionDotToken) raiseTypeError(cx, `${name} is not a function`, e);
    return { kind: 'missing' };
  };
  return (args, e) => {
    if (new Set(found).size === 1) return call(found[0], args, e);
    return byClass(cx, of as Val & { kind: 'ir' }, classes, node, (d) =>
      call(findMember(cx, d, name, 'method', false), args, e),
    );
  };
}

/** The value of a member: a field, what a getter gives, a method as a function, a static member. */
export function getMember(cx: FunctionContext, of: Val, name: string, node: ts.Node): Val {
  if (of.kind === 'class') return getStatic(cx, of, name, node);
  if (areClasses(cx, of)) return dispatch(cx, of.id, node, (c) => getMember(cx, c, name, node));
  const id = cx.ir(of, node);
  const type = refType(cx.type(id));
  if (type?.kind !== 'record') return cx.refuse('AD3005', node);
  const known = literalFunction(cx, of, name, 'value');
  if (known) return { kind: 'closure', decl: known, captures: new Map() };
  const getter = literalFunction(cx, of, name, 'get');
  if (getter) return callFunction(cx, getter, new Map(), [], node as ts.Expression, of);
  refuseHidden(cx, type, name, node);
  refuseLiteral(cx, of, name, node);
  if (name === 'constructor' && type.classes) return classOfInstance(cx, of, node);
  const initial = initialFunction(cx, of, name, node);
  if (initial) return initial;
  const fields = fieldsNamed(type, name);
  if (fields.length > 1) return cx.refuse('AD3003', node, ...severalKinds(name));
  if (fields.length > 0 && !isMixedMember(cx, of, name)) return irVal(cx.load(id, { key: name }, node));
  const hidden = `${GETTER}${name}`;
  if (type.fields.some((f) => f.key === hidden))
    return dispatch(cx, accessor(cx, id, hidden, node), node, (f) =>
      callValue(cx, f, [], node as ts.Expression, of),
    );
  const classes = classesOf(cx, of);
  const getters = classes.map((c) => findMember(cx, declarationOf(c), name, 'get', false));
  if (getters.some((g) => g !== undefined)) {
    checkClass(cx, of, classes, node);
    const run = (d: ts.ClassLikeDeclaration): Val => {
      const g = findMember(cx, d, name, 'get', false) as FunctionNode | undefined;
      return g
        ? callFunction(cx, g, capturesOf(cx, of, g, node), [], node as ts.Expression, of)
        : fields.length > 0
          ? irVal(cx.present(cx.load(id, { key: name }, node), node))
          : { kind: 'missing' };
    };
    return new Set(getters).size === 1
      ? run(declarationOf(classes[0]))
      : byClass(cx, of as Val & { kind: 'ir' }, classes, node, run);
  }
  const methods = classes.map((c) => findMember(cx, declarationOf(c), name, 'method', false));
  if (methods.every((m) => m === undefined)) return { kind: 'missing' };
  const asValue = (m: Member | undefined): Val => {
    if (!m) return { kind: 'missing' };
    const f = m as FunctionNode;
    return { kind: 'closure', decl: f, captures: capturesOf(cx, of, f, node) };
  };
  if (new Set(methods).size === 1) return asValue(methods[0]);
  checkClass(cx, of, classes, node);
  return byClass(cx, of as Val & { kind: 'ir' }, classes, node, (d) =>
    asValue(findMember(cx, d, name, 'method', false)),
  );
}
/** `new this.constructor(...)`: a class as a value. */
function classOfInstance(cx: FunctionContext, of: Val, node: ts.Node): Val {
  const classes = classesOf(cx, of);
  checkClass(cx, of, classes, node);
  const one = (decl: ts.ClassLikeDeclaration): Val =>
    cx.state.scopesOf(decl).captured(decl as unknown as FunctionNode).size > 0
      ? cx.refuse('AD2013', node, '`constructor` of a class that captures variables is not supported')
      : { kind: 'class', decl, captures: new Map() };
  return classes.length === 1
    ? one(declarationOf(classes[0]))
    : byClass(cx, of as Val & { kind: 'ir' }, classes, node, one);
}
/** `this.name` in a method, of a field that each instance of its class has, whatever other classes it is seen with. */
export function isOwnField({ host, ts }: FunctionContext, name: string, node: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword)
    return false;
  let at: ts.Node = node;
  while (at.parent && (ts.isArrowFunction(at) || !ts.isFunctionLike(at)) && !ts.isClassLike(at.parent))
    at = at.parent;
  const d = at.parent;
  if (!d || !ts.isClassLike(d) || (!ts.isMethodDeclaration(at) && !ts.isAccessor(at))) return false;
  const isIt = (m: ts.ParameterDeclaration | ts.PropertyDeclaration): boolean =>
    ts.isIdentifier(m.name) && m.name.text === name && !m.questionToken && isSurelyThere(host, m);
  return d.members.some((m) =>
    ts.isConstructorDeclaration(m)
      ? m.parameters.some((p) => ts.isParameterPropertyDeclaration(p, m) && isIt(p))
      : ts.isPropertyDeclaration(m) && m.initializer !== undefined && !isStatic(ts, m) && isIt(m),
  );
}
/** An accessor of an object literal, which must be known as a function. */
function accessor(cx: FunctionContext, id: ValueId, hidden: string, node: ts.Node): ValueId {
  const found = cx.load(id, { key: hidden }, node);
  if (functionsOf(cx, found)) return found;
  return cx.refuse(
    'AD4003',
    node,
    `\`${accessorName(hidden)}\` is an accessor of an object that comes from outside`,
    'make the object inside, or let a function compute what the accessor gives',
  );
}
/** A function that each instance from outside gets by an initialiser, `f = (x) => x * this.k`, and that nothing replaces. */
function initialFunction(cx: FunctionContext, of: Val, name: string, node: ts.Node): Val | undefined {
  const t = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  if (of.kind !== 'ir' || t?.kind !== 'record' || !t.outside || t.literal) return undefined;
  const classes = classesOf(cx, of);
  const found = classes.map((c) => initialiserOf(cx, declarationOf(c), name));
  if (found.length === 0 || found.some((init) => init === undefined)) return undefined;
  checkClass(cx, of, classes, node);
  const value = (init: ts.Expression | undefined): Val => {
    if (init && isFunctionNode(cx.ts, init))
      return { kind: 'closure', decl: init, captures: new Map([[THIS, of]]) };
    return cx.inHost(cx.state.hostOf(init as ts.Expression), () =>
      lowerExpression(cx, init as ts.Expression),
    );
  };
  if (new Set(found).size === 1) return value(found[0]);
  return byClass(cx, of, classes, node, (d) => value(initialiserOf(cx, d, name)));
}
/** The function by which a field of a class is initialised, if all that it needs is at hand. */
function initialiserOf(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  name: string,
): ts.Expression | undefined {
  const { ts } = cx;
  const field = findMember(cx, d, name, 'field', false);
  if (!field || !ts.isPropertyDeclaration(field) || !field.initializer) return undefined;
  const host = cx.state.hostOf(field);
  const init = skipWrappers(ts, field.initializer);
  const f = knownFunction(host, init);
  if (!f || host.untyped || isMemberAssigned(host, host.checker.getTypeAtLocation(d), name)) return undefined;
  return f === 'known' || cx.state.scopesOf(f).captured(f).size === 0 ? init : undefined;
}

/** Whether instances have a member of this name from their classes; nothing if some have and some have not. */
export function inClasses(cx: FunctionContext, of: ValueId, name: string): boolean | undefined {
  const t = refType(cx.type(of));
  const classes = t?.kind === 'record' ? (t.classes ?? []) : [];
  const has = (c: ClassTag): boolean => isMemberOf(cx, c, name);
  if (!classes.some(has)) return false;
  return classes.every(has) && t?.kind === 'record' && !t.literal ? true : undefined;
}

/** Whether a member is a field in some classes that an object may be of, and a getter in others. */
export function isMixedMember(cx: FunctionContext, of: Val, name: string): boolean {
  const classes = classesOf(cx, of);
  const t = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  const isMixed = classes.length > 1 || (t?.kind === 'record' && t.literal === true);
  return isMixed && classes.some((c) => findMember(cx, declarationOf(c), name, 'get', false));
}
/** What an instance that comes from outside keeps to itself cannot be reached by generated code. */
export function refuseHidden(cx: FunctionContext, type: RecordType, name: string, node: ts.Node): void {
  if (name.startsWith('#') && type.outside && fieldsNamed(type, name).length > 0)
    cx.refuse(
      'AD2013',
      node,
      `\`${name}\` of an instance that comes from outside cannot be reached`,
      'make the instance inside, or let the class have a `private` field instead',
    );
}

/** `super.name`: what a getter of the class that is extended gives. */
export function getSuper(cx: FunctionContext, e: ts.PropertyAccessExpression): Val {
  const base = baseOf(cx, homeOfSuper(cx, e));
  const self = cx.env.get(THIS);
  const g = base && (findMember(cx, base, e.name.text, 'get', false) as FunctionNode | undefined);
  if (!g || !self) return cx.refuse('AD2013', e);
  return callFunction(cx, g, capturesOf(cx, self, g, e), [], e, self);
}
/** A method of a class, called for an object that another class may override it for. */
export function callMethodOf(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  name: string,
  self: Val,
  args: readonly Arg[],
  e: ts.CallExpression,
): Val {
  const method = findMember(cx, d, name, 'method', false) as FunctionNode | undefined;
  if (!method) return cx.refuse('AD3005', e.expression);
  return callFunction(cx, method, capturesOf(cx, self, method, e), args, e, self);
}
/** `super.p = v`, through the setter of the class that is extended. */
export function setSuper(cx: FunctionContext, e: ts.PropertyAccessExpression, v: Val): void {
  const base = baseOf(cx, homeOfSuper(cx, e));
  const self = cx.env.get(THIS);
  const s = base && (findMember(cx, base, e.name.text, 'set', false) as FunctionNode | undefined);
  if (!s || !self) return cx.refuse('AD2013', e);
  callFunction(cx, s, capturesOf(cx, self, s, e), [{ v, spread: false, node: e }], e, self);
}

/** Whether a member is written through a setter; runs it. */
export function setThroughSetter(
  cx: FunctionContext,
  of: Val,
  name: string,
  v: Val,
  node: ts.Expression,
): boolean {
  const hidden = `${SETTER}${name}`;
  const id = cx.ir(of, node);
  const type = refType(cx.type(id));
  const setter = literalFunction(cx, of, name, 'set');
  if (setter) {
    callFunction(cx, setter, new Map(), [{ v, spread: false, node }], node, of);
    return true;
  }
  if (type?.kind === 'record' && type.fields.some((f) => f.key === hidden)) {
    const set = accessor(cx, id, hidden, node);
    dispatch(cx, set, node, (f) => callValue(cx, f, [{ v, spread: false, node }], node, of));
    return true;
  }
  const classes = classesOf(cx, of);
  const setters = classes.map((c) => findMember(cx, declarationOf(c), name, 'set', false));
  refuseLiteral(cx, of, name, node);
  if (!setters.some((s) => s !== undefined)) return false;
  checkClass(cx, of, classes, node);
  const arg: Arg = { v, spread: false, node };
  const run = (d: ts.ClassLikeDeclaration): Val => {
    const s = findMember(cx, d, name, 'set', false) as FunctionNode | undefined;
    if (!s) return cx.refuse('AD3005', node);
    callFunction(cx, s, capturesOf(cx, of, s, node), [arg], node, of);
    return { kind: 'missing' };
  };
  if (new Set(setters).size === 1) run(declarationOf(classes[0]));
  else byClass(cx, of as Val & { kind: 'ir' }, classes, node, run);
  return true;
}

/** The value of a static field that is `readonly` and a number literal. */
function readonlyNumber(cx: FunctionContext, field: ts.ClassElement): number | undefined {
  const { ts } = cx;
  if (!ts.isPropertyDeclaration(field) || !field.initializer) return undefined;
  const isReadonly = field.modifiers?.some((m) => m.kind === ts.SyntaxKind.ReadonlyKeyword);
  return isReadonly ? constantNumber(cx, field.initializer) : undefined;
}

const staticSymbol = (cx: FunctionContext, field: ts.ClassElement): ts.Symbol | undefined =>
  field.name && cx.state.hostOf(field).checker.getSymbolAtLocation(field.name);

/** A static field that is written lives in a cell while the differentiated function runs. */
export function setStatic(
  cx: FunctionContext,
  of: Val & { kind: 'class' },
  name: string,
  v: Val,
  node: ts.Expression,
): void {
  const setter = findMember(cx, of.decl, name, 'set', true) as FunctionNode | undefined;
  if (setter) {
    callFunction(cx, setter, capturesNow(cx, setter), [{ v, spread: false, node }], node, of);
    return;
  }
  const field = findMember(cx, of.decl, name, 'field', true);
  const symbol = field && staticSymbol(cx, field);
  if (!field || !symbol) return cx.refuse('AD5005', node, `the static field \`${name}\` is written here`);
  // the class gets a field of its own then
  if (field.parent !== of.decl)
    return cx.refuse(
      'AD5005',
      node,
      `the static field \`${name}\` of a base class is written through this class`,
    );
  const cell = cx.env.get(symbol);
  if (cell?.kind !== 'cell') {
    cx.state.inference.noteOuterWrite(symbol, node);
    return cx.giveUp(node);
  }
  cx.state.outside.write(cx, symbol, v, node);
  const id = cx.ir(v, node);
  const type = refType(cx.type(cell.ref));
  if (!type || !cx.state.inference.store(type, CELL, cx.type(id))) cx.refuse('AD3003', node);
  cx.store(cell.ref, { key: CELL }, id, node);
}

function getStatic(cx: FunctionContext, of: Val & { kind: 'class' }, name: string, node: ts.Node): Val {
  const method = findMember(cx, of.decl, name, 'method', true) as FunctionNode | undefined;
  if (method && isReplaced(cx, of.decl, name))
    return cx.refuse('AD5004', node, `the static method \`${name}\` is replaced somewhere in the program`);
  if (method) return { kind: 'closure', decl: method, captures: capturesNow(cx, method) };
  const getter = findMember(cx, of.decl, name, 'get', true) as FunctionNode | undefined;
  if (getter) return callFunction(cx, getter, capturesNow(cx, getter), [], node as ts.Expression, of);
  const field = findMember(cx, of.decl, name, 'field', true);
  const symbol = symbolOfClass(cx, of.decl);
  if (!field || !symbol)
    return cx.refuse('AD3005', node, `\`${name}\` is not a static member that can be used here`);
  const literal = readonlyNumber(cx, field);
  const f = staticFunction(cx, field as ts.PropertyDeclaration, name);
  if (f) return f;
  if (literal === undefined && cx.state.scopesOf(of.decl).isLocal(symbol))
    return cx.refuse('AD2013', node, `static members of a class that a function declares are not supported`);
  if (literal !== undefined) return irVal(cx.constant(literal, node));
  const written = staticSymbol(cx, field);
  const cell = written && cx.env.get(written);
  if (cell?.kind === 'cell') return irVal(cx.load(cell.ref, { key: CELL }, node));
  const table =
    written &&
    (cell ?? (cx.state.inference.readsTables ? cx.state.outside.tableNow(cx, written, node) : undefined));
  if (table) return table;
  const host = cx.state.hostOf(field);
  const type = outsideType(host, host.checker.getTypeAtLocation(field), field);
  if (type instanceof UnsupportedType) return cx.refuse(type.code, node, type.why);
  if (name.startsWith('#') && field.parent !== of.decl)
    return cx.refuse('AD3005', node, `\`${name}\` is a private field of another class`);
  const text = name.startsWith('#')
    ? `${cx.state.outside.privateText(cx, symbol, name, 'get', node)}()`
    : `${cx.state.outside.text(cx, symbol, node)}.${name}`;
  const isFixed = (host.ts.getCombinedModifierFlags(field) & host.ts.ModifierFlags.Readonly) !== 0;
  if (!isFixed && cx.state.inference.callsOutside) return irVal(readChanging(cx, text, type, name, node));
  const id = cx.fresh(type, node, name);
  const changes = !(host.ts.getCombinedModifierFlags(field) & host.ts.ModifierFlags.Readonly);
  cx.emit({ kind: 'outer', text, changes, results: [id], span: cx.span(node) });
  return irVal(id);
}

/** Whether something in the program gives a class another function under the name of a static one. */
function isReplaced(cx: FunctionContext, d: ts.ClassLikeDeclaration, name: string): boolean {
  const owner = symbolOfClass(cx, d);
  const home = cx.state.hostOf(d);
  return owner !== undefined && !home.untyped && isStaticReplaced(home, owner, name);
}
/** The function of `static f = (x) => ...` or `static f = Math.sin`, that nothing replaces. */
function staticFunction(cx: FunctionContext, field: ts.PropertyDeclaration, name: string): Val | undefined {
  const host = cx.state.hostOf(field);
  const init = field.initializer && skipWrappers(cx.ts, field.initializer);
  const f = init && knownFunction(host, init);
  if (!f || host.untyped || isReplaced(cx, field.parent, name)) return undefined;
  if (!isFunctionNode(cx.ts, init)) return cx.inHost(host, () => lowerExpression(cx, init));
  const captures = capturesNow(cx, init);
  // the `this` of an initialiser is the class, also where the function is called by a class that extends it
  if (cx.ts.isArrowFunction(init))
    captures.set(THIS, { kind: 'class', decl: field.parent, captures: new Map() });
  return { kind: 'closure', decl: init, captures };
}

/** `x instanceof C`, as far as it is known. */
export function instanceOf(cx: FunctionContext, of: Val, d: ts.ClassLikeDeclaration, node: ts.Node): ValueId {
  if (d.members.some((m) => m.name?.getText() === '[Symbol.hasInstance]'))
    return cx.refuse('AD2013', node, 'a class with its own `Symbol.hasInstance` is not supported');
  return instanceWhere(cx, of, node, (tag) => {
    for (let c: ts.ClassLikeDeclaration | undefined = declarationOf(tag); c; c = baseOf(cx, c))
      if (c === d) return true;
    return false;
  });
}

/** `x instanceof Error` of an instance that the program makes, which has no prototype: what its class extends says it. */
export function instanceOfPlatform(
  cx: FunctionContext,
  of: Val,
  name: string,
  node: ts.Node,
): ValueId | undefined {
  const r = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  if (r?.kind !== 'record' || !r.classes || r.outside) return undefined;
  const thrown = r.classes.find((tag) => tag.declaration === thrownClass(cx));
  const { id } = of as Val & { kind: 'ir' };
  const ofEngine = (): Val =>
    irVal(cx.foreign(['', ` instanceof ${name}`], [engineError(cx, id, node)], BOOLEAN, true, node));
  if (thrown && r.classes.length === 1) return cx.ir(ofEngine(), node);
  if (thrown) {
    const others = (): Val => irVal(instanceWhere(cx, of, node, extendsIt));
    return cx.ir(cx.branch(isInstance(cx, id, thrown, node), ofEngine, others, node)!, node);
  }
  return instanceWhere(cx, of, node, extendsIt);
  function extendsIt(tag: ClassTag): boolean {
    if (name === 'Object') return true;
    if (tag === thrown) return false;
    let d = declarationOf(tag);
    for (let base = baseOf(cx, d); base; base = baseOf(cx, d)) d = base;
    const clause = d.heritageClauses?.find((h) => h.token === cx.ts.SyntaxKind.ExtendsKeyword);
    const extended = clause?.types[0].expression.getText();
    return extended === name || (name === 'Error' && extended !== undefined && isErrorClass(extended));
  }
}

/** Whether an instance is of one of the classes that `inside` holds for. */
function instanceWhere(
  cx: FunctionContext,
  of: Val,
  node: ts.Node,
  inside: (tag: ClassTag) => boolean,
): ValueId {
  const id = cx.ir(of, node);
  const t = cx.type(id);
  const classes = classesOf(cx, of);
  const r = refType(t);
  if (r === undefined) return cx.constant(false, node);
  if (r.kind === 'record' && r.literal && r.classes)
    return cx.refuse(
      'AD2013',
      node,
      '`instanceof` of an object that may be an object literal is not supported',
    );
  const yes = classes.filter(inside);
  let result: ValueId;
  if (yes.length === 0) return cx.constant(false, node);
  if (yes.length === classes.length && t.kind !== 'maybe') return cx.constant(true, node);
  if (yes.length === classes.length) result = cx.scalar('not', [cx.scalar('isNullish', [id], node)], node);
  else {
    const any = (k: number): Val => {
      const here = isInstance(cx, id, yes[k], node);
      if (k === yes.length - 1) return irVal(here);
      return cx.branch(
        here,
        () => irVal(cx.constant(true, node)),
        () => any(k + 1),
        node,
      )!;
    };
    result = cx.ir(any(0), node);
  }
  return result;
}
