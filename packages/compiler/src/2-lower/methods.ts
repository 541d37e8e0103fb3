/** Methods of arrays, maps and sets: most are functions of the library, those that only look are run as they are. */

import type { ts } from '../host/ts.js';
import { type ArrayType, BOOLEAN, NEVER, NUMBER, OPAQUE, type Type, type ValueId } from '../ir/nodes.js';
import { isRemade, refType } from '../ir/types.js';
import { type Arg, argsArray, irVal, lengthOf, push } from './args.js';
import { throwIfNoFunction } from './call-values.js';
import { asText } from './class-checks.js';
import type { FunctionContext } from './context.js';
import { checkLength } from './frozen.js';
import { functionsOf } from './functions.js';
import { deleteSlot, hasKey, keysOf, mustBeArray, storeAt } from './intrinsics.js';
import { unlessAbsent } from './presence.js';
import type { Val } from './shapes.js';

/** Methods that the library has under the name `array_<name>`, with their arguments as they are. */
const DIRECT = new Set(
  'map forEach filter find findLast findIndex findLastIndex some every at slice flatMap fill pop shift reverse copyWithin set with entries keys'.split(
    ' ',
  ),
);
/** Methods whose result carries no derivative. */
const READERS = new Set(['indexOf', 'lastIndexOf', 'includes']);
const TEXTS = new Set(['join', 'toString']);
/** Methods whose second argument is the `this` of the first. */
const TAKES_SELF = new Set(
  'every filter find findIndex findLast findLastIndex flatMap forEach map some'.split(' '),
);
/** Methods that throw if there is no function to call, even if there is nothing to call it with. */
const CALLS_FIRST: ReadonlySet<string> = new Set([...TAKES_SELF, 'reduce', 'reduceRight']);

/** Methods that do the same to arrays and typed arrays. */
export const COMMON = new Set(
  'forEach find findLast findIndex findLastIndex some every at reverse fill reduce reduceRight entries keys values indexOf lastIndexOf includes'.split(
    ' ',
  ),
);

export function callArrayMethod(
  cx: FunctionContext,
  of: Val,
  name: string,
  args: readonly Arg[],
  e: ts.Expression,
  callee: ts.Node,
): Val {
  const id = cx.ir(of, callee);
  if (name === 'push') {
    if (args.every((a) => a.spread)) checkLength(cx, id, e);
    // what is spread is read before anything is added
    if (args.some((a) => a.spread)) cx.callLibrary('__append', [of, irVal(argsArray(cx, args, e))], e);
    else for (const a of args) push(cx, id, storable(cx, a.v, a.node), e);
    return irVal(lengthOf(cx, id, e));
  }
  if (cx.isStopped(id) && WRITERS.has(name)) cx.refuse('AD5002', callee);
  const inserts = name === 'unshift' || name === 'splice' || name === 'toSpliced' || name === 'concat';
  // a value that is an array or a typed array is treated as an array
  const type = refType(cx.type(id));
  if (type?.kind === 'array' && type.either && !COMMON.has(name))
    mustBeArray(
      cx,
      cx.present(id, callee),
      `\`${name}\` differs for arrays and typed arrays, and both may come here: copy it first, as in [...a]`,
      callee,
    );
  const given = args.map((a) => (a.spread && !inserts ? cx.refuse('AD2011', a.node) : a.v));
  const plain = TAKES_SELF.has(name) ? withSelf(cx, given) : given;
  const [first] = plain;
  if (CALLS_FIRST.has(name) && first?.kind === 'ir' && functionsOf(cx, first.id))
    throwIfNoFunction(cx, first.id, args[0].node);
  if (DIRECT.has(name)) return cx.callLibrary(`array_${name}`, [of, ...plain], e);
  switch (name) {
    case 'reduce':
    case 'reduceRight':
      return cx.callLibrary(`array_${name}${plain.length < 2 ? '1' : ''}`, [of, ...plain], e);
    case 'unshift':
      return cx.callLibrary('array_unshift', [of, irVal(argsArray(cx, args, e))], e);
    case 'splice':
    case 'toSpliced': {
      const on = name === 'splice' ? of : cx.callLibrary('__copy', [of], e);
      // all that follows the place, if there is one
      const all = (): ValueId => (plain.length === 0 ? cx.constant(0, e) : lengthOf(cx, id, e));
      const count = plain[1] ?? irVal(all());
      const items = irVal(argsArray(cx, args.slice(2), e));
      const removed = cx.callLibrary(
        'array_splice',
        [on, plain[0] ?? irVal(cx.constant(0, e)), count, items],
        e,
      );
      return name === 'splice' ? removed : on;
    }
    case 'sort':
    case 'toSorted': {
      const on = name === 'sort' ? of : cx.callLibrary('__copied', [of], e);
      const sorted = (compare: Val): Val => cx.callLibrary('array_sort', [on, compare], e);
      return unlessAbsent(cx, plain[0], e, sorted, () => sorted(defaultOrder(cx, id)));
    }
    case 'toReversed':
      return cx.callLibrary('array_reverse', [cx.callLibrary('__copied', [of], e)], e);
    case 'values':
      return of;
    case 'concat':
      return concat(cx, of, args, e);
    case 'flat':
      return flat(cx, of, plain[0], e);
    case 'subarray':
      return subarray(cx, id, plain, e, callee);
    default:
      break;
  }
  if (READERS.has(name) && plain.length === 1 && isComparedByParts(cx, id, plain[0], e)) {
    const at = cx.callLibrary(
      name === 'lastIndexOf' ? '__lastIndexOfSame' : '__indexOfSame',
      [of, plain[0]],
      e,
    );
    return name === 'includes' ? irVal(cx.scalar('ge', [cx.ir(at, e), cx.constant(0, e)], e)) : at;
  }
  if (READERS.has(name) || TEXTS.has(name)) {
    const ids = [TEXTS.has(name) ? asText(cx, id, e) : id, ...plain.map((v) => cx.ir(v, e))];
    const template = ['', `.${name}(`, ...ids.slice(2).map(() => ', '), ')'];
    if (ids.length === 1) template.splice(0, template.length, '', `.${name}()`);
    const type = TEXTS.has(name) ? OPAQUE : name === 'includes' ? BOOLEAN : NUMBER;
    return irVal(cx.foreign(template, ids, type, false, e, TEXTS.has(name) ? 'encodes' : 'reads'));
  }
  return cx.refuse('AD4002', callee, `no derivative rule for \`${callee.getText()}\``);
}

