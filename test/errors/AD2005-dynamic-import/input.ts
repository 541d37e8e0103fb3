import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  let s = x;
  void import('./other.js').then((m) => {
    s = m.twice(x);
  });
  return s;
});
export const covers = 'always-refused';
