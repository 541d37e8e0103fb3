/** Copies of the contents of objects, to run a part of a function again from the state that it began with. */

import type { NumberArray } from './internal-store.js';

/** Objects, each with its contents at one time. What they refer to is there by reference, and in the list by itself. */
export type Saved = readonly (readonly [object: object, contents: unknown])[];

type Slots = Record<string, unknown>;

/** The contents of all objects that are reached from the given ones. Text, functions and dates never change. */
export const capture = (...roots: readonly unknown[]): Saved => captureFrom(roots);

/** The same; `arrays` gets the typed arrays, whose contents are kept elsewhere. */
export function captureFrom(roots: readonly unknown[], arrays?: NumberArray[]): Saved {
  const saved: [object, unknown][] = [];
  const seen = new Set<unknown>();
  const open: unknown[] = [...roots].reverse();
  while (open.length > 0) {
    const x = open.pop();
    if (typeof x !== 'object' || x === null || seen.has(x) || x instanceof Date) continue;
    seen.add(x);
    if (arrays && ArrayBuffer.isView(x)) {
      arrays.push(x as NumberArray);
      continue;
    }
    const contents = contentsOf(x);
    saved.push([x, contents]);
    for (const y of inside(contents as object)) if (typeof y === 'object' && y !== null) open.push(y);
  }
  return saved;
}

/** What an object holds, in an object of the same kind. */
export function contentsOf(x: object): unknown {
  if (ArrayBuffer.isView(x)) return (x as Float64Array).slice();
  if (Array.isArray(x)) return copyOf(x);
  if (x instanceof Map) return new Map(x);
  if (x instanceof Set) return new Set(x);
  return { ...x };
}
/** With what it holds under other keys than indices: a list of its own kind, so that only these are looked through for them. */
function copyOf(x: readonly unknown[]): unknown[] {
  const keys = furtherKeys(x);
  if (keys.length === 0) return x.slice();
  const copy = new Keyed(x.length);
  for (let k = 0; k < x.length; k++) if (k in x) copy[k] = x[k];
  for (const key of keys) (copy as unknown as Slots)[key] = (x as unknown as Slots)[key];
  return copy;
}
class Keyed extends Array<unknown> {}
/** Keys of an array that are no indices, as in `a[-1]`: they stand behind all indices. */
export function furtherKeys(x: readonly unknown[]): readonly string[] {
  const keys = Object.keys(x);
  let count = keys.length;
  while (count > 0 && !isIndex(keys[count - 1], x.length)) count--;
  return count === keys.length ? NO_KEYS : keys.slice(count);
}
const NO_KEYS: readonly string[] = [];
const isIndex = (key: string, length: number): boolean => {
  const k = Number(key);
  return k >= 0 && k < length && Number.isInteger(k) && String(k) === key;
};
function inside(x: object): Iterable<unknown> {
  if (ArrayBuffer.isView(x)) return [];
  if (Array.isArray(x)) return x instanceof Keyed ? Object.values(x) : x;
  if (x instanceof Map) return [...x.keys(), ...x.values()];
  return x instanceof Set ? x : Object.values(x);
}

/** Gives the objects the contents that they had. */
export function reinstate(saved: Saved): void {
  for (const [x, contents] of saved) fill(x, contents);
}
function fill(x: object, contents: unknown): void {
  if (ArrayBuffer.isView(x)) (x as Float64Array).set(contents as Float64Array);
  else if (Array.isArray(x)) fillArray(x, contents as readonly unknown[]);
  else if (x instanceof Map) {
    x.clear();
    for (const [key, value] of contents as ReadonlyMap<unknown, unknown>) x.set(key, value);
  } else if (x instanceof Set) {
    x.clear();
    for (const value of contents as ReadonlySet<unknown>) x.add(value);
  } else fillRecord(x as Slots, contents as Slots);
}
/** What is the same stays untouched: it may be frozen. */
function fillArray(x: unknown[], contents: readonly unknown[]): void {
  if (x.length !== contents.length) x.length = contents.length;
  for (let k = 0; k < contents.length; k++) {
    if (!(k in contents)) delete x[k];
    else if (!Object.is(x[k], contents[k]) || !(k in x)) x[k] = contents[k];
  }
  const now = furtherKeys(x);
  if (now.length === 0 && !(contents instanceof Keyed)) return;
  const slots = x as unknown as Slots;
  const then = furtherKeys(contents);
  if (now.length !== then.length || now.some((key, k) => key !== then[k]))
    for (const key of now) delete slots[key];
  for (const key of then) {
    const value = (contents as unknown as Slots)[key];
    if (!Object.is(slots[key], value) || !Object.hasOwn(slots, key)) slots[key] = value;
  }
}
/** With the keys in their order. What accessors give is no content. */
function fillRecord(x: Slots, contents: Slots): void {
  const keys = Object.keys(contents);
  const now = Object.keys(x);
  if (now.length !== keys.length || now.some((key, k) => key !== keys[k]))
    for (const key of now) delete x[key];
  for (const key of keys) {
    if (Object.is(x[key], contents[key]) && Object.hasOwn(x, key)) continue;
    if (Object.getOwnPropertyDescriptor(x, key)?.get === undefined) x[key] = contents[key];
  }
}

/** Gives the objects the contents that they had; gives what they held until now. */
export function exchange(saved: Saved): Saved {
  const now = saved.map(([x]) => [x, contentsOf(x)] as const);
  reinstate(saved);
  return now;
}

/** Check mode: numbers that are to be put back become NaN, so that what is not put back shows. */
export function poison(x: object): void {
  if (Object.isFrozen(x)) return;
  if (ArrayBuffer.isView(x)) (x as Float64Array).fill(Number.NaN);
  else if (x instanceof Map) {
    for (const [key, value] of x) if (typeof value === 'number') x.set(key, Number.NaN);
  } else if (!(x instanceof Set))
    for (const key of Object.keys(x)) {
      const { value, writable } = Object.getOwnPropertyDescriptor(x, key)!;
      if (writable && typeof value === 'number') (x as Slots)[key] = Number.NaN;
    }
}

/** Check mode: what runs again finds all objects as they were when it ran first. */
export function checkContents(saved: Saved): void {
  for (const [x, contents] of saved) {
    if (isSame(x, contents)) continue;
    throw new Error(
      'AD6002: check mode: an object has other contents when a part runs again than it had before; please report this function',
    );
  }
}
function isSame(x: object, contents: unknown): boolean {
  if (x instanceof Map || x instanceof Set) {
    const [now, then] = [[...x], [...(contents as Iterable<unknown>)]];
    return now.length === then.length && now.flat().every((y, k) => Object.is(y, then.flat()[k]));
  }
  const keys = Object.keys(x);
  const slots = contents as Slots;
  return keys.length === Object.keys(slots).length && keys.every((k) => Object.is((x as Slots)[k], slots[k]));
}

/** How many bytes the contents take, about: 8 for each slot. */
export function sizeOf(saved: Saved): number {
  let bytes = 0;
  for (const [, contents] of saved) {
    if (ArrayBuffer.isView(contents)) bytes += contents.byteLength;
    else if (contents instanceof Map || contents instanceof Set) bytes += 16 * contents.size;
    else bytes += 8 * (Array.isArray(contents) ? contents.length : Object.keys(contents as object).length);
  }
  return bytes;
}
