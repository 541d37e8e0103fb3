// Builds the benchmark with esbuild and the adjoint plugin into bench/out, and runs it there in a fresh process.
// `--quick`: shorter samples and fewer rounds.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { esbuild as adjoint } from '@adjoint/unplugin';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, 'out');
const program = join(out, 'bench.mjs');
mkdirSync(out, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: ['src/main.ts'],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  plugins: [adjoint()],
  logLevel: 'warning',
});
const run = spawnSync(process.execPath, [program, out, ...process.argv.slice(2)], { stdio: 'inherit' });
if (run.status === 0) console.log('Written: bench/out/results.json, bench/out/chart.svg');
process.exit(run.status ?? 1);
