import { gradInto } from 'adjoint';
import { orbit } from './problem.js';

export const orbitByTape = gradInto(orbit, { backend: 'tape' });
