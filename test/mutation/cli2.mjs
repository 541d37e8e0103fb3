// Bundles the tool, which is written in TypeScript, and runs it; see cli.ts for the options.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = dirname(fileURLToPath(import.meta.url));
// beside support/, so that paths relative to the modules' own folder stay right
const out = join(folder, '..', '.tmp2');
await build({
  entryPoints: { mutation: join(folder, 'cli.ts'), 'mutation-worker': join(folder, 'worker.ts') },
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
});
mkdirSync(out, { recursive: true });
writeFileSync(join(out, '.gitignore'), '*\n');
const { main } = await import(pathToFileURL(join(out, 'mutation.mjs')).href);
await main(out);
