// Check mode: functions from outside are called once, and what they keep of numbers is told of where it is read again.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { build } from './build.js';

const source = `
  import { grad, valueAndGrad } from 'adjoint';
  export const told = valueAndGrad((x: number, onStep: (v: number) => void): number => {
    let y = x;
    for (let i = 0; i < 3; i++) { y *= x; onStep(y); }
    return y;
  });
  export const given = valueAndGrad((x: number, opts: { next: () => number; seen: number[] }): number => {
    let y = x;
    for (let i = 0; i < 3; i++) y *= x * opts.next();
    return y * opts.seen.length;
  });
  export class Model {
    readonly rate = [2];
    constructor(readonly draw: () => number) {}
    loss(x: number): number { const { draw } = this; return x * x * draw() * this.rate[0]; }
    d(x: number): unknown { return valueAndGrad(this.loss)(x); }
  }
  export const kept = valueAndGrad((x: number, log: number[], onStep: (v: number) => void): number => {
    onStep(x * x);
    return log[0] * x;
  });`;

describe('functions from outside', () => {
  afterEach(() => vi.restoreAllMocks());

  test('what they change is changed once', async () => {
    const { told } = await build(source);
    const seen: number[] = [];
    expect(told(2, (v: number) => void seen.push(v))).toEqual([16, 32]);
    expect(seen).toEqual([4, 8, 16]);
  });
  test('what they give is compared', async () => {
    const { given } = await build(source);
    let n = 0;
    const next = () => {
      Math.random();
      return ++n;
    };
    expect(given(2, { next, seen: [1, 2] })).toEqual([192, 384]);
    expect(n).toBe(3);
  });
  test('in fields of the receiver; the object is left as it was', async () => {
    const { Model } = (await build(source)) as unknown as {
      Model: new (draw: () => number) => { d(x: number): unknown; draw: unknown };
    };
    let n = 0;
    const draw = () => ++n;
    const m = new Model(draw);
    expect([m.d(3), m.d(3), n, m.draw === draw]).toEqual([[18, 12], [36, 24], 2, true]);
  });
  test('an exception of theirs passes', async () => {
    const { told } = await build(source);
    const stop = new Error('stop');
    let n = 0;
    const thrower = () => {
      if (++n === 2) throw stop;
    };
    expect(() => told(2, thrower)).toThrow(stop);
    expect(n).toBe(2);
  });
  test('a number that is kept where the program reads it is told of, once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { kept } = await build(source);
    const log: number[] = [];
    for (let k = 0; k < 2; k++) kept(3, log, (v: number) => void (log[0] = v));
    kept(3, log, () => undefined);
    expect(warn.mock.calls).toEqual([
      [
        expect.stringMatching(
          /^AD6004: check mode: at main.ts:\d+:5 a function from outside is given .* and argument 1 .* carries no derivative$/,
        ),
      ],
    ]);
  });
});
