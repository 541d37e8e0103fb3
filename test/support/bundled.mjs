// Tools of the tests are written in TypeScript, and bundled before they run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const test = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The exports of `<folder>/cli.ts`. */
export async function load(folder) {
  // beside support/, so that paths relative to the modules' own folder stay right
  const bundle = join(test, '.tmp', `${folder}.mjs`);
  await build({
    entryPoints: [join(test, folder, 'cli.ts')],
    outfile: bundle,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
  });
  mkdirSync(dirname(bundle), { recursive: true });
  writeFileSync(join(dirname(bundle), '.gitignore'), '*\n');
  return import(pathToFileURL(bundle).href);
}
