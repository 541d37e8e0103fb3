import type { Scalar, Var } from '../var.js';

/** A function that can be taped; its parameters must be annotated. */
export type TapedFunction = (...args: never[]) => Scalar;

/** Legal argument positions of a parameter list; any number when a rest parameter is among them. */
export type Position<P extends readonly unknown[]> = number extends P['length']
  ? number
  : Exclude<Partial<P>['length'], Required<P>['length']>;

/** One position or a tuple of them. */
export type Positions<P extends readonly unknown[]> = Position<P> | readonly Position<P>[];

type Leafless = string | boolean | bigint | symbol | null | undefined | ((...args: never[]) => unknown);

/** What a caller passes where the taped function takes `T`: numbers for `Var`s, also from a typed array. */
export type Primal<T> = T extends Var
  ? number
  : T extends Leafless
    ? T
    : T extends readonly unknown[]
      ? PrimalArray<T>
      : T extends object
        ? { [K in keyof T]: Primal<T[K]> }
        : T;

type PrimalArray<T extends readonly unknown[]> =
  | { readonly [K in keyof T]: Primal<T[K]> }
  | (number extends T['length'] ? (Var extends T[number] ? Float64Array | Float32Array : never) : never);

type PositionKey<A> = A extends readonly (infer N extends number)[]
  ? `${N}`
  : A extends number
    ? `${A}`
    : never;

/** Argument list of a gradient function: numbers at the positions of `A`, everything else as the function declares it. */
export type PrimalArguments<P extends readonly unknown[], A> = {
  [K in keyof P]: number extends P['length'] ? Primal<P[K]> : K extends PositionKey<A> ? Primal<P[K]> : P[K];
};

/** Gradient with respect to a value of type `T`: its structure, without what is not a number. */
export type Gradient<T> = T extends number
  ? number
  : T extends Leafless
    ? undefined
    : T extends Float64Array
      ? Float64Array
      : T extends Float32Array
        ? Float32Array
        : T extends readonly unknown[]
          ? { -readonly [K in keyof T]: Gradient<T[K]> }
          : { -readonly [K in keyof T as T[K] extends Leafless ? never : K]: Gradient<T[K]> };

/** The gradients at the positions of `A`: one, or a tuple of them. */
export type GradientAt<T extends readonly unknown[], A> = A extends number
  ? Gradient<T[A]>
  : A extends readonly number[]
    ? { -readonly [K in keyof A]: Gradient<T[A[K] & number]> }
    : never;
