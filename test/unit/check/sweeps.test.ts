/** Check mode (c), (d), (f): the path and the shadows of one evaluation. */
import { describe, expect, test } from 'vitest';
import { build, emitted, thrown } from './build.js';

const marker = (body: string) =>
  `import { grad, gradInto, jvp, valueAndGrad, vjp } from 'adjoint';\n${body}\n`;

describe('the path', () => {
  const body = `
    function deep(x: number, n: number): number { return n <= 0 ? x : deep(x * x, n - 1) * 1.5; }
    export function f(x: number, n: number): number {
      let s = x;
      for (let i = 0; i < n; i++) {
        if (s > 2) s = Math.sin(s);
        else s = s * s + x;
        if (s > 50) break;
      }
      return s + deep(s, 2);
    }`;
  for (const [name, call] of [
    ['grad', (d: (...a: number[]) => number) => d(1.5, 5)],
    ['vjp', (d: (...a: number[]) => [number, (c: number) => number[]]) => d(1.5, 5)[1](1)[0]],
  ] as const)
    describe(name, () => {
      const source = marker(`${body}\nexport const d = ${name}(f);`);
      const run = async (...defects: Parameters<typeof build>[1][]) => {
        const { d } = await build(source, ...defects);
        return () => call(d as never);
      };

      test('is followed exactly backwards', async () => {
        expect((await run())()).toBeTypeOf('number');
      });
      test('a trip too few is found', async () => {
        expect(thrown(await run([/i1 >= 0/, 'i1 >= 1']))).toMatch(
          /AD6002: check mode: the reverse sweep missed \d+ blocks, the last of them .* of f \(block \d\) at main.ts:\d:9/,
        );
      });
      test('the other branch is found', async () => {
        expect(thrown(await run([/(beginReverse[\s\S]*?)if \((t\d+)\) \{/, '$1if (!$2) {']))).toMatch(
          /the reverse sweep is in the (other branch|branch taken) of f \(block \d\) at main.ts:7:9, but the forward sweep was in the/,
        );
      });
      test('a called function that is not reversed is found', async () => {
        expect(
          thrown(
            await run([/(reverse sweep|const pullback)([\s\S]*?) = f_\w+_deep_rev\(.*\);/, '$1$2 = 0;']),
          ),
        ).toMatch(/(but the forward sweep was in|but finds) .*deep/);
      });
    });

  test('is not traced where the reverse sweep has nothing to do', () => {
    const text = emitted(
      marker(`
        export function f(x: number, n: number): number {
          let s = x;
          let count = 0;
          for (let i = 0; i < n; i++) { if (i % 3 === 0) count++; else count += 2; s = s * x; }
          return s + count;
        }
        export const d = grad(f);`),
    );
    expect(text).toContain('"a trip of f (block 1)"');
    expect(text).not.toContain('(block 2)');
  });
  test('pullbacks of several evaluations do not disturb each other', async () => {
    const { d } = await build(marker(`${body}\nexport const d = vjp(f);`));
    const [, a] = d(1.5, 5);
    const [, b] = d(0.5, 9);
    const [first, other] = [a(1), b(2)];
    expect([a(1), b(2), b(2), a(1)]).toEqual([first, other, other, first]);
  });
  test('an evaluation that throws leaves nothing behind', async () => {
    const { d } = await build(
      marker(`
        function g(x: number): number { if (x > 0) throw new Error('positive'); return x * x; }
        export function f(x: number): number { let s = 0; for (let i = 0; i < 3; i++) s += g(x - i) * x; return s; }
        export const d = grad(f);`),
    );
    const alone = d(-1);
    expect(thrown(() => d(2))).toBe('positive');
    expect(d(-1)).toBe(alone);
  });
});

describe('shadows', () => {
  const source = (name: string) =>
    marker(`
      export function f(a: number[][], n: number): number {
        let row = a[0];
        let s = 0;
        for (let i = 0; i < n; i++) {
          row = a[i % 2];
          row[0] = row[0] * row[1];
          s += row[0];
        }
        return s;
      }
      export const d = ${name}(f);`);
  const arg = () => [
    [1, 2],
    [3, 4],
  ];

  test('each object has one', async () => {
    const { d } = await build(source('grad'));
    expect(d(arg(), 3)[0]).toEqual([6, 5]);
  });
  test('a second shadow of one object is found', async () => {
    const { d } = await build(source('grad'), ['= aBar[t1]', '= [0, 0]']);
    expect(thrown(() => d(arg(), 3))).toMatch(
      /AD6002: check mode: `row` at main.ts:\d+:\d+ has another shadow than the same object had as `row` at main.ts:7:17/,
    );
  });
  test('one shadow for two objects is found', async () => {
    const { d } = await build(source('vjp'), ['= aBar[t1]', '= aBar[0]']);
    expect(thrown(() => d(arg(), 3))).toMatch(/has the shadow of another object, `row` at main.ts:7:17/);
  });
  test('a missing shadow is found', async () => {
    const { d } = await build(source('vjp'), ['= aBar[t1]', '= undefined as any']);
    expect(thrown(() => d(arg(), 3))).toMatch(/`row` at main.ts:7:17 has no shadow/);
  });
  test('a shadow that the reverse sweep makes up is found', async () => {
    const { d } = await build(
      source('vjp'),
      [/(beginReverse[\s\S]*?)= aBar\[(\w+)\];/, '$1= [aBar[$2][0], 0];'],
      [/checkSame\(rowBar.*;/, ''],
    );
    expect(thrown(() => d(arg(), 3)[1](1))).toContain(
      'the reverse sweep has no shadow for `row` at main.ts:9:16 that the forward sweep knew',
    );
  });
  test('forward mode: two tangents of one object are found', async () => {
    const make = (...defects: Parameters<typeof build>[1][]) => build(source('jvp'), ...defects);
    const right = await make();
    expect(right.d([arg(), 3], [arg(), 0])[1]).toBeTypeOf('number');
    const wrong = await make(['= aDot1[t]', '= [0, 0]']);
    expect(thrown(() => wrong.d([arg(), 4], [arg(), 0]))).toContain('has another shadow than');
  });
  test('one object passed twice is not a defect if it is only read', async () => {
    const { d } = await build(
      marker(`
        export function f(a: number[][]): number { let s = 0; for (const r of a) s += r[0] * r[1]; return s; }
        export const d = vjp(f);`),
    );
    const row = [2, 3];
    expect(d([row, row])[1](1)).toEqual([
      [
        [3, 2],
        [3, 2],
      ],
    ]);
  });
});

describe('buffers', () => {
  const source = marker(`
    export function f(x: number[], n: number): number {
      const rows = [[x[0], x[1]], [x[1], x[0]]];
      for (let i = 0; i < n; i++) rows[i % 2] = [rows[0][1] * x[0], rows[1][0]];
      return rows[0][0] * rows[1][1];
    }
    export const d = vjp(f);`);

  test('a pullback begins with zero each time', async () => {
    const { d } = await build(source);
    const [, pullback] = d([2, 3], 3);
    const once = pullback(1);
    expect(pullback(1)).toEqual(once);
  });
  test('a shadow that is not zeroed for the second call is found', async () => {
    const { d } = await build(source, [/zeroTracked\(shadows\);/, '']);
    const [, pullback] = d([2, 3], 3);
    pullback(1);
    expect(thrown(() => pullback(1))).toMatch(
      /AD6002: check mode: the cotangent of .* is -?[\d.]+ before the reverse sweep, it should be 0/,
    );
  });
  test('a shadow that the forward sweep writes is found', async () => {
    const text = marker(`
      export function f(a: number[][], k: number): number { a[k][0] = a[k][1] * a[0][0]; return a[k][0]; }
      export const d = grad(f);`);
    const { d } = await build(text, ['// reverse sweep', 'aBar[1][0] = 5;']);
    expect(thrown(() => d([[1], [2, 3]], 1))).toContain(
      'the cotangent of `a`.1.0 is 5 before the reverse sweep, it should be 0',
    );
  });
  test('an `out` that is not zeroed is found', async () => {
    const text = marker(`
      export function f(x: Float64Array): number { let s = 0; for (let i = 0; i < x.length; i++) s += x[i] * x[i]; return s; }
      export const d = gradInto(f);`);
    const out = new Float64Array([7, 8]);
    const x = new Float64Array([1, 2]);
    const right = await build(text);
    right.d(out, x);
    expect([...out]).toEqual([2, 4]);
    const wrong = await build(text, [/zeroOut\(out, .*?\);/, 'out;']);
    expect(thrown(() => wrong.d(out, x))).toContain('the cotangent of `out`.0 is 2 before the reverse sweep');
  });
});
