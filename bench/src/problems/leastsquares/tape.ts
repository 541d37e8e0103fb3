import { gradInto } from 'adjoint';
import { leastSquares } from './problem.js';

export const leastSquaresByTape = gradInto(leastSquares, { backend: 'tape' });
