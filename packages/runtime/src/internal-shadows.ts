/** Shadows of what a part of a function gives that is run again: found by the objects that they belong to. */
import { furtherKeys } from './internal-memory.js';
import { isObject, type Schema, zeroShadow } from './internal-trees.js';

/** The shadows of objects; each has one, lists of numbers too. */
export class Shadows extends Map<object, unknown> {
  readonly sharesLeaves = true;
}

/** Notes which shadow belongs to which object: pairs of both, objects inside of objects too. */
export function pairShadows(...pairs: readonly unknown[]): Shadows {
  const shadows = new Shadows();
  for (let k = 0; k < pairs.length; k += 2) pair(shadows, pairs[k], pairs[k + 1]);
  return shadows;
}
export const copyPairs = (pairs: Shadows): Shadows => new Shadows(pairs);
function pair(shadows: Shadows, x: unknown, shadow: unknown): void {
  const open: [unknown, unknown][] = [[x, shadow]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [y, s] = next;
    if (typeof y !== 'object' || y === null || typeof s !== 'object' || s === null || shadows.has(y))
      continue;
    shadows.set(y, s);
    if (s instanceof Float64Array) continue;
    if (y instanceof Map) {
      for (const [key, value] of y) open.push([value, (s as Map<unknown, unknown>).get(key)]);
    } else
      for (const key of Object.keys(s)) {
        const inner = (s as Record<string, unknown>)[key];
        if (typeof inner === 'object') open.push([(y as Record<string, unknown>)[key], inner]);
      }
  }
}

/** The shadow of an object: the known one, or zeros in its structure if it was made in the part that runs again. */
export function shadowIn(shadows: Shadows, x: unknown, schema: Schema, growable: boolean): any {
  return isObject(x) ? zeroShadow(x, schema, growable, 'a value', shadows) : undefined;
}

/**
 * Gives the shadows of what is reached from some objects the structure that these have now: what each object holds, and how long lists
 * are. Numbers stay as they are.
 */
export function followStructure(shadows: Shadows, ...roots: readonly unknown[]): void {
  const seen = new Set<unknown>();
  const open = [...roots];
  while (open.length > 0) {
    const x = open.pop();
    if (typeof x !== 'object' || x === null || seen.has(x)) continue;
    seen.add(x);
    const shadow = shadows.get(x);
    if (typeof shadow !== 'object' || shadow === null || shadow instanceof Float64Array) continue;
    if (x instanceof Map) {
      for (const [key, value] of x)
        follow(shadows, value, (s) => (shadow as Map<unknown, unknown>).set(key, s), open);
    } else {
      const slots = shadow as Record<string, unknown>;
      if (Array.isArray(shadow) && Array.isArray(x)) {
        stretch(shadow, x);
        if (typeof x[0] === 'number') continue;
      }
      for (const key of Object.keys(x))
        follow(shadows, (x as Record<string, unknown>)[key], (s) => (slots[key] = s), open);
      for (const key of Object.keys(slots))
        if (typeof slots[key] === 'object' && !isObject((x as Record<string, unknown>)[key]))
          slots[key] = undefined;
    }
  }
}
function follow(shadows: Shadows, x: unknown, put: (shadow: unknown) => void, open: unknown[]): void {
  if (!isObject(x)) return;
  const shadow = shadows.get(x);
  if (shadow !== undefined) put(shadow);
  open.push(x);
}
/** Elements of a list that were added have cotangents of their own: behind its end, in a gap, or under a key that is no index. */
function stretch(shadow: unknown[], x: readonly unknown[]): void {
  for (let k = 0; k < x.length; k++)
    if (k >= shadow.length || shadow[k] === undefined) shadow[k] = typeof x[k] === 'number' ? 0 : undefined;
  const [slots, further] = [shadow, x] as unknown as Record<string, unknown>[];
  for (const key of furtherKeys(x)) if (typeof further[key] === 'number') slots[key] ??= 0;
}

/**
 * Adds the cotangents of one object to those of another that was made in its place: pairs of shadows, where the first gets what
 * the second has. Shadows that are the same object have it already.
 */
export function addShadows(...pairs: readonly unknown[]): void {
  const seen = new Set<unknown>();
  const open: [unknown, unknown][] = [];
  for (let k = 0; k < pairs.length; k += 2) open.push([pairs[k], pairs[k + 1]]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [to, from] = next;
    if (typeof to !== 'object' || to === null || typeof from !== 'object' || from === null) continue;
    if (to === from || seen.has(to)) continue;
    seen.add(to);
    if (to instanceof Map) {
      for (const [key, value] of from as Map<unknown, unknown>)
        add(to.get(key), value, (sum) => to.set(key, sum), open);
    } else {
      const slots = to as Record<string, unknown>;
      for (const key of Object.keys(from))
        add(slots[key], (from as Record<string, unknown>)[key], (sum) => (slots[key] = sum), open);
    }
  }
}
function add(to: unknown, from: unknown, put: (sum: number) => void, open: [unknown, unknown][]): void {
  if (typeof from === 'number') put(((to as number | undefined) ?? 0) + from);
  else open.push([to, from]);
}
