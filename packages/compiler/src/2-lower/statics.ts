/** Calls of the language's own functions by name: `Math.*`, `Number.*`, `Object.*`, `Array.*`, clocks, logging, markers. */

import { isRuleCall } from '../host/known-functions.js';
import { implementationOf } from '../host/packages.js';
import { skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { lowerType, UnsupportedType } from '../host/types.js';
import {
  type ArrayType,
  BOOLEAN,
  type Field,
  NEVER,
  NUMBER,
  OPAQUE,
  type RecordType,
  type Type,
  type ValueId,
} from '../ir/nodes.js';
import {
  carriesDerivative,
  holdsInstances,
  isArrayClass,
  isHiddenKey,
  isKeyed,
  isRef,
  isSplit,
  nameOfKey,
  plainArray,
  present,
  refType,
  typedArray,
} from '../ir/types.js';
import { type Arg, argsArray, irVal, lengthOf, lowerArgs, push, toArray } from './args.js';
import { baseOfView, newBuffer, viewOf } from './buffers.js';
import { callMath } from './calls.js';
import { asText } from './class-checks.js';
import { classOfExpression } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import { lowerMarker, markerOf } from './derivatives.js';
import { arrayOf, lowerExpression, lowerValue, recordOf, stop, type Use } from './expressions.js';
import { BUILTINS, builtinCall, callUnknown, lowerLog, typeOfResult } from './foreign.js';
import { accessorFields, accessorName, dispatch, functionsOf } from './functions.js';
import { construct } from './instances.js';
import { alloc, checkKeys, hasKey, keysOf, refuseHiddenNames, refuseSplit, storeAt } from './intrinsics.js';
import { getMember, setThroughSetter } from './members.js';
import { callKeyedMethod, libraryFunction } from './methods.js';
import { isGlobal, MATH_FUNCTIONS, NUMBER_TESTS } from './names.js';
import type { Val } from './shapes.js';
import { lowerFixedPoint, lowerImplicit } from './solutions.js';
import { isErrorClass } from './try.js';

const SHARED_MEMORY = [
  'memory that other threads share cannot be differentiated',
  'use an array of its own',
] as const;

/** A call of the language's library; `undefined` if it is none. */
export function callStatic(
  cx: FunctionContext,
  e: ts.CallExpression,
  callee: ts.Expression,
  use: Use,
): Val | undefined {
  const { ts } = cx;
  if (isMarker(cx, callee, 'stopGradient')) return stopGradient(cx, e);
  if (isMarker(cx, callee, 'fixedPoint')) return lowerFixedPoint(cx, e);
  if (isMarker(cx, callee, 'implicit')) return lowerImplicit(cx, e);
  if (isRuleCall(cx.host, e))
    return cx.refuse('AD4007', e, 'a function with a derivative rule is made inside differentiated code');
  const marker = markerOf(cx, callee);
  if (marker) return lowerMarker(cx, marker, e);
  if (ts.isPropertyAccessExpression(callee)) return callMember(cx, e, callee, use);
  if (!ts.isIdentifier(callee)) return undefined;
  if (BUILTINS.has(callee.text) && isGlobal(cx, callee, callee.text))
    return builtinCall(cx, callee.text, lowerArgs(cx, e.arguments), e);
  if (isGlobal(cx, callee, 'Array')) return newArray(cx, lowerArgs(cx, e.arguments), e);
  if (isUnknownGlobal(cx, callee)) return callUnknown(cx, callee.text, e);
  return undefined;
}

/** A function of the platform without source. */
function isUnknownGlobal(cx: FunctionContext, e: ts.Identifier): boolean {
  const s = symbolOf(cx.host, e);
  if (!s || cx.env.has(s) || implementationOf(cx.host, e)) return false;
  const decls = s.declarations ?? [];
  const known = ['Array', 'Function', 'eval'].includes(e.text);
  return (
    decls.length > 0 &&
    !known &&
    decls.every((d) => d.getSourceFile().isDeclarationFile && isFunctionLike(cx, d))
  );
}
function isFunctionLike(cx: FunctionContext, d: ts.Declaration): boolean {
  if (cx.ts.isFunctionDeclaration(d) || cx.ts.isInterfaceDeclaration(d)) return true;
  return (
    cx.ts.isVariableDeclaration(d) && cx.host.checker.getTypeAtLocation(d).getCallSignatures().length > 0
  );
}

function stopGradient(cx: FunctionContext, e: ts.CallExpression): Val {
  const v = lowerExpression(cx, e.arguments[0]);
  const id = cx.ir(v, e.arguments[0]);
  if (!isRef(cx.type(id))) return irVal(stop(cx, id, e));
  const view = cx.stoppedView(id, e);
  return v.kind === 'ir' ? { ...v, id: view } : irVal(view);
}

function callMember(
  cx: FunctionContext,
  e: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  use: Use,
): Val | undefined {
  const { expression: of, name } = callee;
  if (!cx.ts.isIdentifier(of) && !cx.ts.isParenthesizedExpression(of)) return undefined;
  const on = (global: string) => isGlobal(cx, of, global);
  const args = () => lowerArgs(cx, e.arguments);
  if (on('Math') && (MATH_FUNCTIONS.has(name.text) || name.text === 'random'))
    return callMath(cx, name.text, args(), e);
  if (on('Number')) {
    if (NUMBER_TESTS.has(name.text)) return builtinCall(cx, `Number.${name.text}`, args(), e);
    if (name.text === 'parseFloat' || name.text === 'parseInt') return builtinCall(cx, name.text, args(), e);
  }
  if (on('console')) return lowerLog(cx, `console.${name.text}`, e, use);
  if ((on('Date') || on('performance')) && name.text === 'now' && e.arguments.length === 0)
    return irVal(cx.foreign([`${of.getText()}.now()`], [], NUMBER, false, e));
  if (on('Array')) return callArrayStatic(cx, name.text, args(), e);
  if (on('Object')) return callObjectStatic(cx, name.text, args(), e, callee);
  if (cx.ts.isIdentifier(of) && typedArray(of.text) && on(of.text))
    return callTypedStatic(cx, typedArray(of.text) as ArrayType, name.text, args(), e, callee);
  if (on('Atomics')) return cx.refuse('AD3004', e, ...SHARED_MEMORY);
  if (on('JSON') && name.text === 'stringify' && e.arguments.length === 1) {
    const [value] = args();
    return irVal(
      cx.foreign(
        ['JSON.stringify(', ')'],
        [asText(cx, cx.ir(value.v, value.node), e)],
        OPAQUE,
        false,
        e,
        'encodes',
      ),
    );
  }
  if (on('JSON') || on('String') || on('Date') || on('Symbol') || on('performance') || on('Reflect')) {
    if (on('Reflect')) cx.refuse('AD5004', callee);
    return callUnknown(cx, `${of.getText()}.${name.text}`, e);
  }
  return undefined;
}

// ------------------------------------------------------------------ Array

function callArrayStatic(cx: FunctionContext, name: string, args: readonly Arg[], e: ts.CallExpression): Val {
  if (name === 'isArray') return builtinCall(cx, 'Array.isArray', args, e);
  if (name === 'of') return irVal(argsArray(cx, args, e));
  if (name !== 'from') return cx.refuse('AD4002', e.expression, `no derivative rule for \`Array.${name}\``);
  const [from, f] = args;
  const id = cx.ir(from.v, from.node);
  const t = refType(cx.type(id));
  const length = t?.kind === 'record' && !t.tuple ? t.fields.find((x) => x.key === 'length') : undefined;
  if (length) {
    const n = cx.load(id, { key: 'length' }, e);
    return cx.callLibrary('__fromLength', [irVal(n), f?.v ?? libraryFunction(cx, '__undefined')], e);
  }
  const list = t?.kind === 'record' && t.tuple ? from.v : toArray(cx, from.v, from.node);
  return cx.callLibrary(f ? '__mapFrom' : '__copy', f ? [list, f.v] : [list], e);
}

/** `new Array(...)`, `Array(...)`. */
export function newArray(
  cx: FunctionContext,
  args: readonly Arg[],
  e: ts.CallExpression | ts.NewExpression,
): Val {
  const [first] = args;
  if (args.length !== 1 || first.spread) return irVal(argsArray(cx, args, e));
  const given = cx.ir(first.v, first.node);
  if (present(cx.type(given)).kind !== 'number') return irVal(argsArray(cx, args, e));
  const length = cx.number(given, e);
  const declared = lowerType(
    cx.host,
    cx.host.checker.getContextualType(e) ?? cx.host.checker.getTypeAtLocation(e),
    e,
  );
  const known = declared instanceof UnsupportedType ? undefined : refType(declared);
  const type = cx.site('alloc', e, () =>
    known?.kind === 'array' && known.storage === 'plain' && !cx.state.inference.mayBeMap(known.elem)
      ? plainArray(known.elem)
      : plainArray(NEVER),
  );
  return irVal(alloc(cx, type, length, e));
}

// ------------------------------------------------------------------ typed arrays

function callTypedStatic(
  cx: FunctionContext,
  type: ArrayType,
  name: string,
  args: readonly Arg[],
  e: ts.CallExpression,
  callee: ts.Node,
): Val {
  if (name === 'of') return irVal(typedFrom(cx, type, argsArray(cx, args, e), e));
  if (name !== 'from') return cx.refuse('AD4002', callee, `no derivative rule for \`${callee.getText()}\``);
  const [from] = args;
  const list = callArrayStatic(cx, 'from', [from, ...args.slice(1)], e);
  return irVal(typedFrom(cx, type, cx.ir(list, e), e));
}

/** A typed array with the elements of another array. */
export function typedFrom(cx: FunctionContext, type: ArrayType, from: ValueId, e: ts.Node): ValueId {
  const t = refType(cx.type(from));
  if (t?.kind !== 'array' && !(t?.kind === 'record' && t.tuple))
    cx.refuse('AD4002', e, `\`new ${type.ctor}\` of this value is not supported`);
  if (t.kind === 'record') {
    const n = cx.constant(t.fields.length, e);
    const to = alloc(cx, type, n, e);
    t.fields.forEach((f, k) => {
      const x = cx.number(cx.load(from, { key: f.key }, e), e);
      cx.store(to, { index: cx.constant(k, e) }, x, e);
    });
    return to;
  }
  if (
    present(t.elem).kind !== 'number' &&
    t.elem.kind !== 'never' &&
    t.elem.kind !== 'opaque' &&
    t.elem.kind !== 'boolean'
  )
    cx.refuse('AD4002', e, `\`new ${type.ctor}\` of this value is not supported`);
  const n = lengthOf(cx, from, e);
  const to = alloc(cx, type, n, e);
  cx.callLibrary('__copyTo', [irVal(to), irVal(from)], e);
  return to;
}

// ------------------------------------------------------------------ Object

function callObjectStatic(
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
      for (const a of args.slice(1))
        if (!assignMap(cx, first.v, a.v, e))
          copyFields(cx, a.v, (key, v) => assignKey(cx, first.v, key, v, e), e);
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
  const isPlain = t?.kind === 'record' ? !t.tuple && accessorFields(t).length === 0 : t && isKeyed(t);
  if (!isPlain) return cx.refuse('AD4002', e.expression);
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
  const isIndex = (k: string) => /^(0|[1-9]\d*)$/.test(k);
  return [
    ...fields.filter((f) => isIndex(f.key)).sort((a, b) => Number(a.key) - Number(b.key)),
    ...fields.filter((f) => !isIndex(f.key)),
  ];
}

interface OwnMember {
  readonly key: string;
  /** Nothing for an accessor. */
  readonly type: Type | undefined;
}
/** The fields of an object, and the accessors of the literal that made it. */
function membersInOrder(t: RecordType): readonly OwnMember[] {
  const names = accessorFields(t);
  if (names.length === 0) return fieldsInOrder(t);
  const own: OwnMember[] = [];
  for (const f of t.fields) {
    const name = accessorName(f.key);
    if (name !== undefined && !own.some((m) => m.key === name)) own.push({ key: name, type: undefined });
    else if (!isHiddenKey(f.key)) own.push(f);
  }
  return inKeyOrder(own);
}
function ownMember(cx: FunctionContext, of: Val, m: OwnMember, e: ts.Expression): ValueId {
  return m.type ? cx.load(cx.ir(of, e), { key: m.key }, e) : cx.ir(getMember(cx, of, m.key, e), e);
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
  const missing = cx.type(from).kind === 'nullish';
  if (missing) return;
  if (t?.kind !== 'record') {
    if (cx.type(from).kind === 'never') cx.giveUp(e);
    cx.refuse('AD2011', e, 'only objects with known fields can be spread here');
  }
  if (!t.tuple) refuseHiddenNames(cx, t, e);
  if (cx.state.inference.keyOrderMatters) refuseSplit(cx, t, e);
  const all = membersInOrder(t);
  const fields = all.filter((f) => !skip.has(nameOfKey(f.key)));
  const one = (f: OwnMember) => (): undefined => {
    const v = ownMember(cx, of, f, e);
    put(nameOfKey(f.key), mayBeAbsent(f) ? cx.present(v, e) : v);
    return undefined;
  };
  const isThere = (f: OwnMember): ValueId =>
    isSplit(f.key)
      ? cx.scalar('not', [cx.scalar('isNullish', [ownMember(cx, of, f, e)], e)], e)
      : hasKey(cx, from, cx.constant(f.key, e), e);
  const copy = (): undefined => {
    const isSeen = !arranged && cx.state.inference.keyOrderMatters;
    if (isSeen && fields.length > 1 && !isLaidOut(t)) {
      inOrderOfKeys(cx, from, fields, one, all.length, e);
      return undefined;
    }
    if (isSeen) checkKeys(cx, from, e);
    for (const f of fields)
      if (mayBeAbsent(f)) cx.branch(isThere(f), one(f), () => undefined, e);
      else one(f)();
    return undefined;
  };
  if (cx.type(from).kind !== 'maybe') copy();
  else cx.branch(cx.scalar('isNullish', [from], e), () => undefined, copy, e);
}

/** The fields that an object surely has, as far as they come before all others. */
export function leadingFields(cx: FunctionContext, from: ValueId): readonly Field[] {
  const t = refType(cx.type(from));
  if (t?.kind !== 'record' || cx.type(from).kind === 'maybe' || cx.state.inference.keyOrderMatters) return [];
  if (accessorFields(t).length > 0) return [];
  const fields = fieldsInOrder(t);
  if (fields.some((f) => isSplit(f.key))) return [];
  const end = fields.findIndex(mayBeAbsent);
  return end < 0 ? fields : fields.slice(0, end);
}

const mayBeAbsent = (f: OwnMember): boolean => f.type?.kind === 'maybe';

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
  cx.callLibrary('__copyKeys', [of, from], e);
  return true;
}

