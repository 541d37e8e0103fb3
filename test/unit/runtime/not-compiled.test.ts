// What a marker call says and does when the build-time plugin has not compiled it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
// The built file by its path: the plugin compiles imports of `adjoint` only.
import * as runtime from '../../../packages/runtime/dist/index.js';

const entry = new URL('../../../packages/runtime/dist/index.js', import.meta.url);
const square = (x: number) => x * x;
const { grad, valueAndGrad, gradInto, vjp, jvp, hvp, hessian, jacobian, jacfwd, jacrev } = runtime;
const { sparseJacobian, sparseHessian } = runtime;
const first = { grad, valueAndGrad, gradInto, vjp, jvp, hvp };
const table = { ...first, hessian, jacobian, jacfwd, jacrev, sparseJacobian, sparseHessian };
const markers = Object.keys(table) as (keyof typeof table)[];

function call(name: keyof typeof table, ...args: unknown[]): unknown {
  return (table[name] as (...args: unknown[]) => unknown)(...args);
}

function thrownBy(run: () => unknown): runtime.NotCompiledError {
  try {
    run();
  } catch (error) {
    if (error instanceof runtime.NotCompiledError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe.each(markers)('%s', (name) => {
  test('throws AD0002, names itself and its place, and says how to configure the plugin', () => {
    const error = thrownBy(() => call(name, square));
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('NotCompiledError');
    expect(error.code).toBe('AD0002');
    expect(error.marker).toBe(name);
    expect(error.place).toMatch(/not-compiled\.test\.ts:\d+:\d+$/);
    expect(error.message).toContain(`AD0002: \`${name}\` at ${error.place} was not compiled`);
    expect(error.message).toContain('{ "transform": "@adjoint/transformer", "transformProgram": true }');
    expect(error.message).toContain('tspc');
    expect(error.message).toContain('@adjoint/unplugin');
    expect(error.message).toContain('plugins: [adjoint()]');
    expect(error.message).toContain('out of the reach of the plugin');
  });

  test('throws with options too', () => {
    expect(thrownBy(() => call(name, square, { backend: 'adjoint' })).marker).toBe(name);
    expect(thrownBy(() => call(name, square, undefined, undefined)).marker).toBe(name);
  });
});

test('the stack trace begins at the call, not inside the package', () => {
  const error = thrownBy(() => call('grad', square));
  const frames = error.stack!.split('\n').filter((line) => /^\s+at /.test(line));
  expect(frames[0]).toContain('not-compiled.test.ts');
});

test('stopGradient returns its argument', () => {
  const x = { w: [1, 2] };
  expect(runtime.stopGradient(x)).toBe(x);
  expect(runtime.stopGradient(-0)).toBe(-0);
});

describe('in a program of its own', () => {
  let folder = '';
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'adjoint (runtime) ')));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs a module whose third line calls a marker, and gives back what was thrown. */
  function run(line: string, { before = '', bundle = false } = {}): { place?: string; message: string } {
    const source = join(folder, 'user code.mjs');
    const bundled = join(folder, 'bundled.mjs');
    const runtimeFile = JSON.stringify(bundle ? fileURLToPath(entry) : entry.href);
    const report = 'console.log(JSON.stringify({ place: e.place, message: e.message }))';
    const lines = [
      `import * as adjoint from ${runtimeFile};`,
      before,
      `function user() { ${line} }`,
      `try { user(); } catch (e) { ${report}; }`,
    ];
    writeFileSync(source, lines.join('\n'));
    if (bundle) buildSync({ entryPoints: [source], outfile: bundled, bundle: true, format: 'esm' });
    return JSON.parse(execFileSync(process.execPath, [bundle ? bundled : source], { encoding: 'utf8' }));
  }
  const callGrad = 'return adjoint.grad((x) => x);';

  test('the place is file, line and column of the call', () => {
    expect(run(callGrad).place).toBe(`${join(folder, 'user code.mjs')}:3:34`);
  });

  test('the place is right where the package is bundled into the same file', () => {
    const { place } = run(callGrad, { bundle: true });
    const [, line] = /bundled\.mjs:(\d+):\d+$/.exec(place!)!;
    const text = readFileSync(join(folder, 'bundled.mjs'), 'utf8').split('\n')[Number(line) - 1];
    expect(text).toMatch(/return grad\(\(x\) => x\)/);
  });

  test('an engine without captureStackTrace still tells the place', () => {
    const { place } = run(callGrad, { before: 'delete Error.captureStackTrace;' });
    expect(place).toBe(`${join(folder, 'user code.mjs')}:3:34`);
  });

  test('no readable stack: no place, the same advice', () => {
    const { place, message } = run(callGrad, { before: 'Error.stackTraceLimit = 0;' });
    expect(place).toBeUndefined();
    expect(message).toContain('AD0002: `grad` was not compiled');
  });

  test('the likely cause comes first: no plugin, or a file that the plugin does not see', () => {
    const alone = run(callGrad).message;
    expect(alone.indexOf('not configured')).toBeLessThan(alone.indexOf('out of the reach'));
    const beside = run(callGrad, { before: 'adjoint.grad((x) => x, undefined, () => 1);' }).message;
    expect(beside.indexOf('out of the reach')).toBeLessThan(beside.indexOf('not configured'));
  });
});

// After the tests of the causes, because this makes the package believe in the plugin.
test.each(['grad', 'valueAndGrad', 'gradInto', 'vjp', 'jvp', 'hvp'] as const)(
  '%s returns the generated function',
  (name) => {
    const generated = () => 1;
    expect(call(name, square, undefined, generated)).toBe(generated);
    expect(call(name, square, { backend: 'adjoint' }, generated)).toBe(generated);
  },
);
