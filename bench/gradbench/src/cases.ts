/** What is timed: functions of the evals and their derivatives, on data that looks random, always the same. */
import { gradInto } from 'adjoint';
import { normal, random, uniform } from '../../src/random.js';
import { CAMERA, errors, jacobian, type Problem, reprojectionError, weightError } from './evals/ba.js';
import { determinant, determinantGradient } from './evals/det.js';
import { logPosterior, logPosteriorGradient } from './evals/gmm.js';
import { type Hand, jacobianColumns, residuals } from './evals/ht.js';
import { cost, costGradient, direction } from './evals/kmeans.js';
import { leastSquares, leastSquaresGradient } from './evals/llsq.js';
import { logSumExp, logSumExpGradient } from './evals/lse.js';
import { meanLoss, meanLossGradient } from './evals/lstm.js';
import { lastOfSolution, lastOfSolutionGradient } from './evals/ode.js';

export interface Case {
  readonly name: string;
  readonly size: string;
  readonly primal: () => number;
  readonly derivative: () => number;
}

const next = random(1);

function lseCase(n: number): Case {
  const x = uniform(next, n, 0, 1);
  const out = new Float64Array(n);
  return {
    name: 'lse',
    size: `n=${n}`,
    primal: () => logSumExp(x),
    derivative: () => logSumExpGradient(out, x),
  };
}

function llsqCase(n: number, m: number): Case {
  const x = uniform(next, m, 0, 1);
  const out = new Float64Array(m);
  return {
    name: 'llsq',
    size: `n=${n} m=${m}`,
    primal: () => leastSquares(x, n),
    derivative: () => leastSquaresGradient(out, x, n),
  };
}

function detCase(n: number): Case {
  const A = uniform(next, n * n, 0, 1);
  const out = new Float64Array(n * n);
  return {
    name: 'det',
    size: `l=${n}`,
    primal: () => determinant(A, n),
    derivative: () => determinantGradient(out, A, n),
  };
}

function odeCase(n: number, steps: number): Case {
  const x = uniform(next, n, 0, 1);
  const out = new Float64Array(n);
  return {
    name: 'ode',
    size: `n=${n} s=${steps}`,
    primal: () => lastOfSolution(x, steps),
    derivative: () => lastOfSolutionGradient(out, x, steps),
  };
}

function gmmCase(d: number, k: number, n: number): Case {
  const make = (count: number) => normal(next, count);
  const [alpha, mu, q, l] = [make(k), make(k * d), make(k * d), make((k * d * (d - 1)) / 2)];
  const data = { d, k, x: make(n * d), m: 0, gamma: 1 };
  const out: [Float64Array, Float64Array, Float64Array, Float64Array] = [
    alpha.slice(),
    mu.slice(),
    q.slice(),
    l.slice(),
  ];
  return {
    name: 'gmm',
    size: `d=${d} k=${k} n=${n}`,
    primal: () => logPosterior(alpha, mu, q, l, data),
    derivative: () => logPosteriorGradient(out, alpha, mu, q, l, data),
  };
}

function lstmCase(layers: number, times: number): Case {
  const width = 14;
  const make = (count: number) => uniform(next, count, 0, 1);
  const [main, extra, state] = [make(8 * width * layers), make(3 * width), make(2 * width * layers)];
  const sequence = make(width * times).map(Math.round);
  const out: [Float64Array, Float64Array] = [main.slice(), extra.slice()];
  return {
    name: 'lstm',
    size: `l=${layers} c=${times}`,
    primal: () => meanLoss(main, extra, state, sequence, width),
    derivative: () => meanLossGradient(out, main, extra, state, sequence, width),
  };
}

function makeProblem(n: number, m: number, p: number): Problem {
  const camera = [0.3, 0.2, -0.1, 0.5, 0.6, -3, 500, 10, 20, 0.01, 0.02];
  const near = (value: number) => value * (1 + 0.02 * next());
  return {
    cameras: Float64Array.from({ length: 11 * n }, (_, i) => near(camera[i % 11])),
    points: uniform(next, 3 * m, 0, 1),
    weights: uniform(next, p, 0.9, 1.1),
    cameraOf: Int32Array.from({ length: p }, (_, i) => i % n),
    pointOf: Int32Array.from({ length: p }, (_, i) => i % m),
    features: uniform(next, 2 * p, 0, 100),
  };
}