/** `of.key = v` as `Object.assign` does it: through the setter, if there is one. */
function assignKey(cx: FunctionContext, of: Val, key: string, v: ValueId, e: ts.Expression): void {
  if (!setThroughSetter(cx, of, key, irVal(v), e)) storeKey(cx, cx.ir(of, e), key, v, e);
}

/** `ref.key = v` of a record or keyed object. */
export function storeKey(cx: FunctionContext, ref: ValueId, key: string, v: ValueId, e: ts.Node): void {
  const t = refType(cx.type(ref));
  if (t && isKeyed(t)) {
    storeAt(cx, ref, cx.constant(key, e), v, e);
    return;
  }
  if (t?.kind === 'array') {
    if (!/^(0|[1-9]\d*)$/.test(key))
      cx.refuse('AD3005', e, `the field \`${key}\` of an array cannot be written here`);
    storeAt(cx, ref, cx.constant(Number(key), e), v, e);
    return;
  }
  if (!t || !cx.state.inference.store(t, key, cx.type(v))) cx.refuse('AD3003', e);
  cx.store(ref, { key }, v, e);
}

/** A deep copy by the type of the value. */
export function cloneDeep(cx: FunctionContext, id: ValueId, e: ts.Expression): ValueId {
  const r = refType(cx.type(id));
  if (r && isLinked(r, []))
    return cx.refuse(
      'AD4002',
      e,
      '`structuredClone` of a linked structure is not supported',
      'copy it by a function of your own',
    );
  // a copy by the type would make two objects of one
  if (r && mayShare(r))
    cx.emit({
      kind: 'runtime',
      name: 'checkTree',
      args: [id],
      literals: [JSON.stringify('structuredClone')],
      effect: 'effect',
      results: [],
      span: cx.span(e),
    });
  return cloneByType(cx, id, e);
}
const parts = (t: ArrayType | RecordType): readonly (ArrayType | RecordType)[] =>
  (t.kind === 'array' ? [t.elem] : t.fields.map((f) => f.type)).flatMap((x) => refType(x) ?? []);

