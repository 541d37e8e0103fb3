// A write to what is frozen throws where nothing catches it, too: no value and no gradient.
import { describe, expect, test } from 'vitest';
import { compileSources, loadModules } from '../../support/compile.js';

const programs = {
  list: `(x: number): number => {
    const list = Object.freeze([x, 2]) as number[];
    list[0] = 3;
    return list[0]! * x;
  }`,
  instance: `(x: number): number => {
    const p = new Point(x);
    p.x = 3;
    return p.x * x;
  }`,
  unread: `(x: number): number => {
    const p = new Point(x);
    p.x = 3;
    return x * x;
  }`,
  field: `(x: number): number => {
    const o = { rows: [x, 2] };
    Object.freeze(o.rows);
    for (let i = 0; i < 2; i++) o.rows[i]! *= x;
    return o.rows[0]! * x;
  }`,
  grows: `(x: number): number => {
    const list = Object.seal([x]);
    list.push(x);
    return list.length * x;
  }`,
  ofModule: `(x: number): number => {
    LIMITS.low = 3;
    return LIMITS.low * x;
  }`,
};
const source = (options: string): string => `
  import { grad } from 'adjoint';
  class Point {
    constructor(public x: number) { Object.freeze(this); }
  }
  const LIMITS: { low: number } = Object.freeze({ low: 2 });
  ${Object.entries(programs)
    .map(([name, text]) => `export const ${name} = grad(${text}${options});`)
    .join('\n')}
`;

describe.each([
  ['adjoint', '', false],
  ['check mode', '', true],
  ['tape', ", { backend: 'tape' }", false],
])('%s', (_, options, check) => {
  const compiled = compileSources({ 'main.ts': source(options) }, { check });
  const modules = loadModules({ 'main.ts': compiled.outputs['main.ts']! }, 'main.ts') as Promise<
    Record<string, (x: number) => number>
  >;
  test.each(Object.keys(programs))('%s', async (name) => {
    expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    const f = (await modules)[name]!;
    expect(() => f(1.3)).toThrow(TypeError);
    expect(() => f(1.3)).not.toThrow(/AD6002/);
  });
});
