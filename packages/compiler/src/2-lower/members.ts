/**
 * Members of instances. Methods and accessors are functions with `this` as a captured value, found through the chain of classes; where
 * several classes may be there, each has its own.
 */
import { isMethodAssigned, mayMethodBeAssigned } from '../host/member-writes.js';
import type { FunctionNode } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { isSurelyThere } from '../host/types.js';
import type { ClassTag, RecordType, ValueId } from '../ir/nodes.js';
import { fieldsNamed, refType } from '../ir/types.js';
import { type Arg, irVal } from './args.js';
import { callFunction } from './call-values.js';
import { byClass, checkClass, classesOf } from './class-checks.js';
import {
  baseOf,
  declarationOfClass,
  findMember,
  ITERATOR,
  isStatic,
  type Member,
  memberName,
  refusePatched,
} from './class-declarations.js';
import { classOfInstance } from './class-values.js';
import { isReadEarly } from './construction.js';
import { type FunctionContext, severalKinds } from './context.js';
import { isNameOfEngine, nameOfError, refuseOfEngine } from './error-members.js';
import { areClasses, dispatch } from './functions.js';
import { initialFunction } from './initial-functions.js';
import { capturesOf } from './instances.js';
import { calledKind } from './kinds.js';
import { getThroughLiteral, raiseGetterOnly, setThroughLiteral } from './literal-accessors.js';
import { literalFunction } from './literal-members.js';
import { callOwn, isOfBoth, ownOfLiteral, refuseOfBoth, whetherLiteral } from './literals-and-instances.js';
import type { Val } from './shapes.js';
import { getStatic } from './static-members.js';
import { raiseTypeError } from './try.js';

/** Whether a class has a method or an accessor of that name. */
export function isMemberOf(cx: FunctionContext, c: ClassTag, name: string): boolean {
  const kinds = ['method', 'get', 'set'] as const;
  return kinds.some((kind) => findMember(cx, declarationOfClass(c), name, kind, false) !== undefined);
}
/** Whether a class that the instance may be of has a method or an accessor of that name. */
export const isMemberOfClasses = (cx: FunctionContext, of: Val, name: string): boolean =>
  classesOf(cx, of).some((c) => isMemberOf(cx, c, name));
/** Whether an object may be an instance that has a method of that name from its class. */
export const isMethodOf = (cx: FunctionContext, of: Val, name: string): boolean =>
  classesOf(cx, of).some((c) => findMember(cx, declarationOfClass(c), name, 'method', false) !== undefined);
/** The accessor of that name, of both kinds that which is asked for `first`. */
const accessorIn = (
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  name: string,
  first: 'get' | 'set',
): Member | undefined =>
  findMember(cx, d, name, first, false) ?? findMember(cx, d, name, first === 'get' ? 'set' : 'get', false);
/** The names of the accessors of the classes that an instance may be of. */
export const accessorsOf = (cx: FunctionContext, of: Val): readonly string[] =>
  classesOf(cx, of).flatMap((c) => namesOf(cx, c, cx.ts.isAccessor));
/** The names of the methods and accessors that instances of a class have. */
export const membersOf = (cx: FunctionContext, c: ClassTag): readonly string[] =>
  [...new Set(namesOf(cx, c, (m) => cx.ts.isAccessor(m) || cx.ts.isMethodDeclaration(m)))].sort();
