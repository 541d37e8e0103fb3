/**
 * `--checkpoints`: time and memory against the number of steps, for a loop that is stored and one that runs again. Each
 * measurement is a process of its own: the memory of a process only grows. `--quick`: the small sizes.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkpointStats } from 'adjoint';
import { rightAligned, threeFigures } from '../report.js';
import { drawCurves } from './curves.js';
import { lorenz } from './lorenz.js';
import { type Measured, type Result, repetitions, type Schemes } from './schemes.js';
import { waves } from './wave.js';

const SLACK = 1.15;
/** Relative difference of two gradients at most. */
const MOST_OFF = 1e-9;
const ROUNDS = 3;
/** Work of a sample at least, in microseconds. */
const SAMPLE = 20_000;
const problems: readonly Schemes[] = [lorenz, waves];

const [folder, ...flags] = process.argv.slice(2);

/** In microseconds, of the process. */
function timeOf(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
/** The least time of a call. */
function least(...runs: readonly (() => unknown)[]): readonly number[] {
  const counts = runs.map((run) => Math.ceil(SAMPLE / Math.max(1, Math.min(timeOf(run), timeOf(run)))));
  const times = runs.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++)
    runs.forEach((run, k) => {
      const time = timeOf(() => {
        for (let i = 0; i < counts[k]; i++) run();
      });
      times[k] = Math.min(times[k], time / counts[k]);
    });
  return times;
}

function measure(problem: string, scheme: string, n: number): Measured {
  const { primal, gradients, storable } = problems.find((p) => p.name === problem)!;
  const run = gradients[scheme];
  // compiled by the engine before it is looked at
  for (let k = 0; k < 20; k++) {
    primal(200);
    run(200);
  }
  const highest = (): number => process.resourceUsage().maxRSS / 1024;
  const before = highest();
  checkpointStats();
  const [, gradient] = run(n);
  const { taped, advanced, snapshots } = checkpointStats();
  const memory = highest() - before;
  const [itself, whole] = least(
    () => primal(n),
    () => run(n),
  );
  const stored = Math.min(n, storable);
  const [small, all] = least(
    () => primal(stored),
    () => gradients['store all'](stored),
  );
  return { gradient, time: whole / itself, adjoint: all / small - 1, memory, taped, advanced, snapshots };
}

function compare(): void {
  const results: Result[] = [];
  for (const { name, sizes, storable, gradients } of problems)
    for (const n of flags.includes('--quick') ? sizes.slice(0, 2) : sizes)
      for (const scheme of Object.keys(gradients)) {
        if (scheme === 'store all' && n > storable) continue;
        const args = [process.argv[1], folder, '--one', name, scheme, String(n)];
        const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
        if (status !== 0) throw new Error(`${name}, ${scheme}, ${n} steps:\n${stderr}`);
        const measured: Measured = JSON.parse(stdout);
        results.push({ problem: name, scheme, n, bar: barOf(scheme, n, measured), ...measured });
      }
  const rows = results.map((r) => [
    r.problem,
    String(r.n),
    r.scheme,
    threeFigures(r.time),
    r.bar === undefined ? '' : threeFigures(r.bar),
    r.memory.toFixed(1),
    r.taped > 0 ? threeFigures(r.advanced / r.taped) : '',
    r.snapshots > 0 ? String(r.snapshots) : '',
    isMissed(r) ? 'missed' : '',
  ]);
  console.log(
    'Loops run again: value and gradient over the function itself (time), the most memory over that before (MB)\n',
  );
  const head = ['problem', 'steps', 'scheme', 'time', 'bar', 'MB', 'steps again', 'snapshots', ''];
  console.log(rightAligned([head, ...rows], 3));
  console.log(
    '\nbar: (r + 1 + a) 1.15, where r is how often the schedule runs a step at most, a the adjoint over the primal if all is stored.',
  );
  reportDifferences(results);
  writeFileSync(join(folder, 'checkpoints.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(folder, 'checkpoints.svg'), drawCurves(results));
}

/** For a loop of unknown length the bar is that of a known one, and 1.4 of what is run again. */
function barOf(scheme: string, n: number, { adjoint, snapshots }: Measured): number | undefined {
  if (scheme === 'store all') return undefined;
  // each part runs once more
  if (scheme === 'checkpoint') return SLACK * (1 + 1 + adjoint);
  const r = repetitions(n, snapshots);
  return SLACK * ((scheme === 'online' ? 1.4 * r : r) + 1 + adjoint);
}
function isMissed({ time, bar }: Result): boolean {
  return bar !== undefined && time > bar;
}

/** Gradients of one loop are the same, whatever is run again; a loop in chunks may add up in another order. */
function reportDifferences(results: readonly Result[]): void {
  for (const r of results) {
    const other = results.find((o) => o.problem === r.problem && o.n === r.n)!;
    if (Math.abs(r.gradient - other.gradient) <= MOST_OFF * Math.abs(other.gradient)) continue;
    console.error(
      `${r.problem}, ${r.n} steps: the gradient is ${r.gradient} by ${r.scheme}, ${other.gradient} by ${other.scheme}`,
    );
    process.exitCode = 1;
  }
}

const one = flags.indexOf('--one');
if (one >= 0) console.log(JSON.stringify(measure(flags[one + 1], flags[one + 2], Number(flags[one + 3]))));
else compare();
