/** Shadows of what a part of a function gives that is run again: found by the objects that they belong to. */
import { type Schema, zeroShadow } from './internal-trees.js';

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
  return zeroShadow(x, schema, growable, 'a value', shadows);
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
