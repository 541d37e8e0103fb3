// An exception inside the compiler is AD7001: with the place, and with the function if one was being differentiated.
import { rewrite, rewriteSafely } from '@adjoint/compiler';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { createProgram, ROOT } from '../../support/compile.js';

const text = [
  "import { grad } from 'adjoint';",
  'const good = (x: number): number => x * x;',
  "const bad = (x: number): number => (typeof x === 'number' ? x : 0);",
  'export const g = grad(good);',
  'export const h = grad(bad);',
  '',
].join('\n');
const program = createProgram({ 'input.ts': text });
const file = program.getSourceFile(`${ROOT}/input.ts`)!;

test('while one function is differentiated: named, with the call and the function as places', () => {
  // a compiler API that fails at the one `typeof` of the program
  const isTypeOfExpression = (node: ts.Node): node is ts.TypeOfExpression => {
    if (ts.isTypeOfExpression(node)) throw new Error('broken\nsecond line');
    return false;
  };
  const { code, changed, diagnostics } = rewrite({ ...ts, isTypeOfExpression } as typeof ts, program, file);
  expect({ code, changed }).toEqual({ code: text, changed: false });
  expect(diagnostics).toHaveLength(1);
  const [found] = diagnostics;
  expect(found).toMatchObject({
    code: 'AD7001',
    severity: 'error',
    message: 'internal error while `bad` was differentiated: broken',
    docs: 'docs/diagnostics/AD7001.md',
  });
  expect(found!.help).toContain('please report it');
  expect(text.slice(found!.start, found!.start + found!.length)).toBe('grad(bad)');
  const [target] = found!.related;
  expect(text.slice(target!.start, target!.start + target!.length)).toBe(
    "(x: number): number => (typeof x === 'number' ? x : 0)",
  );
});

test('anywhere else: at the first statement, and the file stays as it is', () => {
  const fail = () => {
    throw new Error('broken\nsecond line');
  };
  const result = rewriteSafely(fail, ts, program, file);
  expect(result).toMatchObject({ code: text, edits: [], changed: false, dependencies: [] });
  expect(result.diagnostics).toEqual([
    expect.objectContaining({
      code: 'AD7001',
      message: 'internal error: broken',
      file: `${ROOT}/input.ts`,
      start: 0,
      length: text.indexOf('\n'),
    }),
  ]);
});

test('without an exception, the result is that of `rewrite`', () => {
  expect(rewriteSafely(rewrite, ts, program, file)).toEqual(rewrite(ts, program, file));
});

test('a program that is nested too deeply for the stack is refused with a code of its own', () => {
  const arms = Array.from({ length: 1500 }, (_, k) => `if (x < ${k}) s = x * ${k};`).join(' else ');
  const deep = `import { grad } from 'adjoint';\nfunction f(x: number): number {\n  let s = 0;\n  ${arms}\n  return s;\n}\nexport const g = grad(f);\n`;
  const nested = createProgram({ 'input.ts': deep });
  const { changed, diagnostics } = rewrite(ts, nested, nested.getSourceFile(`${ROOT}/input.ts`)!);
  expect(changed).toBe(false);
  expect(diagnostics.map(({ code, start, length }) => [code, deep.slice(start, start + length)])).toEqual([
    ['AD2014', 'grad(f)'],
  ]);
});
