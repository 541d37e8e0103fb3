// The form that the plugin writes has the type of the form that was written.
import { grad, gradInto, jvp, valueAndGrad, vjp } from 'adjoint';
import { is } from './equal.js';

declare function f(x: number, ys: number[]): number;
// What the plugin appends may have loose types, but they never show.
// biome-ignore lint/suspicious/noExplicitAny: what is tested
declare function generated(x: any, ys: any): any;

is<(x: number, ys: number[]) => number>()(grad(f, undefined, generated));
is<(x: number, ys: number[]) => number[]>()(grad(f, { argnums: 1 }, generated));
is<(x: number, ys: number[]) => [value: number, gradient: [number, number[]]]>()(
  valueAndGrad(f, { argnums: [0, 1] }, generated),
);
is<number>()(gradInto(f, { argnums: 1, accumulate: true }, generated)([0], 1, [2]));
is<[x: number, ys: number[]]>()(vjp(f, undefined, generated)(1, [2])[1](1));
is<[value: number, tangent: number]>()(jvp(f, undefined, generated)([1, [2]], [1, [0]]));
is<(x: number) => number>()(grad((x: number) => x * x, undefined, generated));
// @ts-expect-error
grad(f, { argnums: 2 }, generated);
// @ts-expect-error
grad(f, undefined, 3);
