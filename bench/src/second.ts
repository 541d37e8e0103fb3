/**
 * `--second`: what second derivatives cost in gradients: a product with the Hessian (`hvp`), the Hessian for each of its columns,
 * and the sparse Hessian. Before it is timed, every product is compared with differences of the gradient.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grad, hessian, hvp, type SparseMatrix, sparseHessian } from 'adjoint';
import { relativeError } from './differences.js';
import { FULL, measure, QUICK, ratio, type Summary } from './measure.js';
import { gmm } from './problems/gmm/problem.js';
import { lorenz } from './problems/lorenz/problem.js';
import { mlp } from './problems/mlp/problem.js';
import { rosenbrock } from './problems/rosenbrock/problem.js';
import { normal, random, uniform } from './random.js';
import { rightAligned } from './report.js';

/** A function of one vector at a point, and its derivatives there. */
interface Second {
  readonly label: string;
  readonly point: Float64Array;
  readonly gradient: (x: Float64Array) => Float64Array;
  readonly product: (x: Float64Array, v: Float64Array) => Float64Array;
  readonly matrix: (x: Float64Array) => readonly Float64Array[];
  readonly sparse: (x: Float64Array) => SparseMatrix;
}

/** A product with the Hessian may cost this many gradients. */
const MOST_GRADIENTS = 3;
/** Of differences of gradients. */
const TOLERANCE = 1e-6;

function rosenbrockCase(n: number): Second {
  return {
    label: `Rosenbrock ${n}`,
    point: uniform(random(2), n, -2, 2),
    gradient: grad(rosenbrock),
    product: hvp(rosenbrock),
    matrix: hessian(rosenbrock),
    sparse: sparseHessian(rosenbrock),
  };
}

function gmmCase(): Second {
  const [d, k, n] = [2, 5, 200];
  const x = normal(random(5), n * d);
  const f = (v: Float64Array): number =>
    gmm(v.subarray(0, k), v.subarray(k, k + k * d), v.subarray(k + k * d), x, d, 1, 0);
  return {
    label: `GMM d${d} k${k} n${n}`,
    point: normal(random(6), 30).map((v) => 0.3 * v),
    gradient: grad(f),
    product: hvp(f),
    matrix: hessian(f),
    sparse: sparseHessian(f),
  };
}

function lorenzCase(steps: number): Second {
  const f = (v: Float64Array): number => lorenz(v[0], v[1], v[2], steps);
  return {
    label: `Lorenz RK4 ${steps}`,
    point: Float64Array.of(1, 1.5, 20),
    gradient: grad(f),
    product: hvp(f),
    matrix: hessian(f),
    sparse: sparseHessian(f),
  };
}

function mlpCase(): Second {
  const [d, n, hidden] = [4, 100, 8];
  const next = random(12);
  const X = normal(next, n * d);
  const y = normal(next, n);
  const f = (w: Float64Array): number => mlp(w, X, y, hidden);
  return {
    label: `MLP n${n} d${d} h${hidden}`,
    point: normal(next, hidden * (d + 2) + 1).map((v) => v / 2),
    gradient: grad(f),
    product: hvp(f),
    matrix: hessian(f),
    sparse: sparseHessian(f),
  };
}

/** How far the product is from differences of the gradient, relative to its largest number. */
function errorOf({ point, gradient, product }: Second, v: Float64Array): number {
  const h = 1e-6;
  const [above, below] = [h, -h].map((t) => gradient(point.map((x, k) => x + t * v[k])));
  return relativeError(
    product(point, v),
    above.map((g, k) => (g - below[k]) / (2 * h)),
  );
}

const [folder, ...flags] = process.argv.slice(2);
const plan = flags.includes('--quick') ? QUICK : FULL;
const shown = ({ median, lower, upper }: Summary): string =>
  `${median.toFixed(2)} [${lower.toFixed(2)} ${upper.toFixed(2)}]`;
const rows = [['problem', 'n', 'hvp / grad', 'hessian / (n grad)', 'sparse / (n grad)', 'error of hvp']];
const results: unknown[] = [];
const missed: string[] = [];
for (const second of [rosenbrockCase(100), gmmCase(), lorenzCase(1000), mlpCase()]) {
  const { label, point, gradient, product, matrix, sparse } = second;
  const n = point.length;
  const v = normal(random(3), n);
  const error = errorOf(second, v);
  if (!(error < TOLERANCE)) {
    console.error(`${label}: the product with the Hessian differs from differences by ${error}`);
    process.exitCode = 1;
  }
  const times = measure(
    {
      gradient: () => gradient(point)[0],
      product: () => product(point, v)[0],
      matrix: () => matrix(point)[0][0],
      sparse: () => sparse(point).values[0],
    },
    plan,
  );
  const inGradients = ratio(times.product, times.gradient);
  const columns = times.gradient.map((time) => n * time);
  const [full, few] = [ratio(times.matrix, columns), ratio(times.sparse, columns)];
  rows.push([label, String(n), shown(inGradients), shown(full), shown(few), error.toExponential(0)]);
  results.push({ label, n, error, hvp: inGradients, hessian: full, sparse: few });
  if (inGradients.lower > MOST_GRADIENTS)
    missed.push(
      `${label}: a product costs ${inGradients.median.toFixed(2)} gradients, more than ${MOST_GRADIENTS}`,
    );
}
console.log(
  `Node ${process.versions.node}, CPU time, medians of ${plan.rounds} interleaved rounds [and quartiles]\n`,
);
console.log(rightAligned(rows, 1));
console.log(missed.length > 0 ? `\nBars missed:\n${missed.join('\n')}` : '\nAll bars met.');
writeFileSync(join(folder, 'second.json'), `${JSON.stringify({ plan, results }, null, 2)}\n`);
