// What a package keeps in variables of its modules: made again where it never changes, read where it is exported, refused else.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { esbuild as adjoint } from '../../packages/unplugin/dist/index.js';
import { makeScratch, root, type Scratch } from '../e2e/scratch.ts';

const tables = `
export const white = { X: 0.5 / 0.25, Y: 1 };
export const shift = { by: 1 };
const weights = [1, 2, 4];
export { weights as rows };
`;
const implementation = `
import { white, shift as moved, rows as byRow } from './tables.js';
export function adapted(x) { return x / white.X + byRow[2] * x; }
export function shifted(x) { return x + moved.by * x; }
export function move() { moved.by++; }
var rate = function (x) { return x; };
export function setRate(f) { rate = f; }
export function rated(x) { return rate(x); }
var overshoot = (function custom(s) {
  s = +s;
  function back(x) { return x * x * (s + 1); }
  back.overshoot = custom;
  return back;
})(2);
export function eased(x) { return overshoot(x); }
var squares = [];
for (var k = 0; k < 5; k++) squares.push(k * k);
export function fromTable(x) { return squares[3] * x; }
var coefficients = [1, 2, 3], rows = [[1, 2], [3, 4]];
function horner(c, x) { var s = 0; for (var i = 0; i < c.length; i++) s = s * x + c[i]; return s; }
export function polynomial(x) { var c = coefficients; return horner(c, x) + rows[1][0] * x; }
var calls = 0;
export function counted(x) { calls++; return x * calls; }
var next = (function () { var n = 0; return function () { return ++n; }; })();
export function numbered(x) { return x * next(); }
var previous = (function () { var last = [0]; return function (x) { var d = x - last[0]; last[0] = x; return d; }; })();
export function difference(x) { return previous(x); }
var cache = {};
export function remembered(x) { if (cache.a === undefined) cache.a = 7; return x * cache.a; }
function fill(list) { for (var i = 0; i < 3; i++) list[i] = i + 1; }
var filled = [];
fill(filled);
export function fromFilled(x) { return filled[2] * x; }
export var config = { gain: 2, steps: [1, 2] };
export function setGain(gain) { config.gain = gain; }
export function configured(x) { return x * config.gain + config.steps[1]; }
`;
const functions =
  'fromTable polynomial counted numbered difference remembered fromFilled configured adapted shifted eased rated'.split(
    ' ',
  );
const declarations = `
${functions.map((f) => `export function ${f}(x: number): number;`).join('\n')}
export const config: { gain: number; steps: number[] };
export function setGain(gain: number): void;
`;

let scratch: Scratch;
beforeAll(() => {
  const manifest = { name: 'data', exports: { '.': { types: './index.d.ts', default: './index.js' } } };
  scratch = makeScratch({
    'package.json': { type: 'module' },
    'tsconfig.json': { compilerOptions: { module: 'preserve', strict: true, noEmit: true, types: [] } },
    'node_modules/data/package.json': { ...manifest, type: 'module' },
    'node_modules/data/index.js': implementation,
    'node_modules/data/tables.js': tables,
    'node_modules/data/index.d.ts': declarations,
  });
  mkdirSync(join(scratch.dir, 'node_modules/@adjoint'));
  symlinkSync(join(root, 'packages/runtime'), join(scratch.dir, 'node_modules/adjoint'));
  symlinkSync(join(root, 'packages/tape'), join(scratch.dir, 'node_modules/@adjoint/tape'));
});
afterAll(() => scratch.remove());

/** The exports of a module, or the messages of its refusal. */
async function built(source: string): Promise<Record<string, (x: number) => number>> {
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
  return import(/* @vite-ignore */ `${pathToFileURL(file('out.mjs')).href}?${Math.random()}`);
}
const gradientOf = (name: string, options = ''): string =>
  `import { grad } from 'adjoint';\nimport { ${name} } from 'data';\nexport const g = grad((x: number) => ${name}(x)${options});\n`;

test('what never changes is made again', async () => {
  // x^2 + 2 x + 3, and 3 x
  expect((await built(gradientOf('polynomial'))).g?.(2)).toBe(2 * 2 + 2 + 3);
  expect((await built(gradientOf('polynomial', ", { backend: 'tape' }"))).g?.(2)).toBe(2 * 2 + 2 + 3);
  // in another file, under other names: x / 2 + 4 x; a function that another one gave, 3 x^2
  expect((await built(gradientOf('adapted'))).g?.(2)).toBe(4.5);
  expect((await built(gradientOf('eased'))).g?.(2)).toBe(12);
});
test.each('fromTable counted numbered difference remembered fromFilled shifted rated'.split(' '))(
  'what changes and cannot be reached is refused: %s',
  async (name) => {
    await expect(built(gradientOf(name))).rejects.toThrow(/AD5007/);
  },
);
test.each('fromTable counted numbered remembered'.split(' '))('on the tape: %s', async (name) => {
  await expect(built(gradientOf(name, ", { backend: 'tape' }"))).rejects.toThrow(/AD5007/);
});
test('what is exported is what it is at the call', async () => {
  const { value, setGain } = await built(`
    import { valueAndGrad } from 'adjoint';
    import { config, configured, setGain } from 'data';
    const both = valueAndGrad((x: number) => configured(x) + config.steps[0] * x);
    export const value = (x: number) => both(x).join(' ');
    export { setGain };`);
  expect(value?.(3)).toBe('11 3');
  setGain?.(5);
  expect(value?.(3)).toBe('20 6');
});
