import { grad } from 'adjoint';
import { weigh } from './other.js';
export const g = grad((x: number): number => weigh(x) * x);
export const covers = 'modules';
