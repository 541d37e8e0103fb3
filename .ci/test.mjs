// All checks of the repository: formatting and lint, types of the tests and of the public API, all tests. Streams
// what they print; the very last line is `N passed, N failed`, and the exit code is not 0 if anything failed.
// Arguments name test files, as vitest takes them; then only these are run.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const TSC = join('node_modules', 'typescript', 'lib', 'tsc.js');
const count = { passed: 0, failed: 0 };

/** Runs a script of an installed package with Node; returns whether it succeeded. */
function run(script, args) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === 0;
}

/** A check that counts as one test. */
function check(title, script, args) {
  const succeeded = run(script, args);
  count[succeeded ? 'passed' : 'failed'] += 1;
  console.log(`${succeeded ? 'ok' : 'FAILED'}: ${title}`);
}

function tests(filters) {
  const folder = mkdtempSync(join(tmpdir(), 'adjoint-report-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const config = join('test', 'vitest.config.ts');
  const vitest = join('test', 'node_modules', 'vitest', 'vitest.mjs');
  const succeeded = run(vitest, ['run', '--config', config, ...reporters, ...filters]);
  const failedBefore = count.failed;
  if (existsSync(report)) countReport(JSON.parse(readFileSync(report, 'utf8')));
  // No report, or an error outside of any test.
  if (!succeeded && count.failed === failedBefore) count.failed += 1;
  rmSync(folder, { recursive: true, force: true });
}

/** A file that fails without a failed test (it does not load) counts as one. */
function countReport({ numPassedTests, numFailedTests, testResults }) {
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((t) => t.status === 'failed'),
  );
  count.passed += numPassedTests;
  count.failed += numFailedTests + broken.length;
}

const filters = process.argv.slice(2);
if (filters.length === 0) {
  check('biome', join('node_modules', '@biomejs', 'biome', 'bin', 'biome'), [
    'check',
    '--config-path=.config',
    '.',
  ]);
  check('types of the tests', TSC, ['-p', 'test']);
  check('public types', TSC, ['-p', join('test', 'types')]);
}
tests(filters);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed > 0 ? 1 : 0;
