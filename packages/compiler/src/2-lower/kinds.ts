/** Fields of one name that hold values of different kinds: which one a read or an assignment means (docs/decisions/026). */

import type { ts } from '../host/ts.js';
import { isFunctionRecord, lowerType, UnsupportedType } from '../host/types.js';
import { isSplittable } from '../ir/join-types.js';
import { type Field, NEVER, OPAQUE, type RecordType, type Type, type ValueId } from '../ir/nodes.js';
import {
  fieldsNamed,
  isFunctionOrObject,
  isSplit,
  kindOfKey,
  kindOfSlot,
  present,
  refType,
  type SlotKind,
  splitKey,
} from '../ir/types.js';
import { irVal } from './args.js';
import { type FunctionContext, severalKinds } from './context.js';
import { lowerExpression } from './expressions.js';
import { isMixedMember } from './members.js';
import { type Place, slot } from './places.js';
import type { Val } from './shapes.js';
import { refuseAtRunTime } from './try.js';

/**
 * The field of an object that the program makes, where TypeScript knows it to hold a value of another kind: the object is of another
 * member of a union, and the place is never come to with it.
 */
export function tellsOtherKind(
  cx: FunctionContext,
  type: RecordType,
  name: string,
  node: ts.Expression,
): boolean {
  const field = type.fields.find((f) => f.key === name);
  if (!field || type.site === undefined || !isSplittable(type, name) || cx.host.untyped) return false;
  const made = kindOfSlot(field.type);
  const told = coarseKind(cx, cx.host.checker.getTypeAtLocation(node));
  // of other data the type may say more than is known here
  if (made === undefined || made === 'other' || told === undefined) return false;
  return told !== (made === 'lists' ? 'list' : made);
}
function coarseKind({ host, ts }: FunctionContext, type: ts.Type): SlotKind | undefined {
  if (type.flags & ts.TypeFlags.NumberLike) return 'number';
  if (type.flags & ts.TypeFlags.StringLike) return 'other';
  if (!type.isUnion() && type.getCallSignatures().length > 0) return 'object';
  return host.checker.isArrayType(type) || host.checker.isTupleType(type) ? 'list' : undefined;
}

/** A field that is called; nothing if it is known of it what it holds. */
export function calledKind(
  cx: FunctionContext,
  ref: ValueId,
  type: RecordType,
  name: string,
  node: ts.Node,
): Val | undefined {
  if (!cx.ts.isPropertyAccessExpression(node)) return undefined;
  if (tellsOtherKind(cx, type, name, node)) {
    cx.state.inference.splits.add(name);
    cx.giveUp(node);
  }
  const isApart = fieldsNamed(type, name).some((f) => isSplit(f.key));
  return isApart ? splitMember(cx, ref, type, name, node).get() : undefined;
}

