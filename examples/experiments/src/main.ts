import { writeFileSync } from 'node:fs';
import { crossoverExperiment } from './crossover.js';
import { descentExperiment } from './descent.js';
import { stepSizeExperiment } from './step-size.js';
import { symbolicExperiment } from './symbolic.js';

const quick = process.argv.includes('--quick');
for (const experiment of [descentExperiment, crossoverExperiment, stepSizeExperiment, symbolicExperiment]) {
  const { file, picture, finding } = experiment(quick);
  writeFileSync(new URL(`./${file}`, import.meta.url), picture);
  console.log(`dist/${file}: ${finding}`);
}
