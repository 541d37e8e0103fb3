/** Functions of `Object`: keys, entries and copies, in the order in which the language has them. */

import type { ts } from '../host/ts.js';
import {
  type ArrayType,
  BOOLEAN,
  type Field,
  NEVER,
  NULLISH,
  OPAQUE,
  type RecordType,
  type ValueId,
} from '../ir/nodes.js';
import { holdsFunctions, holdsInstances } from '../ir/type-questions.js';
import {
  carriesDerivative,
  isArrayIndex,
  isHiddenKey,
  isKeyed,
  isSplit,
  nameOfKey,
  present,
  refType,
} from '../ir/types.js';
import { type Arg, irVal, push, toArray } from './args.js';
import { arrayOf } from './array-literals.js';
import type { FunctionContext } from './context.js';
import { spreadData } from './data-literals.js';
import { callUnknown, typeOfResult } from './foreign.js';
import { checkWritable, freeze } from './frozen.js';
import { accessorFields, accessorName } from './functions.js';
import {
  alloc,
  checkKeys,
  deletion,
  hasKey,
  keysOf,
  refuseHiddenNames,
  refuseSplit,
  storeAt,
} from './intrinsics.js';
import { getMember, setMember } from './members.js';
import { callKeyedMethod } from './methods.js';
import { throwIfMissing } from './places.js';
import { perhapsThere } from './presence.js';
import type { Val } from './shapes.js';

export function callObjectStatic(
  cx: FunctionContext,
  name: string,
  args: readonly Arg[],
  e: ts.CallExpression,
  callee: ts.Node,
): Val {
  const [first] = args;
  if (!first || first.spread) return cx.refuse('AD4002', callee);
  const id = cx.ir(first.v, first.node);
  const t = refType(cx.type(id));
  switch (name) {
    case 'freeze':
    case 'seal':
    case 'preventExtensions':
      freeze(cx, name, id, e);
      return first.v;
    case 'is':
      return irVal(
        cx.foreign(
          ['Object.is(', ', ', ')'],
          args.map((a) => cx.ir(a.v, a.node)),
          { kind: 'boolean' },
          true,
          e,
          'reads',
        ),
      );
    case 'hasOwn':
      return args.length === 2 ? hasOwn(cx, id, args[1], e) : cx.refuse('AD4002', callee);
    case 'keys':
    case 'values':
    case 'entries':
      return entriesOf(cx, first.v, t, name, e);
    case 'assign': {
      throwIfMissing(cx, id, { name }, e);
      for (const a of args.slice(1)) {
        if (assignData(cx, id, a, e)) continue;
        const from = spreadData(cx, givenObject(cx, a), a.node);
        if (!assignMap(cx, first.v, from, e))
          copyFields(cx, from, (key, v) => assignKey(cx, first.v, key, v, e), e);
      }
      return first.v;
    }
    case 'fromEntries': {
      const type = cx.site(
        'keyed',
        e,
        (): ArrayType => ({ kind: 'array', storage: 'keyed', ctor: 'Object', elem: NEVER }),
      );
      const out = irVal(alloc(cx, type, cx.constant(0, e), e));
      return cx.callLibrary('__fill', [out, toArray(cx, first.v, first.node)], e);
    }
    default:
      if (t === undefined) return callUnknown(cx, `Object.${name}`, e);
      return cx.refuse(
        name === 'defineProperty' || name === 'setPrototypeOf' || name === 'defineProperties'
          ? 'AD5004'
          : 'AD4002',
        callee,
      );
  }
}

/** `Object.hasOwn(of, key)`, `of.hasOwnProperty(key)` */
export function hasOwn(cx: FunctionContext, of: ValueId, key: Arg, e: ts.CallExpression): Val {
  const t = refType(cx.type(of));
  throwIfMissing(cx, of, { name: 'hasOwnProperty' }, e);
  const isPlain = t?.kind === 'record' ? !t.tuple && accessorFields(t).length === 0 : t && isKeyed(t);
  if (!isPlain && cx.type(of).kind !== 'opaque') return cx.refuse('AD4002', e.expression);
  const ids = [of, cx.ir(key.v, key.node)];
  return irVal(cx.foreign(['Object.hasOwn(', ', ', ')'], ids, BOOLEAN, false, e, 'reads'));
}

