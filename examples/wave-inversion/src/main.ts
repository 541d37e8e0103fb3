import { writeFileSync } from 'node:fs';
import { checkpointStats } from 'adjoint';
import { guess, layers, makeGrid, SPONGE_CELLS, shoot } from './ground.js';
import { invert } from './invert.js';
import { drawInversion } from './plot.js';
import { type Grid, misfit, misfitAndGradient, record, type Shot } from './wave.js';

const MB = 2 ** 20;
const has = (option: string): boolean => process.argv.includes(option);

/** One gradient at full size: its time, and the most memory that the process had. */
function measure(grid: Grid, [shot]: readonly Shot[], speed: Float64Array): void {
  const seconds = (f: () => unknown): number => {
    const start = process.cpuUsage().user;
    f();
    return (process.cpuUsage().user - start) / 1e6;
  };
  const before = process.resourceUsage().maxRSS / 1024;
  const primal = seconds(() => misfit(speed, grid, shot));
  const both = seconds(() => misfitAndGradient(speed, grid, shot));
  const { advanced, snapshots, bytes } = checkpointStats();
  const field = (8 * grid.nx * grid.nz * grid.steps) / MB;
  console.log(`${grid.nx} x ${grid.nz} cells, ${grid.steps} steps: one field of all steps is ${field} MB`);
  console.log(`  misfit: ${primal.toFixed(2)} s, with gradient: ${both.toFixed(2)} s`);
  console.log(
    `  ${snapshots} snapshots of ${(bytes / MB).toFixed(1)} MB together, ${advanced} steps run without recording`,
  );
  console.log(
    `  most memory of the process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB, ${before.toFixed(0)} MB before`,
  );
}

/** Mean difference from the true speed above the absorbing bottom, in m/s. */
function meanError(speed: Float64Array, truth: Float64Array): number {
  const seen = speed.subarray(0, speed.length - SPONGE_CELLS);
  return seen.reduce((sum, c, z) => sum + Math.abs(c - truth[z]), 0) / seen.length;
}

function run(size: number, steps: number, iterations: number): void {
  const grid = makeGrid(size, steps);
  const truth = layers(size);
  const start = guess(size);
  const shots = shoot(grid, 3, truth);
  console.log(
    `The speed of sound under ground, from ${shots.length} shots heard at the surface by ${shots[0].receivers.length} receivers:`,
  );
  console.log(`${size} x ${size} cells, ${steps} steps, ${iterations} steps of the optimiser\n`);
  const { speed, misfits } = invert(start, grid, shots, iterations);
  misfits.forEach((value, k) => {
    if (k % Math.ceil(iterations / 8) === 0 || k === iterations - 1)
      console.log(`  step ${String(k).padStart(3)}: misfit ${value.toFixed(3)}`);
  });
  const error = meanError(speed, truth);
  const text = `mean error ${error.toFixed(0)} m/s, that of the guess ${meanError(start, truth).toFixed(0)} m/s`;
  const { snapshots, bytes, advanced, taped } = checkpointStats();
  console.log(`  ${text}`);
  console.log(
    `  checkpointing: at most ${snapshots} snapshots, ${(bytes / MB).toFixed(1)} MB; ${(advanced / taped).toFixed(2)} steps run for each that is recorded\n`,
  );
  let pressure = new Float64Array(size * size);
  record(truth, grid, shots[1].source, shots[1].receivers, (t, field) => {
    if (t === Math.floor(steps / 3)) pressure = field.slice();
  });
  const svg = drawInversion(
    { truth, guess: start, found: speed },
    pressure,
    size,
    'Layers of the ground, from echoes',
    `Full waveform inversion: ${text}`,
  );
  writeFileSync(new URL('./inversion.svg', import.meta.url), svg);
  console.log('Written: examples/wave-inversion/dist/inversion.svg');
}

if (has('--full')) {
  const grid = makeGrid(256, 2000);
  measure(grid, shoot(grid, 1, layers(256)), guess(256));
} else if (has('--small')) run(40, 400, 20);
else run(64, 700, 60);
