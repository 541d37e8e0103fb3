import { grad } from 'adjoint';
export const g = grad((v: Float64Array): number => v.subarray(1)[0] ** 2);
export const covers = 'views';
