// What is left behind: variables of modules and of scopes, arguments after an exception, objects that leave the function.
import { expect, test } from 'vitest';
import { compileSources } from '../../support/compile.js';

async function load(
  sources: Readonly<Record<string, string>>,
): Promise<Record<string, (...args: unknown[]) => unknown>> {
  const compiled = compileSources(sources);
  expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return (await compiled.load('input.ts')) as Record<string, (...args: unknown[]) => unknown>;
}
const MARKERS = "import { grad, gradInto, valueAndGrad, vjp } from 'adjoint';";

test('variables and objects of the module keep what the plain function leaves, as numbers', async () => {
  const { slope, plain, state, reset } = await load({
    'input.ts': `${MARKERS}
      let total = 1;
      const log: number[] = [];
      const table = new Map([['a', { w: 2 }]]);
      const typed = new Float64Array(2);
      class Meter { static count = 0; static last = 0; }
      function f(x: number): number {
        total += x * x;
        log.push(x * total);
        table.get('a')!.w *= x;
        typed[0] = x * 3;
        typed[1] = typed[0] * x;
        Meter.count++;
        Meter.last = x * 2;
        return total * table.get('a')!.w + typed[1] + Meter.last;
      }
      export const reset = () => { total = 1; log.length = 0; table.get('a')!.w = 2; Meter.count = 0; };
      export const plain = f;
      export const slope = grad(f, { backend: 'tape' });
      export const state = () => [total, [...log], table.get('a')!.w, [...typed], Meter.count, Meter.last];`,
  });
  plain(1.5);
  const want = state();
  reset();
  // d/dx (1 + x^2) 2x + 3x^2 + 2x
  expect(slope(1.5)).toBeCloseTo(2 + 6 * 1.5 ** 2 + 6 * 1.5 + 2, 12);
  expect(state()).toEqual(want);
});

test('variables that another module keeps to itself, or exports, are its own', async () => {
  const { run } = await load({
    'other.ts': `let n = 1;
      export let m = 2;
      const table = { weights: [3, 4], scale: (x: number): number => x * 10 };
      class Meter { private static total = 0; readonly k = 2; static add(x: number): number { return (Meter.total += x); } }
      export function f(x: number): number {
        n *= x;
        [m] = [m + n];
        table.weights[0] *= x;
        n++;
        return table.scale(n) + m + table.weights[0] + Meter.add(x) * new Meter().k;
      }
      export const state = (): unknown => [n, m, table.weights, Meter.add(0)];`,
    'input.ts': `${MARKERS}
      import { f, state } from './other.js';
      const slope = grad(f, { backend: 'tape' });
      export const run = () => [slope(5), state()];`,
  });
  expect(run()).toEqual([10 + 1 + 3 + 2, [6, 7, [15, 4], 5]]);
});

test('a variable of the scope around is written, and functions of it are called', async () => {
  const { run } = await load({
    'input.ts': `${MARKERS}
      export function run(x: number): number[] {
        let total = 1;
        const square = (t: number): number => t * t * total;
        const slope = grad((t: number): number => { total = total * t + 1; return square(t); }, { backend: 'tape' });
        return [slope(x), total];
      }`,
  });
  // t^3 + t^2
  expect(run(2)).toEqual([3 * 4 + 2 * 2, 3]);
});

test('what is captured is read at each call, and an argument that is also captured is a constant there', async () => {
  const { run } = await load({
    'input.ts': `${MARKERS}
      const data = [2, 3];
      const f = (v: number[]): number => v[0] * data[0] + data[1];
      const slope = grad(f, { backend: 'tape' });
      export const run = () => { const a = slope(data); data[0] = 5; return [a, slope(data)]; };`,
  });
  expect(run()).toEqual([
    [2, 0],
    [5, 0],
  ]);
});

test('an exception leaves the arguments as the plain function does, and carries numbers', async () => {
  const { slope } = await load({
    'input.ts': `${MARKERS}
      export class Failure extends Error { constructor(readonly at: number) { super('failed'); } }
      function f(v: Float64Array, o: { x: number }): number {
        v[0] *= o.x;
        o.x = v[0] * 2;
        throw new Failure(v[0]);
      }
      export const slope = (v: Float64Array, o: { x: number }) => {
        try { return grad(f, { argnums: [0, 1], backend: 'tape' })(v, o); } catch (e) {
          return [e instanceof Failure, (e as Failure).at, (e as Failure).message];
        }
      };`,
  });
  const v = Float64Array.of(3);
  const o = { x: 2 };
  expect(slope(v, o)).toEqual([true, 6, 'failed']);
  expect([v[0], o.x]).toEqual([6, 12]);
});

