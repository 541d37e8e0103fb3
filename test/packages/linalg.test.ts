// `@adjoint/linalg`: each function in forward mode against extrapolated differences, in reverse mode against forward mode.
import * as linalg from '@adjoint/linalg';
import { checkGrad, grad, hessian, jvp, vjp } from 'adjoint';
import { describe, expect, test } from 'vitest';
import { differentiateCurve, randomNumbers } from '../support/numeric.js';
import { each, eigenvector, filtered, likelihood, rowsOfDoubles, singularVector, values } from './linalg.js';

type M = number[][];
type Args = [A: M, B: M, S: M, b: number[]];
const next = randomNumbers(5);
const matrix = (m: number, n: number): M =>
  Array.from({ length: m }, () => Array.from({ length: n }, () => next()));
/** Well conditioned, with rows to be exchanged. */
const regular = (n: number): M =>
  matrix(n, n).map((row, i) => row.map((e, j) => ((i + 1) % n === j ? e + 3 : e)));
/** Positive definite, with eigenvalues apart. */
const symmetric = (n: number): M => {
  const half = matrix(n, n);
  return half.map((row, i) => row.map((e, j) => (e + half[j]![i]! + (i === j ? 3 * (i + 2) : 0)) / 2));
};
const flat = (value: unknown): number[] =>
  typeof value === 'number' ? [value] : Object.values(value as object).flatMap(flat);
/** The same shape with other numbers. */
function map(value: unknown, f: (e: number, k: number) => number, count = { done: 0 }): unknown {
  if (typeof value === 'number') return f(value, count.done++);
  if (Array.isArray(value)) return value.map((part) => map(part, f, count));
  return Object.fromEntries(Object.entries(value as object).map(([key, part]) => [key, map(part, f, count)]));
}
const inner = (a: readonly number[], b: readonly number[]): number => a.reduce((s, e, k) => s + e * b[k]!, 0);

describe('each function', () => {
  const random = (): Args => [regular(4), matrix(4, 3), symmetric(4), matrix(1, 4)[0]!];
  const [args, tangents] = [random(), random()];
  const value = each(...args);
  const names = Object.keys(value) as (keyof typeof value)[];
  const [forwardValue, tangent] = jvp(each)(args, tangents);
  const [reverseValue, pullback] = vjp(each)(...args);
  const [tapeValue, tapePullback] = vjp(each, { backend: 'tape' })(...args);
  const direction = flat(tangents);
  const moved = (h: number): unknown => each(...(map(args, (e, k) => e + h * direction[k]!) as Args));

  test('all are here', () => expect(names).toEqual(Object.keys(linalg).sort()));
  test('values', () => expect([forwardValue, reverseValue, tapeValue]).toEqual([value, value, value]));
  test.each(names)('%s', (name) => {
    const along = flat(tangent[name]);
    const slopes = differentiateCurve((h) => flat((moved(h) as typeof value)[name]), 0.3);
    expect(along).toHaveLength(slopes.length);
    for (const [k, slope] of slopes.entries()) expect(along[k]).toBeCloseTo(slope.value, 7);
    // only this function has cotangents
    const zeros = map(value, () => 0) as typeof value;
    const cotangent = { ...zeros, [name]: map(value[name], next) };
    const gradients = flat(pullback(cotangent));
    expect(inner(gradients, direction)).toBeCloseTo(inner(flat(cotangent[name]), along), 9);
    for (const [k, e] of flat(tapePullback(cotangent)).entries()) expect(e).toBeCloseTo(gradients[k]!, 9);
  });
  test('gradients of symmetric matrices are symmetric', () => {
    const gradient = pullback(map(value, next) as typeof value)[2];
    for (const [k, e] of flat(linalg.transpose(gradient)).entries())
      expect(e).toBeCloseTo(flat(gradient)[k]!);
  });
});

