import { grad } from 'adjoint';
const key = Symbol('key');
export const g = grad((p: { [key]: number }): number => p[key] * 2);
export const covers = 'symbol-keys';
