// Sparse Jacobians and Hessians of programs: the numbers are those of the dense markers, and how often the function runs.
import { customVjp, hessian, jacobian, type SparseMatrix, sparseHessian, sparseJacobian } from 'adjoint';
import { describe, expect, test } from 'vitest';
import {
  errors as bundleErrors,
  jacobian as bundleJacobian,
  CAMERA,
  type Problem,
} from '../../../bench/gradbench/src/evals/ba.ts';

function dense({ rows, cols, rowPointers, columnIndices, values }: SparseMatrix): number[][] {
  const full = Array.from({ length: rows }, () => new Array<number>(cols).fill(0));
  for (let i = 0; i < rows; i++)
    for (let e = rowPointers[i]; e < rowPointers[i + 1]; e++) full[i][columnIndices[e]] = values[e];
  return full;
}
const rowsOf = (matrix: readonly ArrayLike<number>[]): number[][] => matrix.map((row) => Array.from(row));
/** Equal but for rounding: the dense markers may take the other mode. */
function expectClose(found: readonly number[][], wanted: readonly number[][]): void {
  const distance = found.map((row, i) =>
    Math.max(0, ...row.map((v, j) => Math.abs(v - wanted[i][j]) / (1 + Math.abs(v)))),
  );
  expect(found.length).toBe(wanted.length);
  expect(Math.max(0, ...distance)).toBeLessThan(1e-12);
}
const numbers = (n: number, f: (k: number) => number) => Float64Array.from({ length: n }, (_, k) => f(k));

// ---------------------------------------------------------------- the Brusselator

/** Reaction and diffusion of two substances on an n by n grid without border: five-point stencil. */
function brusselator(x: Float64Array, n: number, ran: () => void): Float64Array {
  ran();
  const cells = n * n;
  const out = new Float64Array(2 * cells);
  const alpha = 0.02 * n * n;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      const north = ((i + n - 1) % n) * n + j;
      const south = ((i + 1) % n) * n + j;
      const west = i * n + ((j + n - 1) % n);
      const east = i * n + ((j + 1) % n);
      const u = x[at];
      const v = x[cells + at];
      const uAround = x[north] + x[south] + x[west] + x[east] - 4 * u;
      const vAround = x[cells + north] + x[cells + south] + x[cells + west] + x[cells + east] - 4 * v;
      out[at] = 1 + u * u * v - 4.4 * u + alpha * uAround;
      out[cells + at] = 3.4 * u - u * u * v + alpha * vAround;
    }
  }
  return out;
}
const brusselatorRows = jacobian(brusselator);

/** Runs of the function in each of `calls` calls. */
function runsOn(n: number, calls: number): number[] {
  const sparse = sparseJacobian(brusselator);
  return Array.from({ length: calls }, (_, call) => {
    let runs = 0;
    sparse(
      numbers(2 * n * n, (k) => Math.sin(k + call)),
      n,
      () => {
        runs++;
      },
    );
    return runs;
  });
}

describe('the Brusselator', () => {
  test('has the Jacobian of the dense marker, and six entries a row', () => {
    const x = numbers(2 * 6 * 6, (k) => Math.cos(k));
    const J = sparseJacobian(brusselator)(x, 6, () => {});
    expectClose(dense(J), rowsOf(brusselatorRows(x, 6, () => {})));
    expect(J.values.length).toBe(6 * J.rows);
  });

  test('takes as many runs on a large grid as on a small one, once its pattern is known', () => {
    const [small, large] = [runsOn(8, 3), runsOn(24, 3)];
    expect(small[1]).toBe(small[2]);
    expect(large[1]).toBe(large[2]);
    expect(large[1]).toBeLessThanOrEqual(16);
    expect(small[1]).toBeLessThanOrEqual(16);
    // 128 and 1152 columns
    expect(large[0]).toBeLessThan(200);
  });
});

// ---------------------------------------------------------------- bundle adjustment

interface Scene {
  readonly cameras: Float64Array;
  readonly points: Float64Array;
  readonly weights: Float64Array;
}
type Sight = Pick<Problem, 'cameraOf' | 'pointOf' | 'features'>;

