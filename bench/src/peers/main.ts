/**
 * `--peers`: generated gradients against those of other packages, each given the point anew in every call, as an optimiser
 * would. Writes peers.json into the folder given as the first argument. `--quick`: short samples.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { relativeError } from '../differences.js';
import { FULL, measure, QUICK, ratio, summarise } from '../measure.js';
import { gradientBy, type Instance, type Problem } from '../problem.js';
import { gmmProblem } from '../problems/gmm/index.js';
import { logisticProblem } from '../problems/logistic/index.js';
import { lorenzProblem } from '../problems/lorenz/index.js';
import { mlpProblem } from '../problems/mlp/index.js';
import { rosenbrockProblem } from '../problems/rosenbrock/index.js';
import { scalingProblem } from '../problems/scaling/index.js';
import { duration, rightAligned, threeFigures } from '../report.js';
import * as jax from './jax.js';
import type { Peer } from './peer.js';
import * as rose from './rose.js';

interface Match {
  readonly problem: Problem;
  readonly size: number;
  readonly peer: string;
  readonly make: (instance: Instance) => Peer | Promise<Peer>;
}

const matches: readonly Match[] = [
  { problem: rosenbrockProblem, size: 10, peer: 'rose', make: rose.rosenbrock },
  { problem: rosenbrockProblem, size: 100_000, peer: 'jax-js', make: jax.rosenbrock },
  { problem: lorenzProblem, size: 1000, peer: 'rose', make: rose.lorenz },
  { problem: scalingProblem, size: 50, peer: 'jax-js', make: jax.scaling },
  { problem: logisticProblem, size: 1000, peer: 'jax-js', make: jax.logistic },
  { problem: gmmProblem, size: 2, peer: 'jax-js', make: jax.gmm },
  { problem: gmmProblem, size: 10, peer: 'jax-js', make: jax.gmm },
  { problem: mlpProblem, size: 200, peer: 'jax-js', make: jax.mlp },
];

/** The most that a generated gradient may cost, in those of the best peer. */
const BAR = 1;
/** The exponentials and logarithms of jax-js are good to about 1e-7. */
const LIMIT = 1e-6;

const [folder, ...flags] = process.argv.slice(2);
const plan = flags.includes('--quick') ? QUICK : FULL;
const results = [];
for (const { problem, size, peer, make } of matches) {
  const instance = problem.instance(size);
  const { run, out } = await make(instance);
  run();
  const error = relativeError(out, gradientBy(instance, 'generated'));
  if (!(error <= LIMIT)) {
    console.error(`${instance.label}: the gradient by ${peer} differs by ${error}`);
    process.exitCode = 1;
  }
  const times = measure({ generated: instance.generated, peer: run }, plan);
  results.push({
    problem: problem.name,
    label: instance.label,
    peer,
    error,
    times: { generated: summarise(times.generated), peer: summarise(times.peer) },
    generatedToPeer: ratio(times.generated, times.peer),
  });
}
const rows = results.map((r) => [
  r.label,
  r.peer,
  duration(r.times.generated.median),
  duration(r.times.peer.median),
  threeFigures(r.generatedToPeer.median),
  r.error.toExponential(0),
  r.generatedToPeer.median <= BAR ? '' : 'missed',
]);
console.log(
  rightAligned([['problem', 'peer', 'generated', 'peer', 'generated / peer', 'error', ''], ...rows], 2),
);
writeFileSync(join(folder, 'peers.json'), `${JSON.stringify(results, null, 2)}\n`);
