import { gradInto } from 'adjoint';
import { bundle } from './problem.js';

export const bundleByTape = gradInto(bundle, { argnums: [0, 1, 2], backend: 'tape' });
