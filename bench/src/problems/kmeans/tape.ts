import { gradInto } from 'adjoint';
import { kmeans } from './problem.js';

export const kmeansByTape = gradInto(kmeans, { backend: 'tape' });
