import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const s = new Set<number>([x]);
  return s.size * x;
});
export const covers = 'set-of-numbers';
