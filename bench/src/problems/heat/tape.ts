import { gradInto } from 'adjoint';
import { heat } from './problem.js';

export const heatByTape = gradInto(heat, { backend: 'tape' });
