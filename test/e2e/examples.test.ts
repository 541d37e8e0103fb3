// Each example is built and run at a small size: what it says is true, and its pictures are there.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'examples');

/** Builds and runs an example; gives what it prints. */
function run(name: string): string {
  rmSync(join(root, name, 'dist'), { recursive: true, force: true });
  return execFileSync(process.execPath, [join(root, name, 'run.mjs'), '--quick'], { encoding: 'utf8' });
}
/** A picture: its elements close, and no coordinate is missing. */
function expectPicture(name: string, file: string): void {
  const svg = readFileSync(join(root, name, 'dist', file), 'utf8');
  expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  expect(svg.match(/<g[ >]/g)?.length).toBe(svg.match(/<\/g>/g)?.length);
  expect(svg.length).toBeGreaterThan(2000);
}
const numberIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1]);

describe('examples', { timeout: 300_000 }, () => {
  test('hello', () => {
    expect(run('hello')).toContain('16.778');
  });

  test('map-from-distances', () => {
    expect(numberIn(run('map-from-distances'), /mean error of a distance .* or ([\d.]+) %/)).toBeLessThan(10);
    expectPicture('map-from-distances', 'map.svg');
  });

  test('iris-network: the training is that of TensorFlow.js', () => {
    const output = run('iris-network');
    expect(numberIn(output, /largest distance of the two losses: (\S+)/)).toBeLessThan(1e-5);
    expect(numberIn(output, /adjoint +[\d.]+ +([\d.]+) %/)).toBeGreaterThan(85);
    expectPicture('iris-network', 'training.svg');
    expectPicture('iris-network', 'trace.svg');
  });

  test('experiments', () => {
    const output = run('experiments');
    expect(numberIn(output, /relative error (\S+) by generated code/)).toBeLessThan(1e-15);
    expect(numberIn(output, /two points need (\d+)/)).toBeGreaterThan(3);
    expect(numberIn(output, /the generated code has (\d+)/)).toBeGreaterThan(300);
    for (const file of ['descent.svg', 'crossover.svg', 'step-size.svg', 'symbolic.svg'])
      expectPicture('experiments', file);
  });
});