/** A field that is told apart by the kind of what it holds: by the type of the expression it is known which one is meant. */
export function splitMember(
  cx: FunctionContext,
  ref: ValueId,
  type: RecordType,
  name: string,
  node: ts.Expression,
): Place {
  const all = fieldsNamed(type, name);
  if (!all.every((f) => isSplit(f.key))) cx.refuse('AD3003', node, ...severalKinds(name, all));
  const message = `\`${name}\` holds a value of another kind here than its type says`;
  const fails = (): undefined => refuseAtRunTime(cx, message, node);
  const one = (key: string): Place => slot(cx, ref, { key }, node);
  const get = (): Val => {
    const read = kindRead(cx, all, name, node);
    if (read === undefined) {
      // what stands for a function is an object where the program runs
      const mayBeFunction = all.some((f) => isFunctionRecord(present(f.type)));
      if (mayBeFunction || !asksForKind(cx, node))
        return cx.refuse('AD3003', node, ...severalKinds(name, all));
      return irVal(cx.foreign(['', `[${JSON.stringify(name)}]`], [ref], OPAQUE, false, node, 'reads'));
    }
    const field = all.find((f) => f.key === splitKey(name, read.kind));
    if (!field) {
      const id = cx.nothing(node);
      cx.branch(cx.scalar('isNullish', [id], node), fails, () => undefined, node);
      return irVal(id);
    }
    const v = one(field.key).get();
    if (field.type.kind !== 'maybe' || read.mayBeMissing) return v;
    const id = cx.ir(v, node);
    cx.branch(cx.scalar('isNullish', [id], node), fails, () => undefined, node);
    return { ...v, id: cx.present(id, node) } as Val;
  };
  const set = (v: Val): void => {
    const id = cx.ir(v, node);
    const kind = kindOfSlot(cx.type(id)) ?? 'other';
    const field = all.find((f) => f.key === splitKey(name, kind));
    if (!field || isNothing(cx.type(id))) return cx.refuse('AD3003', node, ...severalKinds(name, all));
    one(field.key).set(v);
  };
  return { get, set };
}
/** `typeof o.f` of a field that holds functions in some objects, and other values in others; nothing of all else. */
export function typeOfKinds(cx: FunctionContext, e: ts.Expression): ValueId | undefined {
  const { ts } = cx;
  if (!ts.isPropertyAccessExpression(e) || ts.isOptionalChain(e) || cx.host.untyped) return undefined;
  if (!ts.isIdentifier(e.expression) && e.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  const of = lowerExpression(cx, e.expression);
  const type = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  if (of.kind !== 'ir' || type?.kind !== 'record' || isMixedMember(cx, of, e.name.text)) return undefined;
  const fields = fieldsNamed(type, e.name.text).map((f) => ({ ...f, answer: answerOf(f) }));
  if (!fields.every((f) => isSplit(f.key) && f.answer)) return undefined;
  if (!fields.some((f) => f.answer === 'function') || mayBeNull(cx, e)) return undefined;
  const from = (k: number): Val => {
    const field = fields[k];
    const answer = (): Val => irVal(cx.constant(field?.answer ?? 'undefined', e));
    if (field?.type.kind !== 'maybe') return answer();
    const gone = cx.scalar('isNullish', [cx.load(of.id, { key: field.key }, e)], e);
    return cx.branch(gone, () => from(k + 1), answer, e) ?? answer();
  };
  return cx.ir(from(0), e);
}
/** What `typeof` says of all that a field of a kind holds; nothing if it may say several things. */
function answerOf(f: Field): string | undefined {
  const kind = kindOfKey(f.key);
  const r = refType(f.type);
  if (kind === 'number') return 'number';
  if (kind === 'list' || kind === 'lists') return 'object';
  if (kind !== 'object' || r?.kind !== 'record') return undefined;
  if (!r.functions) return 'object';
  return isFunctionOrObject(r) ? undefined : 'function';
}
function mayBeNull({ host, ts }: FunctionContext, e: ts.Expression): boolean {
  const type = host.checker.getTypeAtLocation(e);
  return (type.isUnion() ? type.types : [type]).some((t) => t.flags & (ts.TypeFlags.Null | ts.TypeFlags.Any));
}
/** Which kind is read, by the type of the expression; nothing if that does not say it. */
export function kindRead(
  cx: FunctionContext,
  all: readonly Field[],
  name: string,
  node: ts.Expression,
): { readonly kind: SlotKind; readonly mayBeMissing: boolean } | undefined {
  const called = functionRead(cx, all, name, node);
  if (called) return called;
  const declared = typeOfField(cx, name, node);
  if (declared === undefined || isPartlyFunction(cx, name, node)) return undefined;
  const isUnion = declared instanceof UnsupportedType;
  if (!isUnion && declared.kind === 'opaque' && all.length === 1) return undefined;
  const kind = isUnion ? onlyList(cx, all, node) : kindOfSlot(declared);
  if (kind === 'other' && mayBeObject(cx, all, name, node)) return undefined;
  return kind && { kind, mayBeMissing: !isUnion && declared.kind === 'maybe' };
}
/** Whether the type of what is read has functions beside other values. */
function isPartlyFunction(cx: FunctionContext, name: string, node: ts.Node): boolean {
  const type = typeRead(cx, name, node);
  return type.isUnion() && type.types.some((t) => t.getCallSignatures().length > 0);
}
/** The type of what is read, also by a pattern. */
function typeRead({ host: { checker }, ts }: FunctionContext, name: string, node: ts.Node): ts.Type {
  const at = checker.getTypeAtLocation(node);
  const field = ts.isObjectBindingPattern(node) ? at.getProperty(name) : undefined;
  return field ? checker.getTypeOfSymbolAtLocation(field, node) : at;
}
/** A function is what is read, by its type: what stands for it is an object, and no other objects are in fields of this name. */
function functionRead(
  cx: FunctionContext,
  all: readonly Field[],
  name: string,
  node: ts.Node,
): { readonly kind: SlotKind; readonly mayBeMissing: boolean } | undefined {
  if (cx.host.untyped) return undefined;
  const type = typeRead(cx, name, node);
  const parts = type.isUnion() ? type.types : [type];
  const there = parts.filter((t) => (t.flags & (cx.ts.TypeFlags.Undefined | cx.ts.TypeFlags.Null)) === 0);
  if (there.length === 0 || there.some((t) => t.getCallSignatures().length === 0)) return undefined;
  const held = refType(all.find((f) => kindOfKey(f.key) === 'object')?.type ?? NEVER);
  const isOther =
    held !== undefined && (held.kind !== 'record' || !held.functions || isFunctionOrObject(held));
  return isOther ? undefined : { kind: 'object', mayBeMissing: there.length < parts.length };
}
/** Whether an object of which the type tells nothing (`Record<string, string>`) may be one that the program makes, which has known fields. */
function mayBeObject(cx: FunctionContext, all: readonly Field[], name: string, node: ts.Node): boolean {
  if (cx.host.untyped || !all.some((f) => kindOfKey(f.key) === 'object')) return false;
  const type = typeRead(cx, name, node);
  return (type.isUnion() ? type.types : [type]).some((t) => (t.flags & cx.ts.TypeFlags.Object) !== 0);
}
/** `Array.isArray` makes `any[]` of a union with a `readonly` list in it: the list is meant. */
function onlyList(cx: FunctionContext, all: readonly Field[], node: ts.Node): SlotKind | undefined {
  const { checker, untyped } = cx.host;
  if (untyped) return undefined;
  const type = checker.getTypeAtLocation(node);
  const parts = type.isUnion() ? type.types : [type];
  const isList = (t: ts.Type): boolean =>
    checker.isArrayType(t) || (t.isIntersection() && t.types.some((x) => checker.isArrayType(x)));
  const lists = all
    .flatMap((f) => kindOfKey(f.key) ?? [])
    .filter((kind) => kind === 'list' || kind === 'lists');
  return parts.every(isList) && lists.length === 1 ? lists[0] : undefined;
}
/** The type of a field where it is read, also by a pattern; nothing where the code says none. */
function typeOfField(cx: FunctionContext, name: string, node: ts.Node): Type | UnsupportedType | undefined {
  const { ts } = cx;
  const { checker, untyped } = cx.host;
  if (untyped) return undefined;
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const type = checker.getTypeAtLocation(node);
    // what a cast says is asked when the program runs
    const isCast = ts.isAsExpression(node.parent) && type.isUnion();
    return lowerType(cx.host, isCast ? checker.getTypeAtLocation(node.parent) : type, node);
  }
  const from = ts.isObjectBindingPattern(node) ? node : assignedTo(cx, node);
  const field = from && checker.getTypeAtLocation(from).getProperty(name);
  return field && lowerType(cx.host, checker.getTypeOfSymbolAtLocation(field, node), node);
}
/** What a pattern on the left of `=` takes apart. */
function assignedTo({ ts }: FunctionContext, pattern: ts.Node): ts.Expression | undefined {
  const { parent } = pattern;
  const isAssigned =
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.left === pattern;
  return isAssigned ? parent.right : undefined;
}
/** `typeof o.f`, `Array.isArray(o.f)`, `o.f === 'none'`, `o.f == null`: whatever it holds, it has no derivative there. */
export function asksForKind({ ts }: FunctionContext, node: ts.Node): boolean {
  let e = node;
  while (ts.isParenthesizedExpression(e.parent)) e = e.parent;
  const { parent } = e;
  if (ts.isTypeOfExpression(parent)) return true;
  if (ts.isCallExpression(parent))
    return parent.arguments[0] === e && parent.expression.getText() === 'Array.isArray';
  if (!ts.isBinaryExpression(parent) || !EQUALITIES.has(parent.operatorToken.getText())) return false;
  const other = parent.left === e ? parent.right : parent.left;
  return (
    ts.isStringLiteralLike(other) ||
    other.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(other) && other.text === 'undefined')
  );
}
const EQUALITIES: ReadonlySet<string> = new Set(['===', '!==', '==', '!=']);
const isNothing = (t: Type): boolean => t.kind === 'nullish' || t.kind === 'maybe' || t.kind === 'never';
