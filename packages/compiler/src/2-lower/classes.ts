/**
 * Classes. An instance made here is a record with the class as its tag; constructors and methods are functions with `this` as a
 * captured value, found through the chain of classes. Where several classes may be there, a call branches on the tag.
 */
import { type FunctionNode, isConst, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { classTag, lowerType, UnsupportedType } from '../host/types.js';
import { type ClassTag, NEVER, OPAQUE, type RecordType, type ValueId } from '../ir/nodes.js';
import { refType } from '../ir/types.js';
import { type Arg, callFunction, callValue, irVal, lowerArgs } from './calls.js';
import type { FunctionContext } from './context.js';
import { lowerExpression } from './expressions.js';
import { capturesNow } from './functions.js';
import { constantNumber } from './names.js';
import { identity, THIS, type Val } from './shapes.js';
import { initialiseError, isErrorClass } from './try.js';

export const CLASS_FIELD = '$class';
const declarationOf = (tag: ClassTag): ts.ClassLikeDeclaration => tag.declaration as ts.ClassLikeDeclaration;

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
  return undefined;
};
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
      if (kind === 'get' && ts.isGetAccessorDeclaration(m)) return decorated(cx, m);
      if (kind === 'set' && ts.isSetAccessorDeclaration(m)) return decorated(cx, m);
      if (kind === 'field' && ts.isPropertyDeclaration(m)) return decorated(cx, m);
    }
  return undefined;
}
function decorated<T extends Member>(cx: FunctionContext, m: T): T {
  if (cx.ts.canHaveDecorators(m) && (cx.ts.getDecorators(m)?.length ?? 0) > 0) cx.refuse('AD2006', m);
  return m;
}

/** What a class does where it is declared: decorators and static parts would run there. */
export function checkLocalClass(cx: FunctionContext, d: ts.ClassLikeDeclaration): void {
  const { ts } = cx;
  const decorators = (n: ts.Node) => (ts.canHaveDecorators(n) ? (ts.getDecorators(n) ?? []) : []);
  const decorator = [d, ...d.members].flatMap(decorators)[0];
  if (decorator) cx.refuse('AD2006', decorator);
  const runs = (m: ts.ClassElement) =>
    ts.isClassStaticBlockDeclaration(m) || (ts.isPropertyDeclaration(m) && isStatic(ts, m));
  const one = d.members.find(runs);
  if (one) cx.refuse('AD2013', one, 'static fields and blocks of a class declared here are not supported');
}

// ------------------------------------------------------------------ instances

/** `new C(...)`. */
export function construct(cx: FunctionContext, d: ts.ClassLikeDeclaration, e: ts.NewExpression): Val {
  const { ts } = cx;
  if (ts.getDecorators(d as ts.ClassDeclaration)?.length) cx.refuse('AD2006', d);
  checkPrivateNames(cx, d);
  const args = lowerArgs(cx, e.arguments ?? []);
  const self = irVal(makeInstance(cx, d, e));
  runConstructor(cx, d, self, args, e);
  return self;
}

/** A `#name` of a class and the same one of a class that it extends would be one field here. */
function checkPrivateNames(cx: FunctionContext, d: ts.ClassLikeDeclaration): void {
  const owner = new Map<string, ts.ClassLikeDeclaration>();
  for (let c: ts.ClassLikeDeclaration | undefined = d; c; c = baseOf(cx, c))
    for (const m of c.members) {
      if (!m.name || !cx.ts.isPrivateIdentifier(m.name) || isStatic(cx.ts, m)) continue;
      const before: ts.ClassLikeDeclaration = owner.get(m.name.text) ?? c;
      if (before !== c)
        cx.refuse('AD2013', m.name, `\`${m.name.text}\` is declared by a class that extends this one, too`);
      owner.set(m.name.text, c);
    }
}