/** Whether an object of this type may hold one of its own type. */
function isLinked(t: ArrayType | RecordType, above: readonly Type[]): boolean {
  return above.includes(t) || parts(t).some((p) => isLinked(p, [...above, t]));
}
/** Whether two places in an object of this type may hold one object. */
function mayShare(t: ArrayType | RecordType): boolean {
  return parts(t).length > (t.kind === 'array' ? 0 : 1) || parts(t).some(mayShare);
}

function cloneByType(cx: FunctionContext, id: ValueId, e: ts.Expression): ValueId {
  const t = cx.type(id);
  const r = refType(t);
  if (!r) return id;
  if (t.kind === 'maybe') {
    const v = cx.branch(
      cx.scalar('isNullish', [id], e),
      () => irVal(id),
      () => irVal(cloneByType(cx, cx.present(id, e), e)),
      e,
    );
    return cx.ir(v ?? { kind: 'missing' }, e);
  }
  if (r.kind === 'array') {
    if (isKeyed(r)) return cx.refuse('AD4002', e, 'structuredClone of a map is not supported');
    if (!isRef(r.elem)) return cx.ir(cx.callLibrary('array_slice', [irVal(id)], e), e);
    return cx.ir(
      cx.callLibrary('array_map', [irVal(id), { kind: 'builtin', name: 'structuredClone' }], e),
      e,
    );
  }
  refuseSplit(cx, r, e);
  const fields = r.fields.map((f) => [f.key, cloneByType(cx, cx.load(id, { key: f.key }, e), e)] as const);
  if (r.tuple)
    return arrayOf(
      cx,
      fields.map(([, v]) => v),
      e,
      false,
      'clone',
    );
  return recordOf(cx, new Map(fields), e, 'literal', isLaidOut(r) ? [] : [id]);
}

