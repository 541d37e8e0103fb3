// What `gradInto` writes to.
import { gradInto } from 'adjoint';
import { is } from './equal.js';

declare function f(
  x: number,
  ys: readonly number[],
  p: { w: Float64Array; name: string },
  k?: number,
): number;
declare const p: { w: Float64Array; name: string };

// One array: an array.
is<
  (
    out: number[],
    x: number,
    ys: readonly number[],
    p: { w: Float64Array; name: string },
    k?: number,
  ) => number
>()(gradInto(f, { argnums: 1 }));
is<number>()(gradInto((x: Float64Array) => x.length)(new Float64Array(2), new Float64Array(2)));
is<number>()(gradInto(f, { argnums: 2 })({ w: new Float64Array(1) }, 1, [], p));

// One scalar: `out[0]`.
gradInto(f)([0], 1, [], p);
gradInto(f)(new Float64Array(1), 1, [], p);
gradInto(f)(new Float32Array(1), 1, [], p);
gradInto(f, { argnums: 3 })([0], 1, [], p, 2);
// @ts-expect-error a number cannot be written to
gradInto(f)(0, 1, [], p);
declare const fixed: readonly number[];
// @ts-expect-error
gradInto(f)(fixed, 1, [], p);
// @ts-expect-error
gradInto(f, { argnums: 1 })(fixed, 1, [], p);

// Several: a tuple; only scalars: anything with slots.
gradInto(f, { argnums: [0, 1] })([0, [0]], 1, [], p);
gradInto(f, { argnums: [1, 2] })([[0], { w: new Float64Array(1) }], 1, [], p);
gradInto(f, { argnums: [0, 3] })(new Float64Array(2), 1, [], p, 2);
gradInto(f, { argnums: [0, 3] })([0, 0], 1, [], p, 2);
// @ts-expect-error
gradInto(f, { argnums: [0, 1] })(new Float64Array(2), 1, [], p);
// @ts-expect-error
gradInto(f, { argnums: [0, 1] })([0], 1, [], p);
// @ts-expect-error
gradInto(f, { argnums: 2 })({}, 1, [], p);
// @ts-expect-error
gradInto((x: Float64Array) => x.length)([0], new Float64Array(1));
