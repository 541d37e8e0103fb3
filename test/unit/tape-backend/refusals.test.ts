// What the tape refuses: with a code at the place when it is built, or when it runs. Never a wrong gradient.
import { describe, expect, test } from 'vitest';
import { compileSources } from '../../support/compile.js';

/** The codes, with the text that each points at, for `body` as the module with the marker call. */
function codes(body: string, more: Readonly<Record<string, string>> = {}): string[] {
  const sources = {
    'input.ts': `import { grad, jvp, stopGradient, valueAndGrad } from 'adjoint';\n${body}`,
    ...more,
  };
  return compileSources(sources).diagnostics.map((d) => {
    const text = sources[d.file.split('/').pop() as 'input.ts'];
    return `${d.code} ${text.slice(d.start, d.start + d.length).split('\n')[0]}`;
  });
}
const f = (text: string): string =>
  `export const g = grad((x: number): number => { ${text} }, { backend: 'tape' });`;

describe('when it is built', () => {
  test.each([
    [
      'forward mode',
      "export const g = jvp((x: number): number => x, { backend: 'tape' as 'adjoint' });",
      "AD1006 'tape' as 'adjoint'",
    ],
    ['a marker inside', f('const h = (y: number): number => y; return grad(h)(x);'), 'AD4003 grad'],
    [
      'await',
      f('const h = async (): Promise<number> => x; void h(); return x;'),
      'AD2001 async (): Promise<number> => x',
    ],
    [
      'tagged templates',
      f('const t = (p: TemplateStringsArray): number => p.length; return t`a` + x;'),
      'AD2000 t`a`',
    ],
    [
      'a static field that an inherited method makes',
      `class A { static n = 1; static set(v: number): void { this.n = v; } }
        class B extends A {}
        ${f('B.set(x); return A.n * x + B.n;')}`,
      'AD5005 B',
    ],
    ['import()', f("void import('./other.js'); return x;"), "AD2005 import('./other.js')"],
    ['code from text', f("return new Function('x', 'return x')(x);"), 'AD2003 Function'],
    ['Proxy', f('return new Proxy({ x }, {}).x;'), 'AD5004 Proxy'],
    ['DataView', f('return new DataView(new ArrayBuffer(8)).getFloat64(0) * x;'), 'AD3004 DataView'],
    [
      'valueOf',
      f('const o = { valueOf: (): number => x }; return (o as unknown as number) * 2 + +o;'),
      'AD3002 o',
    ],
  ])('%s', (_, body, want) => {
    expect(codes(body, { 'other.ts': 'export {};' })).toContain(want);
  });

  test('a method that nothing calls is no reason', () => {
    const body = `class Store { k = 2; async save(): Promise<void> {} scale(x: number): number { return x * this.k; } }
      ${f('return new Store().scale(x);')}`;
    expect(codes(body)).toEqual([]);
    expect(codes(body.replace('new Store().scale(x)', 'void new Store().save(), x'))).toContain(
      'AD2001 save',
    );
  });
});

describe('when it runs', () => {
  async function run(body: string): Promise<() => unknown> {
    const compiled = compileSources({ 'input.ts': `import { grad, stopGradient } from 'adjoint';\n${body}` });
    expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    return (await compiled.load('input.ts')).run as () => unknown;
  }
  const on = (parameters: string, text: string, args: string): string =>
    `const f = (${parameters}): number => { ${text} };
     export const run = () => grad(f, { backend: 'tape' })(${args});`;

  test.each([
    [
      'the result of a callback from outside',
      on('x: number, h: (x: number) => number', 'return h(x);', '2, (x) => x * x'),
      /AD4003/,
    ],
    [
      'a function that takes the place of another in a list of an object',
      `const held = { rules: [(x: number): number => x] };
       held.rules[0] = (x) => x * x;
       ${on('x: number', 'return held.rules[0]!(x);', '2')}`,
      /AD4003/,
    ],
    [
      'the same in a Map that is given to an object',
      `class Rules { constructor(readonly by: Map<string, (x: number) => number>) {} }
       const rules = new Rules(new Map([['a', (x: number): number => x]]));
       rules.by.set('a', (x) => x * x);
       ${on('x: number', "return rules.by.get('a')!(x);", '2')}`,
      /AD4003/,
    ],
    [
      'the same, if the function catches it',
      on(
        'x: number, h: (x: number) => number',
        'try { return h(x); } catch { return x; }',
        '2, (x) => x * x',
      ),
      /AD4003/,
    ],
    [
      'an object for a callback from outside',
      on('v: number[], h: (v: number[]) => void', 'h(v); return v[0];', '[2], () => {}'),
      /AD4005/,
    ],
    ['numbers from text', on('x: number', 'return Number(x.toFixed(2)) * x;', '2'), /AD4006/],
    [
      'a copy through JSON',
      on('o: { x: number }', 'return (JSON.parse(JSON.stringify(o)) as { x: number }).x;', '{ x: 2 }'),
      /AD4006/,
    ],
    [
      'another view of a buffer',
      on('v: Float64Array', 'return new Int32Array(v.buffer)[0] * v[0];', 'Float64Array.of(2)'),
      /AD3004/,
    ],
    [
      'one object on two paths that is written',
      `const f = (a: number[], b: number[]): number => { a[0] *= 2; return a[0] * b[0]; };
      export const run = () => { const v = [3]; return grad(f, { argnums: [0, 1], backend: 'tape' })(v, v); };`,
      /AD5001/,
    ],
    [
      'the same with views of one buffer',
      `const f = (a: Float64Array, b: Float64Array): number => { a[1] *= 2; return b[0]; };
      export const run = () => { const v = new Float64Array(3); return grad(f, { argnums: [0, 1], backend: 'tape' })(v, v.subarray(1)); };`,
      /AD5001/,
    ],
    [
      'a write to what stopGradient has seen',
      on('v: number[]', 'const s = stopGradient(v); v[0] = 3; return s[0] * v[1];', '[1, 2]'),
      /AD5002/,
    ],
    [
      'an accessor in an argument',
      on('o: { x: number }', 'return o.x;', '{ get x() { return 2; } }'),
      /accessor/,
    ],
    [
      'a result that is no number',
      on('x: number', "return 'a' as unknown as number;", '2'),
      /should return a number/,
    ],
  ])('%s', async (_, body, want) => {
    expect(await run(body)).toThrow(want);
  });

  test('a callback whose result is not used may have numbers', async () => {
    const seen = await run(
      `const f = (x: number, note: (x: number) => void): number => { note(x * x); return x * x; };
       export const run = () => { const seen: number[] = []; return [grad(f, { backend: 'tape' })(3, (x) => { seen.push(x); }), seen]; };`,
    );
    expect(seen()).toEqual([6, [9]]);
  });
});
