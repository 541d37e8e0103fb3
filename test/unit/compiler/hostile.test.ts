/** Sources that no compiler likes: large ones, broken ones, deep ones, and names that are taken already. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RewriteResult, rewriteSafely, rewrite as rewriteText } from '@adjoint/compiler';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { compileSources, createProgram, ROOT } from '../../support/compile.js';
import { findFixtures } from '../../support/fixture.js';
import { randomNumbers } from '../../support/numeric.js';

const IMPORT = "import { grad } from 'adjoint';\n";

function rewrite(text: string): RewriteResult {
  const program = createProgram({ 'input.ts': text });
  return rewriteSafely(rewriteText, ts, program, program.getSourceFile(`${ROOT}/input.ts`)!);
}
const codesOf = ({ diagnostics }: RewriteResult): string[] => diagnostics.map(({ code }) => code);

describe('sources of others', () => {
  const require = createRequire(import.meta.url);
  const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`));
  /** As it is, with a marker call behind it. */
  const markIn = (text: string): RewriteResult =>
    rewrite(`${IMPORT}${text}\n;export const squared = grad((x: number) => x * x);\n`);

  test('the declarations of the language', () => {
    const program = createProgram({ 'input.ts': IMPORT });
    const own = program.getSourceFiles().filter((f) => program.isSourceFileDefaultLibrary(f));
    expect(own.length).toBeGreaterThan(50);
    for (const file of own)
      expect(rewriteText(ts, program, file)).toMatchObject({ changed: false, diagnostics: [] });
  });
  test.each([
    ['typescript', 'lib/typescript.d.ts'],
    ['ts-morph', 'dist/ts-morph.js'],
    ['fast-check', 'lib/fast-check.js'],
    ['gl-matrix', 'esm/mat4.js'],
  ])('%s/%s', (name, file) => {
    const { changed, diagnostics } = markIn(readFileSync(join(folderOf(name), file), 'utf8'));
    expect({ changed, diagnostics }).toEqual({ changed: true, diagnostics: [] });
  });
});

describe('broken sources', () => {
  const seed = Number(process.env.BROKEN_SEED ?? Date.now() % 1e6);
  const random = randomNumbers(seed);
  const below = (n: number): number => Math.min(n - 1, Math.floor(((random() + 1) / 2) * n));
  const TOKENS = `{ } ( ) [ ] => class function \` ' ... , ; ?. : = . for( return # \\u /* case yield async < @ new`;
  const tokens = TOKENS.split(' ');

  /** A few characters are lost, or something is there that does not belong there. */
  function broken(text: string): string {
    const at = below(text.length);
    const lost = below(3) === 0 ? 1 + below(40) : 0;
    const found = lost > 0 ? '' : ` ${tokens[below(tokens.length)]} `;
    return text.slice(0, at) + found + text.slice(at + lost);
  }

  test(`no crash, BROKEN_SEED=${seed}`, () => {
    const fixtures = findFixtures(join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'fixtures'));
    for (let k = 0; k < 60; k++) {
      const { id, sources } = fixtures[below(fixtures.length)];
      const name = /export function (\w+)\(/.exec(sources['input.ts'])?.[1];
      const text = `${sources['input.ts']}\nimport { grad as gradientOf } from 'adjoint';\ngradientOf(${name});\n`;
      const damaged = broken(broken(text));
      const codes = codesOf(rewrite(damaged));
      expect(codes.includes('AD7001') ? damaged : '', id).toBe('');
    }
  }, 300_000);
  test('a syntax error that the compiler stumbles over is named as what it is', () => {
    const text = `${IMPORT}
      class Moving {
        constructor(public x: number) {}
        add(o: Moving, k: number): this {
          this.x += o.x * k;
          return this;
        }
      }
      class Weighted extends Moving {
        #mass: number;
        constructor(x: number, mass: number)     super(x);
          this.#mass = mass;
        }
        override add(o: Moving, k: number): this {
          this.#mass = k;
          return super.add(o, this.#mass);
        }
      }
      export const g = grad((v: number[]) => {
        const p: Moving = new Weighted(v[0], v[1]);
        for (const _ of v) p.add(p, 1);
        return p.x * p.x * v[1];
      });`;
    const { diagnostics } = rewrite(text);
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      "AD2000: the file has a syntax error: '{' or ';' expected",
    ]);
  });
});

