// The examples of checkpointing at a small size: they build without a warning, reach what they look for, and draw it.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeScratch, root } from './scratch.ts';

/** Runs an example from its sources; gives what it printed, and the picture. */
async function run(name: string, picture: string): Promise<{ output: string; svg: string }> {
  const scratch = makeScratch({});
  try {
    const folder = join(root, 'examples', name);
    const file = join(folder, 'dist', picture);
    rmSync(file, { force: true });
    const { code, output } = await scratch.node(join(folder, 'run.mjs'), '--small');
    expect(code, output).toBe(0);
    expect(output).not.toMatch(/AD\d{4}/);
    return { output, svg: readFileSync(file, 'utf8') };
  } finally {
    scratch.remove();
  }
}
const numbersIn = (text: string, pattern: RegExp): number[] =>
  (text.match(pattern) ?? []).slice(1).map(Number);

test('wave-inversion recovers layers', async () => {
  const { output, svg } = await run('wave-inversion', 'inversion.svg');
  const [found, guessed] = numbersIn(output, /mean error (\d+) m\/s, that of the guess (\d+) m\/s/);
  expect(found).toBeLessThan(0.7 * guessed);
  expect(numbersIn(output, /at most (\d+) snapshots/)).toEqual([9]);
  expect(svg).toContain('recovered');
}, 120_000);

test('predator-prey finds the rates', async () => {
  const { output, svg } = await run('predator-prey', 'fit.svg');
  const [found] = numbersIn(output, /misfit \S+ -> (\S+) in/);
  expect(found).toBeCloseTo(0.0481, 3);
  const [least, most] = numbersIn(output, /between (\d+) and (\d+) steps/);
  expect(least).toBeLessThan(most);
  expect(svg).toContain('lynxes');
}, 120_000);
