/** Deep copies and exact comparison of users' values, for check mode. */

type Slots = Record<string, unknown>;

const isPlain = (x: object): boolean => {
  const proto: unknown = Object.getPrototypeOf(x);
  return proto === Object.prototype || proto === null;
};

/** A deep copy of arrays, typed arrays, maps, sets and plain objects; shared parts stay shared, all else is the same. */
export function copy<T>(x: T, seen = new Map<object, unknown>()): T {
  return copyOf(x, seen) as T;
}
function copyOf(x: unknown, seen: Map<object, unknown>): unknown {
  if (typeof x !== 'object' || x === null) return x;
  const known = seen.get(x);
  if (known !== undefined) return known;
  const note = <C extends object>(c: C): C => {
    seen.set(x, c);
    return c;
  };
  if (ArrayBuffer.isView(x)) return note('slice' in x ? (x as unknown as { slice(): object }).slice() : x);
  if (x instanceof Map) {
    const c = note(new Map<unknown, unknown>());
    for (const [key, value] of x) c.set(copyOf(key, seen), copyOf(value, seen));
    return c;
  }
  if (x instanceof Set) {
    const c = note(new Set<unknown>());
    for (const value of x) c.add(copyOf(value, seen));
    return c;
  }
  if (Array.isArray(x)) return copySlots(x, note(new Array<unknown>(x.length)), seen);
  if (!isPlain(x) && !isInstance(x)) return x;
  return copySlots(x, note(Object.create(Object.getPrototypeOf(x) as object | null) as object), seen);
}
/** An instance of a class of the user's whose state is all in its properties. */
function isInstance(x: object): boolean {
  const c = (Object.getPrototypeOf(x) as { readonly constructor?: unknown } | null)?.constructor;
  if (typeof c !== 'function') return false;
  for (
    let k: unknown = c;
    typeof k === 'function' && k !== Function.prototype;
    k = Object.getPrototypeOf(k)
  ) {
    const text = Function.prototype.toString.call(k);
    if (!text.startsWith('class') || /#[A-Za-z_$]/.test(text)) return false;
  }
  return true;
}
function copySlots(from: object, to: object, seen: Map<object, unknown>): object {
  for (const key of Object.keys(from)) {
    const d = Object.getOwnPropertyDescriptor(from, key)!;
    if (!('value' in d)) Object.defineProperty(to, key, d);
    // an own property of that name comes out of `JSON.parse`; assigned, it would be the prototype
    else if (key === '__proto__') Object.defineProperty(to, key, { ...d, value: copyOf(d.value, seen) });
    else (to as Slots)[key] = copyOf(d.value, seen);
  }
  return Object.isFrozen(from) ? Object.freeze(to) : Object.isSealed(from) ? Object.seal(to) : to;
}

/** What the objects reachable from `roots` hold now; the function returned puts it back into the same objects. */
export function snapshot(roots: readonly unknown[]): () => void {
  const undo: (() => void)[] = [];
  const seen = new Set<object>();
  const visit = (x: unknown): void => {
    if (typeof x !== 'object' || x === null || seen.has(x)) return;
    seen.add(x);
    if (ArrayBuffer.isView(x)) {
      if (!('slice' in x)) return;
      const content = (x as unknown as Float64Array).slice();
      undo.push(() => (x as unknown as Float64Array).set(content));
    } else if (x instanceof Map) {
      const content = [...x];
      undo.push(() => {
        x.clear();
        for (const [key, value] of content) x.set(key, value);
      });
      content.flat().forEach(visit);
    } else if (x instanceof Set) {
      const content = [...x];
      undo.push(() => {
        x.clear();
        for (const value of content) x.add(value);
      });
      content.forEach(visit);
    } else if (Array.isArray(x) || isPlain(x) || isInstance(x)) {
      const content = dataOf(x);
      const length = Array.isArray(x) ? x.length : undefined;
      undo.push(() => {
        putBack(x as Slots, content, length);
      });
      Object.values(content).forEach(visit);
    }
  };
  roots.forEach(visit);
  return () => {
    for (const u of undo) u();
  };
}
/** The objects that can be reached from a value, itself included. */
export function objectsIn(x: unknown, seen = new Set<unknown>()): Set<unknown> {
  if (typeof x !== 'object' || x === null || seen.has(x)) return seen;
  seen.add(x);
  if (x instanceof Map) for (const [, value] of x) objectsIn(value, seen);
  else if (Array.isArray(x)) for (const value of x) objectsIn(value, seen);
  else if (!ArrayBuffer.isView(x)) for (const value of Object.values(dataOf(x))) objectsIn(value, seen);
  return seen;
}

/** The fields that hold something themselves. */
const dataOf = (x: object): Slots =>
  Object.fromEntries(
    Object.keys(x).flatMap((key) => {
      const d = Object.getOwnPropertyDescriptor(x, key)!;
      return 'value' in d ? [[key, d.value as unknown]] : [];
    }),
  );
function putBack(x: Slots, content: Slots, length: number | undefined): void {
  if (Object.isFrozen(x)) return;
  for (const key of Object.keys(dataOf(x))) if (!(key in content)) delete x[key];
  for (const key of Object.keys(content)) if (!Object.is(x[key], content[key])) x[key] = content[key];
  if (length !== undefined) x.length = length;
}

/** Whether numbers that differ count as equal. */
export type Equal = (a: number, b: number) => boolean;
/** Equal but for rounding. */
export const isClose: Equal = (a, b) => Math.abs(a - b) <= 1e-8 * Math.max(1, Math.abs(a), Math.abs(b));

/**
 * The first place where two values are not the same to the bit, or as `equal` says, in words; `undefined` if there is none.
 * Objects in `seen` are passed over.
 */
export function difference(
  a: unknown,
  b: unknown,
  what: string,
  { equal, seen = new Set() }: { readonly equal?: Equal; readonly seen?: Set<unknown> } = {},
): string | undefined {
  if (Object.is(a, b) || (typeof a === 'function' && typeof b === 'function')) return undefined;
  if (typeof a === 'number' && typeof b === 'number' && equal?.(a, b)) return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return `${what} is ${text(a)}, plain ${text(b)}`;
  if (seen.has(a) || seen.has(b)) return undefined;
  seen.add(b);
  if (a instanceof Map && b instanceof Map) return difference([...a], [...b], what, { equal, seen });
  if (a instanceof Set && b instanceof Set) return difference([...a], [...b], what, { equal, seen });
  const x = a as Slots;
  const y = b as Slots;
  if (typeof y.length === 'number' && x.length !== y.length)
    return `${what} has length ${String(x.length)}, plain ${y.length}`;
  for (const key of Object.keys(y)) {
    if (!Object.hasOwn(x, key)) return `${what} has no ${key}, plain ${text(y[key])}`;
    const found = difference(x[key], y[key], `${what}.${key}`, { equal, seen });
    if (found !== undefined) return found;
  }
  const more = Object.keys(x).find((key) => !Object.hasOwn(y, key));
  return more === undefined ? undefined : `${what} has ${more}, which plain it has not`;
}

const text = (x: unknown): string =>
  Object.is(x, -0) ? '-0' : typeof x === 'object' && x !== null ? 'an object' : String(x);
