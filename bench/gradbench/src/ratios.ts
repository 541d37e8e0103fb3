/**
 * Times the derivative of each eval against its function, at moderate sizes of GradBench's inputs, and prints the
 * ratios: medians and quartiles over interleaved rounds of CPU time. `--quick`: fewer rounds. Further arguments choose
 * evals by name.
 */
import { measure, type Plan, ratio } from '../../src/measure.js';
import { cases } from './cases.js';

const FULL: Plan = { rounds: 30, sampleTime: 10_000, warmUp: 300_000 };
const QUICK: Plan = { rounds: 10, sampleTime: 5000, warmUp: 100_000 };

const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const plan = process.argv.includes('--quick') ? QUICK : FULL;

console.log('derivative / function: median (quartiles)');
for (const { name, size, primal, derivative } of cases) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const times = measure({ primal, derivative }, plan);
  const { median, lower, upper } = ratio(times.derivative, times.primal);
  const quartiles = `(${lower.toFixed(2)} to ${upper.toFixed(2)})`;
  console.log(`${name.padEnd(8)} ${size.padEnd(30)} ${median.toFixed(2).padStart(7)} ${quartiles}`);
}
