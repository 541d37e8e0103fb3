import { gradInto } from 'adjoint';
import { mlp } from './problem.js';

export const mlpByTape = gradInto(mlp, { backend: 'tape' });
