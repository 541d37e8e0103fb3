/** Check mode (b), (e): what the reverse sweep takes from the tape, and what it computes again. */
import { describe, expect, test } from 'vitest';
import { build, thrown } from './build.js';

const source = (name: string) => `
  import { grad, vjp } from 'adjoint';
  export function f(x: number[], n: number): number {
    let s = 1;
    for (let i = 0; i < n; i++) {
      s = Math.sin(s) * x[0];
      for (let j = 0; j < 2; j++) { const t = s * s; s = Math.exp(t - s) * x[1]; }
    }
    return s;
  }
  export const d = ${name}(f);`;
const rows = `
  import { grad } from 'adjoint';
  export function f(a: number[][], n: number): number {
    let row = a[0];
    for (let i = 0; i < n; i++) {
      if (i > 0 && row[0] > 1) row = a[1];
      row[0] = row[0] * row[1];
    }
    return row[0];
  }
  export const d = grad(f);`;

describe('tags', () => {
  test('agree, also when a pullback is called again', async () => {
    const { d } = await build(source('vjp'));
    const [, pullback] = d([0.5, 0.7], 4);
    expect(pullback(1)).toEqual(pullback(1));
    const { d: g } = await build(rows);
    expect(
      g(
        [
          [2, 3],
          [4, 5],
        ],
        3,
      ),
    ).toHaveLength(2);
  });
  for (const name of ['grad', 'vjp'])
    test(`a slot too few is found (${name})`, async () => {
      const { d } = await build(source(name), [/top -= 2;/, 'top -= 1;']);
      const run = () => (name === 'grad' ? d([0.5, 0.7], 4) : d([0.5, 0.7], 4)[1](1));
      expect(thrown(run)).toMatch(
        /AD6002: check mode: the reverse sweep takes (`\w+`|a value) of a trip \(slot \d of record f:\d+\) at main.ts:\d+:\d+ from the tape, but finds (`\w+`|a value) of a trip \(slot \d of record f:\d+\) at main.ts/,
      );
    });
  test('a record that was not pushed is found', async () => {
    const { d } = await build(source('grad'), [/tagTape\(.*\);/, '']);
    expect(thrown(() => d([0.5, 0.7], 4))).toContain('from the tape, but finds');
  });
  test('what an earlier evaluation left is not taken for a record', async () => {
    const [right, wrong] = [
      await build(source('grad')),
      await build(source('grad'), [/tagTape\(.*\);/g, '']),
    ];
    right.d([0.5, 0.7], 4);
    expect(thrown(() => wrong.d([0.5, 0.7], 4))).toContain('from the tape, but finds nothing');
  });
  test('a tape that another evaluation has had is found', async () => {
    const both = `${source('vjp')}\n  export const g = grad(f);`;
    const { d } = await build(both, ['const pullback', 'releaseTape(tape, 0, 0); const pullback']);
    const [, first] = d([0.5, 0.7], 4);
    d([0.2, 0.3], 4);
    expect(thrown(() => first(1))).toContain(
      'AD6002: check mode: another evaluation has written to the tape before the reverse sweep',
    );
  });
  test('a reference too many is found', async () => {
    const { d } = await build(rows, ['// reverse sweep', 'refTop--;']);
    expect(
      thrown(() =>
        d(
          [
            [2, 3],
            [4, 5],
          ],
          3,
        ),
      ),
    ).toMatch(
      /takes .* of a trip \(slot \d of record f:\d+\) at main.ts:\d+:\d+ from the tape, but finds nothing/,
    );
  });
});

describe('what is computed again', () => {
  test('has the bits of the first time', async () => {
    const text = `
      import { grad } from 'adjoint';
      export function f(x: number[], n: number): number {
        let s = 0;
        for (let i = 0; i < n; i++) { const t = x[i] * x[0]; s += Math.sin(t) * t; }
        return s;
      }
      export const d = grad(f);`;
    const { d } = await build(text);
    expect(d([1, 2], 2)).toHaveLength(2);
    const wrong = await build(text, ['= x[i1];', '= x[i1 + 1];']);
    expect(thrown(() => wrong.d([1, 2, 3], 2))).toMatch(
      /AD6002: check mode: (`\w+`|a value) at main.ts:5:\d+ is .* when it is computed again, but was /,
    );
  });
});
