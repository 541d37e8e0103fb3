/** Fields that a class declares again without a value, and when fields are initialised, as the options of the compiler have them. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { compileProgram, createProgram, loadModules } from '../../support/compile.js';

const sources = {
  'main.ts': `
    import { grad } from 'adjoint';
    class Base { x = 1; constructor(v: number) { this.x = v; } }
    class Again extends Base { x!: number; }
    class Sometimes extends Base { x!: number; constructor(v: number, c: boolean) { super(v); if (c) this.x = 5 * v; } }
    class Order { y = this.get(); constructor(public x: number) {} get() { return this.x ?? 5; } }
    export const order = grad((v: number) => new Order(v).y * v);
    export const again = grad((v: number) => (new Again(v).x ?? 7) * v);
    export const sometimes = grad((v: number, c: boolean) => (new Sometimes(v, c).x ?? 7) * v);
  `,
};
type Derivative = (...args: unknown[]) => unknown;

test.each([
  ['class fields of ES2022', { target: ts.ScriptTarget.ES2022 }, 7, 5],
  ['no target', {}, 7, 5],
  ['an older target', { target: ts.ScriptTarget.ES2017 }, 6, 6],
  [
    'an older target with the option',
    { target: ts.ScriptTarget.ES2017, useDefineForClassFields: true },
    7,
    6,
  ],
  ['the option off', { target: ts.ScriptTarget.ES2022, useDefineForClassFields: false }, 6, 6],
])('%s', async (_, options, expected, inOrder) => {
  const compiled = compileProgram(createProgram(sources, options), sources, {});
  expect(compiled.diagnostics).toEqual([]);
  const loaded = await loadModules({ 'main.ts': compiled.outputs['main.ts'] }, 'main.ts');
  const { again, order, sometimes } = loaded as Record<string, Derivative>;
  expect(again(3)).toBe(expected);
  expect(order(3)).toBe(inOrder);
  expect([sometimes(3, false), sometimes(3, true)]).toEqual([expected, 30]);
});
