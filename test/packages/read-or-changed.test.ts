// Tables of a package: made again where nothing but known reads meets them, refused where anything may change them.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { esbuild as adjoint } from '../../packages/unplugin/dist/index.js';
import { makeScratch, root, type Scratch } from '../e2e/scratch.ts';

const rows = 'const t = [[1, 2], [3, 4]];\n';
const parts = 'const t = { a: { w: 2 }, b: { w: 3 } };\n';
const functions = 'const t = [(x) => x * 2, (x) => x + 1];\n';
const vector = 'const t = new Float64Array([1, 2, 3]);\n';
const setting = 'class Setting { k = 2; update(k) { this.k = k; } at(x) { return this.k * x; } }\n';
/** Each with the slope of its `f` at 2. */
const read: Record<string, readonly [string, number]> = {
  visited: [
    `${rows}export function f(x) { let s = 0; t.forEach((r, i) => { s += r[0] * x + i; }); return s; }`,
    4,
  ],
  looped: [
    `${rows}export function f(x) { let s = 0; for (const [a, b] of t) s += a * b * x; return s; }`,
    14,
  ],
  mapped: [`${rows}export const f = (x) => t.map((r) => r[1]).reduce((p, q) => p + q, 0) * x;`, 6],
  listed: [`${parts}export const f = (x) => Object.values(t).reduce((s, o) => s + o.w * x, 0);`, 5],
  copied: ['const t = [2, 3];\nexport const f = (x) => (t.slice(1)[0] + Math.max(...t)) * x;', 6],
  parameter: [
    `${rows}function dot([a, b], x) { return a * x + b; }\nexport const f = (x) => dot(t[1], x);`,
    3,
  ],
  composed: [`${functions}export const f = (x) => t.reduce((v, g) => g(v), x);`, 2],
  called: ['const t = { k: 2, f(x) { return this.k * x; } };\nexport const f = (x) => t.f(x);', 2],
  made: [
    'const make = (k) => ({ at: (x) => k * x });\nconst t = make(3);\nexport const f = (x) => t.at(x);',
    3,
  ],
  instance: [`${setting}const t = new Setting();\nexport const f = (x) => t.at(x);`, 2],
  looked: ["const t = new Map([['a', 2]]);\nexport const f = (x) => t.get('a') * x * t.size;", 2],
  typed: [`${vector}export const f = (x) => t.subarray(1)[1] * x;`, 3],
  last: [
    'function g(x) { return 2 * x; }\nfunction g(x) { return 5 * x; }\nmodule.exports.f = (x) => g(x);',
    5,
  ],
};
const first = 'export const f = (x) => t[0][0] * x;';
const changed: Record<string, string> = {
  'for-each': `${rows}export function f(x) { t.forEach((r) => { r[0] += 1; }); return t[0][0] * x; }`,
  at: `${rows}export function f(x) { t.at(0)[0] = x; return t[0][0] * x; }`,
  find: `${rows}t.find((r) => r[0] === 1)[0] = 33;\n${first}`,
  copy: `${rows}t.slice().reverse()[0][0] = 33;\n${first}`,
  entries: `${rows}for (const [, row] of t.entries()) row[0] = 33;\n${first}`,
  pattern: `${rows}const [row] = t;\nrow[0] = 33;\n${first}`,
  'in-a-function': `${rows}function twice(m) { m.forEach((r) => { r[0] *= 2; }); }\ntwice(t);\n${first}`,
  'given-out': `${rows}export const row = (i) => t.at(i);\n${first}`,
  'third-parameter':
    'const t = [1, 1];\nt.map((n, i, all) => (all[i] = n + 1));\nexport const f = (x) => t[1] * x;',
  values: `${parts}for (const o of Object.values(t)) o.w *= 7;\nexport const f = (x) => t.a.w * x;`,
  pairs: `${parts}Object.entries(t).forEach(([, o]) => { o.w = 9; });\nexport const f = (x) => t.a.w * x;`,
  method: 'const t = { k: 2, bump() { this.k++; } };\nt.bump();\nexport const f = (x) => t.k * x;',
  instance: `${setting}const t = new Setting();\nexport const set = (k) => { t.update(k); };\nexport const f = (x) => t.at(x);`,
  functions: `${functions}t.forEach((g, i, all) => { all[i] = (x) => 7 * g(x); });\nexport const f = (x) => t[0](x);`,
  view: `${vector}t.subarray(1).fill(9);\nexport const f = (x) => t[1] * x;`,
  map: "const t = new Map([['a', { k: 2 }]]);\nt.get('a').k = 12;\nexport const f = (x) => t.get('a').k * x;",
  'as-text':
    'const t = { k: 2, toString() { this.k++; return ""; } };\nString(t);\nexport const f = (x) => t.k * x;',
  'as-json':
    'const t = { k: 2, toJSON() { this.k++; } };\nJSON.stringify(t);\nexport const f = (x) => t.k * x;',
  tagged: 'const t = { k: 2 };\n((s, o) => { o.k = 9; })`$' + '{t}`;\nexport const f = (x) => t.k * x;',
  static: 'class C { static k = 2; }\nC.k = 9;\nexport const f = (x) => C.k * x;',
  'static-list':
    'class C { static l = []; static add(v) { this.l.push(v); } }\nC.add(1);\nexport const f = (x) => C.l.length * x;',
  'static-method':
    'class C { static at(x) { return x; } }\nC.at = (x) => 9 * x;\nexport const f = (x) => C.at(x);',
  prototype:
    'class C { at(x) { return this.k * x; } }\nC.prototype.k = 3;\nexport const f = (x) => new C().at(x);',
  made: 'const make = (k) => ({ k, set(v) { this.k = v; } });\nconst t = make(2);\nt.set(5);\nexport const f = (x) => t.k * x;',
  key: "export const t = { k: 2 };\nexport const f = (x) => t.k * x;\nimport * as all from './key.js';\nall['t'].k = 6;",
  whole:
    'const t = { k: 2 };\nexport { t as u };\nexport const f = (x) => t.k * x;\nimport * as all from "./whole.js";\nconst { u } = all;\nu.k = 6;',
  'declared-again': 'var t = 2;\nvar t = 5;\nmodule.exports.f = (x) => x * t;',
  'list-again': 'var t = [2];\nvar t = [5];\nmodule.exports.f = (x) => x * t[0];',
  'function-again': 'var t = (x) => x;\nvar t = (x) => 5 * x;\nmodule.exports.f = (x) => t(x);',
};

