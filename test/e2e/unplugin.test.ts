// The bundler plugins with the toy compiler: rewriting, maps, errors, and edits to functions in other files.
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildFailure, type BuildOptions, build, context, type Plugin } from 'esbuild';
import { createServer, build as viteBuild } from 'vite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAdjointPlugin } from '../../packages/unplugin/dist/plugin.js';
import { makeScratch, root, type Scratch } from './scratch.ts';
import * as toy from './toy/compiler.mjs';

const rewrite = vi.fn(toy.rewrite);
const { esbuild, vite } = createAdjointPlugin({ ...toy, rewrite } as never);

const adjoint =
  'export const grad = (f: unknown, options?: undefined, made?: (x: number) => number) => made!;\n';
const internal = 'export const tape = 1;\n';
const main = `import { grad } from 'adjoint';
import { f } from './lib.ts';

export const g = grad(f);
export const where = new Error('here').stack!;
export const gradient = g(1);
`;
const lib = (factor: number) => `export function f(x: number): number {\n  return ${factor} * x;\n}\n`;
const refused = 'export function f(x: number): number {\n  return eval("3 * x") + x;\n}\n';

let scratch: Scratch;
beforeEach(() => {
  rewrite.mockClear();
  scratch = makeScratch({
    'package.json': { type: 'module' },
    'tsconfig.json': {
      compilerOptions: {
        module: 'preserve',
        strict: true,
        noEmit: true,
        allowImportingTsExtensions: true,
        paths: { adjoint: ['./adjoint.ts'], 'adjoint/internal': ['./internal.ts'] },
      },
      include: ['src'],
    },
    'adjoint.ts': adjoint,
    'internal.ts': internal,
    'src/main.ts': main,
    'src/lib.ts': lib(3),
    'src/plain.ts': 'export const plain: number = 1;\n',
  });
});
afterEach(() => scratch.remove());

const file = (name: string) => join(scratch.dir, name);
const alias = () => ({ 'adjoint/internal': file('internal.ts'), adjoint: file('adjoint.ts') });

