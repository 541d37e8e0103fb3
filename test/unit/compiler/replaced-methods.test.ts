// Code that puts functions into fields without naming them: an object that has one in the place of a method is found when it arrives.
import { expect, test } from 'vitest';
import { compileSources, loadModules } from '../../support/compile.js';

const program = (write: string) => `
  import { grad } from 'adjoint';
  class Scale {
    k = 2;
    constructor(o: Partial<Scale> = {}) { Object.assign(this, o); }
    by(x: number): number { return this.k * x; }
    twice(x: number): number { return this.by(this.by(x)); }
  }
  export const make = () => new Scale();
  export const set = (o: Scale, key: string, value: unknown): void => { ${write} };
  export const one = grad((x: number, s: Scale): number => s.by(x));
  export const through = grad((x: number, s: { scale: Scale }): number => { let y = x; for (let i = 0; i < 2; i++) y = s.scale.twice(y); return y; });
`;
type Fn = (...args: unknown[]) => unknown;
async function load(write: string): Promise<Record<string, Fn>> {
  const compiled = compileSources({ 'main.ts': program(write) });
  expect(compiled.diagnostics).toEqual([]);
  return (await loadModules(compiled.outputs, 'main.ts')) as Record<string, Fn>;
}

test.each([
  ['through any', '(o as any)[key] = value;'],
  [
    'by a helper',
    'const put = (t: Record<string, unknown>) => { t[key] = value; }; put(o as unknown as Record<string, unknown>);',
  ],
  ['by Object.assign', 'Object.assign(o, { [key]: value });'],
])('%s', async (_, write) => {
  const { make, set, one, through } = await load(write);
  const s = make();
  set(s, 'k', 3);
  expect([one(2, s), through(2, { scale: s })]).toEqual([3, 81]);
  set(s, 'by', (x: number) => x ** 3);
  expect(() => one(2, s)).toThrow('AD5004: `s.by` is replaced on this object');
  expect(() => through(2, { scale: s })).toThrow('AD5004: `this.by` is replaced on this object');
});
