import { grad } from 'adjoint';
const cube = (x: number): number => x ** 3;
export const g = grad(grad(cube));
export const covers = 'several-derivatives';