function entriesOf(
  cx: FunctionContext,
  of: Val,
  t: ReturnType<typeof refType>,
  what: 'keys' | 'values' | 'entries',
  e: ts.CallExpression,
): Val {
  const id = cx.ir(of, e);
  if (t) throwIfMissing(cx, id, { name: what }, e);
  if (!t) {
    if (cx.type(id).kind === 'never') cx.giveUp(e);
    return irVal(cx.foreign([`Object.${what}(`, ')'], [id], typeOfResult(cx, e), false, e, 'unknown'));
  }
  if (t.kind === 'array' && isKeyed(t)) {
    if (what === 'keys') return irVal(keysOf(cx, id, e));
    return callKeyedMethod(cx, irVal(id), what, [], e);
  }
  if (t.kind === 'array') {
    const own = { keys: 'array_ownKeys', values: 'array_ownValues', entries: 'array_ownEntries' } as const;
    return cx.callLibrary(own[what], [irVal(id)], e);
  }
  refuseSplit(cx, t, e);
  if (!isLaidOut(t)) {
    const keys = keysOf(cx, id, e);
    if (what === 'keys') return irVal(keys);
    return cx.callLibrary(what === 'values' ? '__valuesBy' : '__entriesBy', [irVal(id), irVal(keys)], e);
  }
  if (!t.tuple) refuseHiddenNames(cx, t, e);
  const out = arrayOf(cx, [], e, true);
  for (const f of membersInOrder(t)) {
    const key = cx.constant(f.key, e);
    const value = (): ValueId => ownMember(cx, of, f, e);
    const entry = (): ValueId => arrayOf(cx, [key, value()], e, false, `entry ${f.key}`);
    push(cx, out, { keys: () => key, values: value, entries: entry }[what](), e);
  }
  return irVal(out);
}

/**
 * Whether objects of this type have the keys that it says and no others, in its order. Where fields may be missing, their order is
 * that in which they came; an object from outside has the order in which its maker wrote them, whatever its type says.
 */
export const isLaidOut = (t: RecordType): boolean =>
  !t.fields.some((f) => f.type.kind === 'maybe') && (t.ordered === true || t.tuple);

/** Integer keys come first, in ascending order; hidden fields are left out. */
export const fieldsInOrder = (t: RecordType): RecordType['fields'] =>
  inKeyOrder(t.fields.filter((f) => !isHiddenKey(f.key)));

function inKeyOrder<T extends { readonly key: string }>(fields: readonly T[]): readonly T[] {
  return [
    ...fields.filter((f) => isArrayIndex(f.key)).sort((a, b) => Number(a.key) - Number(b.key)),
    ...fields.filter((f) => !isArrayIndex(f.key)),
  ];
}

interface OwnMember {
  readonly key: string;
  readonly isAccessor: boolean;
  readonly mayBeAbsent: boolean;
}
/** The fields of an object, and the accessors of the literal that made it. */
export function membersInOrder(t: RecordType): readonly OwnMember[] {
  const own = new Map<string, OwnMember>();
  for (const f of t.fields) {
    const accessor = accessorName(f.key);
    if (accessor === undefined && isHiddenKey(f.key)) continue;
    const key = accessor ?? f.key;
    const before = own.get(key);
    own.set(key, {
      key,
      isAccessor: accessor !== undefined || before?.isAccessor === true,
      mayBeAbsent: f.type.kind === 'maybe' && before?.mayBeAbsent !== false,
    });
  }
  return inKeyOrder([...own.values()]);
}
function ownMember(cx: FunctionContext, of: Val, m: OwnMember, e: ts.Expression): ValueId {
  return m.isAccessor ? cx.ir(getMember(cx, of, m.key, e), e) : cx.load(cx.ir(of, e), { key: m.key }, e);
}

/**
 * Gives every field of an object, those that may be missing only where they are there. `arranged`: the order in which `put` is
 * called does not count.
 */
