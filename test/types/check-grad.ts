// `checkGrad`: gradient function, arguments and jvp belong to the function.
import { type CheckReport, checkGrad, grad, jvp } from 'adjoint';
import { is } from './equal.js';

declare function f(x: number, ys: readonly number[], name?: string): number;

is<CheckReport>()(checkGrad(f, grad(f), [1, [2]]));
checkGrad(f, grad(f), [1, [2], 'a'], { jvp: jvp(f), relativeTolerance: 1e-5 });
checkGrad(f, grad(f, { argnums: 1 }), [1, [2]], { argnums: 1 });
checkGrad(f, grad(f, { argnums: [0, 1] }), [1, [2]], { argnums: [0, 1], seed: 3 });
checkGrad(
  (x: number) => x * x,
  (x) => 2 * x,
  [1],
);
const point = [1, [2]] as const;
checkGrad(f, grad(f), point);
checkGrad(f, (x, ys) => [x, ys.map((y) => y)], [1, [2]], { argnums: [0, 1] });
checkGrad(
  (xs: number[], ys: number[]) => xs.length + ys.length,
  (xs, ys) => [xs, ys],
  [[1], [2]],
  { argnums: [0, 1] },
);
checkGrad(
  (xs: number[]) => xs.length,
  (xs) => xs,
  [[1]],
);
declare function length(xs: number[]): number;
// @ts-expect-error
checkGrad(length, (xs) => [xs], [[1]]);
// @ts-expect-error
checkGrad(length, (xs) => [xs, xs], [[1]], { argnums: [0] });
checkGrad(length, (xs) => [xs], [[1]], { argnums: [0] });
declare function area(p: [number, number], q: { pair: readonly [number, string] }): number;
checkGrad(area, (p) => [p[1], p[0]], [[1, 2], { pair: [1, 'a'] }]);
checkGrad(area, (p, q) => [[p[1], p[0]], { pair: [q.pair[0], undefined] }], [[1, 2], { pair: [1, 'a'] }], {
  argnums: [0, 1],
});

// @ts-expect-error
checkGrad(f, grad(f), [1]);
// @ts-expect-error
checkGrad(f, grad(f), ['1', [2]]);
// @ts-expect-error the gradient is one in argument 1
checkGrad(f, grad(f, { argnums: 1 }), [1, [2]]);
// @ts-expect-error
checkGrad(f, grad(f), [1, [2]], { argnums: 1 });
// @ts-expect-error
checkGrad(f, grad(f), [1, [2]], { argnums: 3 });
// @ts-expect-error
checkGrad(f, grad(f), [1, [2]], { tolerance: 1 });
// @ts-expect-error
checkGrad(f, grad(f), [1, [2]], { jvp: jvp((x: string) => x.length) });
