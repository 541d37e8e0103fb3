/** What a file gives to generated code elsewhere, in programs that come one behind the other as files are edited. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { rewrite } from '../../../packages/compiler/dist/index.js';
import { createProgram, ROOT } from '../../support/compile.js';

const main = `
  import { grad } from 'adjoint';
  import { f } from './lib.js';
  import type { Weight } from './weight.js';
  export const g = grad((x: number, w: Weight) => f(x) * w.value, { argnums: 0 });
`;
const lib = (body: string) => `
  let rate = 2;
  let other = 3;
  export function set(a: number, b: number): void { rate = a; other = b; }
  export function f(x: number): number { return ${body}; }
`;
const weight = (more: string) => `export interface Weight { value: number; ${more} }`;

const rewritten = (program: ts.Program, name: string): string =>
  rewrite(ts, program, program.getSourceFile(`${ROOT}/${name}`)!).code;

test('a file gives what the others need as they are now, also where they are not compiled again', () => {
  let program: ts.Program | undefined;
  const given = (sources: Record<string, string>): string[] => {
    program = createProgram(sources, {}, program);
    return [...rewritten(program, 'lib.ts').matchAll(/function (adjoint_\w+)/g)].map(([, name]) => name);
  };
  const files = { 'main.ts': main, 'lib.ts': lib('rate * x'), 'weight.ts': weight('') };
  expect(given(files)).toEqual(['adjoint_get_rate']);
  expect(given({ ...files, 'weight.ts': weight('name: string') })).toEqual(['adjoint_get_rate']);
  expect(given({ ...files, 'lib.ts': lib('other * x * rate') })).toEqual([
    'adjoint_get_other',
    'adjoint_get_rate',
  ]);
  expect(given({ ...files, 'lib.ts': lib('other * x') })).toEqual(['adjoint_get_other']);
  const without = main.replace('f(x)', 'x');
  expect(given({ ...files, 'main.ts': without })).toEqual([]);
  expect(given(files)).toEqual(['adjoint_get_rate']);
});
