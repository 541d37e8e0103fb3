/** Check mode: where a value, or a derivative, became not finite, in the words of `checkGrad`. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkGrad } from '../../../packages/runtime/dist/index.js';
import { compileSources, loadModules } from '../../support/compile.js';

// biome-ignore lint/suspicious/noExplicitAny: arguments are what the programs below take
type Known = any;

afterEach(() => {
  vi.restoreAllMocks();
});

/** The message of `checkGrad(f, d, args)`; lines of `main.ts` begin with that of the function, which is 1. */
async function message(source: string, args: readonly unknown[], other?: string): Promise<string> {
  const before = `import { grad } from 'adjoint';${other === undefined ? '' : ` import * as other from './other.js';`} `;
  const sources = {
    'main.ts': `${before}${source.trim()}\nexport const d = grad(f);`,
    ...(other === undefined ? {} : { 'other.ts': other.trim() }),
  };
  const compiled = compileSources(sources, { check: true });
  expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  const { f, d } = (await loadModules(compiled.outputs, 'main.ts')) as Known;
  return checkGrad(f, d, args).message;
}

/** The line that is named. */
const placeIn = (text: string): string | undefined =>
  /which first appears at (\w+\.ts:\d+):\d+/.exec(text)?.[1];

describe('what the primal makes is named by its own line', () => {
  const whole = `
export function f(x: number): number {
  const s = x * x - 4;
  const r = Math.sqrt(s);
  return (r + 1) * (r + 1);
}`;
  test('in words', async () => {
    expect(await message(whole, [1])).toMatch(
      /^not finite: the function is NaN, which first appears at main\.ts:3:13, where `r` becomes NaN; the gradient at args\[0\] is NaN /,
    );
  });
  test('where the value is finite', async () => {
    expect(await message(whole, [3])).toMatch(/^agrees/);
  });
  test('where only the derivative is not finite, its own', async () => {
    expect(await message(whole, [2])).toMatch(
      /^not finite: the gradient at args\[0\] is Infinity, which first appears at main\.ts:3:13, where the cotangent of `s` becomes Infinity /,
    );
  });

  test.each([
    ['0 / 0', 'const y = x - x;\n  const z = y / (2 * y);\n  return z + x;', 3],
    ['log', 'const y = -x;\n  const l = Math.log(y);\n  return l * x;', 3],
    ['Infinity - Infinity', 'const big = x / (x - x);\n  const z = big - 2 * big;\n  return z * 3;', 3],
    ['overflow', 'const e = Math.exp(1000 * x);\n  return e * x;', 2],
    [
      'a slot that is not there',
      'const a = [x, 2 * x];\n  const v = a[Math.round(x) + 1];\n  const w = v * 2;\n  return w + x;',
      4,
    ],
    [
      'a field that is not there',
      'const o: { v?: number } = x > 5 ? { v: x } : {};\n  const y = x * 2;\n  return o.v! * y;',
      4,
    ],
    ['pow', 'const y = -x;\n  const z = y ** 0.5;\n  return z + 1;', 3],
    ['acos', 'return x +\n    Math.acos(x + 1);', 3],
    ['NaN itself', 'if (x < 5)\n    return NaN;\n  return x;', 3],
    ['Number of text', 'const n = Number(String(x > 0 ? "many" : 1));\n  return n * x;', 2],
    ['constants', 'const n = 0;\n  const mean = n / n;\n  return mean * x;', 3],
    ['steps', 'const y = -x;\n  return Math.floor(Math.sqrt(y)) * x;', 3],
  ])('%s', async (_, body, line) => {
    expect(placeIn(await message(`export function f(x: number): number {\n  ${body}\n}`, [2]))).toBe(
      `main.ts:${line}`,
    );
  });
});

