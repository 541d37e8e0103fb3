/** Check mode (a): the plain function beside the generated one. */
import { describe, expect, test, vi } from 'vitest';
import { build, emitted, thrown } from './build.js';

const marker = (body: string) =>
  `import { grad, gradInto, jvp, valueAndGrad, vjp } from 'adjoint';\n${body}\n`;

describe('impure reads', () => {
  const source = marker(`
    export function f(x: number): number {
      let s = x;
      for (let i = 0; i < 3; i++) s = s * (1 + Math.random()) + Math.sin(x) * Date.now() * 1e-12 + performance.now() * x;
      return s;
    }
    export const d = valueAndGrad(f);
    export const p = vjp(f);
    export const t = (x: number) => jvp(f)([x], [1]);`);

  test('random numbers and clocks are replayed', async () => {
    const { d, p, t } = await build(source);
    for (let k = 0; k < 20; k++) {
      const [value, gradient] = d(0.5);
      expect(Number.isFinite(value + gradient)).toBe(true);
      const [, pullback] = p(0.5);
      expect(pullback(1)).toEqual(pullback(1));
      t(0.5);
    }
  });

  test('each evaluation has numbers of its own', async () => {
    const { d } = await build(source);
    expect(new Set([d(1)[0], d(1)[0], d(1)[0]]).size).toBe(3);
  });

  test('the functions are put back', async () => {
    const before = [Math.random, Date.now, performance.now, console.log];
    const { d } = await build(source);
    d(1);
    expect([Math.random, Date.now, performance.now, console.log]).toEqual(before);
    expect(Object.hasOwn(Math, 'random')).toBe(true);
  });

  test('a read that is not repeated, or done again, is found', async () => {
    const missing = await build(source, ['Math.random()', '0.25']);
    expect(thrown(() => missing.d(1))).toMatch(
      /AD6002: check mode: the derivative does not do what.*(value is|Math.random)/,
    );
    const again = await build(source, ['// reverse sweep', 'Math.random();']);
    expect(thrown(() => again.d(1))).toContain('it calls Math.random where the plain function does no more');
    const late = await build(source, [/const pullback = \(.*\): any => \{/, '$& Math.random();']);
    expect(thrown(() => late.p(1)[1](1))).toContain('the pullback is not pure: it calls Math.random');
  });

  test('a function that does not repeat itself is not compared', async () => {
    const { d } = await build(
      marker(`
        const random = Math.random;
        export function f(x: number): number { return x * random(); }
        export const d = valueAndGrad(f);`),
    );
    for (let k = 0; k < 5; k++) {
      const [value, gradient] = d(2);
      expect(value).toBe(2 * gradient);
    }
  });
});

describe('logging', () => {
  const source = marker(`
    export function f(x: number): number {
      console.log('at', x);
      if (x > 2) console.warn('large');
      return x * x;
    }
    export const d = grad(f);`);

  test('happens once', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const { d } = await build(source);
    expect(d(1)).toBe(2);
    expect(log.mock.calls).toEqual([['at', 1]]);
    log.mockRestore();
  });

  test('other text, or other order, is found', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const other = await build(source, [
      /(_grad\(x: number\)[\s\S]*?)console\.log\("at", x\)/,
      '$1console.log("at", 2 * x)',
    ]);
    expect(thrown(() => other.d(1))).toContain(
      'it calls console.log(at, 2) where the plain function calls console.log(at, 1)',
    );
    log.mockRestore();
  });
});

describe('values, errors and arguments', () => {
  const source = marker(`
    export function f(x: Float64Array, n: number): number {
      if (n > 2) throw new RangeError('too many: ' + String(n));
      let s = 0;
      for (let i = 0; i < n; i++) { x[i] = x[i] * 2; s += x[i]; }
      return s;
    }
    export const d = valueAndGrad(f);`);
  const arg = () => new Float64Array([1, 2]);

  test('agree', async () => {
    const { d } = await build(source);
    const x = arg();
    expect(d(x, 2)).toEqual([6, new Float64Array([2, 2])]);
    expect(x).toEqual(new Float64Array([2, 4]));
    expect(() => d(arg(), 3)).toThrow(new RangeError('too many: 3'));
  });

  test('another value is found', async () => {
    const { d } = await build(source, [/return \[s, /, 'return [s + 1e-15, ']);
    expect(thrown(() => d(arg(), 2))).toMatch(/the value is 6.*, plain 6/);
  });
  test('another argument after the call is found', async () => {
    const { d } = await build(source, ['// reverse sweep', 'x[0] = -0;']);
    expect(thrown(() => d(arg(), 2))).toContain('argument 0 after the call.0 is -0, plain 2');
  });
  test('another error, one too many and a missing one are found', async () => {
    const message = await build(source, ['too many', 'too few']);
    expect(thrown(() => message.d(arg(), 3))).toContain(
      'the thrown error is RangeError: too few: 3, plain RangeError: too many: 3',
    );
    const missing = await build(source, ['n > 2', 'n > 3']);
    expect(thrown(() => missing.d(arg(), 3))).toContain(
      'plain it throws RangeError: too many: 3, the derivative does not',
    );
    const more = await build(source, ['n > 2', 'n > 1']);
    expect(thrown(() => more.d(arg(), 2))).toContain(
      'the derivative throws RangeError: too many: 2, plain it does not',
    );
  });
});

describe('captured objects', () => {
  const source = marker(`
    export function run(x: number): number[] {
      const seen = [0, 0];
      const f = (y: number): number => { seen[0] = seen[0] + y; return seen[0] * y; };
      const g = grad(f)(x);
      return [seen[0], g];
    }`);

  test('are written once', async () => {
    const { run } = await build(source);
    expect(run(3)).toEqual([3, 6]);
  });
  test('another content after the call is found', async () => {
    const { run } = await build(source, ['// reverse sweep', 'seen[0] = 7;']);
    expect(thrown(() => run(3))).toContain('what is outside after the call.0 is 7, plain 3');
  });
});

test('normal code has nothing of this', () => {
  const source = marker('export function f(x: number): number { return x * x; }\nexport const d = grad(f);');
  expect(emitted(source, false)).not.toContain('checked');
});
