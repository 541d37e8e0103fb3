import { gradInto } from 'adjoint';
import { ode } from './problem.js';

export const odeByTape = gradInto(ode, { backend: 'tape' });
