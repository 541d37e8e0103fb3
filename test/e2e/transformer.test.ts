// The Program transformer under tspc, with the toy compiler: what is rewritten, reported and written in each mode.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Files, makeScratch, type Scratch, toyTransformer, tspc, tspcWith } from './scratch.ts';

const require = createRequire(import.meta.url);

const main = `import { grad } from 'adjoint';
import { f } from './lib.js';

export const g = grad(f);
console.log(g(1));
`;
const lib = (factor: string) => `export function f(x: number): number {\n  return ${factor} * x;\n}\n`;

function project(options: object = {}, plugin: object = {}): Files {
  return {
    'package.json': { type: 'module', private: true },
    'tsconfig.json': {
      compilerOptions: {
        target: 'es2022',
        module: 'nodenext',
        rootDir: 'src',
        outDir: 'out',
        strict: true,
        noUnusedLocals: true,
        noUncheckedIndexedAccess: true,
        declaration: true,
        types: [],
        lib: ['es2022'],
        skipLibCheck: true,
        plugins: [{ transform: toyTransformer, transformProgram: true, ...plugin }],
        ...options,
      },
      include: ['src'],
    },
    'src/main.ts': main,
    'src/lib.ts': lib('3'),
    'src/console.d.ts': 'declare const console: { log(x: unknown): void };\n',
    'node_modules/adjoint/package.json': {
      name: 'adjoint',
      version: '0.0.0',
      exports: {
        '.': { types: './index.d.ts', default: './index.js' },
        './internal': { types: './internal.d.ts', default: './internal.js' },
      },
    },
    'node_modules/adjoint/index.d.ts':
      'export type F = (x: number) => number;\nexport declare function grad(f: F): F;\n' +
      'export declare function grad(f: F, o: undefined, made: F): F;\n',
    'node_modules/adjoint/index.js': 'exports.grad = (f, o, made) => made;\n',
    'node_modules/adjoint/internal.d.ts': 'export declare const tape: number;\n',
    'node_modules/adjoint/internal.js': 'exports.tape = 1;\n',
  };
}

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch(project());
});
afterEach(() => scratch.remove());

const gradient = async () => (await scratch.node('out/main.js')).output.trim();
const outputs = () => scratch.list().filter((name) => name.startsWith('out'));

