import { grad } from 'adjoint';
export const g = grad((p: { x: number }): number => {
  Reflect.set(p, 'x', p.x * p.x);
  return p.x;
});
export const covers = 'object-protocols';
