/** The decompositions themselves, on plain arrays. */
import { Matrix as Dense, EigenvalueDecomposition, SingularValueDecomposition } from 'ml-matrix';
import { symmetrised } from './arithmetic.js';
import { checkFinite, checkSymmetric } from './checks.js';
import type { Matrix } from './types.js';

/** `A = U diag(S) V^T`, where `U` and `V` have as many columns as `A` has rows or columns, the fewer. */
export interface Svd {
  readonly U: number[][];
  /** Descending. */
  readonly S: number[];
  readonly V: number[][];
}

export function decompose(of: string, A: Matrix): Svd {
  checkFinite(of, 'A', A);
  const svd = new SingularValueDecomposition(new Dense(A as number[][]), { autoTranspose: true });
  return {
    U: svd.leftSingularVectors.to2DArray(),
    S: svd.diagonal,
    V: svd.rightSingularVectors.to2DArray(),
  };
}

/** `A = V diag(values) V^T` for a symmetric matrix. */
export interface Eigh {
  /** Ascending. */
  readonly values: number[];
  /** Orthonormal, in columns. */
  readonly vectors: number[][];
}

export function diagonalise(of: string, A: Matrix): Eigh {
  checkSymmetric(of, 'A', A);
  const e = new EigenvalueDecomposition(new Dense(symmetrised(A)), { assumeSymmetric: true });
  return { values: e.realEigenvalues, vectors: e.eigenvectorMatrix.to2DArray() };
}
