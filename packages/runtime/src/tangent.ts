/** What is accepted as a tangent of a value, or as the cotangent of a result. */
import type { HasLeaves } from './gradient.js';

/**
 * A tangent (or cotangent) for a value of type `T`: the same shape. Parts that cannot be differentiated are ignored;
 * they may be missing, so that a gradient is a tangent, and they may be present, so that the value itself is one.
 */
export type Tangent<T> = unknown extends T
  ? unknown
  : T extends number
    ? number
    : T extends Float64Array
      ? Float64Array
      : T extends Float32Array
        ? Float32Array
        : true extends HasLeaves<T>
          ? TangentOfContainer<T>
          : T | undefined;

type TangentOfContainer<T> =
  T extends ReadonlyMap<infer K, infer V>
    ? ReadonlyMap<K, Tangent<V>>
    : T extends readonly (infer E)[]
      ? E[] extends T
        ? readonly Tangent<E>[]
        : { readonly [K in keyof T]: Tangent<T[K]> }
      : { readonly [K in keyof T as true extends HasLeaves<T[K]> ? K : never]: Tangent<T[K]> } & {
          readonly [K in keyof T as true extends HasLeaves<T[K]> ? never : K]?: T[K] | undefined;
        };

/** One tangent per argument; trailing arguments that cannot be differentiated may be left out. */
export type Tangents<P extends readonly unknown[]> =
  | { readonly [K in keyof P]: Tangent<P[K]> }
  | (P extends readonly [...infer Init, infer Last]
      ? true extends HasLeaves<Last>
        ? never
        : Tangents<Init>
      : never);
