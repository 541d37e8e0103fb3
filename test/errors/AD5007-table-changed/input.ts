import { grad } from 'adjoint';
import { weighted } from './table.js';
export const g = grad(weighted);
export const covers = 'module-state/loop, modules/overwritten';
