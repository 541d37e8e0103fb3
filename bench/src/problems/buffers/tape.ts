import { gradInto } from 'adjoint';
import { reaction } from './problem.js';

export const reactionByTape = gradInto(reaction, { backend: 'tape' });
