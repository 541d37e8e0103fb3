/** The built-in functions of the compiler's own library (`library/source.ts`): what its language cannot say. */
import type { ts } from '../host/ts.js';
import {
  type ArrayType,
  BOOLEAN,
  NEVER,
  NUMBER,
  OPAQUE,
  type RecordType,
  type ResizeOp,
  type StoreOp,
  type ValueId,
} from '../ir/nodes.js';
import {
  isHiddenField,
  isHiddenKey,
  isKeyed,
  isRemade,
  isSplit,
  nameOfKey,
  plainArray,
  present,
  refType,
} from '../ir/types.js';
import { lowerArgs } from './args.js';
import { callValue } from './call-values.js';
import type { FunctionContext } from './context.js';
import { refuseKeysOfError } from './error-members.js';
import { lowerExpression, lowerValue, stop } from './expressions.js';
import { fitting } from './fit.js';
import { checkLength } from './frozen.js';
import { accessorFields, refuseFunctionKey } from './functions.js';
import type { Val } from './shapes.js';
import { refuseAtRunTime } from './try.js';

export function callIntrinsic(cx: FunctionContext, name: string, e: ts.CallExpression): Val | undefined {
  const arg = (k: number): ValueId => lowerValue(cx, e.arguments[k]);
  const ir = (id: ValueId): Val => ({ kind: 'ir', id });
  switch (name) {
    case '__array':
      return ir(
        alloc(
          cx,
          cx.site('alloc', e, () => plainArray(NEVER)),
          cx.number(arg(0), e),
          e,
        ),
      );
    case '__like': {
      const like = arrayTypeOf(cx, arg(0), e);
      const n = cx.number(arg(1), e);
      const type = like.storage === 'plain' ? cx.site('alloc', e, () => plainArray(NEVER)) : like;
      return ir(alloc(cx, type, n, e));
    }
    case '__object': {
      const keyed = (): ArrayType => ({ kind: 'array', storage: 'keyed', ctor: 'Object', elem: NEVER });
      return ir(alloc(cx, cx.site('keyed', e, keyed), cx.constant(0, e), e));
    }
    case '__gap':
      return ir(isGap(cx, arg(0), arg(1), e));
    case '__delete':
      cx.write({ ...deletion(cx, arg(0), arg(1), e), leavesNoGap: true }, e);
      return { kind: 'missing' };
    case '__resize':
      if (arrayTypeOf(cx, arg(0), e).storage === 'plain')
        cx.write(
          { kind: 'resize', ref: arg(0), length: arg(1), leavesNoGap: true, results: [], span: cx.span(e) },
          e,
        );
      return { kind: 'missing' };
    case '__sameLength':
      if (arrayTypeOf(cx, arg(0), e).storage === 'plain') checkLength(cx, arg(0), e);
      return { kind: 'missing' };
    case '__isTyped':
      return ir(cx.constant(arrayTypeOf(cx, arg(0), e).storage !== 'plain', e));
    case '__put':
    case '__place': {
      const how = name === '__put' ? { inBounds: true } : { leavesNoGap: true };
      const [ref, index, value] = [arg(0), arg(1), lowerValue(cx, e.arguments[2])];
      storeAt(cx, ref, index, value, e, how);
      return { kind: 'missing' };
    }
    case '__keys':
      return ir(keysOf(cx, arg(0), e));
    case '__copiedKeys':
      return ir(cx.state.inference.symbolKeys ? ownKeys(cx, arg(0), e) : keysOf(cx, arg(0), e));
    case '__keysOnly':
      return ir(keysOf(cx, arg(0), e, true));
    case '__pair':
      return ir(pair(cx, arg(0), arg(1), e));
    case '__get': {
      const ref = arg(0);
      const value = cx.load(ref, { index: arg(1) }, e);
      // a key that was just listed is there
      return ir(cx.present(value, e));
    }
    case '__set': {
      const ref = arg(0);
      storeAt(cx, ref, arg(1), lowerValue(cx, e.arguments[2]), e);
      return { kind: 'missing' };
    }
    case '__lengthOf':
      return ir(lengthOf(cx, arg(0), e));
    case '__elementOf':
      return ir(elementOf(cx, arg(0), arg(1), e));
    case '__stop':
      return ir(stop(cx, arg(0), e));
    case '__product':
      return ir(cx.scalar('strong', [arg(0), arg(1)], e));
    case '__compare': {
      const first = cx.ops.length;
      const by = lowerExpression(cx, e.arguments[0]);
      const found = callValue(cx, by, lowerArgs(cx, e.arguments.slice(1)), e, undefined);
      cx.state.noteComparison(cx.ops.slice(first), cx.span(e));
      return found;
    }
    case '__member':
      return memberOfSet(cx, arg(0), e);
    case '__has':
      return ir(hasKey(cx, arg(0), arg(1), e));
    default:
      return undefined;
  }
}

