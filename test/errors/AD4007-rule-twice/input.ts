import { customVjp, hvp } from 'adjoint';
let calls = 0;
const noisy = customVjp(
  (x: number) => x * x,
  (x) => [x * x, (c) => [c * 2 * x + c * Math.random()]],
);
export const withNoise = hvp((v: number[]) => noisy(v[0]) * v[1]);
const written = customVjp(
  (x: number) => x * x,
  (x) => [x * x, (c) => [c * 2 * Number.parseFloat(x.toFixed(12))]],
);
export const throughText = hvp((v: number[]) => written(v[0]) * v[1]);
const assigning = customVjp(
  (x: number) => x * x,
  (x) => [x * x + calls++, (c) => [c * 2 * x]],
);
export const assigned = hvp((v: number[]) => assigning(v[0]) * v[1]);
const short = customVjp(
  (x: number) => ({ a: x, b: x }),
  (x) => [{ a: x, b: x }, (c) => (c.a > 0 ? [{ x: c.b }] : [{ x: c.a }]) as unknown as [number]],
);
export const unfit = hvp((v: number[]) => short(v[0]).a * v[1]);
export const covers = 'derivative-rules';
