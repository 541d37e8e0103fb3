/** A gradient inside of another derivative has the bits that it has by itself. */
import { expect, test } from 'vitest';
import { compileSources } from '../../support/compile.js';

test.each([
  ['a part that runs again computes what the code behind it computes too', 'checkpoint(g)(q)'],
  ['the same without such parts', 'g(q)'],
])('%s', async (_, call) => {
  const { diagnostics, load } = compileSources({
    'main.ts': `
      import { checkpoint, grad, jvp, vjp } from 'adjoint';
      function f(p: number, q: number, r: number): number {
        const g = (u: number): number => u + 0.3 * p + q + 0.7 * r;
        const m = 0.625 - ${call};
        return 0.3 * p + q + 0.7 * r + 1.2 * m;
      }
      export const d = grad(f, { argnums: [0, 1, 2] });
      export const forward = jvp(grad(f, { argnums: [0, 1, 2] }));
      export const reverse = vjp(grad(f, { argnums: [0, 1, 2] }));`,
  });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { d, forward, reverse } = (await load('main.ts')) as Record<string, (...x: unknown[]) => unknown[]>;
  const args = [-0.4, 0.005, 0.01];
  expect(forward(args, [1, 1, 1])[0]).toEqual(d(...args));
  expect(reverse(...args)[0]).toEqual(d(...args));
});