test("instances that leave the function are of the user's class", async () => {
  const { run } = await load({
    'input.ts': `${MARKERS}
      export class Point { constructor(public x: number) {} get twice(): number { return this.x * 2; } }
      const kept: Point[] = [];
      const f = (p: Point): Point => { const q = new Point(p.twice * p.x); kept.push(q); return q; };
      export const run = () => {
        const p = new Point(3);
        const [q, pullback] = vjp(f, { backend: 'tape' })(p);
        return [q instanceof Point, q === kept[0], p instanceof Point, kept[0].twice, pullback({ x: 1 })[0].x];
      };`,
  });
  expect(run()).toEqual([true, true, true, 36, 12]);
});

test('two files with markers each have their own copy of a class', async () => {
  const point = `export class Point { constructor(public x: number) {} }
    export const f = (p: Point): number => (p instanceof Point ? p.x * p.x : 0);`;
  const other = `import { grad } from 'adjoint';
    import { f } from './point.js';
    export const g = grad(f, { backend: 'tape' });`;
  const { run } = await load({
    'point.ts': point,
    'other.ts': other,
    'input.ts': `${MARKERS}
      import { f, Point } from './point.js';
      import { g } from './other.js';
      const h = grad(f, { backend: 'tape' });
      export const run = () => [g(new Point(3)).x, h(new Point(3)).x, g(new Point(2)).x];`,
  });
  expect(run()).toEqual([6, 6, 4]);
});

test("a copied function may use any name, the helpers' too", async () => {
  const { run } = await load({
    'other.ts':
      'const k = 3; export function f(tape: number): number { const f_tape = tape * k; return f_tape * tape; }',
    'input.ts': `${MARKERS}
      import { f } from './other.js';
      const k = 7;
      export const run = (x: number) => grad(f, { backend: 'tape' })(x) + k * 0;`,
  });
  expect(run(2)).toBe(12);
});

test('gradInto overwrites or adds, and does not take an argument for out', async () => {
  const { run, bad } = await load({
    'input.ts': `${MARKERS}
      const f = (v: number[], x: number): number => v[0] * v[1] * x;
      const into = gradInto(f, { argnums: [0, 1], backend: 'tape' });
      const more = gradInto(f, { argnums: [0, 1], accumulate: true, backend: 'tape' });
      export const run = () => {
        const out: [number[], number] = [[9, 9], 9];
        const value = into(out, [2, 3], 5);
        more(out, [2, 3], 5);
        return [value, out];
      };
      export const bad = () => { const v = [2, 3]; return gradInto((w: number[]): number => w[0], { backend: 'tape' })(v, v); };`,
  });
  expect(run()).toEqual([30, [[30, 20], 12]]);
  expect(bad).toThrow(/overlaps an argument/);
});

test('a rest parameter, absent arguments and arguments without numbers', async () => {
  const { run } = await load({
    'input.ts': `${MARKERS}
      const f = (x: number, name: string, y?: number, ...more: number[]): number =>
        x * (y ?? 2) + more.reduce((s, m) => s + m * m, 0) + name.length;
      const g = vjp(f, { backend: 'tape' });
      const h = grad(f, { argnums: [3, 4], backend: 'tape' });
      export const run = () => [g(3, 'a')[1](1), g(3, 'a', 4, 5, 6)[1](2), h(1, 'a', 1, 2, 3)];`,
  });
  expect(run()).toEqual([
    [2, undefined, undefined],
    [8, undefined, 6, 20, 24],
    [4, 6],
  ]);
});

test('what is stored beside the elements of an array is a number again', async () => {
  const { slope, plain } = await load({
    'input.ts': `${MARKERS}
      function f(x: number[], k: number): number {
        for (let i = 0; i < x.length; i++) x[i / 2 - 1] = x[i] * x[i] * k;
        return x[-1] + x[-0.5] * x[0];
      }
      export const plain = f;
      export const slope = valueAndGrad(f, { backend: 'tape' });`,
  });
  const [want, got] = [
    [0.5, 0.7, 1.1],
    [0.5, 0.7, 1.1],
  ];
  const value = plain(want, 2);
  expect(slope(got, 2)).toEqual([value, expect.anything()]);
  expect(Object.entries(got)).toEqual(Object.entries(want));
});
