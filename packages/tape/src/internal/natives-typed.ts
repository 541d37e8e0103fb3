/** Methods of typed arrays, and their construction. */
import { Var } from '../var.js';
import { counted, iterate, listOf } from './access.js';
import { callback, steering } from './calls.js';
import { define, defineOne } from './natives.js';
import { fail } from './run.js';
import { elements, holdsVariables, isTyped, load, store, type TypedArray, typedLike } from './typed.js';
import { primal } from './values.js';

const typed: any = Object.getPrototypeOf(Float64Array.prototype);

define(typed, 'subarray', (f) => (self, args) => f.apply(self, args.map(primal)));
define(
  typed,
  'includes indexOf lastIndexOf join keys',
  (f) => (self, args) => f.apply(self, args.map(primal)),
);
define(typed, 'at', () => (self, [at]) => {
  const k = Math.trunc(primal(at)) || 0;
  const index = k < 0 ? k + self.length : k;
  return index >= 0 && index < self.length ? load(self, index) : undefined;
});

/** Index and value of the first (or last) element that passes a test; elements are read when their turn comes. */
function search(
  self: TypedArray,
  f: any,
  thisArg: unknown,
  last = false,
): readonly [index: number, value: any] {
  const test = steering(f);
  const n = self.length;
  for (let i = 0; i < n; i++) {
    const k = last ? n - 1 - i : i;
    const x = load(self, k);
    if (test.call(thisArg, x, k, self)) return [k, x];
  }
  return [-1, undefined];
}
define(
  typed,
  'some',
  () =>
    (self, [f, thisArg]) =>
      search(self, f, thisArg)[0] >= 0,
);
define(
  typed,
  'find',
  () =>
    (self, [f, thisArg]) =>
      search(self, f, thisArg)[1],
);
define(
  typed,
  'findIndex',
  () =>
    (self, [f, thisArg]) =>
      search(self, f, thisArg)[0],
);
define(
  typed,
  'findLast',
  () =>
    (self, [f, thisArg]) =>
      search(self, f, thisArg, true)[1],
);
define(
  typed,
  'findLastIndex',
  () =>
    (self, [f, thisArg]) =>
      search(self, f, thisArg, true)[0],
);
define(typed, 'every', () => (self, [f, thisArg]) => {
  const test = steering(f);
  return search(self, (...args: any[]) => !test.apply(thisArg, args), undefined)[0] < 0;
});
define(typed, 'forEach', () => (self, [f, thisArg]) => {
  const each = callback(f);
  for (let k = 0; k < self.length; k++) each.call(thisArg, load(self, k), k, self);
});
define(typed, 'reduce reduceRight', (native, name) => (self, [f, ...start]) => {
  const next = callback(f);
  const n = self.length;
  if (n === 0 && start.length === 0) return native.call(self, next); // throws
  const at = (i: number): number => (name === 'reduce' ? i : n - 1 - i);
  let sum = start.length > 0 ? start[0] : load(self, at(0));
  for (let i = start.length > 0 ? 0 : 1; i < n; i++) sum = next(sum, load(self, at(i)), at(i), self);
  return sum;
});

define(typed, 'map', () => (self, [f, thisArg]) => {
  const each = callback(f);
  const out = new self.constructor(self.length);
  for (let k = 0; k < self.length; k++) store(out, k, each.call(thisArg, load(self, k), k, self));
  return out;
});
define(typed, 'filter', () => (self, [f, thisArg]) => {
  const test = steering(f);
  const kept: any[] = [];
  for (let k = 0; k < self.length; k++) {
    const x = load(self, k);
    if (test.call(thisArg, x, k, self)) kept.push(x);
  }
  return typedLike(self, kept);
});
define(
  typed,
  'slice',
  () => (self, args) => typedLike(self, elements(self).slice(...(args.map(primal) as [number?, number?]))),
);
define(typed, 'toReversed', () => (self) => typedLike(self, elements(self).reverse()));
define(typed, 'with', (f) => (self, [at, x]) => {
  f.call(self, primal(at), primal(x)); // throws out of range
  return typedLike(self, elements(self).with(primal(at), x));
});

