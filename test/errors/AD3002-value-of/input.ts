import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const o = { valueOf: () => x };
  return Number(o) * 2;
});
export const covers = 'object-protocols';
