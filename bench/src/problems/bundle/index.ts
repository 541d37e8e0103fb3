import type { Instance, Problem } from '../../problem.js';
import { random, uniform } from '../../random.js';
import { bundleByHand } from './hand.js';
import { bundle, bundleGradient } from './problem.js';
import { bundleByTape } from './tape.js';

/** The size is the number of observations. */
export const bundleProblem: Problem = {
  name: 'bundle',
  sizes: [4000],
  tests: [1, 4],
  memory: { unit: 'observation', sizes: [500, 1000], instance: (n) => scene(n, 20, 100), bar: 0 },
  instance: (n) => (n < 100 ? scene(n, 2, 2) : scene(n, 50, 1000)),
};

function scene(n: number, cameraCount: number, pointCount: number): Instance {
  const next = random(11);
  const point = new Float64Array(11 * cameraCount + 3 * pointCount + n);
  const out = new Float64Array(point.length);
  const parts = (v: Float64Array): [Float64Array, Float64Array, Float64Array] => [
    v.subarray(0, 11 * cameraCount),
    v.subarray(11 * cameraCount, 11 * cameraCount + 3 * pointCount),
    v.subarray(11 * cameraCount + 3 * pointCount),
  ];
  const [cameras, points, weights] = parts(point);
  for (let c = 0; c < cameraCount; c++) {
    cameras.set(uniform(next, 6, -0.5, 0.5), 11 * c);
    cameras.set([2 + next(), 0.1 * next(), 0.1 * next(), 0.1 * next(), 0.01 * next()], 11 * c + 6);
  }
  for (let p = 0; p < pointCount; p++) {
    points.set(uniform(next, 2, -1, 1), 3 * p);
    points[3 * p + 2] = 4 + next();
  }
  weights.set(uniform(next, n, 0.8, 1.2));
  const seen = Int32Array.from({ length: 2 * n }, (_, k) =>
    k % 2 === 0 ? (k / 2) % cameraCount : Math.floor(next() * pointCount),
  );
  const features = uniform(next, 2 * n, -0.5, 0.5);
  const outs = parts(out);
  return {
    label: `bundle adjustment ${n}`,
    marker: 'gradInto',
    point,
    valueAt: (at) => bundle(...parts(at), seen, features),
    primal: () => bundle(cameras, points, weights, seen, features),
    generated: () => bundleGradient(outs, cameras, points, weights, seen, features),
    hand: () => bundleByHand(outs, cameras, points, weights, seen, features),
    tape: () => bundleByTape(outs, cameras, points, weights, seen, features),
    out,
  };
}