describe('deep sources', () => {
  const f = (body: string): string =>
    `${IMPORT}export function f(x: number): number { ${body} }\nexport const g = grad(f);\n`;
  const times = (n: number, text: string): string => text.repeat(n);
  const rows = (n: number, row: (k: number) => string): string[] =>
    Array.from({ length: n }, (_, k) => row(k));
  const gradientAt = async (text: string, x: number): Promise<number> => {
    const { g } = await compileSources({ 'input.ts': text }).load('input.ts');
    return (g as (x: number) => number)(x);
  };

  test('1000 blocks in each other', async () => {
    expect(
      await gradientAt(f(`let s = 1; ${times(1000, '{ ')}s += x * x;${times(1000, ' }')} return s;`), 3),
    ).toBe(6);
  });
  // the checker looks each name up through all terms around it
  test('a sum of 10,000 terms', async () => {
    expect(await gradientAt(f(`return ${rows(10_000, () => 'x').join(' + ')};`), 3)).toBe(10_000);
  }, 300_000);
  test('10,000 statements that use each other', async () => {
    expect(
      await gradientAt(
        f(`let s = 0; ${rows(10_000, (k) => `s = s + x * ${k % 3};`).join('\n')} return s;`),
        3,
      ),
    ).toBe(9999);
  });
  test('sums in 20 branches in each other', async () => {
    let body = rows(5, (k) => `v${k} += x * i * ${k + 1};`).join(' ');
    for (let k = 0; k < 20; k++) body = `if (x > ${k}) { ${body} } else { v${k % 5} += x; }`;
    const first = rows(5, (k) => `let v${k} = 0;`).join(' ');
    const loop = `for (let i = 0; i < 3; i++) { ${body} }`;
    // 3 * (1 + 2 + 3 + 4 + 5) * (0 + 1 + 2) / 3
    expect(await gradientAt(f(`${first} ${loop} return v0 + v1 + v2 + v3 + v4;`), 100)).toBe(45);
  }, 20_000);
  test('an index that is doubled 30 times', async () => {
    const doubled = rows(30, (k) => `const h${k + 1} = h${k} + h${k};`).join(' ');
    const body = `
      const n = Math.round(x);
      const [a, b] = [new Float64Array(n), new Float64Array(n)];
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const h0 = i * n - i * n;
          ${doubled}
          a[h30] = x * x + b[h30];
          b[h30] = a[h30];
        }
      return b[0];`;
    expect(await gradientAt(f(body), 3)).toBe(54);
  });
  test('bounds that double 30 times', async () => {
    const doubled = rows(30, (k) => `const h${k + 1} = h${k} + h${k};`).join(' ');
    const body = `
      const n = Math.round(x);
      const [a, b] = [new Float64Array(n), new Float64Array(n)];
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const h0 = i + j;
          ${doubled}
          a[h30] = x * x + b[0];
          b[h30] = a[h30];
        }
      return b[0];`;
    expect(await gradientAt(f(body), 3)).toBe(6);
  });
  test('a sum of 10,000 terms outside', async () => {
    const outside = `const k = ${rows(10_000, () => '1').join(' + ')};\n`;
    expect(await gradientAt(outside + f('return x * k;'), 3)).toBe(10_000);
  });
  const tapeOf = (sum: string): string =>
    `${IMPORT}export const g = grad((x: number) => ${sum}, { backend: 'tape' });\n`;
  test.each([
    ['if', f(`let s = 0; ${times(1000, 'if (x > 0) { ')}s += x;${times(1000, ' }')} return s;`)],
    ['loops', f(`let s = 0; ${times(1000, 'while (s < x) { ')}s += x;${times(1000, ' }')} return s;`)],
    ['&&', f(`return ${rows(10_000, (k) => `x > ${k}`).join(' && ')} ? x : 2 * x;`)],
    ['else if', f(`let s = 0; ${rows(1500, (k) => `if (x < ${k}) s = x * ${k};`).join(' else ')} return s;`)],
    ['the tape', tapeOf(rows(5000, () => 'x').join(' + '))],
  ])('%s: refused', (_, text) => {
    const { changed, diagnostics } = rewrite(text);
    expect(changed).toBe(false);
    expect(diagnostics.map(({ code }) => code)).toContain('AD2014');
  });
});

