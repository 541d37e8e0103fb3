import { gradInto } from 'adjoint';
import { exposure } from './problem.js';

export const exposureByTape = gradInto(exposure, { backend: 'tape' });
