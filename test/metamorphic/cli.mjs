// Runs every transformation on every fixture; see metamorphic.test.ts.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const test = join(dirname(fileURLToPath(import.meta.url)), '..');
const vitest = join(test, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', 'metamorphic', ...process.argv.slice(2)], {
  cwd: test,
  stdio: 'inherit',
  env: { ...process.env, METAMORPHIC: 'all' },
});
process.exit(status ?? 1);
