import { grad } from 'adjoint';
export const g = grad((p: { a: number; b: number }): number => {
  let s = 0;
  for (const key in p) s += p[key as 'a' | 'b'];
  return s;
});
export const covers = 'keys';
