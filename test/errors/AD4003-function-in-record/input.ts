import { grad } from 'adjoint';
const operations = { square: (x: number): number => x * x, root: Math.sqrt };
export const g = grad((x: number): number => operations.square(x) + operations.root(x));
export const covers = 'function-values';
