/** Methods of arrays, and functions that make arrays. */
import { counted, isVariable, iterate } from './access.js';
import { callback, steering } from './calls.js';
import { define, defineOne, moves, type Native, nativeOf } from './natives.js';
import { fail } from './run.js';
import { isTyped } from './typed.js';
import { identity, primal } from './values.js';

const list = Array.prototype;
const typed: any = Object.getPrototypeOf(Float64Array.prototype);

/** Methods that do the same to typed arrays, of which `Array.prototype` has them too. */
const COMMON = new Set(
  'forEach find findLast findIndex findLastIndex some every at reverse fill reduce reduceRight entries keys values indexOf lastIndexOf includes'.split(
    ' ',
  ),
);
/** Defines methods of lists; `Array.prototype.map.call(typedArray)` is none of them. */
function defineOfLists(names: string, make: (f: any, name: string) => Native): void {
  define(list, names, (f, name) => {
    const native = make(f, name);
    const ofTyped = COMMON.has(name) ? typed[name] : undefined;
    return (self, args) => {
      if (!isTyped(self)) return native(self, args);
      const same = nativeOf(ofTyped);
      return same ? same(self, args) : fail(`AD4002: \`Array.prototype.${name}\` of a typed array`);
    };
  });
}

defineOfLists('push pop shift unshift reverse toReversed concat entries keys values', moves);

defineOfLists(
  'forEach map flatMap reduce reduceRight',
  (f) =>
    (self, [each, ...rest]) =>
      f.call(self, callback(each), ...rest),
);
defineOfLists(
  'filter some every find findIndex findLast findLastIndex sort toSorted',
  (f) =>
    (self, [test, ...rest]) =>
      f.call(self, steering(test), ...rest),
);

/** Positions and counts are numbers, the other arguments are elements. */
const positions =
  (count: number, from = 0) =>
  (f: any) =>
  (self: any, args: any[]) =>
    f.apply(
      self,
      args.map((x, k) => (k >= from && k < from + count ? primal(x) : x)),
    );
defineOfLists('slice at flat copyWithin', positions(3));
defineOfLists('splice toSpliced', positions(2));
defineOfLists('with', positions(1));
defineOfLists('fill', positions(2, 1));
defineOfLists('join', (f) => (self, args) => f.apply(self, args.map(primal)));

defineOfLists('includes indexOf lastIndexOf', (f) => (self, [x, ...from]) => {
  const values = Array.isArray(self) && self.some(isCompared) ? self.map(identity) : self;
  return f.call(values, identity(x), ...from.map(primal));
});
const isCompared = (x: unknown): boolean => isVariable(x) || typeof x === 'function' || typeof x === 'object';

defineOne(Array.from, (self, [from, f, thisArg]) =>
  Array.from.call(self, iterate(counted(from)), f === undefined ? undefined : callback(f), thisArg),
);
defineOne(Array.of, moves(Array.of));
defineOne(Array.isArray, moves(Array.isArray));
defineOne(Array, (_self, args) => newArray(args));

export const newArray = (args: any[]): any[] =>
  args.length === 1 ? new Array(primal(args[0])) : Array.of(...args);

/** Helpers of iterators, where the engine has them. */
const iterators = (globalThis as any).Iterator?.prototype;
define(
  iterators,
  'map flatMap forEach reduce',
  (f) =>
    (self, [each, ...rest]) =>
      f.call(self, callback(each), ...rest),
);
define(
  iterators,
  'filter some every find',
  (f) =>
    (self, [test]) =>
      f.call(self, steering(test)),
);
define(iterators, 'take drop toArray', (f) => (self, args) => f.apply(self, args.map(primal)));
