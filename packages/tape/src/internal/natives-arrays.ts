/** Methods of arrays, and functions that make arrays. */
import { counted, isVariable, iterate, listOf } from './access.js';
import { callback, steering } from './calls.js';
import { define, defineOne, moves } from './natives.js';
import { isTyped } from './typed.js';
import { identity, primal } from './values.js';

const list = Array.prototype;

define(list, 'push pop shift unshift reverse toReversed concat entries keys values', moves);

define(
  list,
  'forEach map flatMap reduce reduceRight',
  (f) =>
    (self, [each, ...rest]) =>
      f.call(self, callback(each), ...rest),
);
define(
  list,
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
define(list, 'slice at flat copyWithin', positions(3));
define(list, 'splice toSpliced', positions(2));
define(list, 'with', positions(1));
define(list, 'fill', positions(2, 1));
define(list, 'join', (f) => (self, args) => f.apply(self, args.map(primal)));

define(list, 'includes indexOf lastIndexOf', (f) => (self, [x, ...from]) => {
  const values = Array.isArray(self) && self.some(isCompared) ? self.map(identity) : self;
  return f.call(values, identity(x), ...from.map(primal));
});
const isCompared = (x: unknown): boolean => isVariable(x) || typeof x === 'function' || typeof x === 'object';

defineOne(Array.from, (self, [from, f, thisArg]) =>
  Array.from.call(self, source(from), f === undefined ? undefined : callback(f), thisArg),
);
/** What `Array.from` reads. */
function source(from: any): any {
  if (isTyped(from) || from instanceof Set || from instanceof Map) return listOf(from);
  return iterate(counted(from));
}
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