function residuals({ cameras, points, weights }: Scene, { cameraOf, pointOf, features }: Sight) {
  return bundleErrors({ cameras, points, weights, cameraOf, pointOf, features });
}
const unknowns = ({ cameras, points, weights }: Scene): Scene => ({ cameras, points, weights });
const sightOf = ({ cameraOf, pointOf, features }: Sight): Sight => ({ cameraOf, pointOf, features });
function squares(scene: Scene, sight: Sight): number {
  const { reprojection, weight } = residuals(scene, sight);
  let sum = 0;
  for (let i = 0; i < reprojection.length; i++) sum += reprojection[i] * reprojection[i];
  for (let i = 0; i < weight.length; i++) sum += weight[i] * weight[i];
  return sum;
}
/** Each camera sees every third point. */
function scene(cameras: number, points: number): Problem {
  const pairs = Array.from(
    { length: cameras * points },
    (_, k) => [k % cameras, Math.floor(k / cameras)] as const,
  ).filter(([c, p]) => (c + p) % 3 === 0);
  return {
    cameras: numbers(CAMERA * cameras, (k) => 0.3 + 0.1 * Math.sin(k)),
    points: numbers(3 * points, (k) => 2 + Math.cos(k)),
    weights: numbers(pairs.length, (k) => 1 - 0.01 * k),
    cameraOf: Int32Array.from(pairs, ([c]) => c),
    pointOf: Int32Array.from(pairs, ([, p]) => p),
    features: numbers(2 * pairs.length, (k) => 0.1 * Math.sin(3 * k)),
  };
}

describe('bundle adjustment', () => {
  test('has the Jacobian that is put together by hand from gradients, in two objects of arrays', () => {
    const problem = scene(4, 9);
    const sparse = sparseJacobian(residuals);
    const J = sparse(unknowns(problem), sightOf(problem));
    const byHand = bundleJacobian(problem);
    expect(J.rows).toBe(3 * problem.weights.length);
    // a row of one coordinate does not depend on the other coordinate of the principal point
    expect(J.values.length).toBe(byHand.vals.length - 2 * problem.weights.length);
    const rows = dense({ ...J, rowPointers: byHand.rows, columnIndices: byHand.cols, values: byHand.vals });
    expectClose(dense(J), rows);
  });

  test('has the Hessian of the dense marker, by fewer runs than columns', () => {
    const problem = scene(3, 12);
    let runs = 0;
    const counted = (s: Scene, sight: Sight, ran: () => void): number => {
      ran();
      return squares(s, sight);
    };
    const sparse = sparseHessian(counted);
    const ran = () => {
      runs++;
    };
    const H = sparse(unknowns(problem), sightOf(problem), ran);
    runs = 0;
    sparse(unknowns(problem), sightOf(problem), ran);
    expect(H.cols).toBe(33 + 36 + 12);
    expect(runs).toBeLessThan(45);
    const full = dense(H);
    expect(full).toEqual(full.map((_, i) => full.map((row) => row[i])));
    expectClose(full, rowsOfHessian(problem));
  });
});
const flatSquares = (x: Float64Array, sight: Sight, cameras: number, points: number): number =>
  squares(
    {
      cameras: x.slice(0, cameras),
      points: x.slice(cameras, cameras + points),
      weights: x.slice(cameras + points),
    },
    sight,
  );
const denseSquares = hessian(flatSquares);
function rowsOfHessian(problem: Problem): number[][] {
  const { cameras, points, weights } = problem;
  const flat = Float64Array.from([...cameras, ...points, ...weights]);
  return rowsOf(denseSquares(flat, problem, cameras.length, points.length));
}

// ---------------------------------------------------------------- patterns that change

function switching(x: Float64Array, far: boolean): Float64Array {
  const y = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    y[i] = x[i] * x[i];
    if (i > 0) y[i] *= x[i - 1];
    if (far && i === 3) y[i] += Math.sin(x[9]);
  }
  return y;
}
const switchingRows = jacobian(switching);

