// `@adjoint/linalg`: each function in forward mode against extrapolated differences, in reverse mode against forward mode.
import * as linalg from '@adjoint/linalg';
import { checkGrad, grad, hessian, type JvpFn, jvp, type VjpFn, vjp } from 'adjoint';
import { describe, expect, test } from 'vitest';
import { differentiateCurve, randomNumbers } from '../support/numeric.js';
import { curved, filtered, ofAny, ofRegular, rowsOfDoubles, turned } from './linalg.js';

type M = number[][];
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

type Tree = Record<string, unknown>;
interface Forms<F extends (...args: never[]) => Tree> {
  readonly f: F;
  readonly vjp: VjpFn<F>;
  readonly jvp: JvpFn<F>;
  readonly tape: VjpFn<F>;
}
const any: Forms<typeof ofAny> = {
  f: ofAny,
  vjp: vjp(ofAny),
  jvp: jvp(ofAny),
  tape: vjp(ofAny, { backend: 'tape' }),
};
const regularOnly: Forms<typeof ofRegular> = {
  f: ofRegular,
  vjp: vjp(ofRegular),
  jvp: jvp(ofRegular),
  tape: vjp(ofRegular, { backend: 'tape' }),
};

describe.each([any, regularOnly] as unknown as Forms<(...args: M[]) => Tree>[])('each function', (forms) => {
  const random = (): M[] => {
    const args: unknown[] = [regular(4), matrix(4, 3), symmetric(4), matrix(1, 4)[0]!];
    return args.slice(0, forms.f.length) as M[];
  };
  const [args, tangents] = [random(), random()];
  const value = forms.f(...args);
  const [forwardValue, tangent] = forms.jvp(args, tangents) as [Tree, Tree];
  const [reverseValue, pullback] = forms.vjp(...args);
  const [tapeValue, tapePullback] = forms.tape(...args);
  const direction = flat(tangents);
  const moved = (h: number): Tree => forms.f(...(map(args, (e, k) => e + h * direction[k]!) as M[]));

  test('values', () => expect([forwardValue, reverseValue, tapeValue]).toEqual([value, value, value]));
  test.each(Object.keys(value))('%s', (name) => {
    const along = flat(tangent[name]);
    const slopes = differentiateCurve((h) => flat(moved(h)[name]), 0.3);
    expect(along).toHaveLength(slopes.length);
    for (const [k, slope] of slopes.entries()) expect(along[k]).toBeCloseTo(slope.value, 7);
    // only this function has cotangents
    const cotangent = { ...(map(value, () => 0) as Tree), [name]: map(value[name], next) };
    const gradients = flat(pullback(cotangent as never));
    expect(inner(gradients, direction)).toBeCloseTo(inner(flat(cotangent[name]), along), 9);
    for (const [k, e] of flat(tapePullback(cotangent as never)).entries())
      expect(e).toBeCloseTo(gradients[k]!, 9);
  });
  test('gradients of symmetric matrices are symmetric', () => {
    const gradient = pullback(map(value, next) as never)[2] as M;
    for (const [k, e] of flat(linalg.transpose(gradient)).entries())
      expect(e).toBeCloseTo(flat(gradient)[k]!);
  });
});
const slopes = grad(curved, { argnums: [0, 1, 2] });
const curvature = jvp(grad(curved, { argnums: [0, 1, 2] }));
test('second derivatives', () => {
  const args: [M, M, M] = [regular(4), matrix(4, 3), symmetric(4)];
  const tangents: [M, M, M] = [matrix(4, 4), matrix(4, 3), symmetric(4)];
  const direction = flat(tangents);
  const moved = (h: number) => map(args, (e, k) => e + h * direction[k]!) as [M, M, M];
  const [gradient, along] = curvature(args, tangents);
  expect(gradient).toEqual(slopes(...args));
  const wanted = differentiateCurve((h) => flat(slopes(...moved(h))), 0.02);
  for (const [k, { value }] of wanted.entries())
    expect(Math.abs(flat(along)[k]! - value) / (1 + Math.abs(value))).toBeLessThan(1e-6);
});

test('all functions are here', () => {
  const [A, B, S] = [regular(2), matrix(2, 1), symmetric(2)];
  const names = [...Object.keys(ofAny(A, B, S)), ...Object.keys(ofRegular(A, B, S, [1, 2]))];
  expect(names.sort()).toEqual(Object.keys(linalg).sort());
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
  test('in loops and branches, and overwritten', () => {
    const args = [regular(3), [1, 2, 3], 5] as [M, number[], number];
    const report = checkGrad(filtered, grad(filtered, { argnums: [0, 1] }), args, { argnums: [0, 1] });
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
    // |v|^4
    const quartic = (v: number[]): number => linalg.norm(linalg.matmul([v], linalg.transpose([v]))) ** 2;
    expect(flat(hessian(quartic)([1, 2])).map((e) => Math.round(e * 1e9) / 1e9)).toEqual([28, 16, 16, 52]);
  });
});