/** Writes elements back: the order has changed, or a range has been overwritten. */
function overwrite(a: TypedArray, from: number, list: readonly any[]): void {
  list.forEach((x, k) => {
    store(a, from + k, x);
  });
}
define(typed, 'reverse', () => (self) => {
  overwrite(self, 0, elements(self).reverse());
  return self;
});
define(typed, 'sort', () => (self, [compare]) => {
  overwrite(self, 0, sorted(self, compare));
  return self;
});
define(
  typed,
  'toSorted',
  () =>
    (self, [compare]) =>
      typedLike(self, sorted(self, compare)),
);
/** In the way of typed arrays, which asks a comparator other questions than lists do. */
function sorted(a: TypedArray, compare: any): any[] {
  const list = elements(a);
  const by = compare === undefined ? ascending : steering(compare);
  const order = Uint32Array.from(list.keys()).sort((i, j) => by(list[i], list[j]));
  return Array.from(order, (k) => list[k]);
}
/** The order of typed arrays: -0 before 0, NaN last. */
function ascending(left: any, right: any): number {
  const [x, y] = [primal(left), primal(right)];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  if (x !== y) return x < y ? -1 : 1;
  return Object.is(x, y) ? 0 : Object.is(x, -0) ? -1 : 1;
}

define(typed, 'fill', (f) => (self, [x, ...range]) => {
  const [from, to] = range.map(primal);
  f.call(self, primal(x), from, to);
  const indices = Array.from(self, (_, k) => k).slice(from ?? 0, to);
  for (const k of indices) store(self, k, x);
  return self;
});
define(typed, 'copyWithin', () => (self, args) => {
  const list = elements(self).copyWithin(...(args.map(primal) as [number, number, number]));
  overwrite(self, 0, list);
  return self;
});
define(typed, 'set', (f) => (self, [from, at]) => {
  const offset = Math.trunc(primal(at ?? 0)) || 0;
  const list = isTyped(from) ? elements(from) : Array.from(counted(from));
  if (isTyped(from)) f.call(self, from.slice(), offset);
  else f.call(self, list.map(primal), offset);
  overwrite(self, offset, list);
});

define(typed, 'values', () => (self) => iterate(self));
define(typed, 'entries', () => (self) => entriesOf(self));
function* entriesOf(a: TypedArray): Iterable<[number, any]> {
  for (let k = 0; k < a.length; k++) yield [k, load(a, k)];
}

defineOne(typed.constructor.of, (self, args) => makeTyped(self, [args]));
defineOne(typed.constructor.from, (self, [from, f, thisArg]) => {
  const list = isTyped(from) || isIterable(from) ? listOf(from) : Array.from(counted(from));
  const each = callback(f);
  return makeTyped(self, [f === undefined ? list : list.map((x, k) => each.call(thisArg, x, k))]);
});
const isIterable = (x: any): boolean => typeof x?.[Symbol.iterator] === 'function';

/** `new Float64Array(...)` and its kin. */
export function makeTyped(type: any, args: any[]): any {
  const [first] = args;
  if (typeof first !== 'object' || first === null || first instanceof Var)
    return new type(...args.map(primal));
  if (first instanceof ArrayBuffer || !(isTyped(first) || Array.isArray(first) || isIterable(first)))
    return new type(counted(first), ...args.slice(1).map(primal));
  const list = listOf(first);
  const made = new type(list.length);
  overwrite(made, 0, list);
  return made;
}

define(ArrayBuffer.prototype, 'slice transfer', (f) => (self, args) => {
  if (holdsVariables(self)) fail('AD3004: the bytes of numbers with a derivative are copied');
  return f.apply(self, args.map(primal));
});
