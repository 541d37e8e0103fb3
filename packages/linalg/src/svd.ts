/** Singular values and vectors. */
import { customJvp, customVjp } from 'adjoint';
import { indices, matrixOf, minus, plus, timesDiagonal } from './arithmetic.js';
import { checkFinite } from './checks.js';
import { decompose, type Svd } from './decompose.js';
import { columnsInUse, Gaps } from './gaps.js';
import { matmul, transpose } from './products.js';
import type { Matrix } from './types.js';

/**
 * The singular values of an m x n matrix, descending: as many as it has rows or columns, the fewer. Right for repeated singular
 * values too, in functions that treat equal ones alike. A singular value of zero (up to rounding) has a kink there, like the absolute
 * value, and its derivative is zero.
 *
 * Reverse: `ABar = U diag(SBar) V^T`; forward: `SDot = diag(U^T ADot V)` (Giles 2008).
 *
 * @throws RangeError if the matrix is not finite.
 */
export const svdvals: (A: Matrix) => number[] = customVjp(
  customJvp(
    (A: Matrix) => decompose('svdvals', A).S,
    ([A], [ADot]) => {
      checkFinite('svdvals', 'A', A);
      const { U, S, V } = svd(A);
      return [S, atZero(S, diagonalOf(matmul(matmul(transpose(U), ADot), V)))];
    },
  ),
  (A) => {
    checkFinite('svdvals', 'A', A);
    const { U, S, V } = svd(A);
    return [S, (SBar) => [matmul(timesDiagonal(U, atZero(S, SBar)), transpose(V))]];
  },
);

const diagonalOf = (A: Matrix): number[] => A.map((row, i) => row[i]);

/** Derivatives of singular values, without those of zeros. */
function atZero(S: readonly number[], derivatives: readonly number[]): number[] {
  const lost = Number.EPSILON * S.length * S[0];
  return derivatives.map((d, i) => (S[i] <= lost ? 0 : d));
}

/**
 * The thin singular value decomposition `A = U diag(S) V^T` of an m x n matrix: `U` is m x k, `V` is n x k with orthonormal columns,
 * `k` the smaller of m and n, `S` descending. The signs of a pair of vectors are not defined, nor is its derivative where its singular
 * value is repeated, or zero in a matrix that is not square: then a gradient by way of such a vector is an error. In forward mode all
 * vectors have tangents, so that these are always errors; `svdvals` gives the values alone. A single singular value of zero in a square
 * matrix changes its sign with its vectors here; in `svdvals` it has a kink.
 *
 * Derivatives: Townsend 2016, Differentiating the singular value decomposition; for complex matrices Wan and Zhang 2019, Automatic
 * differentiation for complex valued SVD.
 *
 * @throws RangeError if the matrix is not finite, and for derivatives of vectors that have none.
 */
export const svd: (A: Matrix) => Svd = customVjp(
  customJvp(
    (A: Matrix) => decompose('svd', A),
    ([A], [ADot]) => {
      const value = svd(A);
      return [value, tangentOf(A, value, ADot)];
    },
  ),
  (A) => {
    const value = svd(A);
    return [value, (bar) => [gradientOf(A, value, bar)]];
  },
);

interface Parts {
  readonly U: number[][];
  readonly S: number[];
  readonly V: number[][];
}

/** `dP = U^T dA V`, `dS = diag(dP)`, `dU = U (F o (dP S + S dP^T)) + (1 - U U^T) dA V S^-1`, and `dV` the same for `A^T`. */
function tangentOf(A: Matrix, { U, S, V }: Parts, ADot: Matrix): Parts {
  const k = S.length;
  const gaps = new Gaps('svd', A, S);
  const P = matmul(matmul(transpose(U), ADot), V);
  const turns = (Q: Matrix): number[][] =>
    matrixOf(k, k, (i, j) =>
      i === j ? 0 : (Q[i][j] * S[j] + S[i] * Q[j][i]) / (gaps.between(i, j) * (S[j] + S[i])),
    );
  const part = (W: Matrix, other: Matrix, B: Matrix, Q: Matrix): number[][] =>
    plus(matmul(W, turns(Q)), outside(W, timesDiagonal(matmul(B, other), inverses(gaps, S, W))));
  return { U: part(U, V, ADot, P), S: diagonalOf(P), V: part(V, U, transpose(ADot), transpose(P)) };
}

/**
 * `U ((F o (U^T UBar - UBar^T U)) S + S (F o (V^T VBar - VBar^T V)) + diag(SBar)) V^T + (1 - U U^T) UBar S^-1 V^T
 * + U S^-1 VBar^T (1 - V V^T)`, with `F[i][j] = 1 / (S[j]^2 - S[i]^2)` off the diagonal.
 */
function gradientOf(A: Matrix, { U, S, V }: Parts, bar: Parts): number[][] {
  const k = S.length;
  const gaps = new Gaps('svd', A, S);
  const [usedU, usedV] = [columnsInUse(bar.U), columnsInUse(bar.V)];
  const used = indices(k).map((i) => usedU[i] || usedV[i]);
  const [X, Y] = [matmul(transpose(U), bar.U), matmul(transpose(V), bar.V)];
  const inner = matrixOf(k, k, (i, j) => {
    if (i === j) return bar.S[i];
    if (!used[i] && !used[j]) return 0;
    const turned = (X[i][j] - X[j][i]) * S[j] + S[i] * (Y[i][j] - Y[j][i]);
    return turned / (gaps.between(i, j) * (S[j] + S[i]));
  });
  const left = outside(U, timesDiagonal(bar.U, inverses(gaps, S, U, usedU)));
  const right = outside(V, timesDiagonal(bar.V, inverses(gaps, S, V, usedV)));
  return plus(matmul(plus(matmul(U, inner), left), transpose(V)), matmul(U, transpose(right)));
}

/** `(1 - W W^T) B`: nothing if `W` is square. */
const outside = (W: Matrix, B: Matrix): number[][] => minus(B, matmul(W, matmul(transpose(W), B)));

/** `1 / S`, where the vectors leave room for others, and are used; zero elsewhere. */
function inverses(gaps: Gaps, S: readonly number[], W: Matrix, used?: readonly boolean[]): number[] {
  return S.map((s, i) => {
    if (W.length === S.length || (used && !used[i])) return 0;
    return s <= gaps.lost ? gaps.refuse('a singular value is zero') : 1 / s;
  });
}