/** Whether an expression names a function that the runtime package exports under this name. */
export function isMarker(cx: FunctionContext, e: ts.Expression, name: string): boolean {
  if (cx.isLibrary) return false;
  const s = symbolOf(cx.host, e);
  return s?.name === name && (s.declarations ?? []).some((d) => cx.state.isRuntime(d.getSourceFile()));
}

// ------------------------------------------------------------------ new

export function lowerNew(cx: FunctionContext, e: ts.NewExpression): Val {
  const { ts } = cx;
  const callee = skipWrappers(ts, e.expression);
  const name = ts.isIdentifier(callee) ? callee.text : '';
  if (name === 'Function' && isGlobal(cx, callee, name)) cx.refuse('AD2003', e);
  const known = classOfExpression(cx, callee);
  if (known) return construct(cx, known, e);
  const v = ts.isIdentifier(callee) && cx.env.get(symbolOf(cx.host, callee) as ts.Symbol);
  if (v && v.kind === 'class') return construct(cx, v.decl, e);
  const list = e.arguments ?? [];
  if (ts.isPropertyAccessExpression(callee) && isDeclaredOnly(cx, callee))
    return newForeign(cx, callee.getText(), list, e);
  if (!isGlobal(cx, callee, name)) return newChosen(cx, callee, e);
  if (isArrayClass(name)) return newOfArrayClass(cx, name, e);
  if (name === 'Map' || name === 'Set') return newKeyed(cx, name, e);
  if (name === 'Proxy') return cx.refuse('AD5004', e);
  if (name === 'SharedArrayBuffer') return cx.refuse('AD3004', e, ...SHARED_MEMORY);
  const buffer = name === 'ArrayBuffer' ? newBuffer(cx, e) : undefined;
  return buffer ?? newForeign(cx, name, list, e);
}

