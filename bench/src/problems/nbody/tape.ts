import { gradInto } from 'adjoint';
import { nbody } from './problem.js';

export const nbodyByTape = gradInto(nbody, { backend: 'tape' });
