/** `Math`, numbers, objects, functions, maps and sets. */
import * as arithmetic from '../operations/arithmetic.js';
import * as discrete from '../operations/discrete.js';
import * as elementary from '../operations/elementary.js';
import * as trigonometric from '../operations/trigonometric.js';
import * as variadic from '../operations/variadic.js';
import { Var } from '../var.js';
import { iterate } from './access.js';
import { apply, callback, steering } from './calls.js';
import { addMember, forEachKeyed, iterateKeyed, keysOf, pairsOf, setEntry } from './keyed.js';
import { define, defineOne, moves } from './natives.js';
import { emptyLike, holdsVariable, isContainer, ownValues, put } from './plain.js';
import { fail } from './run.js';
import { copyOfBuffer, elements, isTyped } from './typed.js';
import { fromText, isSame, noteText, number, primal } from './values.js';

/** Functions of `Math`, with operands converted to numbers as the language does. */
const { sqrt, cbrt, exp, expm1, log, log10, log1p, log2, abs, fround } = elementary;
const { ceil, clz32, floor, imul, round, sign, trunc } = discrete;
const { hypot, max, min } = variadic;
const { pow } = arithmetic;
const functions: Readonly<Record<string, any>> = {
  ...{ sqrt, cbrt, exp, expm1, log, log10, log1p, log2, abs, fround },
  ...{ ceil, clz32, floor, imul, round, sign, trunc, hypot, max, min, pow, ...trigonometric },
};
const onNumbers =
  (f: any) =>
  (...args: any[]): any =>
    f(...args.map(number));
/** By name: what rewritten code calls in place of `Math`. */
export const math: Record<string, any> = {};
for (const [name, f] of Object.entries(functions)) {
  const count = f === pow || name === 'atan2' || name === 'imul' ? 2 : 1;
  const exact = f === max || f === min || f === hypot ? onNumbers(f) : fixed(onNumbers(f), count);
  math[name] = exact;
  defineOne(Math[name as 'sin'], (_self, args) => exact(...args));
}
/** Missing operands are `undefined`, more than the function takes are left out. */
function fixed(f: any, count: number): any {
  return count === 1 ? (x: any) => f(x) : (x: any, y: any) => f(x, y);
}

defineOne(Number, (_self, args) => {
  const [x] = args;
  return args.length === 0 ? 0 : typeof x === 'bigint' ? Number(x) : number(x);
});
defineOne(Boolean, (_self, [x]) => Boolean(primal(x)));
defineOne(String, moves(String));
for (const owner of [globalThis, Number])
  define(
    owner,
    'isNaN isFinite isInteger isSafeInteger',
    (f) =>
      (_self, [x]) =>
        f(primal(x)),
  );
for (const f of [parseFloat, parseInt])
  defineOne(f, (_self, [x, radix]) => {
    if (x instanceof Var) fail(`AD4006: \`${f.name}\` reads the text of a number with a derivative`);
    return f(fromText(x), primal(radix));
  });
define(
  Number.prototype,
  'toFixed toPrecision toExponential toString',
  (f) => (self, args) => f.apply(primal(self), args.map(primal)),
);
/** Positions in a text are steps. */
for (const name of Object.getOwnPropertyNames(String.prototype)) {
  const text: any = String.prototype;
  if (name === 'replace' || name === 'replaceAll' || name === 'constructor') continue;
  define(text, name, (f) => (self, args) => f.apply(primal(self), args.map(primal)));
}
define(
  String.prototype,
  'replace replaceAll',
  (f) =>
    (self, [what, by]) =>
      f.call(self, what, typeof by === 'function' ? callback(by) : primal(by)),
);

