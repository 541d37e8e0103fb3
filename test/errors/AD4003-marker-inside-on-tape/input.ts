import { grad } from 'adjoint';
const cube = (x: number): number => x ** 3;
export const g = grad((x: number): number => x * grad(cube)(x), { backend: 'tape' });
export const covers = 'several-derivatives';
