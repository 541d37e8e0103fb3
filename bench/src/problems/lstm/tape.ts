import { gradInto } from 'adjoint';
import { lstm } from './problem.js';

export const lstmByTape = gradInto(lstm, { argnums: [0, 1], backend: 'tape' });
