/** Destructuring: all parts in the order of the pattern, defaults only on `undefined`. */

import type { ts } from '../host/ts.js';
import type { RecordType, ValueId } from '../ir/nodes.js';
import { isKeyed, refType } from '../ir/types.js';
import { ITERATED, irVal, restFrom, toArray } from './args.js';
import { arrayOf } from './array-literals.js';
import type { FunctionContext } from './context.js';
import { knownDefault } from './default-functions.js';
import { lowerExpression, lowerValue } from './expressions.js';
import { isFunctionVal } from './functions.js';
import { deleteSlot, refuseSplit } from './intrinsics.js';
import { recordOf } from './literals.js';
import { copyFields, isLaidOut, membersInOrder, storeKey } from './object-functions.js';
import { member, throwIfMissing } from './places.js';
import type { Val } from './shapes.js';

/** One part of a pattern. */
export interface Part {
  /** Evaluates the object and the key of what is assigned, before there is a value for it. */
  readonly begin?: () => void;
  readonly set: (v: Val) => void;
  readonly initializer: ts.Expression | undefined;
  readonly rest: boolean;
}

export function bindPattern(
  cx: FunctionContext,
  pattern: ts.BindingPattern,
  from: Val,
  bind: (name: ts.Identifier, v: Val) => void,
): void {
  const { ts } = cx;
  const part = (e: ts.BindingElement): Part => {
    const { name } = e;
    const set = ts.isIdentifier(name)
      ? (v: Val) => bind(name, v)
      : (v: Val) => bindPattern(cx, name, v, bind);
    return { set, initializer: e.initializer, rest: e.dotDotDotToken !== undefined };
  };
  if (ts.isArrayBindingPattern(pattern)) {
    const parts = pattern.elements.map((e) => (ts.isOmittedExpression(e) ? undefined : part(e)));
    destructureArray(cx, from, parts, pattern);
    return;
  }
  const parts = pattern.elements.map((e) => {
    const name = e.propertyName ?? e.name;
    return {
      name:
        e.dotDotDotToken || ts.isObjectBindingPattern(name) || ts.isArrayBindingPattern(name)
          ? undefined
          : name,
      ...part(e),
    };
  });
  destructureObject(cx, from, parts, pattern);
}

export function destructureArray(
  cx: FunctionContext,
  from: Val,
  parts: readonly (Part | undefined)[],
  node: ts.Node,
): void {
  const id = cx.ir(from, node);
  let type = refType(cx.type(id));
  if (cx.type(id).kind === 'never') cx.giveUp(node);
  if (type) throwIfMissing(cx, id, { name: ITERATED }, node);
  let list = from;
  if (!type || (type.kind === 'array' && isKeyed(type)) || (type.kind === 'record' && !type.tuple)) {
    list = toArray(cx, from, node as ts.Expression);
    type = refType(cx.type(cx.ir(list, node)));
  }
  const ref = cx.ir(list, node);
  parts.forEach((p, k) => {
    if (!p) return;
    p.begin?.();
    if (p.rest) {
      p.set(rest(cx, list, ref, type, k, node));
      return;
    }
    let v: Val;
    if (type?.kind === 'record') {
      const known = type.fields.some((f) => f.key === String(k));
      v = known ? irVal(cx.load(ref, { key: String(k) }, node)) : irVal(cx.constant(undefined, node));
    } else v = irVal(cx.load(ref, { index: cx.constant(k, node) }, node));
    p.set(orDefault(cx, v, p.initializer));
  });
}

function rest(
  cx: FunctionContext,
  list: Val,
  ref: ValueId,
  type: ReturnType<typeof refType>,
  k: number,
  node: ts.Node,
): Val {
  if (type?.kind !== 'record') return restFrom(cx, list, k, node);
  const left = type.fields.filter((f) => Number(f.key) >= k).map((f) => cx.load(ref, { key: f.key }, node));
  return irVal(arrayOf(cx, left, node as ts.Expression, false, `rest ${k}`));
}

