/** Where added imports stand: as an older module, where an import is a statement like others, a marker may stand above one. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { rewrite } from '../../../packages/compiler/dist/index.js';
import { createProgram, ROOT } from '../../support/compile.js';

const lib =
  'let rate = 2; export const set = (r: number) => { rate = r; }; export const f = (x: number) => rate * x;';
/** The imports and the marker calls of the rewritten text, in their order. */
function orderIn(main: string): string[] {
  const program = createProgram({ 'main.ts': main, 'lib.ts': lib });
  const { code } = rewrite(ts, program, program.getSourceFile(`${ROOT}/main.ts`)!);
  const hoisted = code.indexOf('\nfunction ');
  const parts = code.slice(0, hoisted).matchAll(/from ['"]([^'"]+)['"]|(?<call>grad)\(/g);
  return [...parts].map(([, from, call]) => from ?? call);
}
const marker = 'console.log(grad((x: number) => Math.hypot(x, 2))(3));';

test('behind the imports at the top', () => {
  const main = `'use strict';\nimport { grad } from 'adjoint'\nimport { f } from './lib.js'\n${marker}\nconsole.log(f);`;
  expect(orderIn(main)).toEqual(['adjoint', './lib.js', 'adjoint/internal', 'grad']);
});
test('above a marker that stands above the last import', () => {
  const main = `import { grad } from 'adjoint';\n${marker}\nimport { f } from './lib.js';\nexport const g = grad((x: number) => f(x));`;
  expect(orderIn(main)).toEqual(['adjoint', 'adjoint/internal', 'grad', './lib.js', './lib.js', 'grad']);
});
test('above code that stands above all imports', () => {
  expect(orderIn(`console.log(1);\nimport { grad } from 'adjoint';\n${marker}`)).toEqual([
    'adjoint/internal',
    'adjoint',
    'grad',
  ]);
});
