import { gradInto } from 'adjoint';
import { determinant } from './problem.js';

export const determinantByTape = gradInto(determinant, { backend: 'tape' });
