/**
 * Check mode: a function from outside that is told a number with a derivative may keep it. Where the program reads it again, the
 * derivative is lost, which nothing but a comparison of what is read before and after the call can show.
 */
import { copy, difference } from './internal-compare.js';

/** The parts of an object that are read: all, or some fields; nothing where none is. */
export type Parts = true | { readonly [key: string]: Parts } | undefined;
/** What is read of each argument, and of each object outside. */
export type Reads = readonly [inputs: readonly Parts[], outside: readonly Parts[]];

let place: string | undefined;
/** A function from outside is about to be told such a number. */
export function tells(at: string): void {
  place = at;
}

/** What is to be done around each call of a function from outside. */
export function toldOf(
  [ofInputs, ofOutside]: Reads,
  inputs: readonly unknown[],
  objects: () => readonly unknown[],
): (call: () => void) => void {
  const read = () => [
    ...inputs.map((x, k) => pick(x, ofInputs[k])),
    ...objects().map((x, k) => pick(x, ofOutside[k])),
  ];
  return (call) => {
    const at = place;
    place = undefined;
    if (at === undefined) return call();
    const before = copy(read());
    call();
    read().forEach((now, k) => {
      const what = k < inputs.length ? `argument ${k}` : 'what is outside';
      const changed = difference(now, before[k], what)?.replace(/, plain .*/, '');
      if (changed !== undefined)
        warnOnce(
          `${at === '' ? '' : `at ${at} `}a function from outside is given a number that depends on the arguments, and ${changed} behind the call, which the function reads: that carries no derivative`,
        );
    });
  };
}
const named = new Set<string>();
function warnOnce(text: string): void {
  if (named.has(text)) return;
  named.add(text);
  const { console } = globalThis as { console?: { warn(text: string): void } };
  console?.warn(`AD6004: check mode: ${text}`);
}

function pick(x: unknown, parts: Parts): unknown {
  if (parts === undefined || parts === true) return parts && x;
  if (typeof x !== 'object' || x === null) return undefined;
  return Object.fromEntries(
    Object.entries(parts).map(([key, part]) => [
      key,
      pick((x as Readonly<Record<string, unknown>>)[key], part),
    ]),
  );
}