describe('a pattern', () => {
  test('has entries that are zero at the first point', () => {
    const sparse = sparseJacobian(switching);
    const first = sparse(new Float64Array(12), false);
    expect(first.values.every((v) => v === 0)).toBe(true);
    expect(first.values.length).toBe(12 + 11);
    const x = numbers(12, (k) => k + 1);
    const J = sparse(x, false);
    expect(dense(J)).toEqual(rowsOf(switchingRows(x, false)));
    expect(J.columnIndices).toBe(first.columnIndices);
  });

  test('grows where the code goes another way', () => {
    const sparse = sparseJacobian(switching);
    const x = numbers(12, (k) => k + 1);
    sparse(x, false);
    const J = sparse(x, true);
    expect(dense(J)).toEqual(rowsOf(switchingRows(x, true)));
    expect(J.values.length).toBe(12 + 11 + 1);
    expect(dense(sparse(x, false))).toEqual(rowsOf(switchingRows(x, false)));
  });

  test('is found again for another size', () => {
    const sparse = sparseJacobian(switching);
    for (const n of [12, 3, 0, 1, 20]) {
      const x = numbers(n, (k) => k + 1);
      expect(dense(sparse(x, false))).toEqual(rowsOf(switchingRows(x, false)));
    }
  });

  test('of an earlier result can be given, and nothing is searched for', () => {
    const J = runsAndMatrix(undefined);
    const again = runsAndMatrix(J.matrix);
    expect(again.matrix).toEqual(J.matrix);
    expect(J.runs).toBeGreaterThan(20);
    expect(again.runs).toBeLessThan(16);
  });

  test('that writes into a result do not reach', () => {
    const sparse = sparseJacobian(switching);
    const x = numbers(12, (k) => k + 1);
    sparse(x, false).columnIndices.fill(0);
    sparse(x, true); // a larger pattern
    expect(dense(sparse(x, true))).toEqual(rowsOf(switchingRows(x, true)));
  });
});
function runsAndMatrix(pattern: SparseMatrix | undefined) {
  let runs = 0;
  const x = numbers(128, (k) => Math.sin(k));
  const matrix = sparseJacobian(brusselator, pattern)(x, 8, () => {
    runs++;
  });
  return { runs, matrix };
}

// ---------------------------------------------------------------- how the function may be

function inPlace(x: number[]): { readonly last: number; readonly all: number[]; readonly name: string } {
  for (let i = 1; i < x.length; i++) x[i] += x[i - 1] * x[i];
  return { last: x[x.length - 1], all: x.slice(0, 2), name: 'sums' };
}
/** The first result depends on all, each other one on one. */
function sumAndSquares(x: Float64Array): Float64Array {
  const y = new Float64Array(x.length + 1);
  for (let i = 0; i < x.length; i++) {
    y[0] += x[i];
    y[i + 1] = x[i] * x[i];
  }
  return y;
}
const carefree = customVjp(
  (x: number, y: number) => x * y,
  (x, y) => [x * y, (c) => [(c || 0) * y, (c || 0) * x]],
);
const strict = customVjp(
  (x: number) => x * x,
  (x) => [
    x * x,
    (c) => {
      if (Number.isNaN(c)) throw new RangeError('not a number');
      return [2 * x * c];
    },
  ],
);
const byRule = (x: Float64Array): number[] => [carefree(x[0], x[2]), carefree(x[1], x[3]), x[4]];
const byStrictRule = (x: Float64Array): number[] => [strict(x[1]), strict(x[0]) + x[2]];
let calls = 0;
const counting = (x: Float64Array): number[] => {
  calls += 1;
  return [calls * x[0], calls * x[1] ** 2];
};
const rest = (...x: number[]): number[] => [x[0] * x[1] * x[2], x[1], x[0]];
const optional = (x: number, k = 2): number[] => [k * x, 3 * x];
const ofParts = (p: { a: number[][]; b: Map<string, number>; name: string }): Record<string, number> => ({
  product: p.a[1][0] * p.b.get('k')!,
  square: p.a[0][0] ** 2,
});
const matrixOfTwo = (x: number, table: readonly string[]): number[][] => [[x, x * x], [table.length]];

