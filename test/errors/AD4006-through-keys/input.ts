import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const seen = new Map<number, number>();
  seen.set(x * 2, 1);
  seen.set(x * 3, 2);
  let sum = 0;
  for (const key of seen.keys()) sum += key;
  return sum + x;
});
export const covers = 'always-refused';
