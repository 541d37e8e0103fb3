/** Parameters as one flat vector, which optimisers want, and back; zeros of the shape of a gradient. */
import { customVjp } from './custom.js';
import { mismatch } from './describe.js';
import type { Gradient } from './gradient.js';
import { isRecord } from './tree.js';

/** What `ravel` gives beside the vector: puts a vector of the same length into the shape that it came from. It can be differentiated. */
export interface Unravel<T> {
  (flat: ArrayLike<number>): T;
  /** How many numbers the vector has. */
  readonly size: number;
}

/**
 * All numbers of `params` in one vector, and the function that puts a vector of the same length back into the shape of `params`:
 * new arrays, maps and objects (of the same classes) with new numbers; what is no number is kept.
 *
 * The order is that of elements and of keys, so that a gradient of `params` has its numbers at the same places.
 *
 * @throws TypeError if an object is reached twice, or has an accessor; RangeError (`unravel`) for another length.
 */
export function ravel<T>(params: T): [flat: Float64Array, unravel: Unravel<T>] {
  const numbers = numbersOf(params);
  const unravel = (flat: ArrayLike<number>): T => {
    if (flat.length !== numbers.length)
      throw new RangeError(`adjoint: the vector has ${flat.length} numbers, not ${numbers.length}`);
    let k = 0;
    return rebuilt(params, () => flat[k++]) as T;
  };
  // for the tape: compiled code asks where each number goes
  const pull = (cotangent: unknown): [Float64Array] => [Float64Array.from(numbersOf(cotangent))];
  const withRule = customVjp(unravel, (flat) => [unravel(flat), pull] as never);
  return [Float64Array.from(numbers), Object.assign(withRule, { size: numbers.length })];
}
function numbersOf(x: unknown): number[] {
  const numbers: number[] = [];
  rebuilt(x, (n) => numbers.push(n));
  return numbers;
}

/** A gradient of `x` that is zero everywhere. */
export function zerosLike<T>(x: T): Gradient<T> {
  return rebuilt(x, () => 0, true) as Gradient<T>;
}

/** A copy with other numbers; `numeric`: with nothing else than numbers, as gradients are. */
function rebuilt(root: unknown, give: (x: number) => number, numeric = false): unknown {
  const open = new Set<object>();
  const walk = (x: unknown, path: string): unknown => {
    if (typeof x === 'number') return give(x);
    if (x instanceof Float64Array || x instanceof Float32Array) return x.map(give);
    if (!isContainer(x)) return numeric ? undefined : x;
    if (open.has(x)) throw new TypeError(`adjoint: ${path} is an object that is reached twice`);
    open.add(x);
    if (Array.isArray(x)) return x.map((e, k) => walk(e, `${path}[${k}]`));
    if (x instanceof Map) return new Map([...x].map(([k, e]) => [k, walk(e, `${path}.get(${String(k)})`)]));
    const copy: Record<string, unknown> = numeric ? {} : Object.create(Object.getPrototypeOf(x));
    for (const key of Object.keys(x)) {
      const own = Object.getOwnPropertyDescriptor(x, key)!;
      if (!('value' in own)) mismatch(`${path}.${key}`, 'a plain field', 'an accessor');
      const value = walk(own.value, `${path}.${key}`);
      if (!numeric || value !== undefined) copy[key] = value;
    }
    return copy;
  };
  return walk(root, 'the value');
}

const isContainer = (x: unknown): x is object =>
  typeof x === 'object' && x !== null && !ArrayBuffer.isView(x) && isRecord(x);
