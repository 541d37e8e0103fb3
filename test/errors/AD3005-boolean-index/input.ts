import { grad } from 'adjoint';
// JavaScript reads the property `true`, which an array does not have
export const g = grad((a: number[], x: number): number => (a[(x > 0) as unknown as number] ?? 2) * x);
export const covers = 'element-read/edge';
