// `gradInto`: whatever the caller gives to write into, it holds the gradient afterwards, or nothing is touched and it says why.
import { describe, expect, test } from 'vitest';
import { compileSources, loadModules } from '../../support/compile.js';

const source = `
  import { gradInto } from 'adjoint';
  const two = (x: Float64Array, y: Float64Array, k: number): number => {
    let s = 0;
    for (let i = 0; i < x.length; i++) s += k * x[i] * x[i] * y[i];
    return s;
  };
  export const both = gradInto(two, { argnums: [0, 1] });
  export const mixed = gradInto(two, { argnums: [2, 1] });
  export const added = gradInto(two, { argnums: [0, 1, 2], accumulate: true });
  export const one = gradInto(two);
  /** Not all trips are made: what it writes into has to be set to zero before. */
  export const some = gradInto((x: Float64Array, y: Float64Array, k: number): number => {
    let s = 0;
    for (let i = 0; i < x.length; i++) {
      if (i > 2) break;
      s += k * x[i] * x[i] * y[i];
    }
    return s;
  });
  interface Parts { readonly w: Map<string, number>; readonly b?: number }
  const parts = ({ w, b = 1 }: Parts): number => {
    let s = 0;
    for (const v of w.values()) s += v * v * b;
    return s;
  };
  export const mapped = gradInto(parts);
  export const sums = gradInto(parts, { accumulate: true });
  export const list = gradInto((x: number[]): number => x.reduce((s, v) => s + v * v, 0));
  export const listOnTape = gradInto((x: number[]): number => x[0] * x[1], { backend: 'tape' });
  interface Fields { w: number[]; deep: { b: number[][] }; spare: number[] }
  const product = (p: Fields): number => p.w[0] * p.deep.b[0][0];
  export const fields = gradInto(product);
  export const fieldsOnTape = gradInto(product, { backend: 'tape' });
  export const within = gradInto((x: Float64Array, o: { rows: Float64Array[] }): number => {
    let s = 0;
    for (let i = 0; i < x.length; i++) s += x[i] * o.rows[0][i];
    return s;
  });
  export const held = gradInto((x: Float64Array, y: Float64Array, o: { rows: Float64Array[] }): number => {
    let s = 0;
    for (let i = 0; i < x.length; i++) s += x[i] * y[i] * o.rows[0][i];
    return s;
  }, { argnums: [0, 1] });
  const weights = new Float64Array([5, 6]);
  export const module = { weights, into: gradInto((x: Float64Array): number => weights[0] * x[0] * x[1]) };
  export class Trainer {
    readonly out = new Float64Array(2);
    readonly state = { w: new Float64Array([1, 2]), last: 0 };
    loss(x: Float64Array): number {
      return (this.state.last = this.state.w[0] * x[0] ** 2 + this.state.w[1] * x[1] ** 2);
    }
    step(x: Float64Array): number { return gradInto(this.loss)(this.out, x); }
    onto(x: Float64Array): number { return gradInto(this.loss)(this.state.w, x); }
  }
`;
type Fn = (...args: unknown[]) => unknown;
const load = async (check: boolean) => {
  const compiled = compileSources({ 'main.ts': source }, { check });
  expect(compiled.diagnostics).toEqual([]);
  return (await loadModules({ 'main.ts': compiled.outputs['main.ts'] }, 'main.ts')) as Record<string, Fn>;
};
const numbers = (from: number, n: number) => Float64Array.from({ length: n }, (_, i) => from + i);