function newOfArrayClass(cx: FunctionContext, name: string, e: ts.NewExpression): Val {
  const type = typedArray(name);
  return type ? newTyped(cx, type, e) : newArray(cx, lowerArgs(cx, e.arguments ?? []), e);
}

/** An instance of a class that is chosen at run time. */
function newChosen(cx: FunctionContext, callee: ts.Expression, e: ts.NewExpression): Val {
  const v = lowerExpression(cx, callee);
  const make = (c: Val): Val => {
    if (c.kind === 'class') return construct(cx, c.decl, e);
    if (c.kind === 'builtin' && isArrayClass(c.name)) return newOfArrayClass(cx, c.name, e);
    if (cx.state.inference.readTables()) cx.giveUp(e);
    return cx.refuse('AD2013', e, 'the class of this object is not statically known');
  };
  return v.kind === 'ir' && functionsOf(cx, v.id) ? dispatch(cx, v.id, e, make) : make(v);
}

/** A class of the platform in a namespace, as `Intl.NumberFormat`. */
function isDeclaredOnly(cx: FunctionContext, e: ts.PropertyAccessExpression): boolean {
  const declared = (x: ts.Expression): boolean => {
    const all = symbolOf(cx.host, x)?.declarations ?? [];
    return all.length > 0 && all.every((d) => d.getSourceFile().isDeclarationFile);
  };
  return cx.ts.isIdentifier(e.expression) && declared(e.expression) && declared(e);
}

