/**
 * Problems written for jax-js: arrays of 64-bit floats, compiled by `jit` to WebAssembly. A use of an array consumes it
 * unless it says `ref`.
 */
import type { Array as JaxArray } from '@jax-js/jax';
import type { Instance } from '../problem.js';
import type { Peer } from './peer.js';

// Node has it from version 24 on; jax-js asks whether arrays are of it
(globalThis as { Float16Array?: unknown }).Float16Array ??= class {};
const { defaultDevice, init, jit, nn, numpy: np, valueAndGrad } = await import('@jax-js/jax');
await init('wasm');
defaultDevice('wasm');

type Parts = readonly JaxArray[];

const constant = (values: Float64Array, shape: number[]) =>
  np.array(values as Float64Array<ArrayBuffer>, { dtype: np.float64, shape });

/** The gradient of `f` in the parts of the point, whose lengths are given. */
function compiled(
  instance: Instance,
  lengths: readonly number[],
  f: (...parts: JaxArray[]) => JaxArray,
): Peer {
  const gradient = jit(valueAndGrad(f, { argnums: lengths.map((_, k) => k) }));
  const out = new Float64Array(instance.point.length);
  const starts = lengths.map((_, k) => lengths.slice(0, k).reduce((sum, length) => sum + length, 0));
  const run = () => {
    const parts = lengths.map((length, k) =>
      constant(instance.point.slice(starts[k], starts[k] + length), [length]),
    );
    const [value, bars] = gradient(...parts) as unknown as [JaxArray, Parts];
    bars.forEach((bar, k) => {
      out.set(bar.dataSync(), starts[k]);
    });
    return value.dataSync()[0];
  };
  return { run, out };
}

export function rosenbrock(instance: Instance): Peer {
  return compiled(instance, [instance.point.length], (x) => {
    const here = x.ref.slice([0, -1]);
    const valley = x.slice([1]).sub(here.ref.mul(here.ref));
    const offset = np.subtract(1, here);
    return valley.ref.mul(valley).mul(100).add(offset.ref.mul(offset)).sum();
  });
}

export function logistic(instance: Instance): Peer {
  const { X, y, penalty } = instance.data as { X: Float64Array; y: Float64Array; penalty: number };
  const d = instance.point.length;
  const rows = constant(X, [y.length, d]);
  const labels = constant(y, [y.length]);
  return compiled(instance, [d], (w) => {
    const score = np.matmul(rows.ref, w.ref);
    const loss = np.log(np.exp(score.mul(labels.ref).neg()).add(1)).mean();
    return loss.add(
      w.ref
        .mul(w)
        .sum()
        .mul(0.5 * penalty),
    );
  });
}

export function scaling(instance: Instance): Peer {
  const { D } = instance.data as { D: Float64Array };
  const n = instance.point.length / 2;
  const distances = constant(D, [n, n]);
  return compiled(instance, [2 * n], (W) => {
    const points = W.reshape([n, 2]);
    const differences = np.expandDims(points.ref, 1).sub(np.expandDims(points, 0));
    const excess = differences.ref.mul(differences).sum(-1).sub(distances.ref);
    return excess.ref.mul(excess).sum().mul(0.5);
  });
}

export function mlp(instance: Instance): Peer {
  const { X, y, hidden } = instance.data as { X: Float64Array; y: Float64Array; hidden: number };
  const n = y.length;
  const d = X.length / n;
  const rows = constant(X, [n, d]);
  const expected = constant(y, [n]);
  return compiled(instance, [hidden * (d + 2), 1], (weights, bias) => {
    const units = weights.reshape([hidden, d + 2]);
    const sums = np.matmul(rows.ref, np.transpose(units.ref.slice([], [0, d]))).add(units.ref.slice([], d));
    const error = np
      .matmul(nn.relu(sums), units.slice([], d + 1))
      .add(bias)
      .sub(expected.ref);
    return error.ref.mul(error).mean();
  });
}

export function gmm(instance: Instance): Peer {
  const { x, d, gamma, m } = instance.data as { x: Float64Array; d: number; gamma: number; m: number };
  const n = x.length / d;
  const size = (d * (d + 1)) / 2;
  const k = instance.point.length / (1 + d + size);
  const points = constant(x, [1, n, d]);
  const places = constant(placesBelowDiagonal(d), [size - d, d * d]);
  const diagonal = constant(diagonalPlaces(d), [d, d * d]);
  return compiled(instance, [k, k * d, k * size], (alphas, means, packed) => {
    const factors = packed.reshape([k, size]);
    const logarithms = factors.ref.slice([], [0, d]);
    const below = factors.slice([], [d]);
    const scales = np.exp(logarithms.ref);
    const sums = logarithms.sum(-1);
    const squares = scales.ref.mul(scales.ref).sum().add(below.ref.mul(below.ref).sum());
    const matrices = np.matmul(scales, diagonal.ref).add(np.matmul(below, places.ref)).reshape([k, d, d]);
    const centred = points.ref.sub(means.reshape([k, 1, d]));
    const scaled = np.matmul(centred, matrices);
    const offsets = np.expandDims(alphas.ref.add(sums.ref), 1);
    const terms = offsets.sub(scaled.ref.mul(scaled).sum(-1).mul(0.5));
    const prior = squares.mul(0.5 * gamma * gamma).sub(sums.sum().mul(m));
    return nn.logsumexp(terms, 0).sum().sub(nn.logsumexp(alphas).mul(n)).add(prior);
  });
}

/** Where each number of a packed triangle stands in the whole transposed matrix: rows of zeros with a one. */
function placesBelowDiagonal(d: number): Float64Array {
  const places: number[] = [];
  for (let a = 0; a < d; a++) for (let b = a + 1; b < d; b++) places.push(a * d + b);
  return ones(places, d * d);
}

function diagonalPlaces(d: number): Float64Array {
  return ones(
    Array.from({ length: d }, (_, a) => a * d + a),
    d * d,
  );
}

function ones(places: readonly number[], width: number): Float64Array {
  const rows = new Float64Array(places.length * width);
  places.forEach((place, row) => {
    rows[row * width + place] = 1;
  });
  return rows;
}