describe('wherever it is made', () => {
  test('a trip of a loop', async () => {
    const source = `
export function f(xs: number[]): number {
  let sum = 0;
  for (let i = 0; i < xs.length; i++) {
    const root = Math.sqrt(xs[i]);
    sum += root * i;
  }
  return sum / xs.length;
}`;
    expect(await message(source, [[1, 4, -1, 9]])).toContain('main.ts:4:18, where `root` becomes NaN');
  });
  test('a loop whose variable is carried', async () => {
    const source = `
export function f(x: number): number {
  let y = x;
  let k = 0;
  while (k < 10) {
    y = Math.log(y);
    k++;
  }
  return y;
}`;
    expect(placeIn(await message(source, [2]))).toBe('main.ts:5');
  });
  test('an array that is written, and read elsewhere', async () => {
    const source = `
export function f(x: Float64Array): number {
  const y = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) y[i] = x[i] * 2;
  for (let i = 0; i < x.length; i++)
    x[i] = y[i] / (y[i] - y[i]) * 0;
  let s = 0;
  for (const v of x) s += v;
  return s;
}`;
    expect(placeIn(await message(source, [Float64Array.of(1, 2)]))).toBe('main.ts:5');
  });
  test('an object, a map and a list of objects', async () => {
    const source = `
interface Point { x: number; y: number }
export function f(ps: Point[]): number {
  const m = new Map<string, number>();
  for (const p of ps)
    p.y = Math.log(p.x);
  for (const p of ps) m.set(String(p.x > 0), p.y);
  let s = 0;
  for (const v of m.values()) s += v;
  return s;
}`;
    const args = [
      [
        { x: 2, y: 0 },
        { x: -2, y: 0 },
      ],
    ];
    expect(placeIn(await message(source, args))).toBe('main.ts:5');
  });
  test('a helper of another file', async () => {
    const other = `
export function norm(x: readonly number[]): number {
  let s = 0;
  for (const v of x) s += v;
  return Math.sqrt(s);
}`;
    const source = `
export function f(x: number[]): number {
  return other.norm(x) * 2;
}`;
    expect(placeIn(await message(source, [[1, -2]], other))).toBe('other.ts:4');
  });
  test('recursion, of the call that makes it', async () => {
    const source = `
function walk(x: number, n: number): number {
  if (n === 0) return Math.sqrt(x);
  const before = Math.sqrt(x + 100);
  const rest = walk(x - 1, n - 1);
  return before +
    rest / (n - n + x - x + 1);
}
export function f(x: number): number {
  return walk(x, 5);
}`;
    expect(placeIn(await message(source, [2]))).toBe('main.ts:2');
  });
  test('callbacks, those of arrays too', async () => {
    const source = `
const apply = (g: (v: number) => number, x: number) => g(x);
export function f(xs: number[]): number {
  const roots = xs.map((v) =>
    Math.sqrt(v));
  return apply((v) => v * 2, roots.reduce((a, b) => a + b, 0));
}`;
    expect(placeIn(await message(source, [[1, -1]]))).toBe('main.ts:4');
  });
  test('a branch', async () => {
    const source = `
export function f(x: number): number {
  let y: number;
  if (x > 1) {
    y = Math.log(1 - x);
  } else {
    y = Math.log(x - 1);
  }
  return y * y;
}`;
    expect(placeIn(await message(source, [2]))).toBe('main.ts:4');
    expect(placeIn(await message(source, [0.5]))).toBe('main.ts:6');
  });
  test('what no argument has to do with', async () => {
    const source = `
const table = [4, 1, -1];
function scale(k: number): number {
  return Math.sqrt(table[k]);
}
export function f(x: number): number {
  const k = 2;
  return x * scale(k);
}`;
    expect(placeIn(await message(source, [2]))).toBe('main.ts:3');
  });
  test('a function with a rule', async () => {
    const source = `
import { customVjp } from 'adjoint';
const root = customVjp((x: number) => Math.sqrt(x), (x) => [Math.sqrt(x), (c) => [c / (2 * Math.sqrt(x))]]);
export function f(x: number): number {
  const y = x - 5;
  return 2 *
    root(y);
}`;
    expect(placeIn(await message(source, [2]))).toBe('main.ts:6');
  });
  test('a loop that ordinary code fuses, and a call whose halves it calls at once', async () => {
    const source = `
function cost(x: number, n: number): number {
  if (n === 0) return Math.acos(x);
  return cost(x * 0.5, n - 1) + x;
}
export function f(xs: Float64Array): number {
  let s = 0;
  for (let i = 0; i < xs.length; i++) {
    const y = xs[i] * xs[i];
    s += cost(y, 1) + Math.log(
      1.5 - y);
  }
  return s;
}`;
    expect(placeIn(await message(source, [Float64Array.of(0.1, 1.2, 2.5)]))).toBe('main.ts:2');
    expect(placeIn(await message(source, [Float64Array.of(0.1, 1.2)]))).toBeUndefined();
    expect(placeIn(await message(source, [Float64Array.of(0.1, 1.3)]))).toBe('main.ts:9');
  });
  test('what a method captures, a rest parameter, and a variable of the module that it changes', async () => {
    const source = `
let runs = 0;
class Model {
  constructor(private shift: number) {}
  loss(...w: number[]): number {
    runs += 1;
    let s = 0;
    for (const v of w) s += Math.sqrt(
      v + this.shift - (runs > 0 ? 0.001 : 5));
    return s;
  }
}
const model = new Model(-1);
export const f = (x: number, y: number) => model.loss(x, y);`;
    expect(placeIn(await message(source, [2, 0.5]))).toBe('main.ts:7');
    expect(await message(source, [2, 3])).not.toContain('not finite');
  });
  test('a part that runs again, and an exception that is caught', async () => {
    const source = `
import { checkpoint } from 'adjoint';
const part = (x: number) => Math.sin(Math.log(x));
export function f(x: number): number {
  try {
    if (x > 5) throw new Error('large');
    return checkpoint(part)(x);
  } catch {
    return Math.sqrt(5 - x);
  }
}`;
    expect(placeIn(await message(source, [-2]))).toBe('main.ts:2');
    expect(placeIn(await message(source, [6]))).toBe('main.ts:8');
  });
  test('random numbers and logging happen once', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const source = `
declare const console: { log(...x: unknown[]): void };
let calls = 0;
export function f(x: number): number {
  calls++;
  console.log(calls);
  const r = Math.random();
  return Math.sqrt(-1 - r) * x;
}`;
    expect(placeIn(await message(source, [2]))).toBe('main.ts:7');
    // the function and its gradient, twice each
    expect(log.mock.calls).toEqual([[1], [2], [3], [4]]);
  });
});

