import { grad } from 'adjoint';
export const g = grad((p: { x: number }): number => {
  let x = 0;
  ({ x } = p);
  return x * x;
});
export const covers = 'destructuring';
