/**
 * Compile time and size of emitted code of generated programs, in each shape by growing size. Prints a table and writes
 * compile.json into the folder given as the first argument. `--quick`: smaller programs only.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threeFigures } from '../report.js';
import { type Compilation, compileText } from './compile.js';
import { exponent, increments, type Sample } from './growth.js';
import { SHAPES, type Shape } from './shapes.js';

const [folder, ...flags] = process.argv.slice(2);
const quick = flags.includes('--quick');
const SIZES = {
  statement: quick ? [10, 100, 1000] : [10, 100, 1000, 10_000],
  level: [1, 2, 3, 4, 5, 6, 7, 8],
  call: [1, 5, 10, 15, 20, 25, 30],
} as const;
/** Small programs are compiled again until this many milliseconds have passed, and the median counts. */
const LONG_ENOUGH = quick ? 100 : 500;
/** Below this size the fixed part counts: the exponents leave it out. */
const LARGE = 100;

interface Result extends Pick<Compilation, 'time' | 'typeScriptTime' | 'emitted'> {
  readonly size: number;
}

function compileOnce(shape: Shape, size: number): Result {
  const { diagnostics, time, typeScriptTime, emitted } = compileText(shape.program(size));
  const [problem] = diagnostics;
  if (problem) throw new Error(`${shape.name}, size ${size}: ${problem.code} ${problem.message}`);
  return { size, time, typeScriptTime, emitted };
}
function measure(shape: Shape, size: number): Result {
  const runs: Result[] = [];
  for (let spent = 0; spent < LONG_ENOUGH; ) {
    const run = compileOnce(shape, size);
    runs.push(run);
    spent += run.time + run.typeScriptTime;
  }
  return runs.sort((a, b) => a.time - b.time)[runs.length >> 1];
}

function line(shape: Shape, { size, time, typeScriptTime, emitted }: Result): string {
  return [
    shape.name.padEnd(20),
    `${size} ${shape.unit}s`.replace(/^1 (.*)s$/, '1 $1').padStart(17),
    `${threeFigures(time)} ms`.padStart(11),
    threeFigures((time / size) * 1000).padStart(10),
    threeFigures(emitted / size).padStart(11),
    `${threeFigures(typeScriptTime)} ms`.padStart(12),
  ].join('');
}
function summary(shape: Shape, results: readonly Result[]): string {
  const of = (key: 'time' | 'emitted'): Sample[] => results.map((r) => ({ size: r.size, value: r[key] }));
  if (shape.unit === 'statement') {
    const large = (key: 'time' | 'emitted') => of(key).filter(({ size }) => size >= LARGE);
    const [time, emitted] = [exponent(large('time')), exponent(large('emitted'))];
    return `grows as n^${time.toFixed(2)} in time, n^${emitted.toFixed(2)} in bytes`;
  }
  const steps = increments(of('emitted')).map((x) => threeFigures(x));
  return `bytes that a further ${shape.unit} adds: ${steps.join(', ')}`;
}

for (const shape of SHAPES)
  for (const size of SIZES[shape.unit].slice(0, 3)) compileOnce(shape, Math.min(size, 100));
console.log(`Node ${process.versions.node}, CPU time; TypeScript: parsing and the type check before it\n`);
console.log(
  `${'shape'.padEnd(20)}${'size'.padStart(17)}${'time'.padStart(11)}${'us/unit'.padStart(10)}${'bytes/unit'.padStart(11)}${'TypeScript'.padStart(12)}`,
);
const all = SHAPES.map((shape) => {
  const results = SIZES[shape.unit].map((size) => {
    const result = measure(shape, size);
    console.log(line(shape, result));
    return result;
  });
  console.log(`${' '.repeat(20)}${summary(shape, results)}\n`);
  return { shape: shape.name, unit: shape.unit, results };
});
const conditions = `Node ${process.versions.node}, CPU time in milliseconds, emitted code in bytes`;
writeFileSync(join(folder, 'compile.json'), `${JSON.stringify({ conditions, shapes: all }, null, 2)}\n`);
