// Programs beyond the fixtures, some of which only the tape takes: values, arguments and gradients.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkValueAndGrad, compareLeaves, positions, type Subject } from '../../support/checks.js';
import { compileSources, loadPlainModules, typeCheck } from '../../support/compile.js';
import { type AnyFunction, jacobianByDifferences } from '../../support/numeric.js';

interface Case {
  readonly args: readonly unknown[];
  readonly argnums?: readonly number[];
  readonly tol?: number;
}
const folder = join(import.meta.dirname, 'programs');

for (const name of readdirSync(folder)) {
  const text = readFileSync(join(folder, name), 'utf8');
  const plain = await loadPlainModules({ 'input.ts': text }, 'input.ts');
  const cases = Object.entries(plain.cases as Record<string, Case>);
  const sites = cases.map(([fn, { argnums }]) => {
    const options = argnums === undefined ? '' : `argnums: [${argnums.join(', ')}], `;
    return `export const ${fn}_tape = valueAndGrad(${fn}, { ${options}backend: 'tape' });`;
  });
  const source = ["import { valueAndGrad } from 'adjoint';", text, ...sites].join('\n');
  const compiled = compileSources({ 'input.ts': source });

  describe(name, () => {
    test('is accepted, and what is emitted type-checks', () => {
      expect(compiled.diagnostics).toEqual([]);
      expect(typeCheck(compiled.outputs)).toEqual([]);
    });
    test.each(cases)('%s', async (fn, { args, argnums, tol }) => {
      const taped = await compiled.load('input.ts');
      const subject: Subject = { f: plain[fn] as AnyFunction, args, argnums };
      const { gradient, problems } = checkValueAndGrad(subject, taped[`${fn}_tape`] as AnyFunction);
      const [row] = jacobianByDifferences(subject.f, args, positions(subject));
      expect([...problems, ...compareLeaves('gradient', gradient, row, tol ?? 1e-6)]).toEqual([]);
    });
  });
}