function esbuildOptions(entry: string, plugin: Plugin = esbuild()): BuildOptions {
  return {
    entryPoints: [file(entry)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    sourcemap: 'inline',
    outfile: file('out.mjs'),
    logLevel: 'silent',
    plugins: [plugin],
    absWorkingDir: scratch.dir,
  };
}

async function imported(name = 'out.mjs'): Promise<Record<string, unknown>> {
  return import(/* @vite-ignore */ `${pathToFileURL(file(name)).href}?${Math.random()}`);
}

describe('esbuild', () => {
  test('compiles markers', async () => {
    await build(esbuildOptions('src/main.ts'));
    expect((await imported()).gradient).toBe(3);
  });

  test('maps lines and columns to the source', async () => {
    await build(esbuildOptions('src/main.ts'));
    const lines = scratch.read('out.mjs').split('\n');
    const map = new SourceMap(
      JSON.parse(Buffer.from(lines.at(-2)!.split('base64,')[1]!, 'base64').toString()),
    );
    const line = lines.findIndex((text) => text.includes('new Error('));
    const entry = map.findEntry(line, lines[line]!.indexOf('new Error('));
    expect(entry).toMatchObject({
      originalLine: 4,
      originalColumn: main.split('\n')[4]!.indexOf('new Error'),
    });
    expect((entry as { originalSource: string }).originalSource).toMatch(/src\/main\.ts$/);
  });

  test('a file outside `include` is added', async () => {
    scratch.write({ 'tests/other.ts': main.replace('./lib.ts', '../src/lib.ts') });
    await build(esbuildOptions('tests/other.ts'));
    expect((await imported()).gradient).toBe(3);
  });

  test('works without a tsconfig', async () => {
    scratch.write({
      'node_modules/adjoint/package.json': {
        exports: { '.': './index.ts', './internal': './internal.ts' },
        type: 'module',
      },
      'node_modules/adjoint/index.ts': adjoint,
      'node_modules/adjoint/internal.ts': internal,
    });
    const { rmSync } = await import('node:fs');
    rmSync(file('tsconfig.json'));
    await build(esbuildOptions('src/main.ts'));
    expect((await imported()).gradient).toBe(3);
  });

  test('a solution tsconfig: the project that includes the file; sources of projects that are referred to', async () => {
    const compilerOptions = {
      module: 'preserve',
      composite: true,
      emitDeclarationOnly: true,
      allowImportingTsExtensions: true,
    };
    scratch.write({
      'tsconfig.json': { files: [], references: [{ path: './src' }] },
      'src/tsconfig.json': {
        compilerOptions: {
          ...compilerOptions,
          paths: { adjoint: ['../adjoint.ts'], 'adjoint/internal': ['../internal.ts'] },
        },
        include: ['main.ts'],
        references: [{ path: '../lib' }],
      },
      'lib/tsconfig.json': { compilerOptions: { ...compilerOptions, outDir: '../types' } },
      'lib/lib.ts': lib(4),
      'src/main.ts': main.replace('./lib.ts', '../lib/lib.ts'),
    });
    await build({
      ...esbuildOptions('src/main.ts', esbuild({ tsconfig: file('src/tsconfig.json') })),
      alias: alias(),
    });
    expect((await imported()).gradient).toBe(4);
    await build({ ...esbuildOptions('src/main.ts'), alias: alias() });
    expect((await imported()).gradient).toBe(4);
  });

  test('an error: place in the source, related place, help; nothing is written', async () => {
    scratch.write({ 'src/lib.ts': refused });
    const failure = await build(esbuildOptions('src/main.ts')).catch((error: BuildFailure) => error);
    const { errors } = failure as BuildFailure;
    expect(errors).toHaveLength(1);
    expect(errors[0]!.location).toMatchObject({ file: 'src/lib.ts', line: 2, column: 9 });
    expect(errors[0]!.text).toBe(
      [
        'AD2001: cannot differentiate `eval`',
        `  at ${file('src/lib.ts')}:2:10`,
        `  asked for here: ${file('src/main.ts')}:4:18`,
        '  help: write it differently',
      ].join('\n'),
    );
    expect(scratch.has('out.mjs')).toBe(false);
  });

  test('a warning, and an exception in the compiler', async () => {
    scratch.write({ 'src/lib.ts': 'export function f(x: number) {\n  debugger;\n  return 3 * x;\n}\n' });
    const { warnings } = await build(esbuildOptions('src/main.ts'));
    expect(warnings.map((w) => w.text)).toEqual([expect.stringContaining('AD8001: a debugger statement')]);
    scratch.write({
      'src/lib.ts': 'declare const crash: number;\nexport const f = (x: number) => crash * x;\n',
    });
    const { errors } = (await build(esbuildOptions('src/main.ts')).catch(
      (e: BuildFailure) => e,
    )) as BuildFailure;
    expect(errors[0]!.text).toMatch(
      /^AD7001: internal error: crashed as asked\n {2}at .*main\.ts:1:1\n {2}help/,
    );
  });

  test('a syntax error is left to the bundler', async () => {
    scratch.write({ 'src/main.ts': `${main}const = ;\n` });
    const { errors } = (await build(esbuildOptions('src/main.ts')).catch(
      (e: BuildFailure) => e,
    )) as BuildFailure;
    expect(errors.map((e) => e.text)).toEqual(['Expected identifier but found "="']);
  });

  test('watching, an edit to the callee gives a fresh gradient, after an error too', async () => {
    let builds = 0;
    const count: Plugin = { name: 'count', setup: (b) => b.onEnd(() => void builds++) };
    const { plugins, ...options } = esbuildOptions('src/main.ts');
    const watching = await context({ ...options, plugins: [...plugins!, count] });
    try {
      await watching.watch();
      const gives = (wanted: number) =>
        vi.waitFor(async () => expect((await imported()).gradient).toBe(wanted), {
          timeout: 20_000,
          interval: 50,
        });
      await gives(3);
      scratch.write({ 'src/lib.ts': lib(7) });
      await gives(7);
      const before = builds;
      scratch.write({ 'src/lib.ts': refused });
      await vi.waitFor(() => expect(builds).toBeGreaterThan(before), { timeout: 20_000 });
      expect(rewrite.mock.results.at(-1)?.value.diagnostics).toHaveLength(1);
      scratch.write({ 'src/lib.ts': lib(8) });
      await gives(8);
      scratch.write({ 'src/main.ts': `${main}export { plain } from './plain.ts';\n` });
      await vi.waitFor(async () => expect((await imported()).plain).toBe(1), { timeout: 20_000 });
      scratch.write({ 'src/plain.ts': 'export const plain: number = 2;\n' });
      await vi.waitFor(async () => expect((await imported()).plain).toBe(2), { timeout: 20_000 });
    } finally {
      await watching.dispose();
    }
  });

  test('an edit to the callee while its caller is compiled counts', async () => {
    rewrite.mockImplementationOnce((...args) => {
      const result = toy.rewrite(...args);
      scratch.write({ 'src/lib.ts': lib(27) });
      return result;
    });
    await build(esbuildOptions('src/main.ts'));
    expect((await imported()).gradient).toBe(27);
  });

  test('TypeScript is not loaded for files without markers', async () => {
    const script = `
      import { build } from ${JSON.stringify(import.meta.resolve('esbuild'))};
      import { createRequire } from 'node:module';
      import { createAdjointPlugin } from ${JSON.stringify(pathToFileURL(join(root, 'packages/unplugin/dist/plugin.js')).href)};
      import * as toy from ${JSON.stringify(import.meta.resolve('./toy/compiler.mjs'))};
      const { esbuild } = createAdjointPlugin(toy);
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((f) => f.includes('typescript'));
      await build({ entryPoints: ['src/plain.ts'], write: false, plugins: [esbuild()] });
      console.log(loaded());
      await build({ entryPoints: ['src/main.ts'], write: false, plugins: [esbuild()] });
      console.log(loaded());`;
    scratch.write({ 'script.mjs': script });
    expect(await scratch.node('script.mjs')).toEqual({ code: 0, output: 'false\ntrue\n' });
  });
});

describe('options', () => {
  test('unknown ones are named', () => {
    expect(() => esbuild({ chekc: true } as never)).toThrow(
      new TypeError('@adjoint/unplugin: AD0003: unknown option "chekc"'),
    );
    expect(() => vite({ tsconfig: 1 } as never)).toThrow(TypeError);
  });

  test('check, as an option and from the environment', async () => {
    await build(esbuildOptions('src/main.ts', esbuild({ check: true })));
    expect(rewrite.mock.lastCall?.[3]).toEqual({ check: true });
    vi.stubEnv('ADJOINT_CHECK', '1');
    await build(esbuildOptions('src/main.ts', esbuild()));
    vi.unstubAllEnvs();
    expect(rewrite.mock.lastCall?.[3]).toEqual({ check: true });
  });
});

describe('Vite', () => {
  const config = () => ({
    root: scratch.dir,
    configFile: false as const,
    logLevel: 'silent' as const,
    resolve: { alias: alias() },
    plugins: [vite()],
  });

  test('builds', async () => {
    await viteBuild({
      ...config(),
      build: { lib: { entry: 'src/main.ts', formats: ['es'], fileName: 'out' }, outDir: 'dist' },
    });
    expect((await imported('dist/out.js')).gradient).toBe(3);
  });

  test('an error fails the build and writes nothing', async () => {
    scratch.write({ 'src/lib.ts': refused });
    const failure = await viteBuild({ ...config(), build: { ssr: 'src/main.ts' } }).catch(
      (error: Error) => error,
    );
    expect((failure as Error).message).toContain('AD2001: cannot differentiate `eval`');
    expect((failure as Error).message).toContain(`${file('src/lib.ts')}:2:10`);
    expect(scratch.list().filter((name) => name.startsWith('dist'))).toEqual([]);
  });

  test.each([true, false])(
    'dev server, hmr %s: an edit to the callee gives a fresh gradient',
    async (hmr) => {
      const server = await createServer({
        ...config(),
        server: {
          middlewareMode: true,
          ws: false,
          hmr: hmr ? undefined : false,
          watch: { usePolling: true, interval: 20 },
        },
        optimizeDeps: { noDiscovery: true },
      });
      try {
        const gradient = async () => (await server.ssrLoadModule('/src/main.ts')).gradient;
        const gives = (wanted: number) =>
          vi.waitFor(async () => expect(await gradient()).toBe(wanted), { timeout: 20_000, interval: 50 });
        await gives(3);
        expect((await server.transformRequest('/src/main.ts'))!.code).toContain('tape_1 * 3');
        expect(await server.transformRequest('/src/main.ts?raw')).toMatchObject({
          code: expect.stringContaining('grad(f);\\n'),
        });
        scratch.write({ 'src/lib.ts': lib(7) });
        await gives(7);
        expect((await server.transformRequest('/src/main.ts'))!.code).toContain('tape_1 * 7');
        scratch.write({ 'src/lib.ts': refused });
        await vi.waitFor(() => expect(gradient()).rejects.toThrow('AD2001'), { timeout: 20_000 });
        scratch.write({ 'src/lib.ts': lib(8) });
        await gives(8);
      } finally {
        await server.close();
      }
    },
  );
});
