// Builds a benchmark with esbuild and the adjoint plugin into bench/out, and runs it there in a fresh process.
// `--quick`: shorter samples and fewer rounds. `--compile`: the time of the compiler itself instead. `--memory`: what
// generated code keeps. `--peers`: against other packages. `--second`: second derivatives, in gradients. `--checkpoints`: loops that
// run again instead of being stored.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { esbuild as adjoint } from '@adjoint/unplugin';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, 'out');
/** Each kind of run: its entry, the name of its program, and what it writes. */
const KINDS = {
  times: ['src/main.ts', 'bench.mjs', 'bench/out/results.json, bench/out/chart.svg'],
  '--compile': ['src/compile/main.ts', 'compile.mjs', 'bench/out/compile.json'],
  '--peers': ['src/peers/main.ts', 'peers.mjs', 'bench/out/peers.json'],
  '--second': ['src/second.ts', 'second.mjs', 'bench/out/second.json'],
  '--checkpoints': [
    'src/checkpoints/main.ts',
    'checkpoints.mjs',
    'bench/out/checkpoints.json, bench/out/checkpoints.svg',
  ],
  '--memory': ['src/memory.ts', 'memory.mjs', 'bench/out/memory.json'],
};
const args = process.argv.slice(2);
const kind = args.find((flag) => flag in KINDS) ?? 'times';
const flags = args.filter((flag) => flag !== kind);
const [entry, name, written] = KINDS[kind];
const program = join(out, name);
mkdirSync(out, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: [entry],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // the compiler and the peers are measured as they are installed
  external: ['typescript', '@adjoint/compiler', '@jax-js/jax', 'rose'],
  plugins: kind === '--compile' ? [] : [adjoint()],
  logLevel: 'warning',
});
const run = spawnSync(process.execPath, [program, out, ...flags], { stdio: 'inherit' });
if (run.status === 0) console.log(`Written: ${written}`);
process.exit(run.status ?? 1);