function namesOf(cx: FunctionContext, c: ClassTag, isMeant: (m: ts.Node) => boolean): readonly string[] {
  const names: string[] = [];
  for (let d: ts.ClassLikeDeclaration | undefined = declarationOfClass(c); d; d = baseOf(cx, d))
    for (const m of d.members) if (isMeant(m) && !isStatic(cx.ts, m)) names.push(memberName(cx, m) ?? '');
  return names.filter((n) => n !== '' && !n.startsWith('#') && n !== ITERATOR);
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
  const isField = t?.kind === 'record' && !t.literal && !t.outside && fieldsNamed(t, name).length > 0;
  const isAssigned = (c: ClassTag): boolean => {
    const d = declarationOfClass(c);
    const host = cx.state.hostOf(d);
    return !host.untyped && isMethodAssigned(host, host.checker.getTypeAtLocation(d), name);
  };
  if (isField || (t?.kind === 'record' && (t.outside || t.literal) && classes.some(isAssigned)))
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
  const mayBeReplaced = classes.map(declarationOfClass).some((d) => {
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
  const found = classes.map((c) => findMember(cx, declarationOfClass(c), name, 'method', false));
  if (classes.length === 0 || found.every((m) => m === undefined)) return undefined;
  // of this one object the literal is known, whatever else implements its interface
  if (literalFunction(cx, of, name, 'value')) return undefined;
  const ofBoth = isOfBoth(cx, of, name, node);
  refuseReplaced(cx, of, classes, name, node);
  if (!ofBoth) checkClass(cx, of, classes, node);
  if (!ofBoth) checkMethod(cx, of, classes, name, node);
  const own = ofBoth ? ownOfLiteral(cx, of, name, node) : undefined;
  const call = (m: Member | undefined, args: readonly Arg[], e: ts.Expression): Val => {
    if (m)
      return callFunction(cx, m as FunctionNode, capturesOf(cx, of, m as FunctionNode, node), args, e, of);
    if (!cx.ts.isCallExpression(e) || !e.questionDotToken) raiseTypeError(cx, `${name} is not a function`, e);
    return { kind: 'missing' };
  };
  const ofInstance = (args: readonly Arg[], e: ts.Expression): Val => {
    if (new Set(found).size === 1) return call(found[0], args, e);
    return byClass(cx, of as Val & { kind: 'ir' }, classes, node, (d) =>
      call(findMember(cx, d, name, 'method', false), args, e),
    );
  };
  if (!own) return ofInstance;
  return (args, e) =>
    whetherLiteral(
      cx,
      of,
      name,
      node,
      () => callOwn(cx, of, name, own, args, e),
      () => {
        checkMethod(cx, of, classes, name, node);
        return ofInstance(args, e);
      },
    );
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
  const ofBoth = isOfBoth(cx, of, name, node);
  if (name === 'constructor' && type.classes) {
    if (type.literal) refuseOfBoth(cx, name, node);
    return classOfInstance(cx, of, node);
  }
  const initial = initialFunction(cx, of, name, node);
  if (initial) return initial;
  if (of.kind === 'ir' && isNameOfEngine(cx, of, name)) return nameOfError(cx, of, node);
  const ofInstance = (): Val => fieldOrClassMember(cx, of, type, name, node);
  if (!ofBoth) return getThroughLiteral(cx, of, name, node, ofInstance);
  return whetherLiteral(cx, of, name, node, () => ownOfLiteral(cx, of, name, node), ofInstance);
}
/** A field, or what the class of an instance has under a name. */
function fieldOrClassMember(
  cx: FunctionContext,
  of: Val,
  type: RecordType,
  name: string,
  node: ts.Node,
): Val {
  const id = cx.ir(of, node);
  refusePatched(cx, classesOf(cx, of), name, node);
  const fields = isMethodOf(cx, of, name) ? [] : fieldsNamed(type, name);
  const called =
    fields.length === 0 || isMixedMember(cx, of, name) ? undefined : calledKind(cx, id, type, name, node);
  if (called) return called;
  if (fields.length > 1) return cx.refuse('AD3003', node, ...severalKinds(name, fields));
  if (fields.length > 0 && !isMixedMember(cx, of, name)) return irVal(cx.load(id, { key: name }, node));
  const classes = classesOf(cx, of);
  const accessors = classes.map((c) => accessorIn(cx, declarationOfClass(c), name, 'get'));
  if (accessors.some((a) => a !== undefined)) {
    checkClass(cx, of, classes, node);
    const run = (d: ts.ClassLikeDeclaration): Val => {
      const a = accessorIn(cx, d, name, 'get') as FunctionNode | undefined;
      if (!a)
        return fields.length > 0
          ? irVal(cx.present(cx.load(id, { key: name }, node), node))
          : { kind: 'missing' };
      if (cx.ts.isSetAccessor(a)) return { kind: 'missing' };
      return callFunction(cx, a, capturesOf(cx, of, a, node), [], node as ts.Expression, of);
    };
    return new Set(accessors).size === 1
      ? run(declarationOfClass(classes[0]))
      : byClass(cx, of as Val & { kind: 'ir' }, classes, node, run);
  }
  const methods = classes.map((c) => findMember(cx, declarationOfClass(c), name, 'method', false));
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
/** `this.name` in a method, of a field that each instance of its class has, whatever other classes it is seen with. */
export function isOwnField(cx: FunctionContext, name: string, node: ts.Expression): boolean {
  const { host, ts } = cx;
  if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword)
    return false;
  let at: ts.Node = node;
  while (at.parent && (ts.isArrowFunction(at) || !ts.isFunctionLike(at)) && !ts.isClassLike(at.parent))
    at = at.parent;
  const d = at.parent;
  if (!d || !ts.isClassLike(d) || (!ts.isMethodDeclaration(at) && !ts.isAccessor(at))) return false;
  if (isReadEarly(cx, name)) return false;
  const isIt = (m: ts.ParameterDeclaration | ts.PropertyDeclaration): boolean =>
    ts.isIdentifier(m.name) && m.name.text === name && !m.questionToken && isSurelyThere(host, m);
  return d.members.some((m) =>
    ts.isConstructorDeclaration(m)
      ? m.parameters.some((p) => ts.isParameterPropertyDeclaration(p, m) && isIt(p))
      : ts.isPropertyDeclaration(m) && m.initializer !== undefined && !isStatic(ts, m) && isIt(m),
  );
}
/** Whether instances have a member of this name from their classes; nothing if some have and some have not. */
export function inClasses(cx: FunctionContext, of: ValueId, name: string): boolean | undefined {
  const t = refType(cx.type(of));
  const classes = t?.kind === 'record' ? (t.classes ?? []) : [];
  const has = (c: ClassTag): boolean => isMemberOf(cx, c, name);
  if (!classes.some(has)) return false;
  return classes.every(has) && t?.kind === 'record' && !t.literal ? true : undefined;
}

/** Whether a member is a field in some classes that an object may be of, and an accessor in others; or a field of a literal beside them. */
export function isMixedMember(cx: FunctionContext, of: Val, name: string): boolean {
  const classes = classesOf(cx, of);
  const t = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  if (isNameOfEngine(cx, of, name)) return true;
  if (t?.kind === 'record' && (t.literal || t.outside)) return isMemberOfClasses(cx, of, name);
  return (
    classes.length > 1 &&
    classes.some((c) => accessorIn(cx, declarationOfClass(c), name, 'get') !== undefined)
  );
}
/** What an instance that comes from outside keeps to itself cannot be reached by generated code, nor what only the engine knows. */
export function refuseHidden(cx: FunctionContext, type: RecordType, name: string, node: ts.Node): void {
  refuseOfEngine(cx, type, name, node);
  if (name.startsWith('#') && type.outside && fieldsNamed(type, name).length > 0)
    cx.refuse(
      'AD2013',
      node,
      `\`${name}\` of an instance that comes from outside cannot be reached`,
      'make the instance inside, or let the class have a `private` field instead',
    );
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

/**
 * Writes a member: through its setter where there is one; with a `TypeError`, as in JavaScript, where there is a getter alone; by
 * `store` where there is neither.
 */
export function setMember(
  cx: FunctionContext,
  of: Val,
  name: string,
  v: Val,
  node: ts.Expression,
  store: () => void,
): void {
  const arg: Arg = { v, spread: false, node };
  const setter = literalFunction(cx, of, name, 'set');
  if (setter) {
    callFunction(cx, setter, new Map(), [arg], node, of);
    return;
  }
  if (literalFunction(cx, of, name, 'get')) {
    raiseGetterOnly(cx, name, node);
    return;
  }
  setThroughLiteral(cx, of, name, v, node, () => setInClasses(cx, of, name, arg, node, store));
}
function setInClasses(
  cx: FunctionContext,
  of: Val,
  name: string,
  arg: Arg,
  node: ts.Expression,
  store: () => void,
): void {
  const classes = classesOf(cx, of);
  refusePatched(cx, classes, name, node);
  const accessorOf = (d: ts.ClassLikeDeclaration): Member | undefined => accessorIn(cx, d, name, 'set');
  const accessors = classes.map((c) => accessorOf(declarationOfClass(c)));
  const ofBoth = isOfBoth(cx, of, name, node);
  if (ofBoth && isMethodOf(cx, of, name)) refuseOfBoth(cx, name, node);
  if (accessors.every((m) => m === undefined)) {
    store();
    return;
  }
  checkClass(cx, of, classes, node);
  const run = (d: ts.ClassLikeDeclaration): Val => {
    const m = accessorOf(d);
    if (!m) store();
    else if (cx.ts.isGetAccessor(m)) raiseGetterOnly(cx, name, node);
    else callFunction(cx, m as FunctionNode, capturesOf(cx, of, m as FunctionNode, node), [arg], node, of);
    return { kind: 'missing' };
  };
  const ofInstance = (): Val =>
    new Set(accessors).size === 1
      ? run(declarationOfClass(classes[0]))
      : byClass(cx, of as Val & { kind: 'ir' }, classes, node, run);
  const ofLiteral = (): Val => {
    store();
    return { kind: 'missing' };
  };
  if (ofBoth) whetherLiteral(cx, of, name, node, ofLiteral, ofInstance);
  else ofInstance();
}
