/**
 * Check mode: where a derivative became not finite. If the value of the function is not finite either, the place where that began
 * is found by a run of its own, with an origin beside each number: the position of a place in a list.
 */
import { at, type Checks } from './internal-check.js';

/** Places, each with what becomes not finite there: `main.ts:5:15, where the value of `s` becomes NaN`. */
export interface Watched {
  /** Of the value of the function. */
  value: string | undefined;
  /** Of cotangents that come from finite ones. */
  readonly cotangents: string[];
}

/** Is told in place of the console. */
let watched: Watched | undefined;
/** Runs something, and says where it became not finite, if it was compiled in check mode. */
export function watchFinite<T>(run: () => T): { readonly result: T; readonly watched: Watched } {
  const outer = watched;
  const own: Watched = { value: undefined, cotangents: [] };
  watched = own;
  try {
    return { result: run(), watched: own };
  } finally {
    watched = outer;
  }
}

const isOrdinary = (x: unknown): boolean => typeof x === 'boolean' || Number.isFinite(x);
const named = new Set<string>();

/**
 * Names a cotangent of a reverse sweep that is not finite although the cotangents that it is computed from are. `from`: those
 * cotangents, the primal values beside them, their names, their number, the name of what has the cotangent, and the place. A
 * warning is given where all of them are finite: for the first one in a sweep, and once for a place.
 */
export function checkFinite(c: Checks, cotangent: unknown, ...from: readonly unknown[]): void {
  if (c.notFinite || Number.isFinite(cotangent)) return;
  const [count, name, place] = from.slice(-3) as [number, string, string];
  const names = from.slice(-3 - count, -3);
  const operands = from.slice(0, -3 - count);
  const values = operands.splice(operands.length - count);
  if (!operands.every(isOrdinary)) return;
  const what = `the cotangent of ${name} becomes ${String(cotangent)}`;
  const at = values.findIndex((x) => !isOrdinary(x));
  if (watched) noteCotangent(watched, at < 0 ? what : `${what}: ${names[at]} is ${values[at]}`, place);
  else if (at < 0) warn(c, what, name + place, place);
}
function noteCotangent({ cotangents }: Watched, what: string, place: string): void {
  const text = `${place}, where ${what}`;
  if (!cotangents.includes(text)) cotangents.push(text);
}
function warn(c: Checks, what: string, key: string, place: string): void {
  c.notFinite = true;
  if (named.has(key)) return;
  named.add(key);
  const { console } = globalThis as { console?: { warn(text: string): void } };
  console?.warn(`AD6003: check mode: ${what}${at(place)}, where all values are finite`);
}

// ------------------------------------------------------------------ values

/** Places of the run at hand; origins are positions here. Those at 0 have none. */
let places: string[] = [];

/** Finds out where the value of a function became not finite, if anybody wants to know. `origin` runs the function once more. */
export function watchValue(value: unknown, origin: () => unknown): void {
  if (!watched || watched.value !== undefined || typeof value !== 'number' || Number.isFinite(value)) return;
  const outer = places;
  places = [''];
  try {
    watched.value = places[Number(origin())] || undefined;
  } finally {
    places = outer;
  }
}

/**
 * The origin of a number: 0 if it is finite, that of the operand which is NaN, or infinite, like it, else a new one. `from`: each
 * operand with its origin, the name of the number, and the place.
 */
export function originOf(y: unknown, ...from: readonly unknown[]): number {
  if (typeof y !== 'number' || Number.isFinite(y)) return 0;
  const [name, place] = from.slice(-2) as [string, string];
  let fromMissing = false;
  for (let k = 0; k < from.length - 2; k += 2) {
    if (isAlike(from[k], y)) return from[k + 1] as number;
    fromMissing ||= from[k] === undefined;
  }
  const why = fromMissing && Number.isNaN(y) ? ', computed from undefined' : '';
  return places.push(`${place}, where ${name} becomes ${y}${why}`) - 1;
}
const isAlike = (x: unknown, y: number): boolean =>
  typeof x === 'number' && !Number.isFinite(x) && Number.isNaN(x) === Number.isNaN(y);

/** The origins of the numbers that a function with a rule of the user's makes of `given`. */
export function originsIn(
  values: ArrayLike<number>,
  given: ArrayLike<number>,
  origins: ArrayLike<number>,
  name: string,
  place: string,
): number[] {
  const from = Array.from(given).flatMap((x, k) => [x, origins[k]]);
  return Array.from(values, (y) => originOf(y, ...from, name, place));
}
