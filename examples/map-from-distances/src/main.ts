import { writeFileSync } from 'node:fs';
import { compareGradients } from './compare.js';
import { type Distances, readDistances } from './distances.js';
import { generatedCode } from './generated.js';
import { type Minimum, minimise } from './lbfgs.js';
import { lossGradient } from './loss.js';
import { drawMap } from './map.js';
import { orient } from './orient.js';

const STARTS = 4;
const CODE_LINES = 18;
const PAGE_WIDTH = 100;

/** A seeded generator of numbers in [0, 1): every run gives the same map. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Minimises the loss from several random starts, reports each, and gives the best. */
function fit(D: Float64Array, n: number): Minimum {
  const next = random(1);
  let best: Minimum | undefined;
  for (let k = 1; k <= STARTS; k++) {
    const start = Float64Array.from({ length: 2 * n }, () => 4 * next() - 2);
    const first = lossGradient(new Float64Array(2 * n), start, D);
    const found = minimise((out, W) => lossGradient(out, W, D), start);
    console.log(
      `  random start ${k}: L = ${first.toFixed(1).padStart(6)} -> ${found.value.toFixed(6)}` +
        ` with ${found.evaluations} gradients`,
    );
    if (best === undefined || found.value < best.value) best = found;
  }
  return best!;
}

/** Mean errors of the distances on the map against those by road. */
function meanErrors({ km }: Distances, W: Float64Array): { km: number; percent: number } {
  const n = W.length / 2;
  const pairs = (n * (n - 1)) / 2;
  let absolute = 0;
  let relative = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const onMap = 1000 * Math.hypot(W[2 * i] - W[2 * j], W[2 * i + 1] - W[2 * j + 1]);
      const error = Math.abs(onMap - km[i * n + j]);
      absolute += error / pairs;
      relative += (100 * error) / km[i * n + j] / pairs;
    }
  }
  return { km: absolute, percent: relative };
}

const distances = readDistances(new URL('../eurodist.csv', import.meta.url));
const { cities, km } = distances;
const n = cities.length;
/** In units of 1000 km, so that coordinates are about 1. */
const D = km.map((d) => (d / 1000) ** 2);

console.log(`A map of ${n} European cities from their ${(n * (n - 1)) / 2} road distances: minimise`);
console.log(
  'L(W) = sum over pairs of (|W_i - W_j|^2 - D_ij)^2, unit 1000 km, by L-BFGS with a generated gradient\n',
);
const best = fit(D, n);

const squares = D.reduce((sum, d) => sum + d * d, 0) / 2;
const stress = Math.sqrt(best.value / squares);
const error = meanErrors(distances, best.x);
const fitText =
  `stress sqrt(L / sum D^2) = ${stress.toFixed(4)}, mean error of a distance ` +
  `${error.km.toFixed(0)} km or ${error.percent.toFixed(1)} %`;
console.log(`  best: L = ${best.value.toFixed(6)}, ${fitText}\n`);

const code = generatedCode(new URL('./loss.js', import.meta.url), 'gradInto', CODE_LINES);
console.log('Generated from src/loss.ts (the whole function is in dist/loss.js):');
for (const line of code ?? ['(dist/loss.js holds no generated function: was it built with the plugin?)']) {
  console.log(`  | ${line.slice(0, PAGE_WIDTH - 4)}`);
}

console.log('\n  gradient by             time   ratio   largest relative difference');
for (const { name, error: difference, time, ratio } of compareGradients(
  best.x.map((v) => 1.1 * v),
  D,
)) {
  console.log(
    `  ${name.padEnd(18)} ${time.toFixed(2).padStart(7)} us ${ratio.toFixed(1).padStart(7)}` +
      `   ${difference === 0 ? '-' : difference.toExponential(1)}`,
  );
}

const city = (name: string) => cities.indexOf(name);
const positions = orient(best.x, city('Madrid'), city('Rome'), city('Stockholm'));
const file = new URL('./map.svg', import.meta.url);
writeFileSync(
  file,
  drawMap(
    cities,
    positions.map(([x, y]) => [1000 * x, 1000 * y]),
    'Europe, rebuilt from road distances alone',
    fitText.replace('sum D^2', 'sum D²').replace('sqrt', '√'),
  ),
);
console.log(
  '\nWritten: examples/map-from-distances/dist/map.svg (Rome due east of Madrid, Stockholm in the north)',
);