describe('where it is delicate', () => {
  const I = [
    [1, 0],
    [0, 1],
  ];
  /** The gradients for a cotangent of the functions named, zero for others. */
  const gradients = (args: [A: M, B: M, S: M], cotangents: (value: ReturnType<typeof ofAny>) => object) => {
    const [value, pullback] = any.vjp(...args);
    const zeros = map(value, () => 0) as typeof value;
    return pullback({ ...zeros, ...cotangents(zeros) });
  };
  const near = (x: unknown, y: unknown) => {
    for (const [k, e] of flat(x).entries()) expect(e).toBeCloseTo(flat(y)[k]!, 10);
  };
  test('the determinant of a singular matrix', () => {
    const gradient = (A: M): M => gradients([A, A, I], () => ({ det: 1 }))[0];
    near(
      gradient([
        [1, 2],
        [2, 4],
      ]),
      [4, -2, -2, 1],
    );
    near(
      gradient([
        [1, 2, 3],
        [2, 4, 6],
        [3, 6, 9],
      ]),
      matrix(3, 3).map((row) => row.map(() => 0)),
    );
    near(
      gradient([
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ]),
      [-3, 6, -3, 6, -12, 6, -3, 6, -3],
    );
  });
  test('cofactors of a singular matrix', () => {
    // of [[a, b, 0], [c, d, 0], [0, 0, e]] at [2][2]: a d - b c
    const bar = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 1],
    ];
    const A = [
      [1, 2, 0],
      [2, 4, 0],
      [0, 0, 0],
    ];
    near(gradients([A, A, I], () => ({ cofactors: bar }))[0], [4, -2, 0, -2, 1, 0, 0, 0, 0]);
  });
  test('repeated values', () => {
    // the derivatives of the sums of their squares
    const [, B, S] = gradients([I, I, I], () => ({ svdvals: [2, 2], eigvalsh: [2, 2] }));
    near([B, S], [2, 0, 0, 2, 2, 0, 0, 2]);
    // zero is a kink
    near(
      gradients(
        [
          I,
          [
            [1, 2],
            [2, 4],
          ],
          I,
        ],
        () => ({ svdvals: [0, 1] }),
      )[1],
      [0, 0, 0, 0],
    );
  });
  test('vectors of repeated values', () => {
    const from = 'has vectors without derivative: the values 1 and 1 are equal up to rounding';
    const first = [
      [1, 0],
      [0, 0],
    ];
    const values = [0, 0];
    expect(() => gradients([I, I, I], () => ({ eigh: { values, vectors: first } }))).toThrow(
      `eigh: argument A (2 x 2) ${from}`,
    );
    expect(() =>
      gradients([I, I, I], ({ svd }) => ({ svd: [{ U: first, S: values, V: I }, svd[1]] })),
    ).toThrow(`svd: argument A (2 x 2) ${from}`);
    expect(() => any.jvp([I, I, I], [I, I, I])).toThrow(from);
    // vectors of other values are not affected
    const S = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 3],
    ];
    const last = [
      [0, 0, 1],
      [0, 0, 1],
      [0, 0, 1],
    ];
    const [, , gradient] = gradients([I, I, S], () => ({ eigh: { values: [0, 0, 0], vectors: last } }));
    near(
      gradient.map((row) => row.map(Math.abs)),
      [0, 0, 0.25, 0, 0, 0.25, 0.25, 0.25, 0],
    );
    const onto = [
      [1, 1],
      [1, 1],
      [1, 1],
    ];
    const bar = { U: onto, S: values, V: I };
    expect(() => gradients([regular(3), onto, I], ({ svd }) => ({ svd: [bar, svd[1]] }))).toThrow(
      'svd: argument A (3 x 2) has vectors without derivative: a singular value is zero up to rounding',
    );
  });
  test('norms', () => {
    const gradient = (v: number[]): number[] => gradients([I, [v, [0, 0]], I], () => ({ norm: 1 }))[1][0]!;
    near([linalg.norm([]), gradient([0, 0])], [0, 0, 0]);
    for (const e of [1, 1e-200, 1e200]) near(gradient([3 * e, 4 * e]), [0.6, 0.8]);
    near(linalg.norm([3e200, 4e200]) / 1e200, 5);
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
    const [A, B, S] = [regular(3), matrix(3, 2), symmetric(3)];
    const run = regularOnly.vjp;
    expect(() => run(singular, B, S, [1, 2, 3])).toThrow('inverse: argument A (3 x 3) is singular');
    expect(() => run(A, B, S, [1, 2])).toThrow('dot: argument b has length 3, and 2 is needed');
    expect(() => run(A, singular, S, [1, 2, 3])).toThrow('lstsq: argument A (3 x 3) has columns that depend');
    expect(() =>
      run(
        A,
        B,
        [
          [1, 2],
          [3, 4],
        ],
        [1, 2, 3],
      ),
    ).toThrow('cholesky: argument A (2 x 2) is not symmetric');
  });
});

test('a function of the package is differentiated by its name', () => {
  const a: M = [
    [1, 2],
    [3, 4],
  ];
  const expected = [4, -3, -2, 1];
  for (const slope of [grad(linalg.det), grad(linalg.det, { backend: 'tape' })])
    for (const [k, e] of flat(slope(a)).entries()) expect(e).toBeCloseTo(expected[k]!, 12);
  expect(vjp(linalg.matvec)(a, [1, 1])[1]([1, 0])).toEqual([
    [
      [1, 1],
      [0, 0],
    ],
    [1, 2],
  ]);
});

const turns = grad(turned, { argnums: [0, 1] });
const turning = jvp(grad(turned, { argnums: [0, 1] }));
test('second derivatives of vectors', () => {
  const args: [M, M] = [matrix(4, 3), symmetric(3)];
  const tangents: [M, M] = [matrix(4, 3), symmetric(3)];
  const moved = (h: number) => turns(...(map(args, (e, k) => e + h * flat(tangents)[k]!) as [M, M]));
  const along = flat(turning(args, tangents)[1]);
  for (const [k, { value }] of differentiateCurve((h) => flat(moved(h)), 0.02).entries())
    expect(Math.abs(along[k]! - value) / (1 + Math.abs(value))).toBeLessThan(1e-6);
});