test('values', () => {
  const [A, B, S, b] = [regular(4), matrix(4, 3), symmetric(4), matrix(1, 4)[0]!];
  const near = (x: M | number[], y: M | number[]) => {
    expect(flat(x)).toHaveLength(flat(y).length);
    for (const [k, e] of flat(x).entries()) expect(e).toBeCloseTo(flat(y)[k]!, 12);
  };
  const { matmul, matvec, transpose } = linalg;
  const diagonal = (d: number[]): M => d.map((e, i) => d.map((_, j) => (i === j ? e : 0)));
  near(matvec(A, linalg.solve(A, b)), b);
  near(matmul(A, linalg.solveMatrix(A, B)), B);
  near(matmul(linalg.inverse(A), A), diagonal([1, 1, 1, 1]));
  const { L, U, order, sign } = linalg.lu(A);
  near(
    matmul(L, U),
    order.map((i) => A[i]!),
  );
  expect([order, sign]).toEqual([[3, 0, 1, 2], -1]);
  near(
    [
      linalg.det([
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 10],
      ]),
      linalg.logdet(A),
    ],
    [-3, Math.log(Math.abs(linalg.det(A)))],
  );
  near(
    linalg.cofactors(A),
    transpose(linalg.inverse(A)).map((row) => row.map((e) => e * linalg.det(A))),
  );
  const factor = linalg.cholesky(S);
  near(matmul(factor, transpose(factor)), S);
  const { Q, R } = linalg.qr(B);
  near(matmul(Q, R), B);
  near(matmul(transpose(Q), Q), diagonal([1, 1, 1]));
  near(matvec(transpose(B), matvec(B, linalg.lstsq(B, b))), matvec(transpose(B), b));
  const thin = linalg.svd(B);
  near(matmul(matmul(thin.U, diagonal(thin.S)), transpose(thin.V)), B);
  near(linalg.svdvals(transpose(B)), thin.S);
  const { values: spectrum, vectors } = linalg.eigh(S);
  near(matmul(matmul(vectors, diagonal(spectrum)), transpose(vectors)), S);
  near(linalg.eigvalsh(S), spectrum);
  near(
    [
      linalg.norm([3, 4]),
      linalg.norm([
        [1, 1],
        [1, 1],
      ]),
      linalg.trace([
        [1, 2],
        [3, 4],
      ]),
    ],
    [5, 2, 5],
  );
});

describe('programs', () => {
  const [A, b] = [regular(3), [1, 2, 3]];
  test('in loops and branches, and overwritten', () => {
    const f = (X: M, c: number[]) => filtered(X, c, 5);
    const g = grad(f, { argnums: [0, 1] });
    expect(checkGrad(f, g, [A, b], { argnums: [0, 1], jvp: jvp(f) }).ok).toBe(true);
  });
  test('a likelihood', () => {
    const g = grad(likelihood, { argnums: [0, 1] });
    const report = checkGrad(likelihood, g, [A, Float64Array.from(b)], { argnums: [0, 1] });
    expect(report.ok).toBe(true);
  });
  test('rows of doubles', () => {
    const rows = matrix(4, 2).map((row) => Float64Array.from(row));
    const g = grad(rowsOfDoubles, { argnums: [0, 1] });
    expect(g(rows, Float64Array.of(1, 2, 3, 4))[0][0]).toBeInstanceOf(Float64Array);
    const report = checkGrad(rowsOfDoubles, g, [rows, Float64Array.of(1, 2, 3, 4)], { argnums: [0, 1] });
    expect(report.ok).toBe(true);
  });
  test('products and norms twice', () => {
    const quartic = (v: number[]): number => linalg.norm(linalg.matmul([v], linalg.transpose([v]))) ** 2;
    // |v|^4
    expect(flat(hessian(quartic)([1, 2])).map((e) => Math.round(e * 1e9) / 1e9)).toEqual([28, 16, 16, 52]);
  });
});

describe('where it is delicate', () => {
  const gradient = grad((A: M) => linalg.det(A));
  test('the determinant of a singular matrix', () => {
    expect(
      flat(
        gradient([
          [1, 2],
          [2, 4],
        ]),
      ).map((e) => e.toFixed(12)),
    ).toEqual(['4.000000000000', '-2.000000000000', '-2.000000000000', '1.000000000000']);
    const rankOne = gradient([
      [1, 2, 3],
      [2, 4, 6],
      [3, 6, 9],
    ]);
    for (const e of flat(rankOne)) expect(e).toBeCloseTo(0, 12);
    const A = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ];
    const cofactor = [-3, 6, -3, 6, -12, 6, -3, 6, -3];
    for (const [k, e] of flat(gradient(A)).entries()) expect(e).toBeCloseTo(cofactor[k]!, 10);
  });
  test('cofactors of a singular matrix have a derivative', () => {
    const A = [
      [1, 2, 3],
      [2, 4, 6],
      [1, 0, 1],
    ];
    const dA = matrix(3, 3);
    const moved = (h: number) =>
      flat(
        linalg.cofactors(
          linalg
            .matmul(A, [
              [1, 0, 0],
              [0, 1, 0],
              [0, 0, 1],
            ])
            .map((row, i) => row.map((e, j) => e + h * dA[i]![j]!)),
        ),
      );
    const [, tangent] = jvp((X: M) => linalg.cofactors(X))([A], [dA]);
    for (const [k, slope] of differentiateCurve(moved, 0.5).entries())
      expect(flat(tangent)[k]).toBeCloseTo(slope.value, 8);
  });
  test('repeated values', () => {
    const g = grad(values);
    expect(
      flat(
        g([
          [2, 0, 0],
          [0, 2, 0],
          [0, 0, 2],
        ]),
      ).map((e) => Number(e.toFixed(9)) + 0),
    ).toEqual([16, 0, 0, 0, 16, 0, 0, 0, 16]);
    // zero is a kink
    expect(
      flat(
        grad((A: M) => linalg.svdvals(A)[1]!)([
          [1, 2],
          [2, 4],
        ]),
      ),
    ).toEqual([0, 0, 0, 0]);
  });
  test('vectors of repeated values are refused', () => {
    const I = [
      [1, 0],
      [0, 1],
    ];
    expect(() => grad(eigenvector)(I)).toThrow(
      'eigh: argument A (2 x 2) has vectors without derivative: the values 1 and 1 are equal',
    );
    expect(() => jvp(eigenvector)([I], [I])).toThrow(
      'eigh: argument A (2 x 2) has vectors without derivative',
    );
    expect(() => grad(singularVector)(I)).toThrow('svd: argument A (2 x 2) has vectors without derivative');
    expect(() =>
      grad(singularVector)([
        [1, 1],
        [1, 1],
        [1, 1],
      ]),
    ).not.toThrow();
    expect(() =>
      jvp(singularVector)(
        [
          [
            [1, 1],
            [1, 1],
            [1, 1],
          ],
        ],
        [
          [
            [1, 1],
            [1, 1],
            [1, 2],
          ],
        ],
      ),
    ).toThrow('a singular value is zero');
  });
  test('the norm of zeros', () => {
    const g = grad((v: number[]) => linalg.norm(v));
    expect([linalg.norm([]), g([0, 0])]).toEqual([0, [0, 0]]);
    expect(linalg.norm([3e200, 4e200])).toBeCloseTo(5e200, -190);
    for (const e of [1, 1e-200, 1e200])
      expect(g([3 * e, 4 * e])).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.8, 12)]);
  });
});

