// `vjp` and `jvp`.
import { grad, jvp, vjp } from 'adjoint';
import { is } from './equal.js';

declare function f(x: number, ys: readonly number[], name: string): number;
declare function step(state: { x: number; v: Float64Array; id: string }, dt: number): typeof state;
declare function pair(x: number, y?: number): [number, number[]];

// Pullbacks: one gradient per argument, `undefined` where there is none.
const [value, pullback] = vjp(f)(1, [2], 'a');
is<number>()(value);
is<[x: number, ys: number[], name: undefined]>()(pullback(1));
// @ts-expect-error
pullback('1');
// @ts-expect-error
pullback();
const [, optional] = vjp(pair)(1);
is<[x: number, y?: number]>()(optional([1, [2]]));
// @ts-expect-error
optional([1]);
const [, many] = vjp((scale: number, ...xs: number[]) => xs.map((x) => scale * x))(1, 2, 3);
is<[scale: number, ...xs: number[]]>()(many([1, 2]));

// Cotangents: a result is one, and so is its differentiable part.
const [state, back] = vjp(step)({ x: 1, v: new Float64Array(2), id: 'a' }, 0.1);
is<{ x: number; v: Float64Array; id: string }>()(state);
is<[state: { x: number; v: Float64Array }, dt: number]>()(back(state));
back({ x: 1, v: state.v });
// @ts-expect-error
back({ x: 1 });
// @ts-expect-error
back({ x: 1, v: state.v, other: 2 });
const [, fixed] = vjp((x: number) => [x, x] as const)(1);
fixed([1, 2]);
// @ts-expect-error
fixed([1, 2, 3]);
const [, keyed] = vjp((x: number) => new Map([['a', x]]))(1);
keyed(new Map([['a', 1]]));
// @ts-expect-error
keyed({ a: 1 });

// Tangents: what cannot be differentiated may be left out, be `undefined`, or be the value itself.
const forward = jvp(f);
is<[value: number, tangent: number]>()(forward([1, [2], 'a'], [1, [0]]));
forward([1, [2], 'a'], [1, [0], undefined]);
forward([1, [2], 'a'], [1, [0], 'a']);
const primals = [1, [2], 'a'] as const;
forward(primals, primals);
// @ts-expect-error
forward([1, [2], 'a'], [1]);
// @ts-expect-error
forward([1, [2], 'a'], [1, 0]);
// @ts-expect-error
forward([1, [2]], [1, [0]]);
jvp((name: string, x: number) => x + name.length)(['a', 1], [undefined, 1]);
// @ts-expect-error
jvp((name: string, x: number) => x + name.length)(['a', 1], [1]);
is<[value: [number, number[]], tangent: [number, number[]]]>()(jvp(pair)([1], [1]));
jvp(pair)([1, 2], [1, 1]);
jvp((...xs: number[]) => xs.length)([1, 2], [1, 1]);
const [, stateDot] = jvp(step)([state, 0.1], [{ x: 1, v: new Float64Array(2) }, 0]);
is<{ x: number; v: Float64Array }>()(stateDot);
jvp(step)([state, 0.1], [state, 0]);

// Over a gradient.
is<[value: number[], tangent: number[]]>()(jvp(grad((x: number[]) => x.length))([[1]], [[1]]));

// Functions without a differentiable result, and options.
// @ts-expect-error
vjp((x: number) => `${x}`);
// @ts-expect-error
jvp((x: number) => x > 0);
// @ts-expect-error
vjp((_x: number): void => {});
// @ts-expect-error
vjp(f, { argnums: 0 });
// @ts-expect-error
jvp(f, { argnums: 0 });
jvp(f, { backend: 'adjoint' });
vjp(f, { backend: 'tape' });
// @ts-expect-error: a tape has no forward mode
jvp(f, { backend: 'tape' });
const unannotated = vjp((x) => x);
// @ts-expect-error
unannotated(3);
