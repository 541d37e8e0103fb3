import { grad } from 'adjoint';
export const g = grad((x: number, o: { k: number }): number => {
  // @ts-expect-error: modules are strict, and strict code has no `with`
  with (o) return x * k;
});
export const covers = 'always-refused';
