/**
 * Members by a computed name, where a name may stand for more than a field: `Math[k]`, `K[k]` with static members, accessors and
 * methods of instances and object literals. Each name that is possible is a case of its own, as `o.a` would be.
 */
import { skipWrappers } from '../host/scopes.js';
import { isReadonlyMember, settledNames, settledTypes } from '../host/settled-types.js';
import type { ts } from '../host/ts.js';
import { BOOLEAN, OPAQUE, type RecordType, type ValueId } from '../ir/nodes.js';
import { refType } from '../ir/types.js';
import { irVal } from './args.js';
import type { FunctionContext } from './context.js';
import { accessorFields } from './functions.js';
import { isGlobal, lowerMathMember } from './globals.js';
import { refuseSplit } from './intrinsics.js';
import { literalAccessors, literalFunction } from './literal-members.js';
import { accessorsOf, isMemberOfClasses } from './members.js';
import { fieldsInOrder } from './object-functions.js';
import type { Place } from './places.js';
import type { Val } from './shapes.js';

/** The keys that a computed key may be, by its TypeScript type. */
export function possibleKeys(cx: FunctionContext, node: ts.Node): readonly string[] | undefined {
  const key = computedKey(cx, node);
  return cx.host.untyped || !key ? undefined : settledNames(cx.host, key);
}

/** Notes a computed key that is a symbol, and refuses an object: what its `toString` gives is not known. */
export function checkKey(cx: FunctionContext, key: ValueId, node: ts.Expression): void {
  if (cx.isLibrary) return;
  const type = cx.host.checker.getTypeAtLocation(skipWrappers(cx.ts, node));
  if (type.flags & cx.ts.TypeFlags.ESSymbolLike) cx.state.inference.noteSymbolKey();
  const made = refType(cx.type(key));
  if (made?.kind === 'record' && !made.tuple && made.site !== undefined)
    cx.refuse(
      'AD3005',
      node,
      'an object is used as a key here',
      'use a text, a number or a symbol that it holds',
    );
}

/** The key of `o[key]` and of `[key]: v` in a literal; what a cast says of it is not believed. */
function computedKey({ ts }: FunctionContext, node: ts.Node): ts.Expression | undefined {
  if (ts.isElementAccessExpression(node)) return skipWrappers(ts, node.argumentExpression);
  return ts.isComputedPropertyName(node) ? skipWrappers(ts, node.expression) : undefined;
}

/** The names to tell apart at `o[k]`; nothing if fields are all that can be meant. */
export function namesBesideFields(
  cx: FunctionContext,
  of: Val,
  type: RecordType,
  node: ts.Expression,
): readonly string[] | undefined {
  const keys = possibleKeys(cx, node);
  refuseSplit(cx, type, node);
  const fields = fieldsInOrder(type).map((f) => f.key);
  const accessors = accessorNames(cx, of, type);
  if (!keys) return accessors.length > 0 ? [...new Set([...fields, ...accessors])] : undefined;
  const isMore = (name: string): boolean =>
    accessors.includes(name) ||
    isMemberOfClasses(cx, of, name) ||
    (!fields.includes(name) && literalFunction(cx, of, name, 'value') !== undefined);
  if (!keys.some(isMore)) return undefined;
  // `keyof` leaves out the private fields of a class, which its instances have as keys all the same
  const areValues = keys.every((name) => fields.includes(name) || accessors.includes(name));
  return type.classes && areValues ? [...new Set([...keys, ...fields])] : keys;
}

function accessorNames(cx: FunctionContext, of: Val, type: RecordType): readonly string[] {
  return [...accessorFields(type), ...literalAccessors(cx.ts, of), ...accessorsOf(cx, of)];
}

/**
 * Asks whether a computed key is a name. Members are found by text: a number by its digits, and what may be a number or something
 * else (`next[state]` where the state may be missing) is made a text first.
 */
export function nameTest(
  cx: FunctionContext,
  key: ValueId,
  names: readonly string[],
  node: ts.Node,
): (name: string) => ValueId {
  const isNumber = cx.type(key).kind === 'number' && !names.includes('NaN');
  if (!isNumber && !isText(cx, node)) key = cx.foreign(['String(', ')'], [key], OPAQUE, true, node, 'reads');
  return (name) => {
    if (isNumber && String(Number(name)) !== name) return cx.constant(false, node);
    return cx.scalar('eq', [key, cx.constant(isNumber ? Number(name) : name, node)], node);
  };
}
/** Whether a computed key is a text by its type. */
export function isText(cx: FunctionContext, node: ts.Node): boolean {
  const key = computedKey(cx, node);
  // the library goes through the keys that objects have
  if (cx.host.untyped || !key) return cx.isLibrary;
  return settledTypes(cx.host, key).every((p) => (p.flags & cx.ts.TypeFlags.StringLike) !== 0);
}