describe('names', () => {
  /** The function `f` of a source and all that is taken, by the generated adjoint, in check mode and on the tape. */
  async function gradients(source: string, args: readonly unknown[]): Promise<unknown[]> {
    const positions = `{ argnums: [${args.map((_, k) => k).join(', ')}]`;
    const markers = `\n${IMPORT}export const g = grad(f, ${positions} });\nexport const t = grad(f, ${positions}, backend: 'tape' });`;
    const results: unknown[] = [];
    for (const check of [false, true]) {
      const { diagnostics, load } = compileSources({ 'input.ts': source + markers }, { check });
      expect(diagnostics).toEqual([]);
      const { g, t } = (await load('input.ts')) as Record<string, (...args: unknown[]) => unknown>;
      results.push(g(...structuredClone(args)), t(...structuredClone(args)));
    }
    return results;
  }
  const four = (gradient: unknown): unknown[] => [gradient, gradient, gradient, gradient];

  test('of what every object has', async () => {
    const source = `
      class Point {
        constructor(public __proto: number, public valueOf_: number) {}
        hasOwnProperty(_: PropertyKey): boolean { return false; }
        toString(): string { return 'no point'; }
      }
      export function f(__proto__: number, constructor: number, o: { toString: number; arguments: number; eval: number }): number {
        let hasOwnProperty = __proto__ * constructor;
        hasOwnProperty *= o.toString;
        const p = new Point(hasOwnProperty, o.arguments);
        const counts: Record<string, number> = {};
        for (const k of ['constructor', 'valueOf', 'a']) counts[k] = p.__proto;
        let sum = 0;
        for (const k in counts) sum += counts[k];
        return sum * p.valueOf_ * o.eval;
      }`;
    const gradient = [15 * 99, 10 * 99, { toString: 6 * 99, arguments: 30 * 3 * 11, eval: 30 * 3 * 3 }];
    const found = await gradients(source, [2, 3, { toString: 5, arguments: 3, eval: 11 }]);
    expect(found).toEqual(four([5 * 3 * 99, 5 * 2 * 99, { ...(gradient[2] as object), toString: 6 * 99 }]));
  });
  test('that set the prototype set no number', async () => {
    const source = `
      export function f(x: number): number {
        const o: Record<string, number> = {};
        for (const k of ['__proto__', 'a']) o[k] = x * x;
        let sum = 0;
        for (const k in o) sum += o[k];
        return sum;
      }`;
    expect(await gradients(source, [3])).toEqual(four([6]));
  });
  test.each([
    'const o = { __proto__: { a: x } } as any as { a: number }; return o.a;',
    'const __proto__ = x; const o = { __proto__ }; return o.__proto__;',
  ])('that read or set the prototype are refused: %s', (body) => {
    const codes = codesOf(rewrite(`${IMPORT}export const g = grad((x: number): number => { ${body} });`));
    expect(codes).toEqual(['AD3005']);
  });
  test('in Unicode, and escaped', async () => {
    const source = String.raw`
      export function f(añb: number, o: { 変数: number; 'x\ny': number; 'a-b': number }, \u0061bc: number): number {
        let ünï = añb * o.変数;
        ünï += abc * \u{61}bc;
        return ünï * o['x\ny'] * o['a-b'] * o['\u0061-b'];
      }`.replaceAll('\\\\', '\\');
    const o = { 変数: 3, 'x\ny': 5, 'a-b': 7 };
    const found = await gradients(source, [2, o, 4]);
    expect(found).toEqual(four([3 * 245, { 変数: 2 * 245, 'x\ny': 22 * 49, 'a-b': 22 * 5 * 14 }, 8 * 245]));
  });
  test('of the language, declared anew', async () => {
    const source = `
      const { sin } = Math;
      export function f(x: number[], of: number): number {
        const Math = { sin: (x: number) => x * x, abs: 2 };
        const Float64Array = Math.sin(of), Object = 3, Array = Math.abs, Number = 5, isNaN = 1;
        let undefined_ = 0;
        for (const async of x) undefined_ += sin(async) * Float64Array * Object * Array * Number * isNaN;
        return undefined_;
      }`;
    const [first, ...others] = await gradients(source, [[1, 2], 3]);
    const [ofX, ofOf] = first as [number[], number];
    expect(ofX[1]).toBeCloseTo(Math.cos(2) * 9 * 30, 12);
    expect(ofOf).toBeCloseTo((Math.sin(1) + Math.sin(2)) * 6 * 30, 12);
    for (const other of others) expect(other).toEqual(first);
  });
  test('that generated code would use', async () => {
    const source = `
      export function f(x: number[], k: number): number {
        let s = k;
        for (const v of x) s += Math.sin(s * v) * k;
        return s > 100 ? Math.exp(s) : Math.sqrt(s * s + 1);
      }`;
    const text = `${IMPORT}${source}\nexport const g = grad(f);\nexport const t = grad(f, { backend: 'tape' });`;
    const { outputs } = compileSources({ 'input.ts': text });
    const added = outputs['input.ts'].match(/[A-Za-z_$][\w$]*/g) ?? [];
    const known = new Set(text.match(/[A-Za-z_$][\w$]*/g));
    const isName = (name: string): boolean => {
      const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, undefined, name);
      return scanner.scan() === ts.SyntaxKind.Identifier;
    };
    const taken = [...new Set(added)].filter(
      (name) => !known.has(name) && isName(name) && !(name in globalThis),
    );
    expect(taken.length).toBeGreaterThan(20);
    const declared = `const ${taken.map((name, i) => `${name} = ${i % 2}`).join(', ')};\n`;
    const used = `k = k * (${taken.join(' + ')});`;
    const args = [[0.5, 0.25], 1];
    const plain = await gradients(source, args);
    const half = `k = k * ${taken.filter((_, i) => i % 2).length};`;
    const same = await gradients(source.replace('let s = k;', `${half} let s = k;`), args);
    expect(await gradients(declared + source.replace('let s = k;', `${used} let s = k;`), args)).toEqual(
      same,
    );
    expect(same).not.toEqual(plain);
  });
  test('no text of the source is run', async () => {
    const evil = [
      '*/ globalThis.hacked = 1; /*',
      ['`$', '{globalThis.hacked = 1}`'].join(''),
      '"+(globalThis.hacked=1)+"',
      '\u2028globalThis.hacked = 1\n',
      "\\'",
    ];
    const source = `
      export function f(x: number, y: number): number {
        const o: Record<string, number> = {};
        for (const k of ${JSON.stringify(evil)}) o[k] = x * y; // */ globalThis.hacked = 1
        const p = { ${evil.map((k) => `${JSON.stringify(k)}: x`).join(', ')} };
        return ${evil.map((k) => `o[${JSON.stringify(k)}] * p[${JSON.stringify(k)}]`).join(' + ')};
      }`;
    expect(await gradients(source, [3, 2])).toEqual(four([5 * 12, 5 * 9]));
    expect(globalThis).not.toHaveProperty('hacked');
  });
});