define(
  Object,
  'keys values entries assign fromEntries freeze seal isFrozen isSealed create getPrototypeOf hasOwn getOwnPropertyNames getOwnPropertySymbols preventExtensions',
  (f, name) => (self, args) =>
    f.apply(
      self,
      name === 'values' || name === 'entries' || name === 'fromEntries' ? lists(name, args) : args,
    ),
);
function lists(name: string, [x]: any[]): any[] {
  if (name === 'fromEntries') return [iterate(x)];
  return [isTyped(x) ? { ...elements(x) } : x];
}
defineOne(Object.is, (_self, [x, y]) => isSame(x, y));
define(
  Object,
  'groupBy',
  (f) =>
    (_self, [list, by]) =>
      f(iterate(list), steering(by)),
);
define(
  Map,
  'groupBy',
  (f) =>
    (_self, [list, by]) =>
      f(iterate(list), steering(by)),
);
define(Object.prototype, 'hasOwnProperty isPrototypeOf propertyIsEnumerable', moves);
defineOne(JSON.stringify, (_self, [x, ...rest]) => {
  const text = JSON.stringify(x, ...rest);
  return holdsVariable(x) ? noteText(text) : text;
});
defineOne(JSON.parse, (_self, [text, reviver]) => JSON.parse(fromText(text), reviver));
defineOne((globalThis as any).structuredClone, (_self, [x]) => clone(x, new Map()));

/** `structuredClone` with variables as the numbers they are: plain objects, whatever they were made by. */
function clone(x: any, seen: Map<unknown, unknown>): any {
  if (x instanceof Var || typeof x !== 'object' || x === null) return clonePrimitive(x);
  if (seen.has(x)) return seen.get(x);
  const note = (copy: any): any => {
    seen.set(x, copy);
    return copy;
  };
  if (isTyped(x)) {
    const buffer = seen.get(x.buffer) ?? copyOfBuffer(x.buffer);
    seen.set(x.buffer, buffer);
    return note(new (x.constructor as any)(buffer, x.byteOffset, x.length));
  }
  if (x instanceof Set) {
    const copy = note(new Set());
    for (const member of iterateKeyed(x)) addMember(copy, clone(member, seen));
    return copy;
  }
  if (!isContainer(x) || x instanceof Error) return note((globalThis as any).structuredClone(x));
  const copy = note(Array.isArray(x) || x instanceof Map ? emptyLike(x) : {});
  for (const [key, value] of ownValues(x)) put(copy, key, clone(value, seen));
  // beside its elements, an array may have others: `a[-1]`
  if (Array.isArray(x))
    for (const key of Object.keys(x)) if (!(key in copy)) put(copy, key, clone((x as any)[key], seen));
  return copy;
}
const clonePrimitive = (x: any): any => (x instanceof Var ? x : (globalThis as any).structuredClone(x));

const method = Function.prototype;
defineOne(method.call, (f, [self, ...args]) => apply(f, self, args));
defineOne(method.apply, (f, [self, args]) =>
  apply(f, self, args === undefined || args === null ? [] : [...iterate(args)]),
);
defineOne(
  method.bind,
  (f, [self, ...first]) =>
    (...args: any[]) =>
      apply(f, self, [...first, ...args]),
);

define(
  Map.prototype,
  'get has delete',
  (f) =>
    (self, [key]) =>
      f.call(self, primal(key)),
);
define(
  Set.prototype,
  'has delete',
  (f) =>
    (self, [key]) =>
      f.call(self, primal(key)),
);
define(Map.prototype, 'clear values', moves);
define(Set.prototype, 'clear', moves);
define(
  Map.prototype,
  'set',
  () =>
    (self, [key, value]) =>
      setEntry(self, key, value),
);
define(
  Set.prototype,
  'add',
  () =>
    (self, [key]) =>
      addMember(self, key),
);
define(Map.prototype, 'keys', () => (self) => keysOf(self));
define(Set.prototype, 'values', () => (self) => iterateKeyed(self));
define(Map.prototype, 'entries', () => (self) => iterateKeyed(self));
define(Set.prototype, 'entries', () => (self) => pairsOf(self));
for (const prototype of [Map.prototype, Set.prototype])
  define(prototype, 'forEach', () => (self, [f, thisArg]) => {
    forEachKeyed(self, callback(f).bind(thisArg));
  });
define(WeakMap.prototype, 'get has set delete', moves);
define(WeakSet.prototype, 'add has delete', moves);

/** Iterators that were made by hand: `m.values().next()`. */
define(Object.getPrototypeOf([].values()), 'next', moves);
define(Object.getPrototypeOf(new Map().values()), 'next', moves);
define(Object.getPrototypeOf(new Set().values()), 'next', moves);
