/**
 * The benchmark: verifies and times the gradients of every problem, prints a table of ratios and writes
 * results.json and chart.svg into the folder given as the first argument. `--quick`: short samples, the first size of
 * each problem. `--only gmm,lorenz=1000,1000000`: these problems, in these sizes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missedBars } from './bars.js';
import { chart } from './chart.js';
import { centralDifferences } from './differences.js';
import { FULL, measure, type Plan, QUICK, ratio, summarise } from './measure.js';
import type { Instance, Problem } from './problem.js';
import { problems } from './problems/index.js';
import { type Result, table } from './report.js';
import { selection } from './selection.js';
import { type Errors, failures, verify } from './verify.js';

/** Differences in more coordinates than this are timed in this many, and the time is scaled up. */
const MOST_COORDINATES = 100;

function timeOf(problem: Problem, size: number, instance: Instance, errors: Errors, plan: Plan): Result {
  const dimension = instance.point.length;
  const count = Math.min(dimension, MOST_COORDINATES);
  const differences = new Float64Array(count);
  const { valueAt, point, tape } = instance;
  const runs = {
    primal: instance.primal,
    generated: instance.generated,
    hand: instance.hand,
    differences: () => {
      centralDifferences(differences, valueAt, point, count);
      return differences[0];
    },
  };
  type Times = Record<keyof typeof runs, readonly number[]> & { readonly tape?: readonly number[] };
  const times: Times = tape ? measure({ ...runs, tape }, plan) : measure(runs, plan);
  const allDifferences = times.differences.map((time) => (time * dimension) / count);
  return {
    problem: problem.name,
    size,
    label: instance.label,
    marker: instance.marker,
    dimension,
    differencedCoordinates: count,
    errors,
    times: {
      primal: summarise(times.primal),
      generated: summarise(times.generated),
      hand: summarise(times.hand),
      ...(times.tape && { tape: summarise(times.tape) }),
      differences: summarise(allDifferences),
    },
    ratios: {
      gradientToPrimal: ratio(times.generated, times.primal),
      gradientToHand: ratio(times.generated, times.hand),
      handToPrimal: ratio(times.hand, times.primal),
      ...(times.tape && { tapeToGradient: ratio(times.tape, times.generated) }),
      differencesToGradient: ratio(allDifferences, times.generated),
    },
  };
}

const [folder, ...flags] = process.argv.slice(2);
const quick = flags.includes('--quick');
const plan = quick ? QUICK : FULL;
const results: Result[] = [];
let wrong = 0;
for (const { problem, sizes } of selection(problems, flags, quick)) {
  for (const size of sizes) {
    const instance = problem.instance(size);
    const errors = verify(instance, Math.min(instance.point.length, MOST_COORDINATES));
    for (const name of failures(errors)) {
      console.error(
        `${instance.label}: the ${name} gradient differs from the hand-written one by ${errors[name]}`,
      );
      wrong++;
    }
    results.push(timeOf(problem, size, instance, errors, plan));
  }
}

const conditions = `Node ${process.versions.node}, CPU time, medians of ${plan.rounds} interleaved rounds`;
console.log(`${conditions} [and quartiles of ratios]`);
console.log(`\n${table(results)}\n`);
console.log(
  `hand: what an expert writes, with the marker's signature. diff.: central differences, 2n evaluations;\n` +
    `for n > ${MOST_COORDINATES} timed in ${MOST_COORDINATES} coordinates and scaled up. ` +
    `error: gradient against hand, relative\n(tape: ${largest('tape')} or less; differences: ${largest('differences')} or less).`,
);
const missed = results.flatMap(missedBars);
console.log(missed.length > 0 ? `\nBars missed:\n${missed.join('\n')}` : '\nAll bars met.');
writeFileSync(join(folder, 'results.json'), `${JSON.stringify({ conditions, plan, results }, null, 2)}\n`);
writeFileSync(join(folder, 'chart.svg'), chart(results, conditions));
if (wrong > 0) process.exitCode = 1;

function largest(name: keyof Errors): string {
  return Math.max(...results.map((result) => result.errors[name])).toExponential(0);
}
