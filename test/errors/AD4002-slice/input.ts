import { grad } from 'adjoint';
export const g = grad((v: number[]): number => v.slice(1)[0] ** 2);
export const covers = 'array-copies';