/** `list.map(object.method, object)`: the second argument is the `this` of the first. */
function withSelf(cx: FunctionContext, args: readonly Val[]): readonly Val[] {
  const [f, self] = args;
  if (self === undefined || f.kind !== 'closure') return args;
  const isNothing = self.kind === 'missing' || (self.kind === 'ir' && cx.type(self.id).kind === 'nullish');
  return isNothing ? [f] : [{ kind: 'bound', of: f, self, args: [] }];
}

/** Functions and parts of tables are compared as `===` does it here: they are not the objects that the program has. */
function isComparedByParts(cx: FunctionContext, list: ValueId, sought: Val, e: ts.Expression): boolean {
  const one = cx.ir(sought, e);
  const t = refType(cx.type(list));
  const isFunctions = (x: Type): boolean => {
    const r = refType(x);
    return r?.kind === 'record' && r.functions !== undefined;
  };
  const elem = t?.kind === 'array' ? t.elem : NEVER;
  return functionsOf(cx, one) !== undefined || isRemade(cx.type(one)) || isRemade(elem) || isFunctions(elem);
}

function storable(cx: FunctionContext, v: Val, node: ts.Node): ValueId {
  const id = cx.ir(v, node);
  if (cx.isStopped(id)) cx.refuse('AD5002', node);
  return id;
}
/** Through `stopGradient` an array can be looked at, not changed. */
const WRITERS = new Set('pop shift unshift splice sort reverse fill copyWithin set'.split(' '));

function defaultOrder(cx: FunctionContext, id: ValueId): Val {
  const t = refType(cx.type(id));
  const typed = t?.kind === 'array' && t.storage !== 'plain';
  return libraryFunction(cx, typed ? '__byNumber' : '__byText');
}
export function libraryFunction(cx: FunctionContext, name: string): Val {
  return { kind: 'closure', decl: cx.libraryFunction(name), captures: new Map() };
}

function concat(cx: FunctionContext, of: Val, parts: readonly Arg[], e: ts.Expression): Val {
  const out = cx.callLibrary('array_slice', [of], e);
  const id = cx.ir(out, e);
  for (const { v: p, spread } of parts) {
    if (spread) {
      cx.callLibrary('__concatEach', [out, p], e);
      continue;
    }
    const v = cx.ir(p, e);
    const t = refType(cx.type(v));
    if (t?.kind === 'array' && t.storage === 'plain') cx.callLibrary('__concat', [out, p], e);
    else if (t?.kind === 'record' && t.tuple)
      for (const f of t.fields) push(cx, id, cx.load(v, { key: f.key }, e), e);
    else push(cx, id, v, e);
  }
  return out;
}