/** The member by the name that `key` turns out to be; a read of another name gives `undefined`. */
export function memberByName(
  cx: FunctionContext,
  key: ValueId,
  names: readonly string[],
  node: ts.Expression,
  member: (name: string) => Place,
  methods: readonly string[] = [],
): Place {
  const is = nameTest(cx, key, names, node);
  const choose = (use: (p: Place) => Val, otherwise: () => Val, k = 0): Val => {
    if (k === names.length) return otherwise();
    const here = is(names[k]);
    const rest = (): Val => choose(use, otherwise, k + 1);
    return cx.branch(here, () => use(member(names[k])), rest, node) ?? { kind: 'missing' };
  };
  return {
    get: () =>
      choose(
        (p) => p.get(),
        () => byOtherName(cx, key, names, node, methods),
      ),
    set: (v) => {
      const write = (p: Place): Val => {
        p.set(v);
        return irVal(cx.constant(undefined, node));
      };
      choose(write, () => unknownField(cx, key, node));
    },
  };
}

/**
 * What an object gives by a name that is none of those it has: nothing, but for `methods` and the names that all objects inherit.
 * Where the type of the key has none but those it has, a cast was wrong, and the object may have what the key names all the same.
 */
export function byOtherName(
  cx: FunctionContext,
  key: ValueId,
  names: readonly string[],
  node: ts.Expression,
  methods: readonly string[] = [],
): Val {
  const nothing = (): Val => irVal(cx.constant(undefined, node));
  const keys = possibleKeys(cx, node);
  if (keys?.every((k) => names.includes(k))) return throwOf(cx, key, 'by its type', node);
  if (cx.type(key).kind === 'number' || keys) return nothing();
  const inherits = (template: string[], keys: ValueId[]): ValueId =>
    cx.foreign(template, keys, BOOLEAN, true, node, 'reads');
  const isInherited =
    methods.length > 0
      ? inherits([`(${JSON.stringify(methods)}.includes(`, ') || ', ' in Object.prototype)'], [key, key])
      : inherits(['', ' in Object.prototype'], [key]);
  const refuse = (): Val => throwOf(cx, key, 'that is its own', node);
  return cx.branch(isInherited, refuse, nothing, node) ?? { kind: 'missing' };
}

/** Of `[key]: v` the one name that the type of its key says is believed: where it is another one, the program does not go on. */
export function believeName(
  cx: FunctionContext,
  key: ValueId,
  name: string,
  node: ts.ComputedPropertyName,
): void {
  if (isReadonlyMember(cx.host, skipWrappers(cx.ts, node.expression))) return;
  const nothing = (): Val => irVal(cx.constant(undefined, node));
  const text = ['new TypeError(`adjoint: the key ${', '} is not the one that its type says`)'];
  const refuse = (): Val => throwMade(cx, text, key, node);
  cx.branch(nameTest(cx, key, [name], node)(name), nothing, refuse, node);
}

/** A write to a field that the type does not have would be lost in the derivative. */
export const unknownField = (cx: FunctionContext, key: ValueId, node: ts.Node): Val =>
  throwOf(cx, key, 'that can be written', node);

function throwOf(cx: FunctionContext, key: ValueId, which: string, node: ts.Node): Val {
  return throwMade(cx, ['new TypeError(`adjoint: the object has no field ${', `} ${which}\`)`], key, node);
}
function throwMade(cx: FunctionContext, text: string[], key: ValueId, node: ts.Node): Val {
  cx.end = { kind: 'throw', arg: cx.foreign(text, [key], OPAQUE, true, node, 'reads'), span: cx.span(node) };
  return irVal(cx.constant(undefined, node));
}

/** `Math[name]` with one of a few names; `undefined` if it is something else. */
export function chosenMath(
  cx: FunctionContext,
  e: ts.ElementAccessExpression,
  key: () => ValueId,
): Val | undefined {
  const names = isGlobal(cx, e.expression, 'Math') ? possibleKeys(cx, e) : undefined;
  if (!names) return undefined;
  const [last, ...others] = [...names].reverse();
  const k = key();
  const choose = (from: readonly string[]): Val => {
    const name = from[from.length - 1] ?? last;
    const one = (): Val => lowerMathMember(cx, name, e);
    if (from.length === 0) return one();
    const here = cx.scalar('eq', [k, cx.constant(name, e)], e);
    return cx.branch(here, one, () => choose(from.slice(0, -1)), e) ?? { kind: 'missing' };
  };
  return choose(others);
}
