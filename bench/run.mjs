// Builds a benchmark with esbuild and the adjoint plugin into bench/out/js, file by file as `tspc` does, and runs it there in a
// fresh process.
// `--quick`: shorter samples and fewer rounds. `--compile`: the time of the compiler itself instead. `--project`: what it adds to
// builds of a project. `--memory`: what generated code keeps. `--peers`: against other packages. `--second`: second derivatives, in gradients. `--checkpoints`: loops that
// run again instead of being stored.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { esbuild as adjoint } from '@adjoint/unplugin';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, 'out');
const js = join(out, 'js');
/** Each kind of run: its program, and what it writes. */
const KINDS = {
  times: ['main', 'bench/out/results.json, bench/out/chart.svg'],
  '--compile': ['compile/main', 'bench/out/compile.json'],
  '--project': ['project/main', 'bench/out/project.json'],
  '--peers': ['peers/main', 'bench/out/peers.json'],
  '--second': ['second', 'bench/out/second.json'],
  '--checkpoints': ['checkpoints/main', 'bench/out/checkpoints.json, bench/out/checkpoints.svg'],
  '--memory': ['memory', 'bench/out/memory.json'],
};
const args = process.argv.slice(2);
const kind = args.find((flag) => flag in KINDS) ?? 'times';
const flags = args.filter((flag) => flag !== kind);
const [program, written] = KINDS[kind];
const isSource = (name) => name.endsWith('.ts') && !name.endsWith('.d.ts');
rmSync(js, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: readdirSync(join(here, 'src'), { recursive: true })
    .filter(isSource)
    .map((name) => join('src', name)),
  outdir: js,
  outbase: 'src',
  // a bundle of esbuild has `var` for constants of modules, which the engine does not take for constant
  bundle: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  plugins: ['--compile', '--project'].includes(kind) ? [] : [adjoint()],
  logLevel: 'warning',
});
const run = spawnSync(process.execPath, [join(js, `${program}.js`), out, ...flags], { stdio: 'inherit' });
if (run.status === 0) console.log(`Written: ${written}`);
process.exit(run.status ?? 1);
