// Builds the tool for GradBench with esbuild and the adjoint plugin into bench/out, and runs it in this process: it
// answers messages on standard input until that ends. `--build`: only builds. `--ratios`: prints how long gradients
// take, relative to their functions, instead.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { esbuild as adjoint } from '@adjoint/unplugin';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const name = process.argv.includes('--ratios') ? 'ratios' : 'main';
const program = join(here, '..', 'out', 'gradbench', `${name}.mjs`);
await build({
  absWorkingDir: here,
  entryPoints: [`src/${name}.ts`],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  plugins: [adjoint()],
  logLevel: 'warning',
});
if (!process.argv.includes('--build')) await import(pathToFileURL(program).href);