/** The object before its constructor runs: all declared fields are there. */
function makeInstance(cx: FunctionContext, d: ts.ClassLikeDeclaration, e: ts.NewExpression): ValueId {
  const tag = classTag(d);
  const start = (): RecordType => {
    const declared = lowerType(cx.state.hostOf(d), cx.state.hostOf(e).checker.getTypeAtLocation(e), e);
    const known = declared instanceof UnsupportedType ? undefined : refType(declared);
    const fields = known?.kind === 'record' ? known.fields.filter((f) => !f.key.startsWith('#')) : [];
    return {
      kind: 'record',
      fields: [...fields, { key: CLASS_FIELD, type: OPAQUE }],
      tuple: false,
      classes: [tag],
    };
  };
  const type = cx.site('new', e, start);
  const present = type.fields.filter((f) => f.type.kind !== 'maybe' || f.key === CLASS_FIELD);
  const own: RecordType = { ...type, fields: present };
  const args = present.map((f) => {
    if (f.key === CLASS_FIELD) return cx.constant(className(cx, tag), e);
    const id = cx.fresh(NEVER, e);
    cx.emit({ kind: 'const', value: undefined, results: [id] });
    return id;
  });
  const id = cx.fresh(type, e);
  cx.emit({ kind: 'literal', type: own, args, results: [id], span: cx.span(e) });
  return id;
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
    callFunction(cx, own, capturesNow(cx, own), args, e, self);
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
      if (!definedByConstructor(cx, d, name)) storeField(cx, ref, name, { kind: 'missing' }, m);
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

/** A field without an initialiser that the constructor assigns is left alone: it is never read before. */
function definedByConstructor(cx: FunctionContext, d: ts.ClassLikeDeclaration, name: string): boolean {
  const { ts } = cx;
  const own = d.members.find((m) => ts.isConstructorDeclaration(m) && m.body !== undefined);
  return own?.getText().includes(name) ?? false;
}

function storeField(cx: FunctionContext, ref: ValueId, key: string, v: Val, node: ts.Node): void {
  const id = cx.ir(v, node);
  const type = refType(cx.type(ref));
  if (!type || !cx.state.inference.store(type, key, cx.type(id)))
    cx.refuse('AD3003', node, `the field \`${key}\` does not have the type that is expected of it`);
  cx.store(ref, { key }, id, node);
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

/** `super(...)` and `super.method(...)`. */
export function callSuper(cx: FunctionContext, e: ts.CallExpression, name?: string): Val {
  const { ts } = cx;
  let n: ts.Node = e;
  while (n && !ts.isClassLike(n)) n = n.parent;
  const d = n as ts.ClassLikeDeclaration;
  const base = baseOf(cx, d);
  const self = cx.env.get(THIS);
  if (!self || (!base && !extendsError(cx, d))) return cx.refuse('AD2013', e);
  const args = lowerArgs(cx, e.arguments);
  if (name !== undefined) {
    if (!base) return cx.refuse('AD4003', e.expression);
    const m = findMember(cx, base, name, 'method', false) as ts.MethodDeclaration | undefined;
    if (!m) return cx.refuse('AD4003', e.expression);
    return callFunction(cx, m, capturesNow(cx, m), args, e, self);
  }
  if (base) runConstructor(cx, base, self, args, e);
  else initialiseError(cx, self, args[0]?.v, e);
  let c: ts.Node = e;
  while (!ts.isConstructorDeclaration(c)) c = c.parent;
  finishThis(cx, c);
  return { kind: 'missing' };
}

// ------------------------------------------------------------------ members

const classesOf = (cx: FunctionContext, of: Val): readonly ClassTag[] => {
  if (of.kind !== 'ir') return [];
  const t = refType(cx.type(of.id));
  return t?.kind === 'record' ? (t.classes ?? []) : [];
};

/** Runs the arm of the class that the object is of. */
function byClass(
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
  const name = cx.constant(className(cx, tag), node);
  return cx.scalar('eq', [cx.load(id, { key: CLASS_FIELD }, node), name], node);
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
  const call = (m: Member | undefined, args: readonly Arg[], e: ts.Expression): Val => {
    if (m) return callFunction(cx, m as FunctionNode, capturesNow(cx, m as FunctionNode), args, e, of);
    return callValue(cx, getMember(cx, of, name, node), args, e, of);
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
  const id = cx.ir(of, node);
  const type = refType(cx.type(id));
  if (type?.kind !== 'record') return cx.refuse('AD3005', node);
  if (type.fields.some((f) => f.key === name)) return irVal(cx.load(id, { key: name }, node));
  const classes = classesOf(cx, of);
  const getters = classes.map((c) => findMember(cx, declarationOf(c), name, 'get', false));
  if (getters.some((g) => g !== undefined)) {
    const run = (d: ts.ClassLikeDeclaration): Val => {
      const g = findMember(cx, d, name, 'get', false) as FunctionNode | undefined;
      return g ? callFunction(cx, g, capturesNow(cx, g), [], node as ts.Expression, of) : { kind: 'missing' };
    };
    return new Set(getters).size === 1
      ? run(declarationOf(classes[0]))
      : byClass(cx, of as Val & { kind: 'ir' }, classes, node, run);
  }
  const method =
    classes.length > 0 ? findMember(cx, declarationOf(classes[0]), name, 'method', false) : undefined;
  if (method) {
    const f = method as FunctionNode;
    return { kind: 'closure', decl: f, captures: capturesNow(cx, f) };
  }
  return { kind: 'missing' };
}

/** Whether a member is written through a setter; runs it. */
export function setThroughSetter(
  cx: FunctionContext,
  of: Val,
  name: string,
  v: Val,
  node: ts.Expression,
): boolean {
  const classes = classesOf(cx, of);
  const setters = classes.map((c) => findMember(cx, declarationOf(c), name, 'set', false));
  if (!setters.some((s) => s !== undefined)) return false;
  const arg: Arg = { v, spread: false, node };
  const run = (d: ts.ClassLikeDeclaration): Val => {
    const s = findMember(cx, d, name, 'set', false) as FunctionNode | undefined;
    if (!s) return cx.refuse('AD3005', node);
    callFunction(cx, s, capturesNow(cx, s), [arg], node, of);
    return { kind: 'missing' };
  };
  if (new Set(setters).size === 1) run(declarationOf(classes[0]));
  else byClass(cx, of as Val & { kind: 'ir' }, classes, node, run);
  return true;
}

function getStatic(cx: FunctionContext, of: Val & { kind: 'class' }, name: string, node: ts.Node): Val {
  const method = findMember(cx, of.decl, name, 'method', true) as FunctionNode | undefined;
  if (method) return { kind: 'closure', decl: method, captures: capturesNow(cx, method) };
  const getter = findMember(cx, of.decl, name, 'get', true) as FunctionNode | undefined;
  if (getter) return callFunction(cx, getter, capturesNow(cx, getter), [], node as ts.Expression, of);
  const field = findMember(cx, of.decl, name, 'field', true) as ts.PropertyDeclaration | undefined;
  const isReadonly = field?.modifiers?.some((m) => m.kind === cx.ts.SyntaxKind.ReadonlyKeyword);
  const number = isReadonly && field?.initializer ? constantNumber(cx, field.initializer) : undefined;
  if (number !== undefined) return irVal(cx.constant(number, node));
  const symbol = of.decl.name && symbolOf(cx.state.hostOf(of.decl), of.decl.name);
  if (!field || !symbol)
    return cx.refuse('AD3005', node, `\`${name}\` is not a static member that can be used here`);
  const host = cx.state.hostOf(field);
  const type = lowerType(host, host.checker.getTypeAtLocation(field), field);
  if (type instanceof UnsupportedType) return cx.refuse(type.code, node, type.why);
  const text = `${cx.state.outerText(cx, symbol, node)}.${name}`;
  const id = cx.fresh(type, node, name);
  cx.emit({ kind: 'outer', text, results: [id], span: cx.span(node) });
  return irVal(id);
}

/** `x instanceof C`, as far as it is known. */
export function instanceOf(cx: FunctionContext, of: Val, d: ts.ClassLikeDeclaration, node: ts.Node): ValueId {
  const id = cx.ir(of, node);
  const t = cx.type(id);
  const classes = classesOf(cx, of);
  if (refType(t) === undefined) return cx.constant(false, node);
  const inside = (tag: ClassTag): boolean => {
    for (let c: ts.ClassLikeDeclaration | undefined = declarationOf(tag); c; c = baseOf(cx, c))
      if (c === d) return true;
    return false;
  };
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
