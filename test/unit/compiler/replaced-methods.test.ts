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

const onPrototype = (code: string) => `
  import { grad } from 'adjoint';
  export class Square { constructor(readonly k: number) {} by(x: number): number { return x * x * this.k; } }
  ${code}
  export const slope = grad((x: number): number => new Square(x).by(3));
`;
test.each([
  'const p = Square.prototype; p.by = () => 3;',
  "const p: any = Object.getPrototypeOf(new Square(2)); const key: string = 'b' + 'y'; p[key] = () => 3;",
  'const change = (p: any) => { p.by = () => 3; }; change(Square.prototype);',
  'export const p = Square.prototype;',
  'let p: any; p = Square.prototype; const q = p; q.by = () => 3;',
  'const p = Square.prototype; const o = { p }; o.p.by = () => 3;',
  'for (const p of [Square.prototype]) p.by = () => 3;',
  'const { prototype } = Square; prototype.by = () => 3;',
  'let p: any; ({ prototype: p } = Square); p.by = () => 3;',
  "(Square as any)['prototype'].by = () => 3;",
  '(new Square(2) as any).__proto__ = { by: () => 3 };',
  '(true && Square.prototype).by = () => 3;',
  'class Cube extends Square {} const key: string = "by"; (Cube.prototype as any)[key] = () => 3;',
])('a prototype may be changed: %s', (code) => {
  const { diagnostics } = compileSources({ 'main.ts': onPrototype(code) });
  expect(diagnostics.map((d) => d.code)).toEqual(['AD5004']);
});
test.each([
  'const p: unknown = Object.getPrototypeOf({}); export const isPlain = p === null || p === Object.prototype;',
  'export const isPlain = (x: object) => [null, Object.prototype].includes(Object.getPrototypeOf(x));',
  'export const isPlain = (x: object) => { let p = x; while (Object.getPrototypeOf(p) !== null) p = Object.getPrototypeOf(p); return p === x; };',
  'export const has = (x: object, key: string) => Object.prototype.hasOwnProperty.call(x, key);',
  'export const copy = (x: object) => Object.assign(Object.create(Object.getPrototypeOf(x)), x);',
  'export const names = (x: object) => { for (let p = x; p && p !== Object.prototype; p = Object.getPrototypeOf(p)) console.log(Object.getOwnPropertyNames(p)); };',
  'class Other { tag = 1; go(): number { return 1; } } const key: string = "go"; (Other.prototype as any)[key] = () => 2;',
  "export const nameOf = (x: object): string => Object.getPrototypeOf(x)?.constructor?.name ?? 'none';",
])('a prototype is only looked at: %s', async (code) => {
  const { diagnostics, outputs } = compileSources({ 'main.ts': onPrototype(code) });
  expect(diagnostics).toEqual([]);
  const { slope } = (await loadModules(outputs, 'main.ts')) as Record<string, Fn>;
  expect(slope(2)).toBe(9);
});
