/** What arrives from outside and is not what its type says, without check mode. */
import { expect, test } from 'vitest';
import { compileSources, loadModules } from '../../support/compile.js';

const source = `
  import { grad, gradInto, hvp, jvp, vjp } from 'adjoint';
  const square = (x: number) => x * x;
  export const number = grad(square);
  export const taped = grad(square, { backend: 'tape' });
  export const forward = jvp(square);
  export const pullback = (bar: any) => vjp(square)(3)[1](bar);
  export const optional = grad((x?: number) => (x ?? 2) * 3);
  export const second = grad((x: number, k: number) => x * k, { argnums: 0 });
  export const captured = (k: number) => grad((x: number) => x * k + k)(1);
  export const fields = grad((o: { x: number; y: number }) => o.x * o.x + o.y);
  export const settings = grad((x: number, o: { k: number }) => x * o.k);
  export const pair = grad((p: [number, number]) => p[0] * p[1]);
  export const rest = grad((...v: number[]) => v[0] * v[0]);
  export const list = grad((v: number[]) => v[0] * v[0]);
  export const bodies = grad((v: { m: number }[]) => v[0].m * v[0].m);
  export const typed = grad((v: Float64Array) => v[0] * v[0]);
  export const table = grad((m: Map<string, number>) => m.get('a')! * 2);
  export const into = gradInto((v: Float64Array, k: number) => v[0] * k);
  export const lists = grad((v: number[] | Float64Array) => v[0] * v[0]);
  export const weighed = grad((x: number, v: Int32Array | number[]) => x * v[0]);
  interface Shape { readonly area: number }
  export const shape = grad((x: number, s: Shape) => x * s.area);
  export const along = hvp((v: number[]) => v[0] * v[0] * v[1]);
  export const rows = vjp((v: number[]) => v.map((x) => x * 2));
  export const through = grad((x: number, rows: any) => rows.map((r: any) => r.w * x).length * x);
  const least = (a: number[] | Float64Array) => a.slice().sort()[0];
  export const sorted = grad((x: number, typed: boolean) =>
    least([10 * x, 9 * x]) * least(typed ? Float64Array.of(10 * x, 9 * x) : [x]));
  interface Named { k: number }
  const size = (o: Named) => Object.values(o).reduce((sum, v) => sum + v * v, 0);
  export const keys = grad((o: Named) => size(o));
  export const copied = grad((o: Named) => size({ ...o, j: 1 } as Named));
  export const assigned = grad((o: Named) => size(Object.assign({ j: 2 }, o)));
  export const asked = grad((o: Named) => ('label' in o ? 2 : 3) * o.k);
  export const unseen = vjp((o: Named) => ({ ...o, j: o.k * 2 }));
  export const named = grad((o: { a: number; b: number }, name: string) => {
    const made = { c: o.a, d: 2 } as Record<string, number>;
    return ((o as Record<string, number>)[name] ?? 3) * o.a + (made[name] ?? 1);
  });
  export class Scale {
    constructor(readonly k: number) {}
    of(x: number): number { return this.k * x; }
    get twice(): number { return 2 * this.k; }
  }
  export const scaled = grad((x: number, s: Scale, first: boolean) => (first ? s.of(x) : 1) + s.of(x));
  export const looped = grad((x: number, s: Scale, n: number) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += s.twice * x;
    return sum + s.twice * x;
  });
  export const pulled = (bar: any) => rows([1, 2])[1](bar);
`;
const modules = (async () => {
  const compiled = compileSources({ 'main.ts': source });
  expect(compiled.diagnostics).toEqual([]);
  return (await loadModules({ 'main.ts': compiled.outputs['main.ts'] }, 'main.ts')) as Record<
    string,
    (...args: unknown[]) => unknown
  >;
})();

const UNDECLARED =
  'an object whose keys are seen has the field `label`, which its type does not have: declare it, or leave it out';

