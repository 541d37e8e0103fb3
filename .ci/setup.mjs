// All set-up of a fresh clone: installs the workspace with the pinned pnpm and builds the packages.
// Needs only Node and npm. Prints nothing but failures, and skips what is already done.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PNPM = 'pnpm@12.21.0';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`adjoint needs Node 20.19 or newer, this is ${process.versions.node}`);
  process.exit(1);
}

/** Runs a command in the workspace root; on failure prints its output and leaves with its exit code. */
function run(title, command, args) {
  const started = Date.now();
  const r = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true', npm_config_loglevel: 'error' },
    shell: process.platform === 'win32',
  });
  if (r.status !== 0) {
    console.error(`${title} failed:\n${r.stdout ?? ''}${r.stderr ?? ''}${r.error ?? ''}`);
    process.exit(r.status || 1);
  }
  console.error(`${title}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

const stamp = join(root, 'node_modules', '.adjoint-setup');
const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'].filter((f) =>
  existsSync(join(root, f)),
);
const key = createHash('sha256')
  .update(inputs.map((f) => readFileSync(join(root, f), 'utf8')).join('\0'))
  .digest('hex');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== key) {
  const frozen = existsSync(join(root, 'pnpm-lock.yaml')) ? ['--frozen-lockfile'] : [];
  // The pin of `packageManager` is met by npx; pnpm would otherwise want to record its own packages in the lock file.
  run('install', 'npx', ['-y', PNPM, 'install', '--pm-on-fail=ignore', ...frozen]);
  writeFileSync(stamp, key);
}
run('build', process.execPath, [
  join(root, 'node_modules', 'typescript', 'lib', 'tsc.js'),
  '-b',
  ...['runtime', 'tape', 'compiler', 'transformer', 'unplugin', 'linalg'].map((p) => join('packages', p)),
]);