export function copyFields(
  cx: FunctionContext,
  of: Val,
  put: (key: string, v: ValueId) => void,
  e: ts.Expression,
  skip: ReadonlySet<string> = new Set(),
  arranged = false,
): void {
  const from = cx.ir(of, e);
  const t = refType(cx.type(from));
  const { kind } = cx.type(from);
  const { inference } = cx.state;
  if (kind === 'nullish' || (kind === 'never' && inference.deadEnds)) return;
  if (t?.kind !== 'record') {
    if (kind === 'never') {
      inference.meetsDeadEnd = true;
      cx.giveUp(e);
    }
    cx.refuse('AD2011', e, 'only objects with known fields can be spread here');
  }
  if (!t.tuple) refuseHiddenNames(cx, t, e);
  if (inference.keyOrderMatters) refuseSplit(cx, t, e);
  const all = membersInOrder(t);
  const fields = all.filter((f) => !skip.has(nameOfKey(f.key)));
  const one = (f: OwnMember) => (): undefined => {
    const v = ownMember(cx, of, f, e);
    put(nameOfKey(f.key), f.mayBeAbsent ? cx.present(v, e) : v);
    return undefined;
  };
  const isThere = (f: OwnMember): ValueId =>
    isSplit(f.key)
      ? cx.scalar('not', [cx.scalar('isNullish', [ownMember(cx, of, f, e)], e)], e)
      : hasOwnField(cx, from, f.key, e);
  const copy = (): undefined => {
    const isSeen = !arranged && inference.keyOrderMatters;
    if (isSeen && fields.length > 1 && !isLaidOut(t)) {
      inOrderOfKeys(cx, from, fields, one, all.length, e);
      return undefined;
    }
    if (isSeen) checkKeys(cx, from, e);
    for (const f of fields)
      if (f.mayBeAbsent) cx.branch(isThere(f), one(f), () => undefined, e);
      else one(f)();
    return undefined;
  };
  if (kind !== 'maybe') copy();
  else cx.branch(cx.scalar('isNullish', [from], e), () => undefined, copy, e);
}

/** Whether a field that may be missing is there; what comes from outside may have a method of that name from its class, which is no field. */
function hasOwnField(cx: FunctionContext, from: ValueId, name: string, e: ts.Node): ValueId {
  const t = refType(cx.type(from));
  const field = t?.kind === 'record' ? t.fields.find((f) => f.key === name) : undefined;
  const isMade = t?.kind !== 'record' || t.site !== undefined || t.classes !== undefined;
  const key = cx.constant(name, e);
  if (isMade || field === undefined || present(field.type).kind !== 'opaque') return hasKey(cx, from, key, e);
  return cx.foreign(['Object.hasOwn(', ', ', ')'], [from, key], BOOLEAN, false, e, 'reads');
}

/** The fields that an object surely has, as far as they come before all others. */
export function leadingFields(cx: FunctionContext, from: ValueId): readonly Field[] {
  const t = refType(cx.type(from));
  if (t?.kind !== 'record' || cx.type(from).kind === 'maybe' || cx.state.inference.keyOrderMatters) return [];
  if (accessorFields(t).length > 0) return [];
  const fields = fieldsInOrder(t);
  if (fields.some((f) => isSplit(f.key))) return [];
  const end = fields.findIndex((f) => f.type.kind === 'maybe');
  return end < 0 ? fields : fields.slice(0, end);
}

/** Takes the fields of an object, which has `count` at most, one after the other, in the order in which they came. */
function inOrderOfKeys(
  cx: FunctionContext,
  from: ValueId,
  fields: readonly OwnMember[],
  take: (f: OwnMember) => () => undefined,
  count: number,
  e: ts.Expression,
): void {
  const keys = keysOf(cx, from, e);
  const takeIf = (key: ValueId, k: number): undefined => {
    if (k === fields.length) return;
    const same = cx.scalar('eq', [key, cx.constant(fields[k].key, e)], e);
    cx.branch(same, take(fields[k]), () => takeIf(key, k + 1), e);
    return undefined;
  };
  for (let k = 0; k < count; k++) takeIf(cx.load(keys, { index: cx.constant(k, e) }, e), 0);
}

