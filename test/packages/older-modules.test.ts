// Packages of CommonJS modules: what `module.exports` and `exports` are given, once and at the top of a file.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { esbuild as adjoint } from '../../packages/unplugin/dist/index.js';
import { makeScratch, root, type Scratch } from '../e2e/scratch.ts';

const files = {
  'object.js': `
'use strict';
const square = require('./square');
const vec = require('./members');
const { cube } = require('./object-of-functions');
function area(r) { return 3 * square(r); }
module.exports = { area, ring: function (r) { return area(r) - area(1); }, length: vec.norm, both: (x) => vec.dot([x, 2], [x, x]) + cube(x) };
`,
  'square.js':
    'module.exports = square;\nfunction square(x) { return x * x; }\nmodule.exports.default = square;\n',
  'members.js': `
var scale = 2;
exports.dot = function dot(a, b) { var s = 0; for (var i = 0; i < a.length; i++) s += a[i] * b[i]; return s; };
exports.ofOther = function (x) { return other({ dot: (y) => 5 * y }, x); };
function other(exports, x) { return exports.dot(x); }
exports.norm = exports.length = function (x) { return Math.sqrt(exports.dot([x, x], [x, x])) * scale; };
`,
  'object-of-functions.js':
    'const own = { cube: (x) => x * x * x, twice };\nfunction twice(x) { return 2 * x; }\nmodule.exports = own;\n',
  'class.js': `
module.exports = class Line {
  constructor(a, b) { this.a = a; this.b = b; }
  at(x) { return this.a * x + this.b; }
};
`,
  'compiled.js': `
"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.tripled = void 0;
exports.fourfold = fourfold;
const square_1 = require("./square");
const tripled = (x) => 3 * x;
exports.tripled = tripled;
function fourfold(x) { return 4 * square_1(x); }
exports.default = tripled;
`,
  'arrows.js': `
const { sqrt } = Math;
exports.square = (x) => x * x;
exports.norm = (...v) => sqrt(v.reduce((s, x) => s + exports.square(x), 0));
`,
  'arrow.js': 'const { square } = require("./arrows");\nmodule.exports = (x) => square(x) * x;\n',
  'again.js': 'module.exports = require("./members");\n',
  'chosen.js': 'if (typeof exports === "object") module.exports = function (x) { return x * x; };\n',
  'declared-again.js': `
function e(x) { return 2 * x; }
var e = function (x) { return 5 * x; };
var g = function (x) { return 2 * x; };
function g(x) { return 5 * x; }
var late = (x) => 3 * x;
late = (x) => 7 * x;
function inside(x) { function h(y) { return 2 * y; } var h = (y) => y * y; return h(x); }
function apart(x) { var once = (y) => 3 * y; return once(x); }
function once(x) { return 4 * x; }
module.exports = { ofE: (x) => e(x), ofG: (x) => g(x), ofLate: (x) => late(x), inside, e, apart: (x) => apart(x) + once(x) };
`,
  'twice.js':
    'exports.f = function (x) { return x; };\nexports.set = function () { exports.f = Math.sin; };\n',
};
const declarations = `
declare module 'older/object.js' { export function area(r: number): number; export function ring(r: number): number; export function length(r: number): number; export function both(r: number): number; }
declare module 'older/square.js' { const square: (x: number) => number; export default square; }
declare module 'older/class.js' { class Line { constructor(a: number, b: number); at(x: number): number } export default Line; }
declare module 'older/compiled.js' { export const tripled: (x: number) => number; export function fourfold(x: number): number; export default tripled; }
declare module 'older/arrows.js' { export const square: (x: number) => number; export const norm: (...v: number[]) => number; }
declare module 'older/arrow.js' { const cube: (x: number) => number; export default cube; }
declare module 'older/again.js' { export function norm(x: number): number; export function ofOther(x: number): number; }
declare module 'older/object-of-functions.js' { const own: { cube(x: number): number; twice(x: number): number }; export default own; }
declare module 'older/declared-again.js' { export function ofE(x: number): number; export function ofG(x: number): number; export function ofLate(x: number): number; export function inside(x: number): number; export function e(x: number): number; export function apart(x: number): number; }
declare module 'older/chosen.js' { const f: (x: number) => number; export default f; }
declare module 'older/twice.js' { export function f(x: number): number; }
`;

