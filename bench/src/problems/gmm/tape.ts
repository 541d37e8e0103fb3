import { gradInto } from 'adjoint';
import { gmm } from './problem.js';

export const gmmByTape = gradInto(gmm, { argnums: [0, 1, 2], backend: 'tape' });
