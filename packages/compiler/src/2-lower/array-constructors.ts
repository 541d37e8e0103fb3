/** Arrays that are made by name: `new Array(n)`, `Array.from`, `Float64Array.of`, `new Float64Array(xs)`. */
import { mayChange } from '../host/changes.js';
import type { ts } from '../host/ts.js';
import { lowerType, UnsupportedType } from '../host/types.js';
import { type ArrayType, NEVER, type ValueId } from '../ir/nodes.js';
import { isArrayIndex, isKeyed, plainArray, present, refType, typedArray } from '../ir/types.js';
import { type Arg, argsArray, irVal, lengthOf, lowerArgs, toArray } from './args.js';
import { baseOfView, viewOf } from './buffers.js';
import type { FunctionContext } from './context.js';
import { lowerValue } from './expressions.js';
import { builtinCall } from './foreign.js';
import { alloc } from './intrinsics.js';
import { throwUnlessLength } from './lengths.js';
import { libraryFunction } from './methods.js';
import { unlessAbsent } from './presence.js';
import type { Val } from './shapes.js';

// ------------------------------------------------------------------ Array

export function callArrayStatic(
  cx: FunctionContext,
  name: string,
  args: readonly Arg[],
  e: ts.CallExpression,
): Val {
  if (name === 'isArray') return builtinCall(cx, 'Array.isArray', args, e);
  if (name === 'of') return irVal(argsArray(cx, args, e));
  if (name !== 'from') return cx.refuse('AD4002', e.expression, `no derivative rule for \`Array.${name}\``);
  return listFrom(cx, args, e, '__mapLive');
}

/** `Array.from`; `changing`: how the function is called where it may change the list that it is called for. */
function listFrom(
  cx: FunctionContext,
  [from, f]: readonly Arg[],
  e: ts.CallExpression,
  changing: '__mapLive' | '__mapCopied',
): Val {
  const id = cx.ir(from.v, from.node);
  const t = refType(cx.type(id));
  const length = t?.kind === 'record' && !t.tuple ? t.fields.find((x) => x.key === 'length') : undefined;
  if (length) {
    if (t?.kind === 'record' && t.fields.some(({ key }) => isArrayIndex(key)))
      cx.refuse(
        'AD4002',
        e,
        'a list is made of an object that has elements of its own beside its `length`',
        'write the elements as an array',
      );
    const n = cx.load(id, { key: 'length' }, e);
    const filled = (by: Val): Val => cx.callLibrary('__fromLength', [irVal(n), by], e);
    return unlessAbsent(cx, f?.v, e, filled, () => filled(libraryFunction(cx, '__undefined')));
  }
  const list = t?.kind === 'record' && t.tuple ? from.v : toArray(cx, from.v, from.node);
  const copied = (): Val => cx.callLibrary('__copy', [list], e);
  const mapped = (by: Val): Val => {
    const code = by.kind === 'closure' ? by.decl : (f?.node ?? e);
    const changes = mayChange(cx.host, code, from.node);
    if (changes && changing === '__mapLive' && t && isKeyed(t))
      cx.refuse(
        'AD2007',
        e,
        'a function changes lists or maps while they are gone through',
        'make a list first: `[...map].map(f)`',
      );
    return cx.callLibrary(changes ? changing : '__mapFrom', [list, by], e);
  };
  return unlessAbsent(cx, f?.v, e, mapped, copied);
}

/** `new Array(...)`, `Array(...)`. */
export function newArray(
  cx: FunctionContext,
  args: readonly Arg[],
  e: ts.CallExpression | ts.NewExpression,
): Val {
  const [first] = args;
  if (args.length !== 1) return irVal(argsArray(cx, args, e));
  if (first.spread) return newOfSpread(cx, first, e);
  const given = cx.ir(first.v, first.node);
  if (present(cx.type(given)).kind !== 'number') return irVal(argsArray(cx, args, e));
  const length = cx.number(given, e);
  throwUnlessLength(cx, length, 'list', e);
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

/** `new Array(...list)`: a list of one number gives a length. */
function newOfSpread(cx: FunctionContext, list: Arg, e: ts.Expression): Val {
  const t = refType(cx.type(cx.ir(list.v, list.node)));
  const mayBeLength = t?.kind === 'array' && present(t.elem).kind === 'number';
  return mayBeLength ? cx.callLibrary('__newArray', [list.v], e) : irVal(argsArray(cx, [list], e));
}

// ------------------------------------------------------------------ typed arrays

export function callTypedStatic(
  cx: FunctionContext,
  type: ArrayType,
  name: string,
  args: readonly Arg[],
  e: ts.CallExpression,
  callee: ts.Node,
): Val {
  if (name === 'of') return irVal(typedFrom(cx, type, argsArray(cx, args, e), e));
  if (name !== 'from') return cx.refuse('AD4002', callee, `no derivative rule for \`${callee.getText()}\``);
  const list = listFrom(cx, args, e, '__mapCopied');
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

export function newOfArrayClass(cx: FunctionContext, name: string, e: ts.NewExpression): Val {
  const type = typedArray(name);
  return type ? newTyped(cx, type, e) : newArray(cx, lowerArgs(cx, e.arguments ?? []), e);
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
    const length = cx.number(id, e);
    throwUnlessLength(cx, length, 'typed array', e);
    return irVal(alloc(cx, type, length, e));
  }
  return irVal(typedFrom(cx, type, id, e));
}