describe('a function', () => {
  test('that changes its argument leaves it as one call does', () => {
    const sparse = sparseJacobian(inPlace);
    for (let call = 0; call < 2; call++) {
      const [x, plain] = [
        [1, 2, 3],
        [1, 2, 3],
      ];
      inPlace(plain);
      expect(dense(sparse(x))).toEqual([
        [6, 6, 5],
        [1, 0, 0],
        [2, 2, 0],
      ]);
      expect(x).toEqual(plain);
    }
  });

  test('with a result that depends on all is differentiated by rows', () => {
    const x = numbers(40, (k) => k);
    const J = sparseJacobian(sumAndSquares)(x);
    expect(dense(J)[0]).toEqual(new Array(40).fill(1));
    expect(dense(J).slice(1)).toEqual(rowsOf(jacobian(sumAndSquares)(x)).slice(1));
  });

  test('with rules that swallow NaN is checked by numbers, with rules that refuse NaN too', () => {
    const x = Float64Array.of(1, 2, 3, 4, 5);
    expect(dense(sparseJacobian(byRule)(x))).toEqual(rowsOf(jacobian(byRule)(x)));
    expect(dense(sparseJacobian(byStrictRule)(x))).toEqual(rowsOf(jacobian(byStrictRule)(x)));
  });

  test('of a number has one column', () => {
    expect(dense(sparseJacobian(matrixOfTwo)(3, ['a']))).toEqual([[1], [6], [0]]);
  });

  test('that changes a variable outside changes it once', () => {
    const sparse = sparseJacobian(counting);
    calls = 2;
    for (const k of [3, 4]) {
      expect(dense(sparse(Float64Array.of(5, 6)))).toEqual([
        [k, 0],
        [0, 12 * k],
      ]);
      expect(calls).toBe(k);
    }
  });

  test('with a rest parameter, a missing argument, an object of several lists', () => {
    expect(dense(sparseJacobian(rest)(2, 3, 5))).toEqual([[15], [0], [1]]);
    expect(dense(sparseJacobian(optional)(3))).toEqual([[2], [3]]);
    const parts = { a: [[1, 2], [3]], b: new Map([['k', 4]]), name: 'p' };
    expect(dense(sparseJacobian(ofParts)(parts))).toEqual([
      [0, 0, 4, 3],
      [2, 0, 0, 0],
    ]);
  });

  test('whose derivative is not finite gives that entry alone', () => {
    const roots = (x: Float64Array): Float64Array => x.map((v) => Math.sqrt(v));
    expect(dense(sparseJacobian(roots)(Float64Array.of(0, 4)))).toEqual([
      [Number.POSITIVE_INFINITY, 0],
      [0, 0.25],
    ]);
  });
});

// ---------------------------------------------------------------- bad input

describe('a given pattern', () => {
  const x = numbers(4, (k) => k + 1);
  const diagonal = {
    rows: 4,
    cols: 4,
    rowPointers: Int32Array.of(0, 1, 2, 3, 4),
    columnIndices: Int32Array.of(0, 1, 2, 3),
  };
  test('of another size is a RangeError', () => {
    expect(() =>
      sparseJacobian(switching, diagonal)(
        numbers(5, (k) => k),
        false,
      ),
    ).toThrow('the pattern given to `sparseJacobian` is 4 by 4, and the matrix is 5 by 5');
  });
  test('that lacks an entry is a RangeError', () => {
    expect(() => sparseJacobian(switching, diagonal)(x, false)).toThrow(
      'the pattern given to `sparseJacobian` has no entry at row 1, column 0, and the matrix has',
    );
    const one = (v: Float64Array): number => v[0] * v[1] * v[2];
    const few = {
      ...diagonal,
      rows: 3,
      cols: 3,
      rowPointers: Int32Array.of(0, 1, 2, 3),
      columnIndices: Int32Array.of(0, 1, 2),
    };
    expect(() => sparseHessian(one, few)(Float64Array.of(1, 2, 3))).toThrow(
      'has no entry at row 0, column 1',
    );
  });
  test.each([
    [{ rowPointers: Int32Array.of(0, 4) }, '`rowPointers` must have 5 numbers'],
    [{ rowPointers: Int32Array.of(0, 1, 2, 3, 3) }, 'end with the length of `columnIndices`'],
    [{ rowPointers: Int32Array.of(0, 3, 2, 3, 4) }, '`rowPointers` descend behind row 1'],
    [{ columnIndices: Int32Array.of(0, 1, 2, 4) }, 'row 3 has an entry in column 4, and there are 4 columns'],
    [
      { rowPointers: Int32Array.of(0, 2, 2, 3, 4), columnIndices: Int32Array.of(1, 0, 2, 3) },
      'the columns of row 0 do not ascend',
    ],
    [{ rows: -1 }, '`rows` and `cols` must be sizes'],
  ])('that is none is a RangeError: %o', (change, message) => {
    expect(() => sparseJacobian(switching, { ...diagonal, ...change })).toThrow(RangeError);
    expect(() => sparseJacobian(switching, { ...diagonal, ...change })).toThrow(message);
  });
});
