/** The shape of a gradient, computed from the type of what it is the gradient of. */

/** Values that carry no derivative, whatever numeric properties their types happen to have. */
type Passive =
  | string
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | ((...args: never) => unknown)
  | (abstract new (
      ...args: never
    ) => unknown)
  | Date
  | RegExp
  | ReadonlySet<unknown>
  | WeakSet<WeakKey>
  | WeakMap<WeakKey, unknown>
  | ArrayBufferView
  | ArrayBufferLike;

/**
 * `true` if a value of type `T` can hold a number with a derivative, `false` if not, `boolean` if it depends on the
 * member of a union. Types nested deeper than four levels (types that refer to themselves) count as numeric.
 */
export type HasLeaves<T, Depth extends readonly unknown[] = []> = unknown extends T
  ? true
  : T extends number | Float64Array | Float32Array
    ? true
    : T extends ReadonlyMap<unknown, infer V>
      ? Depth['length'] extends 4
        ? true
        : HasLeaves<V, [...Depth, 0]>
      : T extends Passive
        ? false
        : Depth['length'] extends 4
          ? true
          : T extends readonly (infer E)[]
            ? HasLeaves<E, [...Depth, 0]>
            : { [K in keyof T]-?: HasLeaves<T[K], [...Depth, 0]> }[keyof T];

/**
 * The type of the gradient with respect to a value of type `T`: the same shape, mutable, with only what can be
 * differentiated. Numbers and number literals give `number`; arrays, tuples, `Float64Array`, `Float32Array` and maps
 * keep their kind; objects and class instances give plain objects without their strings, booleans and methods; a
 * tuple position without numbers gives `undefined`, and so does an absent optional value. `any` gives `unknown`.
 */
export type Gradient<T> = unknown extends T
  ? unknown
  : T extends number
    ? number
    : T extends Float64Array
      ? Float64Array
      : T extends Float32Array
        ? Float32Array
        : true extends HasLeaves<T>
          ? GradientOfContainer<T>
          : undefined;

type GradientOfContainer<T> =
  T extends ReadonlyMap<infer K, infer V>
    ? IsEndless<V> extends false
      ? Map<K, { now: Gradient<V> }['now']>
      : Map<K, Gradient<V>>
    : T extends readonly (infer E)[]
      ? E[] extends T
        ? IsEndless<E> extends false
          ? { now: Gradient<E> }['now'][]
          : Gradient<E>[]
        : { -readonly [K in keyof T]: Gradient<T[K]> }
      : { -readonly [K in keyof T as true extends HasLeaves<T[K]> ? K : never]: Gradient<T[K]> };

// `{ now: ... }['now']` resolves the element at once, `Gradient<E>[]` when it is looked at. The first gives types
// that are identical to those one writes (in a tuple a lazy array is not); only the second ends for
// `type T = number | T[]`.

/** Not `false` if arrays and maps nest in `T` deeper than four levels with no object between them. */
type IsEndless<T, Depth extends readonly unknown[] = []> = T extends
  | readonly (infer E)[]
  | ReadonlyMap<unknown, infer E>
  ? Depth['length'] extends 4
    ? true
    : IsEndless<E, [...Depth, 0]>
  : false;

/**
 * The type of the derivative of a value of type `T` in an argument of type `X`: the shape of `T` with a gradient of `X` in place
 * of each number. Typed arrays become arrays, since they could not hold it.
 */
export type Jacobian<T, X> = unknown extends T
  ? unknown
  : T extends number
    ? Gradient<X>
    : T extends Float64Array | Float32Array
      ? Gradient<X>[]
      : true extends HasLeaves<T>
        ? JacobianOfContainer<T, X>
        : undefined;

type JacobianOfContainer<T, X> =
  T extends ReadonlyMap<infer K, infer V>
    ? Map<K, Jacobian<V, X>>
    : T extends readonly (infer E)[]
      ? E[] extends T
        ? Jacobian<E, X>[]
        : { -readonly [K in keyof T]: Jacobian<T[K], X> }
      : { -readonly [K in keyof T as true extends HasLeaves<T[K]> ? K : never]: Jacobian<T[K], X> };
