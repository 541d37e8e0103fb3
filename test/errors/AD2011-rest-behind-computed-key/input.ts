import { grad } from 'adjoint';

export const covers = 'destructuring/edge';

export const g = grad((r: Record<string, number>, name: string): number => {
  const { [name]: one, ...others } = r;
  return Object.values(others).reduce((s, v) => s + v * v, 0) * one;
});
