// Functions that instances get by initialisers of fields: `at = (x) => x * this.k`.
import { expect, test } from 'vitest';
import { compileSources, loadModules } from '../../support/compile.js';

const source = `
  import { grad } from 'adjoint';
  class Curve {
    k = 3;
    at = (x: number): number => x * x * this.k;
    shape = Math.sin;
    value(x: number): number { return this.shape(this.at(x)) + 1; }
  }
  class Steep extends Curve { override at = (x: number): number => x ** 3 * this.k; }
  export const curves = [new Curve(), new Steep(), new Curve()];
  export const through = (x: number, list: Curve[]): number => list.reduce((y, c) => c.value(y), x);
  export const g = grad(through);
  export const made = grad((x: number): number => curves[0].value(x));
`;
test('of instances that come from outside, and of those of a module', async () => {
  const compiled = compileSources({ 'main.ts': source });
  expect(compiled.diagnostics).toEqual([]);
  const m = (await loadModules(compiled.outputs, 'main.ts')) as Record<
    string,
    (...args: unknown[]) => number
  >;
  const curves = m.curves as unknown as { k: number; value(x: number): number }[];
  const difference = (f: (x: number) => number, x: number) => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;
  curves[0].k = 2;
  expect(m.g(0.3, curves)).toBeCloseTo(
    difference((x) => m.through(x, curves), 0.3),
    5,
  );
  expect(m.g(0.3, [])).toBe(1);
  expect(m.made(0.3)).toBeCloseTo(
    difference((x) => curves[0].value(x), 0.3),
    5,
  );
});
test('but not where something may replace them', () => {
  const other = `${source}\n  curves[1].at = Math.cos;`;
  const { diagnostics } = compileSources({ 'main.ts': other });
  expect(diagnostics.map((d) => d.code)).toContain('AD4003');
});
