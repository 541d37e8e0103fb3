// `argnums`: which arguments, and what comes back.
import { grad, gradInto, valueAndGrad } from 'adjoint';
import { is } from './equal.js';

declare function f(x: number, ys: readonly number[], name: string, z?: Float64Array): number;
declare function sum(scale: number, ...xs: number[]): number;
declare function mixed(scale: number, ...rest: [name: string, ...points: [number, number][]]): number;
declare function withDefault(x: number, rate?: number): number;

// The default is 0.
is<(x: number, ys: readonly number[], name: string, z?: Float64Array) => number>()(grad(f));
is<number>()(grad(f)(1, [2], 'a'));
is<number>()(grad(f, {})(1, [2], 'a'));
is<number>()(grad(f, undefined)(1, [2], 'a'));
is<number>()(grad(f, { argnums: 0 })(1, [2], 'a'));

// One position.
is<number[]>()(grad(f, { argnums: 1 })(1, [2], 'a'));
is<Float64Array | undefined>()(grad(f, { argnums: 3 })(1, [2], 'a'));
is<undefined>()(grad(f, { argnums: 2 })(1, [2], 'a'));
is<number | undefined>()(grad(withDefault, { argnums: 1 })(1));

// Several positions.
is<[number, number[]]>()(grad(f, { argnums: [0, 1] })(1, [2], 'a'));
is<[number, number[]]>()(grad(f, { argnums: [0, 1] as const })(1, [2], 'a'));
is<[Float64Array | undefined, number]>()(grad(f, { argnums: [3, 0] })(1, [2], 'a'));
is<[number]>()(grad(f, { argnums: [0] })(1, [2], 'a'));
is<[]>()(grad(f, { argnums: [] })(1, [2], 'a'));
const positions = [0, 1] as const;
is<[number, number[]]>()(grad(f, { argnums: positions })(1, [2], 'a'));
const options = { argnums: [0, 1] } as const;
is<[number, number[]]>()(grad(f, options)(1, [2], 'a'));

// Positions are those of the call.
is<number>()(grad(sum, { argnums: 2 })(1, 2, 3));
is<[number, number]>()(grad(sum, { argnums: [0, 5] })(1, 2, 3));
is<undefined>()(grad(mixed, { argnums: 1 })(1, 'a', [1, 2]));
is<[number, number]>()(grad(mixed, { argnums: 3 })(1, 'a', [1, 2], [3, 4]));

// The other markers take the same.
is<[value: number, gradient: number]>()(valueAndGrad(f)(1, [2], 'a'));
is<[value: number, gradient: [number, number[]]]>()(valueAndGrad(f, { argnums: [0, 1] })(1, [2], 'a'));
is<number>()(gradInto(f, { argnums: 1 })([0], 1, [2], 'a'));

// Out of range, or no position at all.
// @ts-expect-error
grad(f, { argnums: 4 });
// @ts-expect-error
grad(f, { argnums: -1 });
// @ts-expect-error
grad(f, { argnums: [0, 4] });
// @ts-expect-error
grad(f, { argnums: '0' });
// @ts-expect-error
grad(withDefault, { argnums: 2 });
// @ts-expect-error
valueAndGrad(f, { argnums: 4 });
// @ts-expect-error
gradInto(f, { argnums: [4] });

// Unknown options.
// @ts-expect-error
grad(f, { argnum: 1 });
// @ts-expect-error
grad(f, { argnums: 1, wrt: ['x'] });
// @ts-expect-error
grad(f, { backend: 'other' });
// @ts-expect-error
valueAndGrad(f, { accumulate: true });
// @ts-expect-error
gradInto(f, { accumulate: 1 });
grad(f, { argnums: 1, backend: 'adjoint' });
gradInto(f, { accumulate: true });
gradInto(f, { accumulate: true, argnums: [0, 1], backend: 'adjoint' });
grad(f, { backend: 'tape' });
gradInto(f, { accumulate: true, argnums: [0, 1], backend: 'tape' });

// `aux`: all that the function returns, and the gradient of its first element.
declare function loss(w: Float64Array, x: number): [loss: number, extra: { readonly steps: number }];
is<[[loss: number, extra: { readonly steps: number }], Float64Array]>()(
  valueAndGrad(loss, { aux: true })(new Float64Array(1), 2),
);
is<[[loss: number, extra: { readonly steps: number }], [number]]>()(
  valueAndGrad(loss, { aux: true, argnums: [1] })(new Float64Array(1), 2),
);
// @ts-expect-error without `aux` the function returns a number
valueAndGrad(loss);
// @ts-expect-error with `aux` it does not
valueAndGrad((x: number): number => x, { aux: true });

// `wrt`: only these paths are in the gradient.
interface Params {
  layer: { w: Float64Array; b: number };
  readonly head: { readonly k: number; readonly name: string };
}
declare function ofParams(p: Params, x: number): number;
declare const params: Params;
is<{ layer: { w: Float64Array } }>()(grad(ofParams, { wrt: ['layer.w'] })(params, 1));
is<{ layer: { w: Float64Array; b: number }; head: { k: number } }>()(
  grad(ofParams, { wrt: ['layer', 'head.k'] })(params, 1),
);
is<[number, { head: { k: number } }]>()(valueAndGrad(ofParams, { wrt: ['head.k'] })(params, 1));
// @ts-expect-error there is no such path
grad(ofParams, { wrt: ['layer.q'] });
