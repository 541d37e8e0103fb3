import { gradInto } from 'adjoint';
import { logDeterminant } from './problem.js';

export const logDeterminantByTape = gradInto(logDeterminant, { backend: 'tape' });
