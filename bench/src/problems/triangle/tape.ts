import { gradInto } from 'adjoint';
import { likelihood } from './problem.js';

export const likelihoodByTape = gradInto(likelihood, { backend: 'tape' });
