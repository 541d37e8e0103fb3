import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const o = {
    get twice(): number {
      return 2 * x;
    },
  };
  return o.twice;
});
export const covers = 'methods';
