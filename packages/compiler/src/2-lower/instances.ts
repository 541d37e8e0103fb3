/**
 * Instances that the program makes: records with the class as their tag. One of a class that a function declares holds the variables of
 * that function which its methods use.
 */

import { classTag } from '../host/class-types.js';
import { definedFields, sureFields } from '../host/instances.js';
import { boundFunction, type FunctionNode } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { lowerType, UnsupportedType } from '../host/types.js';
import {
  type ClassTag,
  type Field,
  NEVER,
  OPAQUE,
  type RecordType,
  type Type,
  type ValueId,
} from '../ir/nodes.js';
import {
  CELL,
  CLASS_FIELD,
  HELD_CELL,
  HELD_VALUE,
  isSplit,
  nameOfKey,
  refType,
  slotType,
  withoutObjects,
} from '../ir/types.js';
import { irVal, lowerArgs } from './args.js';
import { classReference } from './class-checks.js';
import { baseOf, isStatic, refusePatched, symbolOfClass } from './class-declarations.js';
import { constructionOf } from './construction.js';
import { runConstructor, storeField } from './constructors.js';
import type { FunctionContext } from './context.js';
import { nameError } from './error-members.js';
import { capturesNow } from './functions.js';
import { type Env, THIS, type Val } from './shapes.js';

/** `new C(...)`. */
export function construct(cx: FunctionContext, d: ts.ClassLikeDeclaration, e: ts.NewExpression): Val {
  const { ts } = cx;
  if (ts.getDecorators(d as ts.ClassDeclaration)?.length) cx.refuse('AD2006', d);
  refusePrivateTwice(cx, d, e);
  const args = lowerArgs(cx, e.arguments ?? []);
  const id = makeInstance(cx, d, e);
  // what is read before it has a value is `undefined`
  for (const name of constructionOf(cx, d).early) storeField(cx, id, name, { kind: 'missing' }, e);
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
export function capturesOf(cx: FunctionContext, of: Val, m: FunctionNode, node: ts.Node): Env {
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

const mayBeMissing = (t: Type): boolean => t.kind === 'maybe' || t.kind === 'nullish';

/** The object before its constructor runs: all fields are there that it surely gets. */
function makeInstance(cx: FunctionContext, d: ts.ClassLikeDeclaration, e: ts.NewExpression): ValueId {
  const tag = classTag(d);
  const host = cx.state.hostOf(e);
  const instance = host.checker.getTypeAtLocation(e);
  for (const p of instance.getProperties()) refusePatched(cx, [tag], p.name, e);
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
    const names = declaredFields.map((f) => nameOfKey(f.key));
    const open = names.filter((name) => mayBeFunctionOrOther(host, instance, name));
    unknown.push(...open.filter((name) => !isLeftOut(name)));
    const told = declaredFields.filter((f) => !open.includes(nameOfKey(f.key)));
    const fields = [
      ...told.map((f) => ({ key: f.key, type: withoutObjects(f.type) })),
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
  const defined = definedFields(host, instance);
  const order = orderOfKeys(cx, d, defined, e);
  const rank = ({ key }: Field): number =>
    order.includes(nameOfKey(key)) ? order.indexOf(nameOfKey(key)) : order.length;
  const ownKinds = type.fields.some((f) => isSplit(f.key)) ? start().fields.map((f) => f.key) : undefined;
  const isOwn = ({ key }: Field): boolean =>
    defined.includes(nameOfKey(key)) && (!isSplit(key) || ownKinds?.includes(key) === true);
  const present = type.fields
    .filter((f) => !mayBeMissing(f.type) || f.key === CLASS_FIELD || isOwn(f))
    .filter((f, k, all) => all.findIndex((g) => nameOfKey(g.key) === nameOfKey(f.key)) === k)
    .sort((f, g) => rank(f) - rank(g));
  const own: RecordType = { ...type, fields: present };
  cx.state.inference.laidOut(
    type,
    present.map((f) => f.key),
  );
  const args = present.map((f) =>
    f.key === CLASS_FIELD ? cx.constant(className(cx, tag), e) : cx.nothing(e),
  );
  const id = cx.fresh(type, e);
  const real = type.outside ? { instanceOf: realClass(cx, d, tag, e) } : {};
  cx.emit({ kind: 'literal', type: own, args, ...real, results: [id], span: cx.span(e) });
  nameError(cx, d, id, e);
  return id;
}
/** The keys of an instance in the order in which its constructors make them. */
function orderOfKeys(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  defined: readonly string[],
  e: ts.Node,
): readonly string[] {
  const { order, unsure } = constructionOf(cx, d);
  if (unsure !== undefined && cx.state.inference.keyOrderMatters)
    cx.refuse(
      'AD2013',
      e,
      `the order of the keys of an instance of \`${d.name?.text ?? 'this class'}\` is not known: \`${unsure}\` may be made before or behind others`,
      'assign the fields in the same order on every path, or give them values where they are declared',
    );
  return [...order, ...defined.filter((name) => !order.includes(name))];
}
/** `rate: number | ((t: number) => number)`: what is stored in the field says which it is. */
function mayBeFunctionOrOther({ checker, ts }: Host, instance: ts.Type, name: string): boolean {
  const field = instance.getProperty(name);
  const type = field && checker.getNonNullableType(checker.getTypeOfSymbol(field));
  if (!type?.isUnion()) return false;
  const isFunction = (t: ts.Type): boolean =>
    checker.getSignaturesOfType(t, ts.SignatureKind.Call).length > 0;
  return type.types.some(isFunction) && !type.types.every(isFunction);
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
export const className = (cx: FunctionContext, tag: ClassTag): string => cx.state.classText(tag);
