import type { Problem } from '../problem.js';
import { buffersProblem } from './buffers/index.js';
import { bundleProblem } from './bundle/index.js';
import { choleskyProblem } from './cholesky/index.js';
import { closuresProblem } from './closures/index.js';
import { determinantProblem } from './determinant/index.js';
import { gmmProblem } from './gmm/index.js';
import { heatProblem } from './heat/index.js';
import { kmeansProblem } from './kmeans/index.js';
import { leastSquaresProblem } from './leastsquares/index.js';
import { logisticProblem } from './logistic/index.js';
import { logSumExpProblem } from './logsumexp/index.js';
import { lorenzProblem } from './lorenz/index.js';
import { lstmProblem } from './lstm/index.js';
import { luProblem } from './lu/index.js';
import { mlpProblem } from './mlp/index.js';
import { nbodyProblem } from './nbody/index.js';
import { odeProblem } from './ode/index.js';
import { rosenbrockProblem } from './rosenbrock/index.js';
import { scalarProblem } from './scalar/index.js';
import { scalingProblem } from './scaling/index.js';
import { triangleProblem } from './triangle/index.js';
import { vectorsProblem } from './vectors/index.js';

export const problems: readonly Problem[] = [
  scalarProblem,
  rosenbrockProblem,
  lorenzProblem,
  scalingProblem,
  logisticProblem,
  gmmProblem,
  mlpProblem,
  bundleProblem,
  lstmProblem,
  odeProblem,
  logSumExpProblem,
  kmeansProblem,
  determinantProblem,
  leastSquaresProblem,
  heatProblem,
  nbodyProblem,
  luProblem,
  choleskyProblem,
  vectorsProblem,
  closuresProblem,
  buffersProblem,
  triangleProblem,
];
