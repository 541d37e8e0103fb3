// The shape of gradients.
import type { Gradient } from 'adjoint';
import { assert, type Equal } from './equal.js';

// Numbers, and what stands for one.
assert<Equal<Gradient<number>, number>>();
assert<Equal<Gradient<3>, number>>();
assert<Equal<Gradient<1 | 2>, number>>();
assert<Equal<Gradient<number & { readonly unit: 'metre' }>, number>>();
assert<Equal<Gradient<number | undefined>, number | undefined>>();
assert<Equal<Gradient<number | null>, number | undefined>>();

// What carries no derivative.
assert<Equal<Gradient<string>, undefined>>();
assert<Equal<Gradient<boolean>, undefined>>();
assert<Equal<Gradient<bigint>, undefined>>();
assert<Equal<Gradient<() => number>, undefined>>();
assert<Equal<Gradient<Date>, undefined>>();
assert<Equal<Gradient<RegExp>, undefined>>();
assert<Equal<Gradient<Set<number>>, undefined>>();
assert<Equal<Gradient<Int32Array>, undefined>>();
assert<Equal<Gradient<Uint8Array>, undefined>>();
assert<Equal<Gradient<ArrayBuffer>, undefined>>();
assert<Equal<Gradient<string[]>, undefined>>();
assert<Equal<Gradient<{ name: string }>, undefined>>();

// Nothing turns into `any`.
// biome-ignore lint/suspicious/noExplicitAny: what is tested
assert<Equal<Gradient<any>, unknown>>();
// biome-ignore lint/suspicious/noExplicitAny: what is tested
assert<Equal<Gradient<any[]>, unknown[]>>();
assert<Equal<Gradient<unknown>, unknown>>();
assert<Equal<Gradient<never>, never>>();

// Arrays and tuples.
assert<Equal<Gradient<Float64Array>, Float64Array>>();
assert<Equal<Gradient<Float32Array>, Float32Array>>();
assert<Equal<Gradient<Float64Array<ArrayBuffer>>, Float64Array>>();
assert<Equal<Gradient<Float64Array | undefined>, Float64Array | undefined>>();
assert<Equal<Gradient<number[]>, number[]>>();
assert<Equal<Gradient<number[][]>, number[][]>>();
assert<Equal<Gradient<readonly number[]>, number[]>>();
assert<Equal<Gradient<readonly (readonly number[])[]>, number[][]>>();
assert<Equal<Gradient<ReadonlyArray<Float64Array>>, Float64Array[]>>();
assert<Equal<Gradient<[number, string, number]>, [number, undefined, number]>>();
assert<Equal<Gradient<readonly [x: number, y: number]>, [x: number, y: number]>>();
assert<Equal<Gradient<[number, [string, number]]>, [number, [undefined, number]]>>();
assert<Equal<Gradient<[number, number?]>, [number, number?]>>();
assert<Equal<Gradient<[number, ...string[]]>, [number, ...undefined[]]>>();
assert<Equal<Gradient<[string, ...number[]]>, [undefined, ...number[]]>>();
assert<Equal<[Gradient<readonly number[]>, number[]], [number[], number[]]>>();
assert<Equal<[Gradient<readonly number[][]>, Gradient<number[][]>], [number[][], number[][]]>>();
assert<
  Equal<[Gradient<Map<string, number>>, Map<string, number>], [Map<string, number>, Map<string, number>]>
>();
assert<Equal<Gradient<number[][][][]>, number[][][][]>>();
assert<Equal<Gradient<(number | string)[]>, (number | undefined)[]>>();

// Objects.
interface Layer {
  readonly w: readonly (readonly number[])[];
  readonly b: Float64Array;
  bias?: number;
  name: string;
  frozen: boolean;
  activation: (x: number) => number;
}
assert<Equal<Gradient<Layer>, { w: number[][]; b: Float64Array; bias?: number }>>();
interface Model {
  layers: Layer[];
  readonly scale: number;
  meta: { author: string };
  kind: 'dense' | 'sparse';
}
assert<
  Equal<Gradient<Model>, { layers: { w: number[][]; b: Float64Array; bias?: number }[]; scale: number }>
>();
assert<Equal<Gradient<{ a: number | string; b: number }>, { a: number | undefined; b: number }>>();
assert<Equal<Gradient<Record<string, number>>, Record<string, number>>>();
assert<Equal<Gradient<Record<'a' | 'b', number>>, { a: number; b: number }>>();
assert<
  Equal<
    Gradient<{ kind: 'disc'; r: number } | { kind: 'box'; w: number; h: number }>,
    { r: number } | { w: number; h: number }
  >
>();

// Class instances.
class Point {
  #cache = 0;
  private hidden = 1;
  protected alsoHidden = 2;
  readonly label: string = 'p';
  constructor(
    public x: number,
    readonly y: number,
  ) {}
  length(): number {
    return Math.hypot(this.x, this.y, this.hidden, this.alsoHidden, this.#cache);
  }
}
assert<Equal<Gradient<Point>, { x: number; y: number }>>();
assert<Equal<Gradient<Point[]>, { x: number; y: number }[]>>();

// Maps.
assert<Equal<Gradient<Map<string, number>>, Map<string, number>>>();
assert<Equal<Gradient<ReadonlyMap<number, readonly number[]>>, Map<number, number[]>>>();
assert<Equal<Gradient<Map<string, Layer['name']>>, undefined>>();
assert<Equal<Gradient<{ w: Map<string, Float64Array> }>, { w: Map<string, Float64Array> }>>();

// Types that refer to themselves.
interface Tree {
  value: number;
  tag: string;
  left?: Tree;
  children: readonly Tree[];
  named: Map<string, Tree>;
}
type TreeGradient = Gradient<Tree>;
assert<Equal<TreeGradient['value'], number>>();
assert<Equal<keyof TreeGradient, 'value' | 'left' | 'children' | 'named'>>();
assert<Equal<NonNullable<TreeGradient['left']>['children'][number]['value'], number>>();
type NamedTree = NonNullable<ReturnType<TreeGradient['named']['get']>>;
assert<Equal<NamedTree['children'][number]['value'], number>>();
type Nested = number | Nested[];
export const nested: Gradient<Nested> = [1, [2, [3]]];
// @ts-expect-error a string is not a gradient
export const notNested: Gradient<Nested> = [1, ['2']];

// Type parameters.
export function first<T extends { w: number }>(g: Gradient<T>): Gradient<T> {
  return g;
}
type NestedMap = number | Map<string, NestedMap>;
export const nestedMap: Gradient<NestedMap> = new Map([['a', new Map([['b', 1]])]]);
