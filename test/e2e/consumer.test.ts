// What a user gets: packed tarballs, installed with npm outside the workspace, built with tspc and with esbuild.
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeScratch, type Outcome, root, type Scratch } from './scratch.ts';

const shipped = ['runtime', 'compiler', 'transformer', 'unplugin', 'tape', 'linalg'];
const pinned = JSON.parse(readFileSync(join(root, 'test', 'package.json'), 'utf8')).devDependencies;

const main = `import { grad } from 'adjoint';
import { scale } from './helper.js';

export const g = grad((x: number, y: number) => x * y + Math.exp(x * y), { argnums: [0, 1] });
export const h = grad(scale);
`;
const helper = (body: string) => `export function scale(x: number): number {\n  return ${body};\n}\n`;
const compilerOptions = {
  target: 'es2022',
  module: 'nodenext',
  rootDir: 'src',
  outDir: 'out',
  strict: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitReturns: true,
  declaration: true,
  types: [],
};
const plugin = { transform: '@adjoint/transformer', transformProgram: true };

const show = `
const m = await import(process.argv[2]);
console.log(JSON.stringify([m.g(1, 2), m.h(1)]));`;
const bundle = `
import { build } from 'esbuild';
import { esbuild as adjoint } from '@adjoint/unplugin';
const [entry, outfile, options] = process.argv.slice(2);
await build({
  entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node',
  plugins: [adjoint(options && JSON.parse(options))],
}).catch((error) => process.exit(error.errors ? 1 : 2));`;

let scratch: Scratch;

beforeAll(async () => {
  scratch = makeScratch({ 'show.mjs': show, 'bundle.mjs': bundle });
  const tarballs: Record<string, string> = {};
  for (const folder of shipped) tarballs[nameOf(folder)] = `file:${await pack(folder)}`;
  const dependencies = {
    ...tarballs,
    esbuild: pinned.esbuild,
    'ts-patch': pinned['ts-patch'],
    typescript: '6.0.3',
  };
  scratch.write({ 'package.json': { name: 'consumer', private: true, type: 'module', dependencies } });
  const install = [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--loglevel=error',
  ];
  succeeded(await scratch.run('npm', install));
}, 300_000);
afterAll(() => scratch?.remove());

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
const nameOf = (folder: string): string => manifestOf(folder).name;

/** Packs as it would be published, with `workspace:` versions replaced; returns the file name. */
async function pack(folder: string): Promise<string> {
  const manifest = manifestOf(folder);
  const versions = Object.fromEntries(shipped.map((other) => [nameOf(other), manifestOf(other).version]));
  const dependencies = Object.entries(manifest.dependencies).map(([name, version]) => [
    name,
    String(version).startsWith('workspace:') ? versions[name] : version,
  ]);
  const staged = join('staged', folder);
  for (const part of manifest.files) {
    cpSync(join(root, 'packages', folder, part), join(scratch.dir, staged, part), { recursive: true });
  }
  scratch.write({
    [`${staged}/package.json`]: { ...manifest, dependencies: Object.fromEntries(dependencies) },
  });
  const { output } = succeeded(await scratch.run('npm', ['pack', `./${staged}`, '--loglevel=error']));
  const tarball = output.match(/[\w.-]+\.tgz/)?.[0];
  if (tarball === undefined) throw new Error(`no tarball: ${output}`);
  return tarball;
}

function succeeded(outcome: Outcome): Outcome {
  if (outcome.code !== 0) throw new Error(`exit code ${outcome.code}\n${outcome.output}`);
  return outcome;
}

/** A project in a folder of its own, which shares the installed packages. */
function project(name: string, options: object = {}, entry: object = {}, files: Record<string, string> = {}) {
  scratch.write({
    [`${name}/tsconfig.json`]: {
      compilerOptions: { ...compilerOptions, ...options, plugins: [{ ...plugin, ...entry }] },
      include: ['src'],
    },
    [`${name}/src/main.ts`]: main,
    [`${name}/src/helper.ts`]: helper('3 * x'),
    ...Object.fromEntries(Object.entries(files).map(([file, text]) => [`${name}/${file}`, text])),
  });
}

const tspc = (name: string, ...args: string[]) =>
  scratch.node('node_modules/ts-patch/bin/tspc.js', '-p', name, ...args);
const written = (name: string) => scratch.list().filter((file) => file.startsWith(`${name}/out`));

async function expectGradients(file: string, scale: number): Promise<void> {
  const { output } = succeeded(
    await scratch.run(process.execPath, ['show.mjs', `./${file}`], { NODE_NO_WARNINGS: '1' }),
  );
  const [[byX, byY], byScale] = JSON.parse(output);
  expect(byX).toBeCloseTo(2 + 2 * Math.exp(2), 12);
  expect(byY).toBeCloseTo(1 + Math.exp(2), 12);
  expect(byScale).toBe(scale);
}

/** Functions with derivative rules of a package, called in another file than the marker's, and by another package. */
function projectWithRules(name: string): void {
  const call = `import { det } from '@adjoint/linalg';
import { scale as scaled } from 'scaling';
export const scale = (x: number) => scaled(x);
export const product = (x: number, y: number) => det([[x, 0], [0, y]]);
`;
  scratch.write({
    'node_modules/scaling/package.json': { name: 'scaling', type: 'module', exports: './index.js' },
    'node_modules/scaling/index.d.ts':
      'export declare const scale: (x: number) => number;\nexport declare const triple: typeof scale;\n',
    // `var`: as bundlers write it
    'node_modules/scaling/index.js': `import { dot, solve } from '@adjoint/linalg';
import { customVjp } from 'adjoint';
export var triple = customVjp((x) => 3 * x, (x) => [3 * x, (cotangent) => [3 * cotangent]]);
export const scale = (x) => dot(solve([[2, 0], [0, 1]], [x, triple(x)]), [4, 1]) - 2 * x;
`,
  });
  const grads = main.replace('{ scale }', '{ product, scale }').replace(/x \* y/g, 'product(x, y)');
  project(name, {}, { check: true }, { 'src/main.ts': grads, 'src/helper.ts': call });
}

