import { grad } from 'adjoint';
export const g = grad((p: { x: number }): number => {
  Object.defineProperty(p, 'y', { get: () => 2 });
  return p.x * p.x;
});
export const covers = 'object-protocols';
