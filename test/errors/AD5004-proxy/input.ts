import { grad } from 'adjoint';
export const g = grad((p: { x: number }): number => {
  const twice = new Proxy(p, { get: (o) => 2 * o.x });
  return twice.x;
});
export const covers = 'object-protocols';
