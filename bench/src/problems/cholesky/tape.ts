import { gradInto } from 'adjoint';
import { gaussian } from './problem.js';

export const gaussianByTape = gradInto(gaussian, { backend: 'tape' });
