import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  class Count {
    static total = 2;
  }
  return x * Count.total;
});
export const covers = 'class-inside';
