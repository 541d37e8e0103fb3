/** Dense linear algebra for differentiated functions: matrices are arrays of rows. */
export { LinalgError } from './checks.js';
export { norm } from './norm.js';
export { dot, matmul, matvec, trace, transpose } from './products.js';
export { inverse, solve, solveMatrix } from './solve.js';
export type { Matrix, Vector } from './types.js';
