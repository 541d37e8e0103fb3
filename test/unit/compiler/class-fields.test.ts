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
    class Keys { a!: number; b!: number; constructor(v: number) { this.b = v; this.a = 2 * v; } }
    export const keys = grad((v: number) => Object.values(new Keys(v)).reduce((s, u) => 10 * s + u, 0));
    export const order = grad((v: number) => new Order(v).y * v);
    export const again = grad((v: number) => (new Again(v).x ?? 7) * v);
    export const sometimes = grad((v: number, c: boolean) => (new Sometimes(v, c).x ?? 7) * v);
  `,
};
type Derivative = (...args: unknown[]) => unknown;

test.each([
  ['class fields of ES2022', { target: ts.ScriptTarget.ES2022 }, 7, 5, 21],
  ['no target', {}, 7, 5, 21],
  ['an older target', { target: ts.ScriptTarget.ES2017 }, 6, 6, 12],
  [
    'an older target with the option',
    { target: ts.ScriptTarget.ES2017, useDefineForClassFields: true },
    7,
    6,
    21,
  ],
  ['the option off', { target: ts.ScriptTarget.ES2022, useDefineForClassFields: false }, 6, 6, 12],
])('%s', async (_, options, expected, inOrder, ofKeys) => {
  const compiled = compileProgram(createProgram(sources, options), sources, {});
  expect(compiled.diagnostics).toEqual([]);
  const loaded = await loadModules({ 'main.ts': compiled.outputs['main.ts'] }, 'main.ts');
  const { again, keys, order, sometimes } = loaded as Record<string, Derivative>;
  expect(again(3)).toBe(expected);
  expect(order(3)).toBe(inOrder);
  expect(keys(3)).toBe(ofKeys);
  expect([sometimes(3, false), sometimes(3, true)]).toEqual([expected, 30]);
});
