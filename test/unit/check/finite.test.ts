/** Check mode (g): the first cotangent that is not finite. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkGrad } from '../../../packages/runtime/dist/index.js';
import { build } from './build.js';

const source = (name: string) => `
  import { grad, vjp } from 'adjoint';
  export function length(x: number, y: number): number {
    let s = x * x + y * y;
    const r = Math.sqrt(s);
    return (r + 1) * (r + 1);
  }
  export const d = ${name}(length, { argnums: [0, 1] });`;

let warned: string[] = [];
beforeEach(() => {
  warned = [];
  vi.spyOn(console, 'warn').mockImplementation((text: string) => void warned.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a derivative that is not finite', () => {
  test('is named with its place, once', async () => {
    const { d } = await build(source('grad'));
    expect(d(3, 4).every(Number.isFinite)).toBe(true);
    expect(warned).toEqual([]);
    expect(d(0, 0)).toEqual([Number.NaN, Number.NaN]);
    expect(d(0, 0)).toEqual([Number.NaN, Number.NaN]);
    expect(warned).toEqual([
      'AD6003: check mode: the cotangent of `s` becomes Infinity at main.ts:5:15, where all values are finite',
    ]);
  });
  test('is named by checkGrad, in place of a warning, each time', async () => {
    const { d, length } = await build(source('grad'));
    for (let k = 0; k < 2; k++)
      expect(checkGrad(length, d, [0, 0], { argnums: [0, 1] }).message).toMatch(
        /^not finite: the gradient at args\[0\] is NaN, which first appears at main.ts:5:15, where the cotangent of `s` becomes Infinity /,
      );
    expect(warned).toEqual([]);
  });
  test('is not named if a value is not finite', async () => {
    const { d } = await build(`
      import { grad } from 'adjoint';
      export function f(x: number): number {
        const huge = x * 1e200;
        const y = huge * huge;
        return x / y;
      }
      export const d = grad(f);`);
    expect(d(1e200)).toBeNaN();
    expect(warned).toEqual([]);
  });
  test('in a loop, a called function and a pullback', async () => {
    const { d } = await build(`
      import { vjp } from 'adjoint';
      function root(x: number, n: number): number {
        if (n <= 0) return x;
        return Math.cbrt(root(x, n - 1));
      }
      export function f(x: number[]): number {
        let s = 0;
        for (let i = 0; i < x.length; i++) s += root(x[i], 1) * 2;
        return s;
      }
      export const d = vjp(f);`);
    const [, pullback] = d([1, 0, 8]);
    const [gradient] = pullback(1);
    expect(gradient[1]).toBe(Infinity);
    expect(warned).toEqual([expect.stringMatching(/^AD6003: .* becomes Infinity at main.ts:5:16, /)]);
  });
  test('a cotangent of the caller that is not finite is not named', async () => {
    const { d } = await build(`
      import { vjp } from 'adjoint';
      export function f(x: number): number { return Math.sin(x) * x; }
      export const d = vjp(f);`);
    expect(d(1)[1](Infinity)[0]).toBe(Infinity);
    expect(warned).toEqual([]);
  });
  test('a wrong partial is named', async () => {
    const { d } = await build(source('grad'), [
      /const (\w+) = ([^;\n]*);(.*\s*checkFinite)/,
      'const $1 = $2 / 0;$3',
    ]);
    d(3, 4.5);
    expect(warned.join()).toContain(
      'AD6003: check mode: the cotangent of a value becomes Infinity at main.ts:6:',
    );
  });
});