describe('a build without errors', () => {
  test('writes rewritten JavaScript and the declarations of the source', async () => {
    const { code, output } = await tspc(scratch);
    expect(output).toBe('');
    expect(code).toBe(0);
    expect(await gradient()).toBe('3');
    expect(scratch.read('out/main.d.ts')).toBe('export declare const g: import("adjoint").F;\n');
  });

  test('reports nothing about generated code, and reports unused names of the user', async () => {
    scratch.write({ 'src/main.ts': `${main}const mine = 1;\n` });
    const { code, output } = await tspc(scratch);
    expect(code).toBe(2);
    expect(output).toMatch(/^src\/main\.ts\(6,7\): error TS6133: 'mine'/);
    expect(output).not.toContain('unused');
    expect(await gradient()).toBe('3');
  });

  test('works for CommonJS output', async () => {
    scratch.write(project({ module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' }));
    scratch.write({ 'package.json': { private: true } });
    const { code, output } = await tspc(scratch);
    expect({ code, output }).toEqual({ code: 0, output: '' });
    expect(await gradient()).toBe('3');
  });

  test('leaves a project without markers alone', async () => {
    scratch.write({ 'src/main.ts': "import { f } from './lib.js';\nconsole.log(f(2));\n" });
    expect((await tspc(scratch)).code).toBe(0);
    expect(await gradient()).toBe('6');
  });

  test('prints warnings and succeeds', async () => {
    scratch.write({ 'src/lib.ts': 'export function f(x: number) {\n  debugger;\n  return 3 * x;\n}\n' });
    const { code, output } = await tspc(scratch);
    expect(output).toContain('src/lib.ts(2,3): warning TS908001: AD8001: a debugger statement');
    expect(code).toBe(0);
    expect(await gradient()).toBe('3');
  });

  test('takes check mode from the plugin entry and from the environment', async () => {
    expect((await tspc(scratch)).code).toBe(0);
    expect(scratch.read('out/main.js')).not.toContain('checked');
    expect((await tspcWith({ ADJOINT_CHECK: '1' }, scratch)).code).toBe(0);
    expect(scratch.read('out/main.js')).toContain('checked');
    expect((await tspc(scratch)).code).toBe(0);
    expect(scratch.read('out/main.js')).not.toContain('checked');
    scratch.write(project({}, { check: true }));
    expect((await tspc(scratch)).code).toBe(0);
    expect(scratch.read('out/main.js')).toContain('checked');
  });
});

const refused = {
  'src/lib.ts': 'export function f(x: number): number {\n  return eval("3 * x") + x;\n}\n',
};
const refusal = /^src\/lib\.ts\(2,10\): error TS902001: AD2001: cannot differentiate `eval`$/m;

describe('a refused construct fails the build and writes nothing', () => {
  test.each([
    ['tspc', [], {}],
    ['noEmitOnError: false', [], { noEmitOnError: false }],
    ['noEmitOnError: true', [], { noEmitOnError: true }],
    ['--noEmit', ['--noEmit'], {}],
    ['--incremental', ['--incremental'], {}],
    ['--noCheck', ['--noCheck'], {}],
    ['--noCheck --incremental', ['--noCheck', '--incremental'], {}],
    ['-b', ['-b'], {}],
    ['-b, composite', ['-b'], { composite: true }],
    ['-b --noEmit', ['-b', '--noEmit'], {}],
  ] as [string, string[], object][])('%s', async (_name, args, options) => {
    scratch.write({ ...project(options), ...refused });
    for (const again of [1, 2]) {
      const { code, output } = await tspc(scratch, ...args);
      expect(output, `run ${again}`).toMatch(refusal);
      expect(output).toContain('help: write it differently');
      expect(output.match(/AD2001/g)).toHaveLength(1);
      expect(code).not.toBe(0);
      expect(outputs().filter((name) => !name.endsWith('.tsbuildinfo'))).toEqual([]);
    }
    if (args.includes('--noEmit')) return;
    // Once it is mended, everything is written.
    scratch.write({ 'src/lib.ts': lib('5') });
    expect(await tspc(scratch, ...args)).toEqual({ code: 0, output: '' });
    expect(outputs()).toEqual(expect.arrayContaining(['out/lib.d.ts', 'out/lib.js', 'out/main.js']));
    expect(await gradient()).toBe('5');
  });

  test('with the related place', async () => {
    scratch.write(refused);
    const { output } = await tspc(scratch, '--pretty');
    expect(stripVTControlCharacters(output)).toMatch(
      /src\/main\.ts:4:18\s+4 export const g = grad\(f\);\s+~+\s+asked for here/,
    );
  });

  test('after a build that succeeded, the old output stays as it is', async () => {
    expect((await tspc(scratch, '--incremental')).code).toBe(0);
    const before = scratch.read('out/lib.js');
    scratch.write(refused);
    const { code, output } = await tspc(scratch, '--incremental');
    expect(output).toMatch(refusal);
    expect(code).not.toBe(0);
    expect(scratch.read('out/lib.js')).toBe(before);
  });

  test('the user sees the own errors of other files, too', async () => {
    scratch.write({ ...refused, 'src/other.ts': 'export const n: number = "";\n' });
    const { output } = await tspc(scratch);
    expect(output).toMatch(refusal);
    expect(output).toContain('src/other.ts(1,14): error TS2322');
  });
});

describe("the user's own errors", () => {
  test('a type error in a file with markers: reported at its place, nothing is written', async () => {
    scratch.write({ 'src/main.ts': `${main}grad(f); const n: number = '';\n` });
    for (const args of [[], ['--incremental'], ['-b']]) {
      const { code, output } = await tspc(scratch, ...args);
      expect(output).toMatch(/^src\/main\.ts\(6,16\): error TS2322/m);
      expect(code).not.toBe(0);
      expect(outputs().filter((name) => !name.endsWith('.tsbuildinfo'))).toEqual([]);
    }
  });

  test('a type error elsewhere: as tsc does it', async () => {
    scratch.write({ 'src/other.ts': 'export const n: number = "";\n' });
    expect((await tspc(scratch)).code).toBe(2);
    expect(await gradient()).toBe('3');
  });

  test('a syntax error in a file with markers', async () => {
    scratch.write({ 'src/main.ts': `${main}const = ;\n` });
    const { code, output } = await tspc(scratch);
    expect(output).toContain('src/main.ts(6,7): error TS1134');
    expect(code).not.toBe(0);
    expect(outputs()).toEqual([]);
  });
});

describe('set-up errors', () => {
  test.each<{ args: string[] }>([
    { args: [] },
    { args: ['--noEmit'] },
    { args: ['--incremental'] },
    { args: ['-b'] },
  ])('an unknown option $args', async ({ args }) => {
    scratch.write(project({}, { chekc: true }));
    const { code, output } = await tspc(scratch, ...args);
    expect(output).toMatch(/^tsconfig\.json\(\d+,\d+\): error TS900003: AD0003: .*"chekc"/m);
    expect(code).not.toBe(0);
    expect(outputs().filter((name) => !name.endsWith('.tsbuildinfo'))).toEqual([]);
    scratch.write(project());
    expect((await tspc(scratch, ...args)).code).toBe(0);
    if (!args.includes('--noEmit')) expect(await gradient()).toBe('3');
  });

  test('transformProgram forgotten', async () => {
    scratch.write(project({}, { transformProgram: false }));
    const { code, output } = await tspc(scratch);
    expect(output).toMatch(/error TS900003: AD0003: .*"transformProgram": true/);
    expect(code).not.toBe(0);
    expect(outputs()).toEqual([]);
  });

  test('an exception in the compiler is a diagnostic without a stack', async () => {
    scratch.write({
      'src/lib.ts': 'declare const crash: number;\nexport const f = (x: number) => crash * x;\n',
    });
    const { code, output } = await tspc(scratch);
    expect(output).toMatch(
      /^src\/main\.ts\(1,1\): error TS907001: AD7001: internal error: crashed as asked$/m,
    );
    expect(output).toContain('please report');
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).not.toBe(0);
    expect(outputs()).toEqual([]);
  });

  test('an exception in a file with a type error is not reported', async () => {
    scratch.write({
      'src/main.ts': `${main}const n: number = '';\n`,
      'src/lib.ts': 'declare const crash: number;\nexport const f = (x: number) => crash * x;\n',
    });
    const { code, output } = await tspc(scratch);
    expect(output).toMatch(/^src\/main\.ts\(6,7\): error TS2322/);
    expect(output).not.toContain('AD7001');
    expect(code).not.toBe(0);
  });
});

describe('an edit to the body of a function in another file', () => {
  test.each([[['--incremental']], [['-b']]])('%s', async (args) => {
    expect(await tspc(scratch, ...args)).toEqual({ code: 0, output: '' });
    expect(await gradient()).toBe('3');
    scratch.write({ 'src/lib.ts': lib('7') });
    expect(await tspc(scratch, ...args)).toEqual({ code: 0, output: '' });
    expect(await gradient()).toBe('7');
    scratch.write(refused);
    expect((await tspc(scratch, ...args)).output).toMatch(refusal);
    scratch.write({ 'src/lib.ts': lib('8') });
    expect((await tspc(scratch, ...args)).code).toBe(0);
    expect(await gradient()).toBe('8');
  });

  test.each([[[]], [['--incremental']]])('--watch %s', async (args) => {
    const typescript = dirname(require.resolve('typescript/package.json'));
    const command = [require.resolve('ts-patch/bin/tspc.js'), '--watch', '--preserveWatchOutput', ...args];
    const child = spawn(process.execPath, command, {
      cwd: scratch.dir,
      env: { ...process.env, TSP_COMPILER_TS_PATH: typescript },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    const builds = async (n: number) => {
      while ((output.match(/Found \d+ error/g) ?? []).length < n) await sleep(50);
    };
    try {
      await builds(1);
      expect(await gradient()).toBe('3');
      scratch.write({ 'src/lib.ts': lib('7') });
      await builds(2);
      expect(await gradient()).toBe('7');
      scratch.write(refused);
      await builds(3);
      expect(output).toContain('AD2001');
      scratch.write({ 'src/lib.ts': lib('9') });
      await builds(4);
      expect(await gradient()).toBe('9');
    } finally {
      child.kill();
    }
  });
});