test.each<[name: string, args: unknown[], message: string]>([
  ['number', ['2'], 'x should be a number, but is a string'],
  ['number', [], 'x should be a number, but is undefined'],
  ['taped', ['2'], 'x should be a number, but is a string'],
  ['forward', [['2'], [1]], 'x should be a number, but is a string'],
  ['forward', [[2], ['1']], 'the tangent of x should be a number, but is a string'],
  ['forward', [[2], []], 'the tangent of x should be a number, but is undefined'],
  ['pullback', ['1'], 'the cotangent should be a number, but is a string'],
  ['pulled', [[1, '1']], 'cotangent[1] should be a number, but is a string'],
  ['optional', ['2'], 'x should be a number, but is a string'],
  [
    'sorted',
    [1, true],
    '`slice` differs for arrays and typed arrays, and both may come here: copy it first, as in [...a]',
  ],
  ['keys', [{ k: 1, label: 'a' }], UNDECLARED],
  ['copied', [{ k: 1, label: 'a' }], UNDECLARED],
  ['assigned', [{ k: 1, label: 'a' }], UNDECLARED],
  ['asked', [{ k: 1, label: 'a' }], UNDECLARED],
  ['second', [1, '2'], 'k should be a number, but is a string'],
  ['captured', ['2'], 'k should be a number, but is a string'],
  ['fields', [{ x: '2', y: 1 }], 'o.x should be a number, but is a string'],
  ['fields', [{ x: 2 }], 'o.y should be a number, but is undefined'],
  ['settings', [1, { k: '2' }], 'o.k should be a number, but is a string'],
  ['settings', [1, {}], 'o.k should be a number, but is undefined'],
  ['pair', [['2', 1]], 'p[0] should be a number, but is a string'],
  ['rest', ['2'], 'v[0] should be a number, but is a string'],
  ['list', [['2', '3']], 'v[0] should be a number, but is a string'],
  ['list', [{ 0: 1, length: 1 }], 'v should be an array, but is an object of class Object'],
  ['bodies', [[{ m: '2' }]], 'v[0].m should be a number, but is a string'],
  ['weighed', [1, Int32Array.of(3)], 'v should be an array, but is an object of class Int32Array'],
  ['typed', [[2]], 'v should be a Float64Array, but is an array'],
  ['table', [new Map([['a', '2']])], 'm.get(a) should be a number, but is a string'],
  ['through', [1, new Map()], '`map` is called here on something that is not an array'],
  ['named', [{ a: 1, b: 2 }, 'valueOf'], 'the object has no field valueOf that is its own'],
  ['into', [new Float64Array(1), new Float64Array(1), '2'], 'k should be a number, but is a string'],
  [
    'along',
    [
      [1, 2],
      ['1', 2],
    ],
    'the tangent of v[0] should be a number, but is a string',
  ],
])('%s of %j: %s', async (name, args, message) => {
  const derivative = (await modules)[name];
  expect(() => derivative(...args)).toThrow(new TypeError(`adjoint: ${message}`));
});

test('an instance of a class that the program does not know, on whichever way it is used first', async () => {
  const { Scale, scaled, looped } = await modules;
  const known = Scale as unknown as new (k: number) => { of(x: number): number };
  class Steep extends known {
    override of(x: number): number {
      return 100 * x;
    }
  }
  const refused = new TypeError('adjoint: s should be of class Scale, but is of class Steep');
  for (const first of [true, false]) {
    expect(scaled(2, new known(3), first)).toBe(first ? 6 : 3);
    expect(() => scaled(2, new Steep(3), first)).toThrow(refused);
  }
  for (const n of [2, 0]) {
    expect(looped(2, new known(3), n)).toBe(6 * n + 6);
    expect(() => looped(2, new Steep(3), n)).toThrow(refused);
  }
});
test('what may be missing may be missing', async () => {
  const { optional, settings } = await modules;
  expect(optional()).toBeUndefined();
  expect(settings(2, { k: 3, more: 'x' })).toBe(3);
});

test('an array or a typed array; a field that is an accessor, in check mode too', async () => {
  const checked = compileSources({ 'main.ts': source }, { check: true });
  const inCheckMode = await loadModules({ 'main.ts': checked.outputs['main.ts'] }, 'main.ts');
  class Square {
    constructor(readonly side: number) {}
    get area() {
      return this.side ** 2;
    }
  }
  for (const compiled of [await modules, inCheckMode] as Awaited<typeof modules>[]) {
    expect(Array.from(compiled.lists(Float64Array.of(3)) as number[])).toEqual([6]);
    expect(compiled.lists([3])).toEqual([6]);
    expect(compiled.weighed(2, [3])).toBe(3);
    expect(compiled.shape(2, new Square(3))).toBe(9);
  }
});
test('fields that a type does not have are copied', async () => {
  const [value, pullback] = (await modules).unseen({ label: 'a', k: 2 }) as [
    object,
    (bar: object) => unknown,
  ];
  expect(Object.entries(value)).toEqual([
    ['label', 'a'],
    ['k', 2],
    ['j', 4],
  ]);
  expect(pullback({ k: 1, j: 10 })).toEqual([{ k: 21 }]);
});
