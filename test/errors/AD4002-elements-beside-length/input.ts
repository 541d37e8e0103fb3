/// <reference lib="dom" />
import { grad } from 'adjoint';
export const g = grad((x: number): number => Array.from({ length: 2, 0: x, 1: 3 })[0] * x);
export const cloned = grad((x: number): number => {
  const a = [x, 2];
  a[-1] = 3 * x;
  return structuredClone(a)[-1];
});
export const covers = 'always-refused';
