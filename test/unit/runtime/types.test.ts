// The public types: every file of test/types compiles, `@ts-expect-error` lines included, within a budget.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'types');
/** 48 000 when this was written. A jump means that a type got expensive for everyone who uses it. */
const INSTANTIATION_BUDGET = 75_000;

test('test/types compiles without diagnostics, within the instantiation budget', { timeout: 120_000 }, () => {
  const config = ts.getParsedCommandLineOfConfigFile(join(folder, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(print([diagnostic]));
    },
  })!;
  expect(config.fileNames.length).toBeGreaterThan(5);
  const program = ts.createProgram(config.fileNames, config.options);
  expect(print(ts.getPreEmitDiagnostics(program))).toBe('');
  expect(program.getInstantiationCount()).toBeLessThan(INSTANTIATION_BUDGET);
});

function print(diagnostics: readonly ts.Diagnostic[]): string {
  return ts.formatDiagnostics(diagnostics, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => folder,
    getNewLine: () => '\n',
  });
}
