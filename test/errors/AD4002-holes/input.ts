import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  let s = x;
  new Array<number>(3).forEach(() => {
    s *= x;
  });
  return s;
});
export const covers = 'array-callbacks, identity';
