import { describe, expect, test } from 'vitest';
import { loadModules, typeCheck } from '../../support/compile.js';

describe('in-memory builds', () => {
  const sources = {
    'a.ts': "import { twice } from './b.js';\nexport const four: number = twice(2);\n",
    'b.ts': 'export function twice(x: number): number {\n  return 2 * x;\n}\n',
  };
  test('a program over several files type-checks', () => {
    expect(typeCheck(sources)).toEqual([]);
  });
  test('an error is reported with its place', () => {
    expect(typeCheck({ 'a.ts': 'export const x: number = true;\n' })).toEqual([
      "a.ts:1:14 TS2322 Type 'boolean' is not assignable to type 'number'.",
    ]);
  });
  test('a missing module is reported', () => {
    expect(
      typeCheck({ 'a.ts': "import './gone.js';\nimport { x } from './gone.js';\nexport { x };\n" }).join(),
    ).toContain('TS2307');
  });
  test('modules run', async () => {
    expect((await loadModules(sources, 'a.ts')).four).toBe(4);
  });
  test('a cycle of imports sees hoisted functions', async () => {
    const cycle = {
      'a.ts':
        "import { b } from './b.js';\nexport function a(): number {\n  return 1;\n}\nexport const two = b();\n",
      'b.ts': "import { a } from './a.js';\nexport function b(): number {\n  return a() + 1;\n}\n",
    };
    expect((await loadModules(cycle, 'a.ts')).two).toBe(2);
  });
});