const isCommonJs = (text: string): boolean => text.includes('module.exports');
const extension = (text: string): string => (isCommonJs(text) ? 'cjs' : 'js');
const all = [
  ...Object.entries(read).map(([name, [text]]) => ['read', name, text] as const),
  ...Object.entries(changed).map(([name, text]) => ['changed', name, text] as const),
];
let scratch: Scratch;
beforeAll(() => {
  const folder = (kind: string) => `node_modules/${kind}`;
  scratch = makeScratch({
    'package.json': { type: 'module' },
    'tsconfig.json': { compilerOptions: { module: 'preserve', strict: true, noEmit: true, types: [] } },
    ...Object.fromEntries(
      ['read', 'changed'].map((kind) => [`${folder(kind)}/package.json`, { name: kind, type: 'module' }]),
    ),
    ...Object.fromEntries(
      all.map(([kind, name, text]) => [`${folder(kind)}/${name}.${extension(text)}`, text]),
    ),
    'tables.d.ts': all
      .map(
        ([kind, name, text]) =>
          `declare module '${kind}/${name}.${extension(text)}' { export function f(x: number): number; }`,
      )
      .join('\n'),
  });
  mkdirSync(join(scratch.dir, 'node_modules/@adjoint'));
  symlinkSync(join(root, 'packages/runtime'), join(scratch.dir, 'node_modules/adjoint'));
  symlinkSync(join(root, 'packages/tape'), join(scratch.dir, 'node_modules/@adjoint/tape'));
});
afterAll(() => scratch.remove());

/** The derivative at 2 of the function of a module, on both ways. */
async function slopes(module: string): Promise<readonly number[]> {
  const source = `import { grad } from 'adjoint';
import { f } from '${module}';
const g = grad((x: number): number => f(x));
const onTape = grad((x: number): number => f(x), { backend: 'tape' });
export const slopes = [g(2), onTape(2)];
`;
  scratch.write({ 'main.ts': source });
  const file = (name: string): string => join(scratch.dir, name);
  await build({
    entryPoints: [file('main.ts')],
    outfile: file('out.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    absWorkingDir: scratch.dir,
    plugins: [adjoint()],
  });
  const url = `${pathToFileURL(file('out.mjs')).href}?${Math.random()}`;
  return ((await import(/* @vite-ignore */ url)) as { readonly slopes: readonly number[] }).slopes;
}

test.each(Object.entries(read))('only read: %s', async (name, [text, slope]) => {
  const found = await slopes(`read/${name}.${extension(text)}`);
  for (const s of found) expect(s).toBeCloseTo(slope, 12);
});
test.each(Object.entries(changed))('changed: %s', async (name, text) => {
  const refused = await slopes(`changed/${name}.${extension(text)}`).then(
    () => [],
    (e: { readonly errors: readonly { readonly text: string }[] }) => e.errors.map((x) => x.text.slice(0, 6)),
  );
  // by both ways; without the tape, what the module exports is read as it is at the call
  expect(refused.length).toBeGreaterThanOrEqual(/export (const t|\{ t)/.test(text) ? 1 : 2);
  const isReplaced = /(C\.at|prototype\.k) =/.test(text);
  if (isReplaced) expect(refused).toContain('AD5004');
  else expect(new Set(refused)).toEqual(new Set(['AD5007']));
});
