import { readFileSync, writeFileSync } from 'node:fs';
import { checkpointStats } from 'adjoint';
import { minimise } from './minimise.js';
import { misfit, misfitAndGradient, type Population, populations } from './model.js';
import { drawFit } from './plot.js';

const FIRST_YEAR = 1900;
const NAMES = [
  'births of hares',
  'hares hunted',
  'deaths of lynxes',
  'lynxes fed',
  'hares 1900',
  'lynxes 1900',
];
const isSmall = process.argv.includes('--small');
const tolerance = isSmall ? 1e-3 : 1e-6;

const counts: readonly Population[] = readFileSync(
  new URL('../hares-and-lynxes.csv', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',').map(Number))
  .map(([, hares, lynxes]) => ({ hares, lynxes }));

console.log('Hares and lynxes: the equations of Lotka and Volterra fitted to the pelts of 21 years,');
console.log(`integrated by an adaptive Runge-Kutta method (tolerance ${tolerance})\n`);

const start = Float64Array.of(0.5, 0.03, 0.8, 0.03, 30, 4).map(Math.log);
const steps: number[] = [];
const found = minimise((x) => {
  const result = misfitAndGradient(x, counts, tolerance);
  steps.push(checkpointStats().taped);
  return result;
}, start);

const values = found.x.map(Math.exp);
NAMES.forEach((name, k) => {
  console.log(
    `  ${name.padEnd(17)} ${Math.exp(start[k]).toPrecision(3).padStart(7)} -> ${values[k].toPrecision(4).padStart(7)}`,
  );
});
const first = misfit(start, counts, tolerance);
console.log(
  `\n  misfit ${first.toFixed(4)} -> ${found.value.toFixed(4)} in ${found.iterations} steps of BFGS`,
);
console.log(
  `  ${steps.length} gradients; the integrator took between ${Math.min(...steps)} and ${Math.max(...steps)} steps\n`,
);

const years = counts.length - 1;
const [birth, hunted] = values;
const svg = drawFit(
  counts,
  populations(found.x, years, 50 * years + 1),
  FIRST_YEAR,
  'Hares and lynxes in Canada',
  `Lotka-Volterra, ${birth.toFixed(2)} births of a hare in a year, which 1000 lynxes make ${hunted.toFixed(3)} fewer`,
);
writeFileSync(new URL('./fit.svg', import.meta.url), svg);
console.log('Written: examples/predator-prey/dist/fit.svg');
