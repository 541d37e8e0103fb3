import { grad } from 'adjoint';
export const g = grad((x: number): number => Math.floor(x) * 3);
export const covers = 'steps';
