/** Several evaluations at once, and some that are never finished: none knows of another. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { compileSources } from '../../support/compile.js';

/** Records of several kinds: numbers, objects, exits; a recursive function shares the tape. */
const SOURCE = `
  import { grad, vjp } from 'adjoint';
  interface Cell { x: number; next: Cell | null; }
  const depth = (c: Cell, n: number): number => (n <= 0 ? c.x : depth({ x: c.x * Math.sin(c.x + n), next: c }, n - 1) * c.x);
  export function f(xs: number[], limit: number): number {
    let s = 1;
    for (let i = 0; i < xs.length; i++) {
      s = Math.exp(-s * xs[i]) + s;
      xs[i] = s * xs[i];
      if (s > limit) throw new Error('above the limit');
    }
    return s * depth({ x: xs[0], next: null }, 3) * limit;
  }
  export const g = grad(f);
  export const pull = vjp(f);
  export const inner = (x: number): number => g([x, x * 0.5], 9)[0] * x;
  export const outer = grad(inner);
`;

describe.each([false, true])('check mode %s', (check) => {
  const { outputs, load, diagnostics } = compileSources({ 'input.ts': SOURCE }, { check });
  const at = (): [number[], number] => [[0.3, 0.7, -0.2], 9];
  const loaded = async () => (await load('input.ts')) as Record<string, (...args: unknown[]) => unknown>;

  test('an evaluation that throws half way leaves nothing behind', async () => {
    expect(diagnostics).toEqual([]);
    const { g, pull } = await loaded();
    const wanted = g(...at());
    for (const limit of [0.5, 1.2, 1.7]) {
      expect(() => g(at()[0], limit)).toThrow('above the limit');
      expect(() => pull(at()[0], limit)).toThrow('above the limit');
      expect(g(...at())).toEqual(wanted);
    }
  });
  test('two pullbacks at once, each twice, in any order', async () => {
    const { g, pull } = await loaded();
    const other = (): [number[], number] => [[1.1, -0.4], 9];
    const [wanted, wantedOther] = [g(...at()), g(...other())];
    const [, first] = pull(...at()) as [number, (c: number) => unknown[]];
    const [, second] = pull(...other()) as [number, (c: number) => unknown[]];
    for (const _ of [1, 2]) {
      expect(first(1)[0]).toEqual(wanted);
      expect(second(1)[0]).toEqual(wantedOther);
      expect(g(...other())).toEqual(wantedOther);
    }
    expect(second(1)[0]).toEqual(wantedOther);
    expect(first(1)[0]).toEqual(wanted);
  });
  test('the caller changes the arguments before the pullback is called', async () => {
    const { g, pull } = await loaded();
    const args = at();
    const [, pullback] = pull(...args) as [number, (c: number) => unknown[]];
    args[0].fill(Number.NaN);
    args[0].push(7);
    expect(pullback(1)[0]).toEqual(g(...at()));
  });
  test('a derivative inside of a derivative', async () => {
    const { inner, outer } = (await loaded()) as Record<string, (x: number) => number>;
    const h = 1e-5;
    const differences = (inner(0.4 + h) - inner(0.4 - h)) / (2 * h);
    expect(outer(0.4)).toBeCloseTo(differences, 7);
  });
  test('in worker threads', async () => {
    const folder = dirname(fileURLToPath(import.meta.url));
    const contents = `import { g } from 'input'; import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ([xs, limit]) => parentPort.postMessage(g(xs, limit)));`;
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: folder },
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      plugins: [
        {
          name: 'input',
          setup(b) {
            b.onResolve({ filter: /^input$/ }, () => ({ path: 'input', namespace: 'input' }));
            b.onLoad({ filter: /.*/, namespace: 'input' }, () => ({
              contents: outputs['input.ts'],
              loader: 'ts',
              resolveDir: folder,
            }));
          },
        },
      ],
    });
    const { g } = await loaded();
    const workers = [1, 2, 3].map(() => new Worker(outputFiles[0].text, { eval: true }));
    const ask = (worker: Worker, args: unknown) =>
      new Promise<unknown>((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.postMessage(args);
      });
    for (const _ of [1, 2]) {
      const gradients = await Promise.all(workers.map((w, k) => ask(w, [[0.1 * k, 0.5, 1], 9])));
      expect(gradients).toEqual(workers.map((_, k) => g([0.1 * k, 0.5, 1], 9)));
    }
    await Promise.all(workers.map((w) => w.terminate()));
  });
});