describe.each([
  ['plain', false],
  ['check mode', true],
])('%s', (_, check) => {
  const modules = load(check);

  // few numbers are copied, many are written in place
  describe.each([3, 20, 100])('several arrays of %i', (n) => {
    const [x, y] = [numbers(1, n), numbers(-2, n)];
    const dx = Array.from(x, (v, i) => 2 * 3 * v * y[i]);
    const dy = Array.from(x, (v) => 3 * v * v);
    const into = async (out: readonly unknown[], a = x, b = y) => (await modules).both(out, a, b, 3);
    const stale = () => new Float64Array(n).fill(7);

    test('typed arrays', async () => {
      const out = [stale(), stale()];
      const [a, b] = out;
      await into(out);
      expect(out[0]).toBe(a);
      expect([[...a], [...b]]).toEqual([dx, dy]);
      await into(out);
      expect([[...a], [...b]]).toEqual([dx, dy]);
    });
    test('lists, and single precision', async () => {
      const out = [new Array<number>(n).fill(7), new Float32Array(n).fill(7)] as const;
      await into(out);
      expect([[...out[0]], [...out[1]]]).toEqual([dx, dy]);
    });
    test('the same array twice: the last one stays', async () => {
      const out = stale();
      await into([out, out]);
      expect([...out]).toEqual(dy);
    });
    test('slots that overlap', async () => {
      const buffer = new Float64Array(n + 1);
      await into([buffer.subarray(0, n), buffer.subarray(1)]);
      expect([...buffer]).toEqual([dx[0], ...dy]);
    });
    test('the arguments themselves, a part of one, in one slot of the two', async () => {
      const clash = /out overlaps an argument/;
      const buffer = new Float64Array(2 * n);
      for (const out of [
        [y, x],
        [stale(), x],
        [y, stale()],
      ])
        await expect(into(out, x, y)).rejects.toThrow(clash);
      const part = buffer.subarray(0, n);
      for (const out of [
        [part, stale()],
        [stale(), part],
      ])
        await expect(into(out, buffer.subarray(n - 1, 2 * n - 1))).rejects.toThrow(clash);
      expect([[...x], [...y]]).toEqual([[...numbers(1, n)], [...numbers(-2, n)]]);
    });
    test('other parts of the buffer of an argument', async () => {
      const buffer = new Float64Array(2 * n);
      buffer.set(x, n);
      const out = [buffer.subarray(0, n), stale()] as const;
      await into(out, buffer.subarray(n));
      expect([...out[0]]).toEqual(dx);
      expect([...buffer.subarray(n)]).toEqual([...x]);
    });
    test('what does not fit', async () => {
      const a = stale();
      await expect(into([a, new Float64Array(n + 1)])).rejects.toThrow(
        `out[1] has length ${n + 1}, but the gradient has length ${n}`,
      );
      await expect(into([a])).rejects.toThrow('out has length 1, but there are 2 gradients');
      await expect(into([a, 1])).rejects.toThrow('out[1] should be an array or object, but is a number');
      await expect(into(undefined as never)).rejects.toThrow('out should be an array, but is undefined');
    });
    test('numbers among arrays', async () => {
      const out: unknown[] = [7, stale()];
      (await modules).mixed(out, x, y, 3);
      const dk = x.reduce((s, v, i) => s + v * v * y[i], 0);
      expect([out[0], [...(out[1] as Float64Array)]]).toEqual([dk, dy]);
    });
    test('accumulated', async () => {
      const out: unknown[] = [stale(), new Array<number>(n).fill(1), 5];
      (await modules).added(out, x, y, 3);
      const dk = x.reduce((s, v, i) => s + v * v * y[i], 0);
      expect([...(out[0] as Float64Array)]).toEqual(dx.map((v) => v + 7));
      expect([...(out[1] as number[])]).toEqual(dy.map((v) => v + 1));
      expect(out[2]).toBe(dk + 5);
    });
  });

  test('a list', async () => {
    const { list, listOnTape } = await modules;
    for (const out of [[7, 7], new Float64Array(2)]) {
      expect(list(out, [3, 4])).toBe(25);
      expect([...out]).toEqual([6, 8]);
    }
    expect(() => list(new Int32Array(2), [3, 4])).toThrow('out should be an array of numbers of any size');
    expect(() => listOnTape(new Uint8Array(2), [3, 4])).toThrow('out should be an array of numbers');
    expect(() => list([1], [3, 4])).toThrow('out has length 1, but the gradient has length 2');
  });

  test('parts that come and go', async () => {
    const { mapped, sums } = await modules;
    const of = (...entries: [string, number][]) => new Map(entries);
    const out = { w: of(['gone', 7]) };
    mapped(out, { w: of(['a', 3]) });
    expect(out).toEqual({ w: of(['a', 6]) });
    // the number that was missing in the first of two
    sums(out, { w: of(['b', 2]), b: 5 });
    expect(out).toEqual({ w: of(['a', 6], ['b', 20]), b: 4 });
  });

  describe('one array that overlaps', () => {
    const clash = /out overlaps an argument/;
    const y = numbers(2, 3);
    const contents = Object.entries({
      'other numbers': [1, 2, 3],
      zeros: [0, 0, 0],
      'zero at one end': [0, 1, NaN],
    });
    const names = ['one', 'some'] as const;
    test.each(names.flatMap((name) => contents.map(([of, x]) => [name, of, x] as const)))(
      '%s: %s',
      async (name, __, x) => {
        const one = (await modules)[name];
        const buffer = new Float64Array(8);
        for (const shift of [0, 1, 2, 3]) {
          buffer.set(x, shift);
          const part = buffer.subarray(shift, shift + 3);
          const out = new Float64Array(buffer.buffer, 8, 3);
          expect(() => one(out, part, y, 1)).toThrow(clash);
          expect(() => one(out, y, part, 1)).toThrow(clash);
        }
        const apart = Float64Array.from(x);
        const given = buffer.subarray(5);
        one(buffer.subarray(1, 4), given, apart, 1);
        expect(() => one(apart, apart, y, 1)).toThrow(clash);
        expect([...apart]).toEqual(x);
      },
    );
    test('equal numbers are not one memory', async () => {
      const { one } = await modules;
      const out = numbers(2, 3);
      one(out, numbers(2, 3), y, 1);
      expect([...out]).toEqual([8, 18, 32]);
    });
    test('other arrays than before', async () => {
      const { one } = await modules;
      const [out, x] = [numbers(7, 3), numbers(2, 3)];
      for (let k = 0; k < 2; k++) {
        one(out, x, y, 1);
        expect([...out]).toEqual([8, 18, 32]);
      }
      expect(() => one(x, x, y, 1)).toThrow(clash);
      expect(() => one(out, new Float64Array(out.buffer), y, 1)).toThrow(clash);
      expect(() => one(new Float64Array(x.buffer), x, y, 1)).toThrow(clash);
      expect(() => one(numbers(1, 2), x, y, 1)).toThrow('out has length 2, but argument `x` has length 3');
      one(out, x, y, 1);
      expect([...out]).toEqual([8, 18, 32]);
    });
    test('held by the receiver, which reads other things', async () => {
      const { Trainer } = (await modules) as unknown as {
        Trainer: new () => Record<string, Fn & Float64Array>;
      };
      const t = new Trainer();
      expect([t.step(Float64Array.of(3, 4)), [...t.out]]).toEqual([41, [6, 16]]);
      expect([t.step(Float64Array.of(1, 1)), [...t.out]]).toEqual([3, [2, 4]]);
      expect(() => t.onto(Float64Array.of(1, 1))).toThrow(clash);
    });
    test('in an object of a module', async () => {
      const { weights, into } = (await modules).module as unknown as { weights: Float64Array; into: Fn };
      expect(() => into(weights, Float64Array.of(1, 1))).toThrow(clash);
      expect([...weights]).toEqual([5, 6]);
    });
    test('inside another argument', async () => {
      const { within, held } = await modules;
      const row = numbers(1, 20);
      expect(() => within(row, numbers(1, 20), { rows: [row] })).toThrow(clash);
      const [x, z] = [numbers(1, 20), numbers(5, 20)];
      expect(() => held([row, new Float64Array(20)], x, z, { rows: [row] })).toThrow(clash);
      expect(() => held([new Float64Array(20), z], x, z, { rows: [row] })).toThrow(clash);
      expect([...row]).toEqual([...numbers(1, 20)]);
    });
    test('lists and objects', async () => {
      const { list, listOnTape, mapped, fields, fieldsOnTape } = await modules;
      const numbersIn = [3, 4];
      for (const f of [list, listOnTape]) expect(() => f(numbersIn, numbersIn)).toThrow(clash);
      expect(numbersIn).toEqual([3, 4]);
      const w = new Map([['a', 3]]);
      expect(() => mapped({ w }, { w })).toThrow(clash);
      const tree = () => ({ w: [1, 2], deep: { b: [[3, 4]] }, spare: [0] });
      for (const f of [fields, fieldsOnTape]) {
        const [given, out] = [tree(), tree()];
        f(out, given);
        expect(out).toEqual({ w: [3, 0], deep: { b: [[1, 0]] }, spare: [0] });
        expect(() => f(given, given)).toThrow(clash);
        expect(() => f({ ...out, w: given.w }, given)).toThrow(clash);
        expect(() => f({ ...out, deep: { b: [given.deep.b[0]] } }, given)).toThrow(clash);
        expect(given).toEqual(tree());
      }
      expect([w.get('a'), w.size]).toEqual([3, 1]);
    });
  });
});
