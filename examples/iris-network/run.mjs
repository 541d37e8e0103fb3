// Builds the example with ts-patch's tspc, bundles it with TensorFlow.js (which Node cannot load in parts), and runs it.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const cwd = fileURLToPath(new URL('.', import.meta.url));
function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

run(createRequire(import.meta.url).resolve('ts-patch/bin/tspc.js'), '-p', '.');
await build({
  absWorkingDir: cwd,
  entryPoints: ['dist/main.js'],
  outfile: 'dist/bundle.mjs',
  bundle: true,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  logLevel: 'error',
});
run('dist/bundle.mjs', ...process.argv.slice(2));