describe('what does not reach the result is not named', () => {
  const root = '\n  const r = Math.sqrt(x - 3);\n';
  test('where it is handled, and the result is fine', async () => {
    for (const handled of [
      'r !== r ? 0 : r',
      'Number.isNaN(r) ? 0 : r',
      'isNaN(r) ? 0 : r',
      'x > 3 ? r : 0',
    ]) {
      const source = `export function f(x: number): number {${root}  const y = ${handled};\n  return y + x * x;\n}`;
      expect(await message(source, [2])).toMatch(/^agrees/);
    }
  });
  test('where it is handled, and the derivative alone is not finite', async () => {
    const source = `export function f(x: number): number {${root}  const y = Number.isNaN(r) ? 0 : r;
  const z = x - 2;
  return y + Math.sqrt(z);\n}`;
    expect(await message(source, [2])).toContain('main.ts:5:14, where the cotangent of `z` becomes Infinity');
  });
  test('where it is handled, and another one makes the result', async () => {
    const source = `export function f(x: number): number {${root}  const y = Number.isNaN(r) ? 0 : r;
  const z = Math.log(x - 5);
  return y + z;\n}`;
    expect(await message(source, [2])).toContain('main.ts:4:13, where `z` becomes NaN');
  });
  test('where it is overwritten', async () => {
    const source = `export function f(x: number): number {${root}  const a = [r, x];
  a[0] = Math.min(x, Infinity);
  return a[0] + a[1];\n}`;
    expect(await message(source, [2])).toMatch(/^agrees/);
  });
  test('an infinite start of a minimum', async () => {
    const source = `
export function f(xs: number[]): number {
  let best = Infinity;
  for (const v of xs) best = Math.min(best, v);
  return Math.log(best);
}`;
    expect(placeIn(await message(source, [[-1, 2]]))).toBe('main.ts:4');
  });
});

describe('what comes from outside', () => {
  test('an argument', async () => {
    const source = `export function f(x: number): number {\n  return x * 2;\n}`;
    expect(await message(source, [Number.NaN])).toMatch(
      /^not finite: the function is NaN; the gradient at args\[0\] is 2 /,
    );
  });
});

describe('where only derivatives are not finite', () => {
  test('from a value that is infinite', async () => {
    const source = `
export function f(x: number): number {
  const huge = x * 1e200;
  const y = huge * huge;
  return x / y;
}`;
    expect(await message(source, [1e200])).toMatch(
      /^not finite: the gradient at args\[0\] is NaN, which first appears at main\.ts:3:13, where the cotangent of `huge` becomes NaN: `huge` is Infinity /,
    );
  });
  test('in several places', async () => {
    const source = `
export function f(x: number[]): number {
  const a = Math.sqrt(x[0]);
  const b = Math.cbrt(x[1]);
  return a + b;
}`;
    expect(await message(source, [[0, 0]])).toMatch(
      /which first appears at main\.ts:3:13, where the cotangent of a value becomes Infinity, and at main\.ts:2:13, /,
    );
  });
});
