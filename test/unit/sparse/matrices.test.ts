// The parts that sparse matrices are computed by, on random matrices that are known by their products.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
// Built files by their paths: the package exports only the markers.
import { colourColumns, colourStars } from '../../../packages/runtime/dist/sparse-colouring.js';
import {
  patternOf,
  rowOf,
  type SparsePattern,
  transposed,
  union,
} from '../../../packages/runtime/dist/sparse-pattern.js';
import {
  agrees,
  evaluate,
  planHessian,
  planJacobian,
  randomVector,
} from '../../../packages/runtime/dist/sparse-products.js';
import { findPattern, type LinearMap } from '../../../packages/runtime/dist/sparse-search.js';

const patterns = fc
  .record({
    rows: fc.integer({ min: 0, max: 12 }),
    cols: fc.integer({ min: 0, max: 12 }),
    few: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ rows, cols, few }) =>
    fc
      .array(
        fc.uniqueArray(fc.integer({ min: 0, max: Math.max(0, cols - 1) }), {
          maxLength: cols === 0 ? 0 : few,
        }),
        { minLength: rows, maxLength: rows },
      )
      .map((lists) =>
        patternOf(
          lists.map((list) => list.sort((a, b) => a - b)),
          cols,
        ),
      ),
  );
const symmetric = patterns.map((p) => {
  const n = Math.max(p.rows, p.cols);
  const square = patternOf(
    Array.from({ length: n }, (_, i) => (i < p.rows ? [...rowOf(p, i)] : [])),
    n,
  );
  return union(square, transposed(square));
});

/** Values of an entry: the same across the diagonal if `mirror`. */
const valueAt = (i: number, j: number, mirror: boolean) => (mirror && i > j ? 10 * j + i : 10 * i + j) + 1;
function mapOf(p: SparsePattern, mirror = false): LinearMap & { products: number } {
  return {
    inputs: p.cols,
    outputs: p.rows,
    products: 0,
    apply(v) {
      this.products++;
      return Float64Array.from({ length: p.rows }, (_, i) =>
        rowOf(p, i).reduce((sum, j) => sum + valueAt(i, j, mirror) * v[j], 0),
      );
    },
  };
}
const turnedMap = (p: SparsePattern): LinearMap => ({
  inputs: p.rows,
  outputs: p.cols,
  apply: (v) => {
    const out = new Float64Array(p.cols);
    for (let i = 0; i < p.rows; i++) for (const j of rowOf(p, i)) out[j] += valueAt(i, j, false) * v[i];
    return out;
  },
});
const valuesOf = (p: SparsePattern, mirror = false): number[] =>
  Array.from({ length: p.rows }, (_, i) => [...rowOf(p, i)].map((j) => valueAt(i, j, mirror))).flat();

describe('a pattern', () => {
  test.each(['nan', 'numbers'] as const)('is found by products with %s, by columns or by rows', (probe) => {
    fc.assert(
      fc.property(patterns, fc.boolean(), (p, both) => {
        expect(findPattern(mapOf(p), both ? turnedMap(p) : undefined, probe)).toEqual(p);
      }),
    );
  });

  test('takes products that grow with the colours and the logarithm of the columns', () => {
    const band = (n: number) =>
      patternOf(
        Array.from({ length: n }, (_, i) => [i - 1, i, i + 1].filter((j) => j >= 0 && j < n)),
        n,
      );
    const products = [64, 1024].map((n) => {
      const map = mapOf(band(n));
      findPattern(map, undefined, 'nan');
      return map.products;
    });
    expect(products[0]).toBeLessThan(40);
    expect(products[1] - products[0]).toBeLessThan(6 * 4 + 1);
  });

  test('with a full row is found by rows', () => {
    const n = 256;
    const p = patternOf(
      Array.from({ length: n }, (_, i) => (i === 7 ? Array.from({ length: n }, (_, j) => j) : [i])),
      n,
    );
    const map = mapOf(p);
    expect(findPattern(map, turnedMap(p), 'nan')).toEqual(p);
    expect(map.products).toBeLessThan(40);
  });
});

describe('a colouring', () => {
  test('gives columns that meet in a row different colours', () => {
    fc.assert(
      fc.property(patterns, (p) => {
        const { of } = colourColumns(p);
        for (let i = 0; i < p.rows; i++) {
          const own = [...rowOf(p, i)].map((j) => of[j]);
          expect(own).not.toContain(-1);
          expect(new Set(own).size).toBe(own.length);
        }
      }),
    );
  });

  test('by stars has no path of four columns in two colours', () => {
    fc.assert(
      fc.property(symmetric, (p) => {
        const { of } = colourStars(p);
        const next = (v: number) => [...rowOf(p, v)].filter((w) => w !== v);
        for (let a = 0; a < p.rows; a++)
          for (const b of next(a)) {
            expect(of[a]).not.toBe(of[b]);
            for (const c of next(b))
              for (const d of next(c))
                if (c !== a && d !== b && d !== a) expect(of[a] === of[c] && of[b] === of[d]).toBe(false);
          }
      }),
      { numRuns: 400 },
    );
  });

  test('by stars of an arrow has two colours', () => {
    const n = 2000;
    const arrow = patternOf(
      Array.from({ length: n }, (_, i) =>
        i === n - 1 ? Array.from({ length: n }, (_, j) => j) : [i, n - 1],
      ),
      n,
    );
    expect(colourStars(arrow).count).toBe(2);
    expect(colourColumns(arrow).count).toBe(n);
  });
});

describe('the entries', () => {
  test('of a Jacobian are read from products by columns or rows', () => {
    fc.assert(
      fc.property(patterns, (p) => {
        const plan = planJacobian(p);
        const values = evaluate(plan, plan.mode === 'rows' ? turnedMap(p) : mapOf(p));
        expect([...values]).toEqual(valuesOf(p));
      }),
    );
  });

  test('of a Hessian are read from products of stars, both halves alike', () => {
    fc.assert(
      fc.property(symmetric, (p) => {
        expect([...evaluate(planHessian(p), mapOf(p, true))]).toEqual(valuesOf(p, true));
      }),
      { numRuns: 400 },
    );
  });

  test('agree with a random product only if none is missing', () => {
    fc.assert(
      fc.property(patterns, (p) => {
        const map = mapOf(p);
        const vector = randomVector(p.cols, 3);
        const sample = { mode: 'columns', vector, product: map.apply(vector) } as const;
        const plan = planJacobian(p);
        const values = evaluate(plan, plan.mode === 'rows' ? turnedMap(p) : map);
        expect(agrees(p, values, sample)).toBe(true);
        const row = Array.from({ length: p.rows }, (_, i) => i).find((i) => rowOf(p, i).length > 0);
        if (row === undefined) return;
        const fewer = patternOf(
          Array.from({ length: p.rows }, (_, i) => [...rowOf(p, i)].slice(i === row ? 1 : 0)),
          p.cols,
        );
        const less = planJacobian(fewer);
        expect(agrees(fewer, evaluate(less, less.mode === 'rows' ? turnedMap(p) : map), sample)).toBe(false);
      }),
    );
  });
});