/** What `Object.assign` copies from. */
function givenObject(cx: FunctionContext, { v, node }: Arg): Val {
  const isAsked = v.kind === 'ir' && cx.ts.isExpression(node);
  const id = isAsked ? perhapsThere(cx, v.id, node) : undefined;
  return isAsked && id !== undefined && id !== v.id ? irVal(id) : v;
}

/** Copies data to a map of data, as the language does; whether both are. */
function assignData(cx: FunctionContext, to: ValueId, { v, node }: Arg, e: ts.Expression): boolean {
  const from = cx.ir(v, node);
  const r = refType(cx.type(from));
  const isData = r === undefined || (!carriesDerivative(r) && !holdsFunctions(r) && !holdsInstances(r));
  if (present(cx.type(to)).kind !== 'opaque' || !isData) return false;
  cx.foreign(['Object.assign(', ', ', ')'], [to, from], OPAQUE, false, e, 'unknown');
  return true;
}
/** Copies what an object with computed keys holds to another, which has to be made as such a one; whether `from` is one. */
function assignMap(cx: FunctionContext, of: Val, from: Val, e: ts.Expression): boolean {
  const source = from.kind === 'ir' ? refType(cx.type(from.id)) : undefined;
  if (source?.kind !== 'array' || !isKeyed(source) || source.ctor !== 'Object') return false;
  const target = refType(cx.type(cx.ir(of, e)));
  if (target?.kind === 'record') {
    if (!cx.state.inference.makeMap(target, source.elem)) return false;
    cx.giveUp(e);
  }
  if (target?.kind !== 'array' || !isKeyed(target) || target.ctor !== 'Object') return false;
  copyKeys(cx, cx.ir(of, e), cx.ir(from, e), e);
  return true;
}

/** Copies what a map holds, where there is one. */
export function copyKeys(cx: FunctionContext, out: ValueId, from: ValueId, e: ts.Expression): void {
  const copy = (): undefined =>
    void cx.callLibrary('__copyKeys', [irVal(out), irVal(cx.present(from, e))], e);
  if (cx.type(from).kind !== 'maybe') copy();
  else cx.branch(cx.scalar('isNullish', [from], e), () => undefined, copy, e);
}

/** `of.key = v` as `Object.assign` does it: through the setter, if there is one. */
function assignKey(cx: FunctionContext, of: Val, key: string, v: ValueId, e: ts.Expression): void {
  setMember(cx, of, key, irVal(v), e, () => storeKey(cx, cx.ir(of, e), key, v, e));
}

/** `ref.key = v` of a record or keyed object. */
export function storeKey(cx: FunctionContext, ref: ValueId, key: string, v: ValueId, e: ts.Node): void {
  const t = refType(cx.type(ref));
  if (t && isKeyed(t)) {
    storeAt(cx, ref, cx.constant(key, e), v, e);
    return;
  }
  if (t?.kind === 'array') {
    if (!isArrayIndex(key)) cx.refuse('AD3005', e, `the field \`${key}\` of an array cannot be written here`);
    storeAt(cx, ref, cx.constant(Number(key), e), v, e);
    return;
  }
  if (!t || !cx.state.inference.store(t, key, cx.type(v))) cx.refuse('AD3003', e);
  cx.store(ref, { key }, v, e);
}

/** Takes a field, also a hidden one, from an object; it may be missing from now on. */
export function removeField(cx: FunctionContext, ref: ValueId, t: RecordType, key: string, e: ts.Node): void {
  const isField = t.fields.some((f) => f.key === key);
  if (isField && !cx.state.inference.store(t, key, NULLISH)) cx.refuse('AD3005', e);
  const name = cx.constant(key, e);
  const remove = (): undefined => {
    // the field is cleared for whoever reads it: that is no write of the program's
    const value = cx.constant(undefined, e);
    if (isField) cx.emit({ kind: 'store', ref, at: { key }, value, results: [], span: cx.span(e) });
    cx.emit(deletion(cx, ref, name, e));
    return undefined;
  };
  const isChecked = checkWritable(cx, deletion(cx, ref, name, e), e);
  if (isChecked) cx.branch(hasKey(cx, ref, name, e), remove, () => undefined, e);
  else remove();
}
