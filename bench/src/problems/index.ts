import type { Problem } from '../problem.js';
import { logisticProblem } from './logistic/index.js';
import { lorenzProblem } from './lorenz/index.js';
import { rosenbrockProblem } from './rosenbrock/index.js';
import { scalarProblem } from './scalar/index.js';
import { scalingProblem } from './scaling/index.js';

export const problems: readonly Problem[] = [
  scalarProblem,
  rosenbrockProblem,
  lorenzProblem,
  scalingProblem,
  logisticProblem,
];