/** An object of unknown code. */
function newForeign(
  cx: FunctionContext,
  text: string,
  list: readonly ts.Expression[],
  e: ts.NewExpression,
): Val {
  const args = lowerArgs(cx, list).map((a) => cx.ir(a.v, a.node));
  const template =
    args.length === 0 ? [`new ${text}()`] : [`new ${text}(`, ...args.slice(1).map(() => ', '), ')'];
  if (cx.catches || !isErrorClass(text) || !isGlobal(cx, e.expression, text))
    return irVal(cx.foreign(template, args, OPAQUE, false, e, 'unknown'));
  const id = cx.fresh(OPAQUE, e);
  const how = { pure: false, role: 'unknown', makesOnly: true } as const;
  cx.emit({ kind: 'foreign', template, args, ...how, results: [id], span: cx.span(e) });
  return irVal(id);
}

function newTyped(cx: FunctionContext, type: ArrayType, e: ts.NewExpression): Val {
  const [first, second] = e.arguments ?? [];
  const base = first && baseOfView(cx, type, first);
  if (base !== undefined) return viewOf(cx, base, e);
  if (second) cx.refuse('AD3004', e);
  if (!first) return irVal(alloc(cx, type, cx.constant(0, e), e));
  const id = lowerValue(cx, first);
  if (cx.type(id).kind === 'never') cx.giveUp(e);
  // of a buffer, a list of texts ...
  if (present(cx.type(id)).kind === 'opaque' && type.storage === 'int')
    return irVal(cx.foreign([`new ${type.ctor}(`, ')'], [id], type, false, e, 'unknown'));
  if (!refType(cx.type(id))) {
    if (present(cx.type(id)).kind !== 'number')
      cx.refuse('AD4002', e, `\`new ${type.ctor}\` of this value is not supported`);
    return irVal(alloc(cx, type, cx.number(id, e), e));
  }
  return irVal(typedFrom(cx, type, id, e));
}