let scratch: Scratch;
beforeAll(() => {
  scratch = makeScratch({
    'package.json': { type: 'module' },
    'tsconfig.json': { compilerOptions: { module: 'preserve', strict: true, noEmit: true, types: [] } },
    'node_modules/older/package.json': { name: 'older' },
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`node_modules/older/${name}`, text])),
    'older.d.ts': declarations,
  });
  mkdirSync(join(scratch.dir, 'node_modules/@adjoint'));
  symlinkSync(join(root, 'packages/runtime'), join(scratch.dir, 'node_modules/adjoint'));
  symlinkSync(join(root, 'packages/tape'), join(scratch.dir, 'node_modules/@adjoint/tape'));
});
afterAll(() => scratch.remove());

/** The derivative at 2 of an expression in `x`, which uses what is imported. */
async function slope(imports: string, expression: string, options = ''): Promise<number> {
  scratch.write({
    'main.ts': `import { grad } from 'adjoint';\n${imports}\nexport const g = grad((x: number): number => ${expression}${options});\n`,
  });
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
  const { g } = await import(/* @vite-ignore */ `${pathToFileURL(file('out.mjs')).href}?${Math.random()}`);
  return g(2);
}

test.each([
  ["import { area, ring } from 'older/object.js';", 'area(x) + ring(x)', 24],
  ["import * as o from 'older/object.js';", 'o.area(x) * 2', 24],
  ["import { both } from 'older/object.js';", 'both(x)', 4 + 2 + 12],
  ["import { length } from 'older/object.js';", 'length(x)', 2 * Math.SQRT2],
  ["import square from 'older/square.js';", 'square(x)', 4],
  ["import Line from 'older/class.js';", 'new Line(x, 3).at(x)', 4],
  ["import { tripled, fourfold } from 'older/compiled.js';", 'tripled(x) + fourfold(x)', 19],
  ["import { norm } from 'older/again.js';", 'norm(x)', 2 * Math.SQRT2],
  ["import { ofOther } from 'older/again.js';", 'ofOther(x)', 5],
  ["import { apart } from 'older/declared-again.js';", 'apart(x)', 7],
  ["import { square, norm } from 'older/arrows.js';", 'square(x) + norm(3, 2 * x)', 4 + 1.6],
  ["import * as arrows from 'older/arrows.js';", 'arrows.square(x)', 4],
  ["import cube from 'older/arrow.js';", 'cube(x)', 12],
  ["import own from 'older/object-of-functions.js';", 'own.cube(x) + own.twice(x)', 14],
])('%s %s', async (imports, expression, expected) => {
  expect(await slope(imports, expression)).toBeCloseTo(expected, 12);
});
test('on the tape', async () => {
  const on = "import { area, length } from 'older/object.js'; import Line from 'older/class.js';";
  const expression = 'area(x) + length(x) + new Line(x, 3).at(x)';
  expect(await slope(on, expression, ", { backend: 'tape' }")).toBeCloseTo(16 + 2 * Math.SQRT2, 12);
});
test.each([
  ["import f from 'older/chosen.js';", 'f(x)'],
  ["import { f } from 'older/twice.js';", 'f(x)'],
  ["import f from 'older/compiled.js';", 'f(x)'],
  ["import { ofE } from 'older/declared-again.js';", 'ofE(x)'],
  ["import { ofG } from 'older/declared-again.js';", 'ofG(x)'],
  ["import { ofLate } from 'older/declared-again.js';", 'ofLate(x)'],
  ["import { inside } from 'older/declared-again.js';", 'inside(x)'],
  ["import { e } from 'older/declared-again.js';", 'e(x)'],
])('%s is refused', async (imports, expression) => {
  await expect(slope(imports, expression)).rejects.toThrow(/AD[45]\d/);
});