describe('tspc', () => {
  let wrongs = 0;

  test('ES modules', async () => {
    project('esm');
    expect(await tspc('esm')).toEqual({ code: 0, output: '' });
    await expectGradients('esm/out/main.js', 3);
    expect(scratch.read('esm/out/main.d.ts')).not.toMatch(/\bany\b/);
  });

  test('on the tape', async () => {
    const onTape = main
      .replace('[0, 1] }', "[0, 1], backend: 'tape' }")
      .replace('(scale)', "(scale, { backend: 'tape' })");
    project('tape', {}, {}, { 'src/main.ts': onTape });
    expect(await tspc('tape')).toEqual({ code: 0, output: '' });
    expect(scratch.read('tape/out/main.js')).toContain('@adjoint/tape/internal');
    await expectGradients('tape/out/main.js', 3);
    expect(scratch.read('tape/out/main.d.ts')).not.toMatch(/\bany\b/);
  });

  test('functions with rules, in check mode', async () => {
    projectWithRules('rules');
    expect(await tspc('rules')).toEqual({ code: 0, output: '' });
    expect(scratch.read('rules/out/main.js')).not.toContain('node_modules');
    await expectGradients('rules/out/main.js', 3);
    // types of rules come from declarations that the program has
    const alone = `import { scale as scaled } from 'scaling';\nexport const scale = (x: number) => scaled(x);\n`;
    scratch.write({ 'rules/src/main.ts': main, 'rules/src/helper.ts': alone });
    expect((await tspc('rules')).output).toMatch(
      /AD4007: the declaration of `solve`.* not part of the program/,
    );
  });

  test('CommonJS', async () => {
    project(
      'cjs',
      { module: 'commonjs', moduleResolution: 'bundler' },
      {},
      { 'package.json': '{ "type": "commonjs" }' },
    );
    expect(await tspc('cjs')).toEqual({ code: 0, output: '' });
    expect(scratch.read('cjs/out/main.js')).toContain('require("adjoint")');
    await expectGradients('cjs/out/main.js', 3);
  });

  test('an edit to a helper in another file, with --incremental', async () => {
    project('stale');
    expect(await tspc('stale', '--incremental')).toEqual({ code: 0, output: '' });
    await expectGradients('stale/out/main.js', 3);
    scratch.write({ 'stale/src/helper.ts': helper('5 * x') });
    expect(await tspc('stale', '--incremental')).toEqual({ code: 0, output: '' });
    await expectGradients('stale/out/main.js', 5);
  });

  test.each([
    [
      'a type error',
      { 'src/main.ts': `${main}export const wrong: string = g;\n` },
      {},
      /src\/main\.ts\(6,14\): error TS2322/,
    ],
    [
      'a refused construct',
      { 'src/helper.ts': helper("x * eval('2')") },
      {},
      /src\/helper\.ts\(2,\d+\): error TS90\d{4}: AD\d{4}: /,
    ],
    [
      'an unknown plugin option',
      {},
      { chekc: true },
      /tsconfig\.json\(\d+,\d+\): error TS900003: AD0003: .*chekc/,
    ],
  ])('%s fails the build and writes nothing', async (_title, files, entry, message) => {
    for (const args of [[], ['--incremental'], ['--noEmit']]) {
      const name = `wrong${++wrongs}`;
      project(name, {}, entry, files);
      const { code, output } = await tspc(name, ...args);
      expect(output).toMatch(message);
      expect(output).not.toMatch(/^\s+at .*\.js:\d+/m);
      expect(code).not.toBe(0);
      expect(written(name).filter((file) => !file.endsWith('.tsbuildinfo'))).toEqual([]);
    }
  });
});

describe('esbuild', () => {
  const bundled = (name: string, ...args: string[]) =>
    scratch.node('bundle.mjs', `${name}/src/main.ts`, `${name}/out/bundle.mjs`, ...args);

  test('a bundle', async () => {
    project('bundle');
    expect(await bundled('bundle')).toEqual({ code: 0, output: '' });
    await expectGradients('bundle/out/bundle.mjs', 3);
    scratch.write({ 'bundle/src/helper.ts': helper('7 * x') });
    expect((await bundled('bundle')).code).toBe(0);
    await expectGradients('bundle/out/bundle.mjs', 7);
  });

  test('a refused construct fails the build and writes nothing', async () => {
    project('refused', {}, {}, { 'src/helper.ts': helper("x * eval('2')") });
    const { code, output } = await bundled('refused');
    expect(output).toMatch(/AD\d{4}: /);
    expect(output).toMatch(/helper\.ts:2:\d+/);
    expect(code).not.toBe(0);
    expect(written('refused')).toEqual([]);
  });

  test('an unknown option fails the build', async () => {
    project('option');
    const { code, output } = await bundled('option', '{ "chekc": true }');
    expect(output).toMatch(/TypeError.*AD0003.*chekc/);
    expect(code).not.toBe(0);
    expect(written('option')).toEqual([]);
  });
});
