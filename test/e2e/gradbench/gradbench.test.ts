/** The tool for GradBench, started once: the protocol, and each eval on a small input. */
import { afterAll, describe, expect, it } from 'vitest';
import { differences, distance, matrix, moved, numbers, slopes, split } from './numeric.js';
import {
  cofactors,
  determinant,
  type Joint,
  logPosterior,
  lstmLoss,
  posed,
  reprojection,
  squareAtAxis,
} from './references.js';
import { startTool } from './tool.js';

const tool = startTool();
const { ask, evaluate, output } = tool;

/** Differences of values of size 1. */
const NEAR = 1e-8;
const EXACT = 1e-12;

afterAll(async () => {
  expect(await tool.end()).toBe(0);
  // one test sends a line that is no message
  expect(tool.errors()).toMatch(/^not a message: .*\n$/);
});

describe('gradbench: protocol', () => {
  const x = [1, 2];

  it('answers messages that start and analyse', async () => {
    expect(await ask({ id: 70, kind: 'start', eval: 'lse' })).toEqual({ id: 70, tool: 'adjoint' });
    expect(await ask({ id: 71, kind: 'analysis', of: 70, valid: true })).toEqual({ id: 71 });
  });

  it('knows all modules', async () => {
    const names = 'ba det gmm hello ht kmeans llsq lse lstm ode particle saddle'.split(' ');
    for (const module of names)
      expect(await ask({ kind: 'define', module })).toMatchObject({ success: true });
  });

  it('says what went wrong, and goes on', async () => {
    const failed = (error: string) => ({ success: false, error: expect.stringContaining(error) });
    expect(await ask({ kind: 'define', module: 'other' })).toMatchObject(failed("no module 'other'"));
    const named = (name: string, input: unknown) =>
      ask({ kind: 'evaluate', module: 'lse', function: name, input });
    expect(await named('toString', { x })).toMatchObject(failed("no function 'toString' in module 'lse'"));
    expect(await named('primal', null)).toMatchObject(failed('TypeError'));
    tool.send('not a message');
    expect(await ask({ kind: 'define', module: 'lse' })).toMatchObject({ success: true });
  });

  it('repeats evaluations as often and as long as asked', async () => {
    const often = await evaluate('lse', 'primal', { x, min_runs: 3, min_seconds: 0 });
    expect(often.timings.map(({ name }) => name)).toEqual(['evaluate', 'evaluate', 'evaluate']);
    const long = await evaluate('lse', 'primal', { x, min_runs: 1, min_seconds: 0.005 });
    const times = long.timings.map(({ nanoseconds }) => nanoseconds);
    expect(times.every(Number.isInteger)).toBe(true);
    expect(times.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(5e6);
  });
});

describe('gradbench: gradients', () => {
  it('hello', async () => {
    expect(await evaluate('hello', 'square', 3)).toMatchObject({ output: 9 });
    expect(await evaluate('hello', 'double', 3)).toMatchObject({ output: 6 });
  });

  it('lse', async () => {
    const x = [0.3, 1002, 1001.5];
    const weights = x.map((v) => Math.exp(v - 1002));
    const sum = weights.reduce((a, b) => a + b);
    expect(await output<number>('lse', 'primal', { x })).toBeCloseTo(1002 + Math.log(sum), 10);
    expect(
      distance(
        await output('lse', 'gradient', { x }),
        weights.map((w) => w / sum),
      ),
    ).toBeLessThan(EXACT);
  });

  it('llsq', async () => {
    const x = [0.4, -0.2, 0.7];
    const t = [-1, -0.5, 0, 0.5, 1];
    const residuals = t.map((v) => Math.sign(v) - x[0] - x[1] * v - x[2] * v * v);
    const half = residuals.reduce((s, r) => s + (r * r) / 2, 0);
    const gradient = x.map((_, j) => -residuals.reduce((s, r, i) => s + r * t[i] ** j, 0));
    expect(await output<number>('llsq', 'primal', { x, n: 5 })).toBeCloseTo(half, 12);
    expect(distance(await output('llsq', 'gradient', { x, n: 5 }), gradient)).toBeLessThan(EXACT);
  });

  it('det', async () => {
    const A = matrix(4, 4, 1);
    const input = { A: A.flat(), ell: 4 };
    expect(await output<number>('det', 'primal', input)).toBeCloseTo(determinant(A), 12);
    expect(distance(await output('det', 'gradient', input), cofactors(A))).toBeLessThan(EXACT);
  });

  it('ode: exact up to degree 4', async () => {
    const x = [0.5, 1.5, 0.8, 1.2];
    const solution = [1, 1.5, 0.8, 0.48];
    const input = { x, s: 3 };
    expect(distance(await output('ode', 'primal', input), solution)).toBeLessThan(EXACT);
    const gradient = x.map((v) => solution[3] / v);
    expect(distance(await output('ode', 'gradient', input), gradient)).toBeLessThan(EXACT);
  });

  it('gmm', async () => {
    const [d, k, n, m, gamma] = [3, 2, 4, 1, 1.3];
    const x = matrix(n, d, 2);
    const at = (p: readonly number[]) => ({
      alpha: p.slice(0, 2),
      mu: split(p.slice(2, 8), d),
      q: split(p.slice(8, 14), d),
      l: split(p.slice(14), 3),
    });
    const value = (p: readonly number[]): number => {
      const { alpha, mu, q, l } = at(p);
      return logPosterior(alpha, mu, q, l, x, gamma);
    };
    const point = numbers(20, 3);
    const input = { ...at(point), d, k, n, m, gamma, x };
    expect(await output<number>('gmm', 'objective', input)).toBeCloseTo(value(point), 10);
    const gradient = await output<ReturnType<typeof at>>('gmm', 'jacobian', input);
    expect(Object.keys(gradient).sort()).toEqual(['alpha', 'l', 'mu', 'q']);
    const expected = at(differences(value, point));
    for (const key of ['alpha', 'mu', 'q', 'l'] as const) {
      expect(distance(gradient[key].flat(), expected[key].flat())).toBeLessThan(NEAR);
    }
  });

  it('lstm', async () => {
    const [state, sequence] = [matrix(4, 2, 4), matrix(4, 2, 5)];
    const at = (p: readonly number[]) => ({
      main_params: split(p.slice(0, 32), 8),
      extra_params: split(p.slice(32), 2),
    });
    const value = (p: readonly number[]): number => {
      const { main_params, extra_params } = at(p);
      return lstmLoss(main_params, extra_params, state, sequence);
    };
    const point = numbers(38, 6);
    const input = { ...at(point), state, sequence };
    expect(await output<number>('lstm', 'objective', input)).toBeCloseTo(value(point), 12);
    const gradient = await output('lstm', 'jacobian', input);
    expect(distance(gradient, differences(value, point))).toBeLessThan(NEAR);
  });
});

describe('gradbench: Jacobians', () => {
  for (const turned of [true, false]) {
    it(`ba, camera ${turned ? 'turned' : 'not turned'}`, async () => {
      const rotation = turned ? [0.2, -0.3, 0.1] : [0, 0, 0];
      const cam = [...rotation, 0.5, -0.4, -3, 1.5, 0.1, 0.2, 0.03, -0.02];
      const [x, w, feat] = [[0.3, 0.8, 1.1], 0.7, [0.6, -0.2]];
      const input = { n: 2, m: 3, p: 10, cam, x, w, feat };
      const errors = reprojection(cam, x, w, feat);
      const { reproj_error, w_err } = await output<Record<string, Record<string, number[]>>>(
        'ba',
        'objective',
        input,
      );
      expect(distance(reproj_error.elements, errors)).toBeLessThan(EXACT);
      expect(reproj_error.repeated).toBe(10);
      expect(w_err).toEqual({ element: 1 - w * w, repeated: 10 });

      const block = [...cam, ...x, w];
      const error = (b: readonly number[], row: number): number =>
        reprojection(b.slice(0, 11), b.slice(11, 14), b[14], feat)[row];
      // at zero the function is another one beside the point, equal to first order: differences of the next order
      const expected = [0, 1].map((row) => differences((b) => error(b, row), block));
      const columns = [...cam.keys(), 22, 23, 24, 31];
      const jacobian = await output<Record<'rows' | 'cols' | 'vals', number[]>>('ba', 'jacobian', input);
      expect(jacobian.cols).toEqual([...columns, ...columns, 40]);
      expect(jacobian.rows).toEqual([
        ...Array.from({ length: 21 }, (_, i) => 15 * i),
        ...[...Array(9).keys()].map((i) => 301 + i),
        310,
      ]);
      const values = [...expected[0], ...expected[1], -2 * w];
      expect(distance(jacobian.vals, values)).toBeLessThan(NEAR);
    });
  }

  describe('ht', () => {
    // the wrist, five fingers of four bones, the forearm; all bones stand upright at rest
    const parents = [-1, ...Array.from({ length: 20 }, (_, i) => (i % 4 === 0 ? 0 : i)), 0];
    const places = parents.map((_, b) => [0.1 * b, 0.3 - 0.02 * b, 0.05 * b * b]);
    const shift = (by: number[], sign: number) => [
      [1, 0, 0, sign * by[0]],
      [0, 1, 0, sign * by[1]],
      [0, 0, 1, sign * by[2]],
      [0, 0, 0, 1],
    ];
    const rest = matrix(4, 3, 7);
    const bonesOf = [[0], [2], [2, 3], [10, 12]];
    const share = [[1], [1], [0.3, 0.7], [0.6, 0.4]];
    const model = {
      bone_count: 22,
      bone_names: parents.map((_, b) => `bone${b}`),
      parents,
      base_relatives: places.map((at, b) =>
        shift(parents[b] < 0 ? at : at.map((v, i) => v - places[parents[b]][i]), 1),
      ),
      inverse_base_absolutes: places.map((at) => shift(at, -1)),
      base_positions: rest.map((v) => [...v, 1]),
      weights: bonesOf.map((bones, v) => parents.map((_, b) => share[v][bones.indexOf(b)] ?? 0)),
      triangles: [
        [0, 1, 2],
        [3, 2, 1],
      ],
      is_mirrored: false,
    };
    const theta = numbers(26, 8);
    const points = matrix(3, 3, 9);

    /** The joints that move a bone: second to fourth bone of a finger. */
    function joints(bone: number, t: readonly number[]): Joint[] {
      const finger = Math.floor((bone - 1) / 4);
      const from = 6 + 4 * finger;
      const angles = [
        [t[from], t[from + 1], 0],
        [t[from + 2], 0, 0],
        [t[from + 3], 0, 0],
      ];
      const first = 4 * finger + 2;
      return [2, 1, 0]
        .filter((i) => first + i <= bone)
        .map((i) => ({ at: places[first + i], angles: angles[i] }));
    }
    function position(vertex: number, t: readonly number[]): number[] {
      const parts = bonesOf[vertex].map((bone) => posed(rest[vertex], bone === 0 ? [] : joints(bone, t), t));
      return [0, 1, 2].map((i) => parts.reduce((s, part, k) => s + share[vertex][k] * part[i], 0));
    }

    it('points on vertices', async () => {
      const correspondences = [3, 1, 2];
      const value = (t: readonly number[]) =>
        correspondences.flatMap((v, p) => position(v, t).map((x, i) => points[p][i] - x));
      const input = { theta, us: [], data: { model, correspondences, points } };
      expect(distance(await output('ht', 'objective', input), value(theta))).toBeLessThan(EXACT);
      const jacobian = await output<number[][]>('ht', 'jacobian', input);
      expect(jacobian.length).toBe(9);
      for (let c = 0; c < 26; c++) {
        const expected = slopes((h) => value(moved(theta, c, h)));
        expect(
          distance(
            jacobian.map((row) => row[c]),
            expected,
          ),
        ).toBeLessThan(NEAR);
      }
    });

    it('points in triangles', async () => {
      const correspondences = [0, 1, 0];
      const us = matrix(3, 2, 10);
      const value = (t: readonly number[], du = 0, dv = 0) =>
        correspondences.flatMap((triangle, p) => {
          const [a, b, c] = model.triangles[triangle].map((v) => position(v, t));
          const [u, v] = [us[p][0] + du, us[p][1] + dv];
          return points[p].map((x, i) => x - (u * a[i] + v * b[i] + (1 - u - v) * c[i]));
        });
      const input = { theta, us, data: { model, correspondences, points } };
      expect(distance(await output('ht', 'objective', input), value(theta))).toBeLessThan(EXACT);
      const jacobian = await output<number[][]>('ht', 'jacobian', input);
      for (let c = 0; c < 28; c++) {
        const expected = slopes((h) =>
          c < 2 ? value(theta, c === 0 ? h : 0, c === 1 ? h : 0) : value(moved(theta, c - 2, h)),
        );
        expect(
          distance(
            jacobian.map((row) => row[c]),
            expected,
          ),
        ).toBeLessThan(NEAR);
      }
    });
  });
});

describe('gradbench: second derivatives, nested derivatives', () => {
  it('kmeans: the step leads to the mean of the points of each centroid', async () => {
    const points = [
      [0, 0],
      [1, 0.5],
      [5, 5],
      [6, 7],
      [4, 5],
    ];
    const centroids = [
      [0.25, 0.125],
      [5, 4],
    ];
    const input = { points, centroids };
    expect(await output<number>('kmeans', 'cost', input)).toBeCloseTo(0.078125 + 0.703125 + 1 + 10 + 2, 12);
    const [first, second] = await output<number[][]>('kmeans', 'dir', input);
    expect(distance(first, [0.25 - 0.5, 0.125 - 0.25])).toBeLessThan(EXACT);
    expect(distance(second, [0, 4 - 17 / 3])).toBeLessThan(EXACT);
  });

  for (const modes of ['rr', 'rf', 'fr', 'ff']) {
    it(`particle ${modes}: through the origin`, async () => {
      const w = await output<number>('particle', modes, { w: 0 });
      expect(w).toBeCloseTo(0.2071918746486116, 10);
      expect(squareAtAxis(w)).toBeLessThan(1e-8);
    });

    it(`saddle ${modes}: as near to the origin as the descent goes`, async () => {
      const end = 8.246324826140356e-6;
      const found = await output('saddle', modes, { start: [1, 1] });
      expect(distance(found, [end, end, end, end])).toBeLessThan(1e-12);
    });
  }
});
