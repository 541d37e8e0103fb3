// Which functions `grad` takes, and what it keeps of their parameters.
import { grad, stopGradient, valueAndGrad } from 'adjoint';
import { is } from './equal.js';

// Parameter lists stay: optional, default, rest, readonly.
is<(x: number, y?: number) => number>()(grad((x: number, y?: number) => x * (y ?? 1)));
is<(x: number, y?: number) => number>()(grad((x: number, y = 2) => x * y));
is<(...xs: number[]) => number>()(grad((...xs: number[]) => xs.length));
is<(p: readonly [number, number]) => [number, number]>()(grad((p: readonly [number, number]) => p[0] * p[1]));
const square = (x: number): number => x * x;
is<(x: number) => number>()(grad(square));
is<(x: number) => [value: number, gradient: number]>()(valueAndGrad(square));

// Derivatives of derivatives.
is<(x: number) => number>()(grad(grad(square)));
is<(x: number) => number>()(grad((x: number) => grad(square)(x) + x));

// Results that are literals are numbers.
is<[value: number, gradient: number]>()(valueAndGrad((x: number) => (x > 0 ? 1 : 0))(1));

// Generic functions: the type parameter stands for its constraint, an instantiation for itself.
declare function norm<T extends readonly number[]>(xs: T): number;
is<(xs: readonly number[]) => number[]>()(grad(norm));
is<(xs: [number, number]) => [number, number]>()(grad(norm<[number, number]>));
declare function weigh<K extends string>(w: Record<K, number>, key: K): number;
is<(w: Record<'a' | 'b', number>, key: 'a' | 'b') => { a: number; b: number }>()(grad(weigh<'a' | 'b'>));
export function slope<T extends readonly number[]>(f: (xs: T) => number, xs: T) {
  return grad(f)(xs);
}
is<number[]>()(slope((xs: number[]) => xs.length, [1]));

// Methods.
class Model {
  scale = 2;
  loss(x: Float64Array): number {
    return this.scale * x.length;
  }
  static cost(x: number): number {
    return x;
  }
}
is<(x: Float64Array) => Float64Array>()(grad(new Model().loss));
is<(x: number) => number>()(grad(Model.cost));
is<(m: Model, x: Float64Array) => { scale: number }>()(grad((m: Model, x: Float64Array) => m.loss(x)));

// An unannotated arrow cannot be called, rather than silently taking anything.
const unannotated = grad((x) => x * 2);
// @ts-expect-error
unannotated(3);
is<(x: never) => never>()(unannotated);
const annotated: (x: number) => number = grad((x: number) => x * 2);
annotated(3);

// The arguments are checked.
// @ts-expect-error
grad(square)('1');
// @ts-expect-error
grad(square)();
// @ts-expect-error
grad(square)(1, 2);
// @ts-expect-error a gradient in one argument is no tuple
grad(square)(1)[0];

// Not scalar functions.
// @ts-expect-error
grad((x: number) => [x]);
// @ts-expect-error
grad((x: number) => `${x}`);
// @ts-expect-error
grad(async (x: number) => x);
// @ts-expect-error
grad((x: number): number | undefined => x);
// @ts-expect-error
grad(3);
// @ts-expect-error
grad();

// `stopGradient` keeps the type.
declare const anyNumber: number;
declare const layer: { readonly w: number[]; name: string };
is<number>()(stopGradient(anyNumber));
is<{ readonly w: number[]; name: string }>()(stopGradient(layer));

// The context does not change the choice of arguments.
declare function distance(xs: number[], ys: number[]): number;
export const inContext: (xs: number[], ys: number[]) => number[] = grad(distance);
export const tupleInContext: (xs: number[], ys: number[]) => [number[], number[]] = grad(distance, {
  argnums: [0, 1],
});
export const valueInContext: (xs: number[], ys: number[]) => [number, number[]] = valueAndGrad(distance);
export const pairInContext: (p: [number, number]) => [number, number] = grad(
  (p: [number, number]) => p[0] * p[1],
);
// @ts-expect-error
export const wrongContext: (xs: number[], ys: number[]) => [number[], number[]] = grad(distance);
export const passedOn = [[1], [2]].map((row) => grad(distance)(row, row)) satisfies number[][];
export function returned(): (xs: number[], ys: number[]) => number[] {
  return grad(distance);
}
