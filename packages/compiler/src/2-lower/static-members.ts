/** Static members. A static field that is written lives in a cell while the differentiated function runs. */

import { isStaticAssigned } from '../host/kept-statics.js';
import { knownFunction } from '../host/known-functions.js';
import { isStaticReplaced } from '../host/member-writes.js';
import { type FunctionNode, isFunctionNode, skipWrappers } from '../host/scopes.js';
import { mayOwnStatic } from '../host/static-writes.js';
import type { ts } from '../host/ts.js';
import { outsideType, UnsupportedType } from '../host/types.js';
import { CELL, refType } from '../ir/types.js';
import { irVal } from './args.js';
import { callFunction } from './call-values.js';
import { baseOf, findMember, symbolOfClass } from './class-declarations.js';
import { nameOfClassValue } from './class-values.js';
import { constantNumber } from './constant-numbers.js';
import type { FunctionContext } from './context.js';
import { lowerExpression } from './expressions.js';
import { capturesNow } from './functions.js';
import { readChanging } from './names.js';
import { THIS, type Val } from './shapes.js';

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

/** `self`: what `this` is in a getter, where the member is asked of the class that this one extends. */
export function getStatic(
  cx: FunctionContext,
  of: Val & { kind: 'class' },
  name: string,
  node: ts.Node,
  self = of,
): Val {
  const found = findMember(cx, of.decl, name, 'method', true);
  const method = found as FunctionNode | undefined;
  if (found && isReplaced(cx, of.decl, name, found))
    return cx.refuse('AD5004', node, `the static method \`${name}\` is replaced somewhere in the program`);
  if (method) return { kind: 'closure', decl: method, captures: capturesNow(cx, method) };
  const getter = findMember(cx, of.decl, name, 'get', true) as FunctionNode | undefined;
  if (getter) return callFunction(cx, getter, capturesNow(cx, getter), [], node as ts.Expression, self);
  const field = findMember(cx, of.decl, name, 'field', true);
  const symbol = symbolOfClass(cx, of.decl);
  if (!field && name === 'name') return nameOfClassValue(cx, of.decl, node);
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
  if (cell?.kind === 'cell') {
    refuseOwn(cx, of.decl, field, name, node);
    return irVal(cx.load(cell.ref, { key: CELL }, node));
  }
  const table =
    written &&
    (cell ?? (cx.state.inference.readsTables ? cx.state.outside.tableNow(cx, written, node) : undefined));
  if (table) return table;
  const host = cx.state.hostOf(field);
  const type = outsideType(host, host.checker.getTypeAtLocation(field), field);
  if (type instanceof UnsupportedType) return cx.refuse(type.code, node, type.why);
  if (name.startsWith('#') && field.parent !== of.decl)
    return cx.refuse('AD3005', node, `\`${name}\` is a private field of another class`);
  const isFixed = (host.ts.getCombinedModifierFlags(field) & host.ts.ModifierFlags.Readonly) !== 0;
  // another class may have got a field of its own since; a fixed one is read under one name
  const owner = (isFixed && symbolOfClass(cx, field.parent as ts.ClassLikeDeclaration)) || symbol;
  const text = name.startsWith('#')
    ? `${cx.state.outside.privateText(cx, symbol, name, 'get', node)}()`
    : `${cx.state.outside.text(cx, owner, node)}.${name}`;
  if (!isFixed && cx.state.inference.callsOutside) return irVal(readChanging(cx, text, type, name, node));
  const id = cx.fresh(type, node, name);
  cx.emit({ kind: 'outer', text, changes: !isFixed, results: [id], span: cx.span(node) });
  return irVal(id);
}

/** A class that extends the one of a static field has a field of its own once the program has assigned it. */
function refuseOwn(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  field: ts.ClassElement,
  name: string,
  node: ts.Node,
): void {
  for (let c: ts.ClassLikeDeclaration | undefined = d; c && c !== field.parent; c = baseOf(cx, c)) {
    const owner = symbolOfClass(cx, c);
    if (owner && mayOwnStatic(cx.state.hostOf(c), owner, name))
      cx.refuse(
        'AD5005',
        node,
        `the static field \`${name}\` of a base class is written here, and \`${owner.name}\` may have got one of its own`,
        `declare \`static ${name}\` in \`${owner.name}\``,
      );
  }
}

/** Whether something in the program gives a class another function under the name of a static one. */
function isReplaced(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  name: string,
  member: ts.ClassElement,
): boolean {
  const owner = symbolOfClass(cx, d);
  const home = cx.state.hostOf(member);
  if (home.untyped) return isStaticAssigned(home, member);
  return owner !== undefined && isStaticReplaced(home, owner, name);
}
/** The function of `static f = (x) => ...` or `static f = Math.sin`, that nothing replaces. */
function staticFunction(cx: FunctionContext, field: ts.PropertyDeclaration, name: string): Val | undefined {
  const host = cx.state.hostOf(field);
  const init = field.initializer && skipWrappers(cx.ts, field.initializer);
  const f = init && knownFunction(host, init);
  if (!f || host.untyped || isReplaced(cx, field.parent, name, field)) return undefined;
  if (!isFunctionNode(cx.ts, init)) return cx.inHost(host, () => lowerExpression(cx, init));
  const captures = capturesNow(cx, init);
  // the `this` of an initialiser is the class, also where the function is called by a class that extends it
  if (cx.ts.isArrowFunction(init))
    captures.set(THIS, { kind: 'class', decl: field.parent, captures: new Map() });
  return { kind: 'closure', decl: init, captures };
}
