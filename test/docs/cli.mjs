// Bundles the generator of the documentation, which is written in TypeScript, and runs it; see cli.ts for the commands.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = dirname(fileURLToPath(import.meta.url));
// beside support/, so that paths relative to the modules' own folder stay right
const bundle = join(folder, '..', '.tmp', 'docs.mjs');
await build({
  entryPoints: [join(folder, 'cli.ts')],
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
const { main } = await import(pathToFileURL(bundle).href);
main(join(folder, '..', '..'), process.argv[2]);