/** What a set keeps of a value: 0 in place of -0. */
function memberOfSet(cx: FunctionContext, id: ValueId, e: ts.Node): Val {
  const kept = (x: ValueId): Val => ({ kind: 'ir', id: cx.scalar('add', [x, cx.constant(0, e)], e) });
  const type = cx.type(id);
  if (type.kind === 'number') return kept(id);
  if (type.kind !== 'maybe' || present(type).kind !== 'number') return { kind: 'ir', id };
  const same = (): Val => ({ kind: 'ir', id });
  return cx.branch(cx.scalar('isNullish', [id], e), same, () => kept(cx.scalar('unwrap', [id], e)), e) as Val;
}

/** The length of an array, or of a value of unknown type that is one and stays as it is. */
function lengthOf(cx: FunctionContext, of: ValueId, e: ts.Node): ValueId {
  if (cx.type(of).kind === 'opaque') return cx.foreign(['(', ').length'], [of], NUMBER, true, e, 'reads');
  const t = refType(cx.type(of));
  if (t?.kind === 'record' && t.tuple) return cx.constant(t.fields.length, e);
  const id = cx.fresh(NUMBER, e);
  cx.emit({ kind: 'length', ref: of, results: [id], span: cx.span(e) });
  return id;
}
function elementOf(cx: FunctionContext, of: ValueId, index: ValueId, e: ts.Node): ValueId {
  if (cx.type(of).kind === 'opaque')
    return cx.foreign(['(', ')[', ']'], [of, index], OPAQUE, true, e, 'reads');
  if (refType(cx.type(of))?.kind !== 'array') cx.refuse('AD3003', e, 'these rows have different types');
  return cx.load(of, { index }, e);
}

function arrayTypeOf(cx: FunctionContext, id: ValueId, e: ts.Node): ArrayType {
  const t = refType(cx.type(id));
  if (t?.kind === 'array') return t;
  return t?.kind === 'record' ? plainArray(NEVER) : cx.giveUp(e);
}

export function alloc(
  cx: FunctionContext,
  type: ArrayType,
  length: ValueId,
  e: ts.Node,
  fill?: ValueId,
): ValueId {
  const id = cx.fresh(type, e);
  cx.emit({
    kind: 'alloc',
    type,
    length,
    results: [id],
    span: cx.span(e),
    ...(fill === undefined ? {} : { fill }),
  });
  return id;
}

/** `ref[index] = value` of an array, map or keyed object. */
export function storeAt(
  cx: FunctionContext,
  ref: ValueId,
  index: ValueId,
  value: ValueId,
  e: ts.Node,
  how: Pick<StoreOp, 'inBounds' | 'leavesNoGap'> = {},
): void {
  const type = refType(cx.type(ref));
  if (!type) cx.giveUp(e);
  if (type.kind === 'array' && isKeyed(type)) cx.state.inference.noteKey(type, cx.type(index));
  refuseRemadeKey(cx, ref, index, e);
  const fit =
    fitting(cx, ref, undefined, value, e) ??
    cx.refuse('AD3003', e, 'the stored value does not have the type of the elements');
  cx.write({ kind: 'store', ref, at: { index }, value: fit, results: [], span: cx.span(e), ...how }, e);
}

/** Throws where a value turns out to be no array when the program runs. */
export function mustBeArray(cx: FunctionContext, id: ValueId, message: string, e: ts.Node): void {
  const isArray = cx.foreign(['Array.isArray(', ')'], [id], BOOLEAN, true, e, 'reads');
  cx.branch(
    isArray,
    () => undefined,
    () => refuseAtRunTime(cx, message, e),
    e,
  );
}

/** Fields that are told apart by kinds cannot be gone through one after the other. */
export function refuseSplit(cx: FunctionContext, t: RecordType, e: ts.Node): void {
  refuseKeysOfError(cx, t, e);
  const one = t.fields.find((f) => isSplit(f.key));
  if (!one) return;
  const name = nameOfKey(one.key);
  cx.refuse(
    'AD3003',
    e,
    `the keys of objects whose fields named \`${name}\` hold values of different kinds cannot be gone through`,
    'read the fields by their names',
  );
}

/** Two values that keep slots of their own, whatever their types. */
function pair(cx: FunctionContext, a: ValueId, b: ValueId, e: ts.Node): ValueId {
  const fields = [a, b].map((v, k) => ({ key: String(k), type: cx.type(v) }));
  const own: RecordType = { kind: 'record', fields, tuple: true };
  const type = cx.site<RecordType | ArrayType>('pair', e, () => own);
  [a, b].forEach((v, k) => void cx.state.inference.store(type, String(k), cx.type(v)));
  const id = cx.fresh(type, e);
  cx.emit({
    kind: 'literal',
    type: type.kind === 'array' ? type : own,
    args: [a, b],
    results: [id],
    span: cx.span(e),
  });
  return id;
}

/** Whether an object holds accessors, as the hidden fields of a literal. */
const hasAccessors = (t: ReturnType<typeof refType>): boolean =>
  t?.kind === 'record' && accessorFields(t).length > 0;

