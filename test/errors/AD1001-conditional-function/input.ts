import { grad } from 'adjoint';
const a = (x: number): number => x;
const b = (x: number): number => x * x;
export const g = grad(Math.random() > 0.5 ? a : b);
export const covers = 'marker-target';