/** Sum of the squares of all errors: the loss of an optimiser that needs a gradient only. */
function sumOfSquares(
  cameras: Float64Array,
  points: Float64Array,
  weights: Float64Array,
  { cameraOf, pointOf, features }: Problem,
): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const [x, y] = reprojectionError(
      cameras,
      CAMERA * cameraOf[i],
      points,
      3 * pointOf[i],
      weights[i],
      features[2 * i],
      features[2 * i + 1],
    );
    const w = weightError(weights[i]);
    sum += x * x + y * y + w * w;
  }
  return sum;
}

const sumOfSquaresGradient = gradInto(sumOfSquares, { argnums: [0, 1, 2] });

function baCases(n: number, m: number, p: number): Case[] {
  const problem = makeProblem(n, m, p);
  const { cameras, points, weights } = problem;
  const out: [Float64Array, Float64Array, Float64Array] = [cameras.slice(), points.slice(), weights.slice()];
  return [
    {
      name: 'ba',
      size: `p=${p}, Jacobian`,
      primal: () => errors(problem).weight[0],
      derivative: () => jacobian(problem).vals[0],
    },
    {
      name: 'ba',
      size: `p=${p}, sum of squares`,
      primal: () => sumOfSquares(cameras, points, weights, problem),
      derivative: () => sumOfSquaresGradient(out, cameras, points, weights, problem),
    },
  ];
}

function makeHand(vertices: number, points: number): Hand {
  const bones = 22;
  const whole = (count: number, below: number) =>
    Int32Array.from({ length: count }, () => Math.floor(below * next()));
  return {
    parents: Int32Array.from({ length: bones }, (_, b) => b - 1),
    relatives: uniform(next, 16 * bones, -0.5, 0.5),
    inverses: uniform(next, 16 * bones, -0.5, 0.5),
    vertices: uniform(next, 4 * vertices, -1, 1),
    // four bones a vertex
    weights: uniform(next, bones * vertices, -4, 1).map((w) => Math.max(0, w)),
    triangles: whole(3 * points, vertices),
    mirrored: false,
    correspondences: whole(points, points),
    points: uniform(next, 3 * points, -1, 1),
  };
}

function htCase(vertices: number, points: number): Case {
  const hand = makeHand(vertices, points);
  const [theta, us] = [uniform(next, 26, -1, 1), uniform(next, 2 * points, 0, 0.5)];
  return {
    name: 'ht',
    size: `n=${points}, 28 columns`,
    primal: () => residuals(theta, us, hand)[0],
    derivative: () => jacobianColumns(theta, us, hand)[0][0],
  };
}

function kmeansCases(k: number, n: number, d: number): Case[] {
  const points = uniform(next, n * d, 0, 1);
  const centroids = points.slice(-k * d);
  const size = `k=${k} n=${n} d=${d}`;
  const primal = () => cost(centroids, points, d);
  return [
    {
      name: 'kmeans',
      size: `${size}, gradient`,
      primal,
      derivative: () => costGradient(centroids, points, d)[0],
    },
    { name: 'kmeans', size: `${size}, step`, primal, derivative: () => direction(centroids, points, d)[0] },
  ];
}

export const cases: readonly Case[] = [
  lseCase(10_000),
  llsqCase(4096, 128),
  detCase(7),
  odeCase(1000, 100),
  odeCase(40, 2000),
  gmmCase(2, 5, 1000),
  gmmCase(10, 25, 1000),
  gmmCase(20, 50, 1000),
  lstmCase(2, 1024),
  lstmCase(4, 1024),
  ...baCases(49, 7776, 31_843),
  htCase(1000, 1000),
  ...kmeansCases(10, 10_000, 16),
  ...kmeansCases(100, 1000, 8),
];
