import { customVjp, hvp } from 'adjoint';
const square = customVjp(
  (x: number) => x * x,
  (x) => [x * x, (c) => [c * 2 * x]],
);
export const along = hvp((v: number[]) => square(v[0]) * v[1]);
export const covers = 'derivative-rules';
