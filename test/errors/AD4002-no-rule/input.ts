import { grad } from 'adjoint';
declare function external(x: number): number;
export const g = grad((x: number): number => {
  const y = external(x);
  return y * y;
});
export const covers = 'always-refused';