function flat(cx: FunctionContext, of: Val, depth: Val | undefined, e: ts.Expression): Val {
  const given = depth && depth.kind === 'ir' ? cx.knownNumber(depth.id) : 1;
  if (given === undefined) return cx.refuse('AD4002', e, '`flat` needs a constant depth');
  const times = Math.trunc(given) || 0;
  let v = times > 0 ? of : cx.callLibrary('__given', [of], e);
  for (let k = 0; k < times; k++) {
    const t = refType(cx.type(cx.ir(v, e)));
    const elem = t?.kind === 'array' ? refType(t.elem) : undefined;
    v = cx.callLibrary('array_flat', [v], e);
    if (elem?.kind !== 'array' && !(elem?.kind === 'record' && elem.tuple)) break;
  }
  return v;
}

/** A view of a typed array: one memory, its shadow a view of the shadow. */
function subarray(
  cx: FunctionContext,
  id: ValueId,
  args: readonly Val[],
  e: ts.Expression,
  callee: ts.Node,
): Val {
  const t = refType(cx.type(id));
  if (t?.kind !== 'array' || t.storage === 'plain') return cx.refuse('AD4002', callee);
  const [from, to] = args;
  const lo = from ? bound(cx, cx.ir(from, e), e) : cx.constant(0, e);
  const ids = [id, lo, ...(to && to.kind !== 'missing' ? [bound(cx, cx.ir(to, e), e)] : [])];
  return irVal(subarrayOf(cx, t, ids, e));
}
/** Where a view begins or ends: `undefined` is not the number that it would become elsewhere, but as if nothing was given. */
export const bound = (cx: FunctionContext, id: ValueId, e: ts.Expression): ValueId =>
  cx.type(id).kind === 'nullish' ? id : cx.number(id, e);
/** The array, where its part begins, and where that ends. */
export function subarrayOf(
  cx: FunctionContext,
  type: ArrayType,
  args: readonly ValueId[],
  e: ts.Expression,
): ValueId {
  const view = cx.fresh(type, e);
  cx.emit({
    kind: 'runtime',
    name: 'subarray',
    args,
    literals: [],
    effect: 'fresh',
    results: [view],
    span: cx.span(e),
  });
  cx.bases.set(view, cx.bases.get(args[0]) ?? args[0]);
  return view;
}

// ------------------------------------------------------------------ maps and sets

export function callKeyedMethod(
  cx: FunctionContext,
  of: Val,
  name: string,
  args: readonly Arg[],
  e: ts.Expression,
): Val {
  const id = cx.ir(of, e);
  const type = refType(cx.type(id)) as ArrayType;
  const isSet = type.ctor === 'Set';
  const vals = args.map((a) => (a.spread ? cx.refuse('AD2011', a.node) : a.v));
  const value = (k: number): ValueId =>
    vals[k] ? storable(cx, vals[k], args[k].node) : cx.constant(undefined, e);
  switch (name) {
    case 'get': {
      const found = cx.load(id, { index: value(0) }, e);
      if (!cx.isLibrary) cx.elements.add(found);
      return irVal(found);
    }
    case 'set': {
      storeAt(cx, id, value(0), value(1), e);
      return of;
    }
    case 'add':
      return cx.callLibrary('set_add', [of, vals[0]], e);
    case 'has':
      return irVal(hasKey(cx, id, value(0), e));
    case 'delete': {
      const there = hasKey(cx, id, value(0), e);
      deleteSlot(cx, id, value(0), e);
      return irVal(there);
    }
    case 'clear':
      cx.emit({
        kind: 'resize',
        ref: id,
        length: cx.constant(0, e),
        how: 'clear',
        results: [],
        span: cx.span(e),
      });
      return { kind: 'missing' };
    case 'forEach':
      return cx.callLibrary(isSet ? 'set_forEach' : 'map_forEach', [of, ...vals], e);
    case 'keys':
      return isSet ? cx.callLibrary('map_values', [of], e) : irVal(keysOf(cx, id, e));
    case 'values':
      return cx.callLibrary('map_values', [of], e);
    case 'entries':
      return cx.callLibrary(isSet ? 'set_entries' : 'map_entries', [of], e);
    default:
      return cx.refuse('AD4002', e, `no derivative rule for \`${name}\` of a ${type.ctor}`);
  }
}

/** The number of entries of a map or set. */
export function sizeOf(cx: FunctionContext, id: ValueId, e: ts.Node): ValueId {
  return cx.foreign(['', '.size'], [id], NUMBER, false, e, 'reads');
}