/** Where keys are seen, fields whose names begin like those of hidden fields are left out, and some of errors are not seen. */
export function refuseHiddenNames(cx: FunctionContext, t: RecordType, e: ts.Node): void {
  refuseKeysOfError(cx, t, e);
  const one = t.fields.find((f) => isHiddenKey(f.key) && !isHiddenField(f.key, t));
  if (one)
    cx.refuse(
      'AD3005',
      e,
      `the keys of an object with the field \`${one.key}\` are seen here; names that begin with \`$\` or \`#\` are those of hidden fields`,
      'rename the field',
    );
}

/** The keys of an object are seen: one that comes from outside must have no others than its type. */
export function checkKeys(cx: FunctionContext, ref: ValueId, e: ts.Node): void {
  const t = refType(cx.type(ref));
  if (t?.kind === 'record' && !t.tuple) {
    refuseHiddenNames(cx, t, e);
    refuseSplit(cx, t, e);
  }
  if (t?.kind !== 'record' || t.tuple || t.ordered) return;
  const keys = t.fields.map((f) => f.key).filter((key) => !isHiddenKey(key));
  cx.emit({
    kind: 'runtime',
    name: 'checkKeys',
    args: [ref],
    literals: [JSON.stringify([...keys, ...accessorFields(t)])],
    effect: 'effect',
    results: [],
    span: cx.span(e),
  });
}

/** The keys of a map, set or keyed object, as they are now. */
export function keysOf(cx: FunctionContext, ref: ValueId, e: ts.Node, only = false): ValueId {
  const t = refType(cx.type(ref));
  const isObject = !(t && isKeyed(t)) || (t as ArrayType).ctor === 'Object';
  const hidden = t?.kind === 'record';
  if (hidden) {
    cx.state.inference.noteKeyOrder();
    checkKeys(cx, ref, e);
  }
  const shown = ".filter((k: string) => k[0] !== '$' && k[0] !== '#')";
  const template = hidden
    ? hasAccessors(t)
      ? ['[...new Set(Object.keys(', `).map((k: string) => k.replace(/^\\$[gs]et_/, '')))]${shown}`]
      : ['Object.keys(', `)${shown}`]
    : isObject
      ? ['Object.keys(', ')']
      : ['[...', '.keys()]'];
  const keys = isObject || only ? OPAQUE : ((t as ArrayType).keys ?? OPAQUE);
  return cx.foreign(template, [ref], plainArray(keys), false, e, 'reads');
}
/** The keys that a copy of an object used as a map has: symbols are among them. */
const ownKeys = (cx: FunctionContext, ref: ValueId, e: ts.Node): ValueId =>
  cx.foreign(['Reflect.ownKeys(', ')'], [ref], plainArray(OPAQUE), false, e, 'reads');
/** Whether an array has a hole at an index below its length; the test is dropped where arrays turn out to have none. */
function isGap(cx: FunctionContext, ref: ValueId, index: ValueId, e: ts.Node): ValueId {
  if (arrayTypeOf(cx, ref, e).storage !== 'plain') return cx.constant(false, e);
  const id = cx.fresh(BOOLEAN, e);
  cx.emit({
    kind: 'foreign',
    template: ['!(', ' in ', ')'],
    args: [index, ref],
    pure: false,
    role: 'reads',
    gapTest: true,
    results: [id],
    span: cx.span(e),
  });
  return id;
}
/** `delete ref[key]` */
export function deleteSlot(cx: FunctionContext, ref: ValueId, key: ValueId, e: ts.Node): void {
  cx.write(deletion(cx, ref, key, e), e);
}
export const deletion = (cx: FunctionContext, ref: ValueId, key: ValueId, e: ts.Node): ResizeOp => ({
  kind: 'resize',
  ref,
  length: key,
  how: 'delete',
  results: [],
  span: cx.span(e),
});
/** A part of a table is not the object that it stands for: a map of objects does not know it. */
export function refuseRemadeKey(cx: FunctionContext, ref: ValueId, key: ValueId, e: ts.Node): void {
  refuseFunctionKey(cx, key, e);
  if (isRemade(cx.type(key)) && !isRemade(cx.type(ref)))
    cx.refuse(
      'AD4003',
      e,
      'an object of the module that holds functions is used as a key here',
      'use its name',
    );
}
export function hasKey(cx: FunctionContext, ref: ValueId, key: ValueId, e: ts.Node): ValueId {
  refuseRemadeKey(cx, ref, key, e);
  const t = refType(cx.type(ref));
  const isObject = t?.kind !== 'array' || !isKeyed(t) || t.ctor === 'Object';
  if (hasAccessors(t))
    return cx.foreign(
      ["((k: any, o: any) => [k, '$get_' + k, '$set_' + k].some((x) => x in o))(", ', ', ')'],
      [key, ref],
      BOOLEAN,
      false,
      e,
      'reads',
    );
  return isObject
    ? cx.foreign(['', ' in ', ''], [key, ref], BOOLEAN, false, e, 'reads')
    : cx.foreign(['', '.has(', ')'], [ref, key], BOOLEAN, false, e, 'reads');
}
