// Derivative rules, flat vectors and zeros.
import { customJvp, customVjp, ravel, type Unravel, zerosLike } from 'adjoint';
import { is } from './equal.js';

declare const product: (a: number[][], x: Float64Array, name: string) => number[];

is<typeof product>()(
  customVjp(product, (a, x, name) => {
    is<number[][]>()(a);
    is<Float64Array>()(x);
    is<string>()(name);
    return [
      [1],
      (c) => {
        is<number[]>()(c);
        return [a, x, undefined];
      },
    ];
  }),
);
is<(x: number) => number>()(
  customVjp(
    (x: number) => x * x,
    (x) => [x * x, (c) => [2 * x * c]],
  ),
);
is<(x: number) => number>()(
  customJvp(
    (x: number) => x * x,
    ([x], [t]) => [x * x, 2 * x * t],
  ),
);
// @ts-expect-error a gradient of the wrong shape
customVjp(product, (a, x) => [[1], () => [x, a, undefined]]);
// @ts-expect-error a value of the wrong type
customVjp(product, (a, x) => ['a', () => [a, x, undefined]]);
// @ts-expect-error no rule
customVjp(product);

is<[flat: Float64Array, unravel: Unravel<{ w: number[]; name: string }>]>()(ravel({ w: [1], name: 'a' }));
is<{ w: number[] }>()(zerosLike({ w: [1], name: 'a' }));