export function destructureObject(
  cx: FunctionContext,
  from: Val,
  parts: readonly (Part & { readonly name: ts.PropertyName | undefined })[],
  node: ts.Node,
): void {
  const taken = new Set<string>();
  // its members look for themselves
  if ((parts[0]?.rest ?? true) && from.kind === 'ir') throwIfMissing(cx, from.id, { name: '' }, node);
  for (const p of parts) {
    if (p.rest) {
      p.begin?.();
      p.set(restOf(cx, from, taken, node as ts.Expression));
      continue;
    }
    const key = keyOf(cx, p.name, node);
    if ('name' in key) taken.add(key.name);
    else if (parts.some((x) => x.rest))
      cx.refuse('AD2011', node, 'the rest of an object behind a computed key is not supported');
    p.begin?.();
    const v = member(cx, from, key, node as ts.Expression).get();
    p.set(orDefault(cx, v, p.initializer));
  }
}

function keyOf(
  cx: FunctionContext,
  name: ts.PropertyName | undefined,
  node: ts.Node,
): { name: string } | { value: ValueId } {
  const { ts } = cx;
  if (!name) return cx.refuse('AD2000', node);
  if (ts.isComputedPropertyName(name)) {
    const value = lowerValue(cx, name.expression);
    const text = cx.knownText(value);
    return text === undefined ? { value } : { name: text };
  }
  return { name: name.text };
}

function restOf(cx: FunctionContext, of: Val, taken: ReadonlySet<string>, node: ts.Expression): Val {
  const from = cx.ir(of, node);
  const t = refType(cx.type(from)) as RecordType | undefined;
  if (t && isKeyed(t)) {
    const copy = cx.ir(cx.callLibrary('__copyKeyed', [irVal(from)], node), node);
    for (const key of taken) deleteSlot(cx, copy, cx.constant(key, node), node);
    return irVal(copy);
  }
  if (t?.kind === 'record') refuseSplit(cx, t, node);
  const members = t?.kind === 'record' ? membersInOrder(t) : [];
  const keysWhere = (mayBeAbsent: boolean): readonly string[] =>
    members.filter((m) => m.mayBeAbsent === mayBeAbsent).map((m) => m.key);
  const maybe = keysWhere(true);
  const ordered = maybe.length > 0 && cx.state.inference.keyOrderMatters;
  const isKnown = t?.kind !== 'record' || isLaidOut(t);
  const sure = ordered ? [] : keysWhere(false);
  const fields = new Map<string, ValueId>();
  const skip = new Set([...taken, ...maybe]);
  if (!ordered) copyFields(cx, of, (key, v) => void fields.set(key, v), node, skip, true);
  const made = recordOf(cx, fields, node, 'rest', isKnown ? [] : [from], taken);
  copyFields(cx, of, (key, v) => storeKey(cx, made, key, v, node), node, new Set([...taken, ...sure]));
  return irVal(made);
}

/** A part, or its default where it is `undefined`. */
export function orDefault(cx: FunctionContext, v: Val, initializer: ts.Expression | undefined): Val {
  if (!initializer) return v;
  if (v.kind === 'missing') return lowerExpression(cx, initializer);
  if (v.kind !== 'ir' || isFunctionVal(v)) return v;
  const { id } = v;
  const t = cx.type(id);
  if (t.kind === 'nullish' && cx.isKnownUndefined(id)) return lowerExpression(cx, initializer);
  const known = knownDefault(cx, id, initializer, 'isUndefined');
  if (known) return known;
  const gone = cx.scalar('isUndefined', [id], initializer);
  const given = (): Val => (t.kind === 'nullish' ? v : { ...v, id: cx.present(id, initializer) });
  return cx.branch(gone, () => lowerExpression(cx, initializer), given, initializer) ?? v;
}
