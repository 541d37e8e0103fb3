// Check mode has nothing to say about the products with NaN that find a pattern.
import { expect, test, vi } from 'vitest';
import { compileSources, loadModules } from '../../support/compile.ts';

const source = `
import { sparseHessian, sparseJacobian } from 'adjoint';
const chain = (x: Float64Array): Float64Array => {
  const y = new Float64Array(x.length);
  for (let i = 1; i < x.length; i++) y[i] = x[i] * Math.exp(x[i - 1]) + y[i - 1] ** 2 * 0;
  return y;
};
const energy = (x: Float64Array): number => {
  let sum = 0;
  for (let i = 1; i < x.length; i++) sum += Math.sin(x[i] * x[i - 1]) / x[i];
  return sum;
};
export const J = sparseJacobian(chain);
export const H = sparseHessian(energy);
`;

test('check mode gives the same matrices, without warnings', async () => {
  const warn = vi.spyOn(console, 'warn');
  const error = vi.spyOn(console, 'error');
  const x = Float64Array.of(1, 2, 3, 4, 5, 6);
  const [plain, checked] = await Promise.all(
    [false, true].map(async (check) => {
      const { outputs } = compileSources({ 'main.ts': source }, { check });
      const exports = await loadModules({ 'main.ts': outputs['main.ts'] }, 'main.ts');
      const { J, H } = exports as Record<string, (x: Float64Array) => unknown>;
      return [J(x), H(x)];
    }),
  );
  expect(checked).toEqual(plain);
  expect(warn).not.toHaveBeenCalled();
  expect(error).not.toHaveBeenCalled();
});
