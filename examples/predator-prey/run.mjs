// Builds the example with ts-patch's tspc and runs it: tspc -p . && node dist/main.js. Argument: --small
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('.', import.meta.url));
const tspc = createRequire(import.meta.url).resolve('ts-patch/bin/tspc.js');
for (const args of [
  [tspc, '-p', '.'],
  ['dist/main.js', ...process.argv.slice(2)],
]) {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