describe('errors name function, argument and shape', () => {
  const wide = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const singular = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ];
  test.each([
    [() => linalg.solve(wide, [1, 2]), 'solve: argument A (2 x 3) is not square'],
    [() => linalg.solve(singular, [1, 2, 3]), 'solve: argument A (3 x 3) is singular'],
    [() => linalg.solve([[1]], [1, 2]), 'solve: argument b has length 2, and 1 is needed'],
    [() => linalg.solve([[1]], [Number.NaN]), 'solve: argument b (1) has the entry NaN at [0]'],
    [() => linalg.solveMatrix([[1]], wide), 'solveMatrix: argument B has length 2, and 1 is needed'],
    [() => linalg.inverse([[0]]), 'inverse: argument A (1 x 1) is singular'],
    [() => linalg.logdet(singular), 'logdet: argument A (3 x 3) is singular'],
    [() => linalg.det(wide), 'det: argument A (2 x 3) is not square'],
    [
      () =>
        linalg.det([
          [1, Number.POSITIVE_INFINITY],
          [0, 1],
        ]),
      'det: argument A (2 x 2) has the entry Infinity at [0][1]',
    ],
    [() => linalg.trace(wide), 'trace: argument A (2 x 3) is not square'],
    [() => linalg.matmul(wide, wide), 'matmul: argument B has length 2, and 3 is needed'],
    [() => linalg.matvec([], [1]), 'matvec: argument A is an empty matrix'],
    [
      () => linalg.transpose([[1, 2], [3]]),
      'transpose: argument A has rows of different lengths: 2 and 1 (row 1)',
    ],
    [
      () =>
        linalg.cholesky([
          [1, 2],
          [2, 1],
        ]),
      'cholesky: argument A (2 x 2) is not positive definite',
    ],
    [
      () =>
        linalg.eigh([
          [1, 2],
          [3, 1],
        ]),
      'eigh: argument A (2 x 2) is not symmetric: 3 at [1][0], 2 at [0][1]',
    ],
    [() => linalg.lstsq(wide, [1, 2]), 'lstsq: argument A (2 x 3) has fewer rows than columns'],
    [
      () => linalg.lstsq(singular, [1, 2, 3]),
      'lstsq: argument A (3 x 3) has columns that depend on each other',
    ],
    [() => linalg.svd([[Number.NaN]]), 'svd: argument A (1 x 1) has the entry NaN at [0][0]'],
  ])('%#', (f, message) => {
    expect(f).toThrow(new RangeError(`@adjoint/linalg: ${message}`));
  });
  test('in differentiated code', () => {
    const g = grad((A: M) => linalg.norm(linalg.solve(A, [1, 2])) + linalg.trace(A));
    expect(() => g([[1, 2]])).toThrow('solve: argument b has length 2, and 1 is needed');
    expect(() => grad((A: M) => linalg.trace(A))([[1, 2]])).toThrow(
      new RangeError('@adjoint/linalg: trace: argument A (1 x 2) is not square'),
    );
  });
});
