/** Files that hold markers without naming the package: another file hands the markers on. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { importsMarkers, rewrite } from '../../../packages/compiler/dist/index.js';
import { createProgram, ROOT } from '../../support/compile.js';

const sources = {
  'barrel.ts': "export { grad as D } from 'adjoint';",
  'named.ts': "import { grad } from 'adjoint';\nexport { grad as slope };",
  'all.ts': "export * from './barrel.js';\nexport const unit = 1;",
  'own.ts': "import { grad } from 'adjoint';\nexport const g = grad((x: number) => x * x);",
  'main.ts': "import { D } from './all.js';\nexport const g = D((x: number) => x * x);",
  'other.ts': "import { slope } from './named.js';\nexport const g = slope((x: number) => x * x);",
  'result.ts': "import { g } from './own.js';\nexport const two = g(1);",
  'plain.ts': 'export const one = 1;',
};

test('who imports what a barrel hands on is compiled', () => {
  const program = createProgram(sources);
  const holds = (name: string): boolean =>
    importsMarkers(ts, program, `${ROOT}/${name}`, sources[name as keyof typeof sources]);
  expect(Object.keys(sources).filter(holds)).toEqual(expect.arrayContaining(['main.ts', 'other.ts']));
  expect(['result.ts', 'plain.ts'].filter(holds)).toEqual([]);
  for (const name of ['main.ts', 'other.ts'])
    expect(rewrite(ts, program, program.getSourceFile(`${ROOT}/${name}`)!).changed).toBe(true);
});
