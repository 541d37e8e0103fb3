// Builds a benchmark with esbuild and the adjoint plugin into bench/out, and runs it there in a fresh process.
// `--quick`: shorter samples and fewer rounds. `--compile`: the time of the compiler itself instead.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { esbuild as adjoint } from '@adjoint/unplugin';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, 'out');
const flags = process.argv.slice(2).filter((flag) => flag !== '--compile');
const compile = flags.length < process.argv.length - 2;
const program = join(out, compile ? 'compile.mjs' : 'bench.mjs');
mkdirSync(out, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: [compile ? 'src/compile/main.ts' : 'src/main.ts'],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // the compiler is measured as it is installed
  external: ['typescript', '@adjoint/compiler'],
  plugins: compile ? [] : [adjoint()],
  logLevel: 'warning',
});
const run = spawnSync(process.execPath, [program, out, ...flags], { stdio: 'inherit' });
const written = compile ? 'bench/out/compile.json' : 'bench/out/results.json, bench/out/chart.svg';
if (run.status === 0) console.log(`Written: ${written}`);
process.exit(run.status ?? 1);
