import { gradInto } from 'adjoint';
import { logSumExp } from './problem.js';

export const logSumExpByTape = gradInto(logSumExp, { backend: 'tape' });
