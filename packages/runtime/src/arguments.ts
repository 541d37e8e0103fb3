/** Which arguments are differentiated (`argnums`), and the types that follow from the choice. */
import type { Gradient, Jacobian } from './gradient.js';

// `never[]`, not `any[]`: with `any[]` an unannotated arrow would silently get parameters of type `any`.
/** A function that can be given to `grad`. */
export type ScalarFn = (...args: never[]) => number;
/** A function that can be given to `valueAndGrad` with `aux`: it returns a loss, and anything else. */
export type AuxFn = (...args: never[]) => readonly [number, ...unknown[]];
/** A function that can be given to `vjp` and `jvp`: it returns a number, or an array, tuple or object of numbers. */
export type TreeFn = (...args: never[]) => number | object;

/** The positions of a parameter list: `0 | 1` for two parameters, optional or not; `number` with a rest parameter. */
type Idx<P extends readonly unknown[]> = number extends P['length']
  ? number
  : Exclude<Partial<P>['length'], Required<P>['length']>;

/** What `argnums` may be for a function of type `F`: a position of the call or a tuple of positions. */
export type ArgNums<F extends ScalarFn> = Idx<Parameters<F>> | readonly Idx<Parameters<F>>[];

/** A position of the call of a function of type `F`. */
export type Position<F extends TreeFn> = Idx<Parameters<F>>;
/** One position, or a tuple of them. */
export type Positions<F extends TreeFn> = Idx<Parameters<F>> | readonly Idx<Parameters<F>>[];

type At<P extends readonly unknown[], I> = P[I & keyof P];

/** The gradient for the choice `A` of arguments of `P`: one gradient, or a tuple of them if `A` is a tuple. */
export type GradientAt<P extends readonly unknown[], A> = A extends readonly unknown[]
  ? { -readonly [I in keyof A]: Gradient<At<P, A[I]>> }
  : Gradient<At<P, A>>;

/** The Jacobian of a result `R` for the choice `A` of arguments of `P`: one, or a tuple of them if `A` is a tuple. */
export type JacobianAt<R, P extends readonly unknown[], A> = A extends readonly unknown[]
  ? { -readonly [I in keyof A]: Jacobian<R, At<P, A[I]>> }
  : Jacobian<R, At<P, A>>;

/** One gradient per argument. */
export type Gradients<P extends readonly unknown[]> = { -readonly [K in keyof P]: Gradient<P[K]> };

/** Where the gradients of scalar arguments are written: slot `i` for the `i`-th of them. */
export type ScalarSlots = number[] | Float64Array | Float32Array;

/** What `gradInto` writes to: the gradient's shape, where a single scalar is `out[0]`. */
export type OutAt<P extends readonly unknown[], A> = A extends readonly unknown[]
  ? GradientAt<P, A> | ([At<P, A[number]>] extends [number | undefined] ? ScalarSlots : never)
  : [At<P, A>] extends [number | undefined]
    ? ScalarSlots
    : GradientAt<P, A>;

/** The paths of an object to the numbers in it and to the objects that hold them: `'layer' | 'layer.w'`. */
export type PathOf<T, Depth extends readonly unknown[] = []> = T extends
  | number
  | readonly unknown[]
  | ReadonlyMap<unknown, unknown>
  | ArrayBufferView
  | ((...args: never) => unknown)
  ? never
  : T extends object
    ? Depth['length'] extends 5
      ? never
      : { [K in keyof T & string]: K | `${K}.${PathOf<T[K], [...Depth, 0]>}` }[keyof T & string]
    : never;

/** The gradient of a `T` with only these paths in it. */
export type GradientParts<T, P extends string> = Merged<P extends unknown ? PartAt<T, P> : never>;
type PartAt<T, P extends string> = P extends `${infer K}.${infer R}`
  ? { [k in K]: K extends keyof T ? PartAt<T[K], R> : never }
  : { [k in P]: P extends keyof T ? Gradient<T[P]> : never };
type Merged<U> = (U extends unknown ? (x: U) => void : never) extends (x: infer I) => void ? Flat<I> : never;
type Flat<T> = T extends number | readonly unknown[] | ReadonlyMap<unknown, unknown> | ArrayBufferView
  ? T
  : { [K in keyof T]: Flat<T[K]> };
