/** Dense linear algebra for differentiated functions: matrices are arrays of rows. */
export { cholesky } from './cholesky.js';
export type { Eigh, Svd } from './decompose.js';
export { cofactors, det, logdet } from './determinant.js';
export { eigh, eigvalsh } from './eigh.js';
export { type Lu, lu } from './lu.js';
export { norm } from './norm.js';
export { dot, matmul, matvec, trace, transpose } from './products.js';
export { lstsq, type Qr, qr } from './qr.js';
export { inverse, solve, solveMatrix } from './solve.js';
export { svd, svdvals } from './svd.js';
export type { Matrix, Vector } from './types.js';
