import { grad } from 'adjoint';
const weights = new Map([['a', 2]]);
export const g = grad((x: number): number => (weights.delete('a') ? x : 2 * x));
export const covers = 'keyed-delete';
