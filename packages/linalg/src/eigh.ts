/** Eigenvalues and eigenvectors of symmetric matrices. */
import { customJvp, customVjp } from 'adjoint';
import { indices, matrixOf, symmetrised, timesDiagonal } from './arithmetic.js';
import { checkSymmetric } from './checks.js';
import { diagonalise, type Eigh } from './decompose.js';
import { columnsInUse, Gaps } from './gaps.js';
import { matmul, transpose } from './products.js';
import type { Matrix } from './types.js';

/**
 * The eigenvalues of a symmetric n x n matrix, ascending. Right for repeated eigenvalues too, in functions that treat equal ones alike.
 * As in `eigh`, the matrix is `(A + A^T) / 2`.
 *
 * @throws RangeError if the matrix is not square, not finite or not symmetric (to 1e-10 of its largest entry).
 */
export const eigvalsh: (A: Matrix) => number[] = customVjp(
  customJvp(
    (A: Matrix) => diagonalise('eigvalsh', A).values,
    ([A], [ADot]) => {
      checkSymmetric('eigvalsh', 'A', A);
      const { values, vectors: V } = eigh(A);
      const P = matmul(matmul(transpose(V), symmetrised(ADot)), V);
      return [values, P.map((row, i) => row[i])];
    },
  ),
  (A) => {
    checkSymmetric('eigvalsh', 'A', A);
    const { values, vectors: V } = eigh(A);
    return [values, (valuesBar) => [matmul(timesDiagonal(V, valuesBar), transpose(V))]];
  },
);

/**
 * Eigenvalues, ascending, and orthonormal eigenvectors, in columns, of a symmetric n x n matrix: `A = V diag(values) V^T`. What is
 * decomposed is `(A + A^T) / 2`: the gradient is symmetric. The sign of each vector is not defined, nor is its derivative where its
 * eigenvalue is repeated: then a gradient by way of such a vector is an error. In forward mode all vectors have tangents, so that
 * repeated eigenvalues are always an error; `eigvalsh` gives the values alone.
 *
 * With `F[i][j] = 1 / (values[j] - values[i])` off the diagonal (Giles 2008): forward
 * `P = V^T ADot V`, `valuesDot = diag(P)`, `VDot = V (F o P)`; reverse `ABar = V (diag(valuesBar) + F o (V^T VBar)) V^T`.
 *
 * @throws RangeError if the matrix is not square, not finite or not symmetric (to 1e-10 of its largest entry), and for derivatives
 * of vectors with repeated eigenvalues.
 */
export const eigh: (A: Matrix) => Eigh = customVjp(
  customJvp(
    (A: Matrix) => diagonalise('eigh', A),
    ([A], [ADot]) => {
      const { values, vectors: V } = eigh(A);
      const n = values.length;
      const gaps = new Gaps('eigh', A, values);
      const P = matmul(matmul(transpose(V), symmetrised(ADot)), V);
      const turns = matrixOf(n, n, (i, j) => (i === j ? 0 : P[i][j] / gaps.between(i, j)));
      return [
        { values, vectors: V },
        { values: indices(n).map((i) => P[i][i]), vectors: matmul(V, turns) },
      ];
    },
  ),
  (A) => {
    const { values, vectors: V } = eigh(A);
    const pullback = (bar: { values: number[]; vectors: number[][] }): [number[][]] => {
      const n = values.length;
      const gaps = new Gaps('eigh', A, values);
      const used = columnsInUse(bar.vectors);
      const W = matmul(transpose(V), bar.vectors);
      const inner = matrixOf(n, n, (i, j) => {
        if (i === j) return bar.values[i];
        return used[i] || used[j] ? W[i][j] / gaps.between(i, j) : 0;
      });
      return [symmetrised(matmul(matmul(V, inner), transpose(V)))];
    };
    return [{ values, vectors: V }, pullback];
  },
);
