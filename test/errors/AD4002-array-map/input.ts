import { grad } from 'adjoint';
export const g = grad((v: number[]): number => v.map((x) => x * x)[0]);
export const covers = 'array-callbacks';