/** `[[k, v], ...]` as it is written: no pair needs to be made. */
function literalPairs(cx: FunctionContext, e: ts.Expression): [ts.Expression, ts.Expression][] | undefined {
  const { ts } = cx;
  const list = skipWrappers(ts, e);
  if (!ts.isArrayLiteralExpression(list)) return undefined;
  const pairs: [ts.Expression, ts.Expression][] = [];
  for (const x of list.elements) {
    const p = skipWrappers(ts, x);
    if (
      !ts.isArrayLiteralExpression(p) ||
      p.elements.length !== 2 ||
      p.elements.some((y) => ts.isSpreadElement(y) || ts.isOmittedExpression(y))
    )
      return undefined;
    pairs.push([p.elements[0], p.elements[1]]);
  }
  return pairs;
}

/** `new Map<string, (x: number) => number>()`, `new Set<Account>()`: what it holds is known here, though its type says nothing of it. */
function holdsOwn(cx: FunctionContext, e: ts.NewExpression): boolean {
  const { checker } = cx.host;
  const type = checker.getContextualType(e) ?? checker.getTypeAtLocation(e);
  const isOwn = (t: ts.Type): boolean => {
    if (t.isUnionOrIntersection()) return t.types.some(isOwn);
    if (t.getCallSignatures().length > 0) return true;
    if (checker.isArrayType(t)) return checker.getTypeArguments(t as ts.TypeReference).some(isOwn);
    const [d] = t.symbol?.declarations ?? [];
    return d !== undefined && !d.getSourceFile().isDeclarationFile;
  };
  const values = checker.getTypeArguments(type as ts.TypeReference).at(-1);
  return values !== undefined && isOwn(values);
}

function newKeyed(cx: FunctionContext, ctor: 'Map' | 'Set', e: ts.NewExpression): Val {
  const declared = cx.isLibrary
    ? undefined
    : lowerType(cx.host, cx.host.checker.getContextualType(e) ?? cx.host.checker.getTypeAtLocation(e), e);
  const known =
    declared === undefined || declared instanceof UnsupportedType ? undefined : (declared as Type);
  const [first] = e.arguments ?? [];
  if (known?.kind === 'opaque' && !holdsOwn(cx, e)) {
    const args = first ? [lowerValue(cx, first)] : [];
    return irVal(
      cx.foreign(first ? [`new ${ctor}(`, ')'] : [`new ${ctor}()`], args, OPAQUE, false, e, 'unknown'),
    );
  }
  const start =
    known?.kind === 'array' &&
    known.storage === 'keyed' &&
    carriesDerivative(known) &&
    !holdsInstances(known) &&
    !cx.state.inference.mayBeMap(known)
      ? known
      : undefined;
  const type = cx.site(
    'keyed',
    e,
    (): ArrayType => start ?? { kind: 'array', storage: 'keyed', ctor, elem: NEVER },
  );
  const out = irVal(alloc(cx, type, cx.constant(0, e), e));
  if (!first) return out;
  const pairs = ctor === 'Map' ? literalPairs(cx, first) : undefined;
  if (pairs) {
    for (const [k, v] of pairs) {
      const key = lowerValue(cx, k);
      storeAt(cx, cx.ir(out, e), key, lowerValue(cx, v), e);
    }
    return out;
  }
  const from = toArray(cx, lowerExpression(cx, first), first);
  return cx.callLibrary(ctor === 'Map' ? '__fill' : '__fillSet', [out, from], e);
}
