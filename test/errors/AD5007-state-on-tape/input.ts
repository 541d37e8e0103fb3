import { grad } from 'adjoint';
import { counted } from './state.js';
export const g = grad(counted, { backend: 'tape' });
export const covers = 'module-state, modules';
