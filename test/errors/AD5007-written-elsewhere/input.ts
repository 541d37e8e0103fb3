import { grad } from 'adjoint';
import { counted } from './state.js';
export const g = grad((x: number): number => counted(x) * x);
export const covers = 'module-state';
