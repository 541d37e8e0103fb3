/** Check mode: what one evaluation knows of itself, and the assertions that its generated code makes (slow). */
import type { Tape } from './internal-tape.js';

export interface Checks {
  /** Blocks entered by the forward sweep, in order. */
  readonly blocks: { readonly block: string; readonly place: string }[];
  /** How many of them the reverse sweep has not left yet. */
  left: number;
  readonly shadowOf: Map<object, { readonly shadow: object; readonly name: string }>;
  readonly primalOf: Map<object, { readonly primal: object; readonly name: string }>;
  /** All shadows that the forward sweep made, with the name of what they belong to. */
  readonly shadows: Map<object, string>;
  /** A cotangent that is not finite was named: those that follow come from it. */
  notFinite: boolean;
}

const fail = (what: string): never => {
  throw new Error(`AD6002: check mode: ${what}; please report this function`);
};

export const beginChecks = (): Checks => ({
  blocks: [],
  left: 0,
  shadowOf: new Map(),
  primalOf: new Map(),
  shadows: new Map(),
  notFinite: false,
});

// ------------------------------------------------------------------ values

/** A value computed again in the reverse sweep must have the bits of the one that the forward sweep had. */
export function checkSame(again: unknown, stored: unknown, name: string, place: string): void {
  // a slot out of range is NaN on the tape of numbers
  if (Object.is(again, stored) || (again === undefined && Number.isNaN(stored))) return;
  fail(`${name}${at(place)} is ${String(again)} when it is computed again, but was ${String(stored)}`);
}
export const at = (place: string): string => (place === '' ? '' : ` at ${place}`);

// ------------------------------------------------------------------ path

/** The forward sweep enters a block; the reverse sweep must leave all of them exactly backwards. */
export function trace(c: Checks, block: string, place: string): void {
  c.blocks.push({ block, place });
}
export function checkTrace(c: Checks, block: string, place: string): void {
  const last = c.left > 0 ? c.blocks[--c.left] : undefined;
  if (last?.block === block) return;
  const instead = last ? `was in ${last.block}${at(last.place)}` : 'had nothing before';
  fail(`the reverse sweep is in ${block}${at(place)}, but the forward sweep ${instead}`);
}
export function traceEnd(c: Checks): void {
  const next = c.left > 0 ? c.blocks[c.left - 1] : undefined;
  if (next)
    fail(`the reverse sweep missed ${c.left} blocks, the last of them ${next.block}${at(next.place)}`);
}

// ------------------------------------------------------------------ tape

/** A reverse sweep begins: nobody else has had its tape since the forward sweep. */
export function checkOwner(tape: Tape, owner: number): void {
  if (tape.owner !== owner) fail('another evaluation has written to the tape before the reverse sweep');
}

/** A record is about to be pushed: what its slots hold. */
export function tagTape(
  tape: Tape,
  top: number,
  refTop: number,
  numbers: readonly string[],
  refs: readonly string[],
): void {
  numbers.forEach((tag, k) => {
    tape.tags[top + k] = tag;
  });
  refs.forEach((tag, k) => {
    tape.refTags[refTop + k] = tag;
  });
}
/** A record is about to be popped: its slots must hold what was pushed for it. */
export function checkTags(
  tape: Tape,
  top: number,
  refTop: number,
  numbers: readonly string[],
  refs: readonly string[],
): void {
  checkSlots(tape.tags, top, numbers);
  checkSlots(tape.refTags, refTop, refs);
}
function checkSlots(found: readonly string[], top: number, wanted: readonly string[]): void {
  wanted.forEach((tag, k) => {
    const there = found[top - wanted.length + k];
    if (there !== tag) fail(`the reverse sweep takes ${tag} from the tape, but finds ${there ?? 'nothing'}`);
  });
}

// ------------------------------------------------------------------ shadows

/** An object of the primal and its shadow: each has one partner for the whole evaluation. */
export function pairShadow(c: Checks, primal: unknown, shadow: unknown, name: string, place: string): void {
  if (typeof primal !== 'object' || primal === null) return;
  if (typeof shadow !== 'object' || shadow === null) return fail(`${name}${at(place)} has no shadow`);
  const known = c.shadowOf.get(primal);
  if (known !== undefined && known.shadow !== shadow)
    fail(`${name}${at(place)} has another shadow than the same object had as ${known.name}`);
  const owner = c.primalOf.get(shadow);
  if (owner !== undefined && owner.primal !== primal)
    fail(`${name}${at(place)} has the shadow of another object, ${owner.name}`);
  const here = name + at(place);
  if (known === undefined) c.shadowOf.set(primal, { shadow, name: here });
  if (owner === undefined) c.primalOf.set(shadow, { primal, name: here });
}

/** The reverse sweep uses a shadow: one that the forward sweep had. */
export function checkShadow(c: Checks, shadow: unknown, name: string, place: string): void {
  if (c.primalOf.has(shadow as object)) return;
  fail(`the reverse sweep has no shadow for ${name}${at(place)} that the forward sweep knew`);
}

/** A shadow that the forward sweep makes: its leaves are zero, and stay so until the reverse sweep. */
export function ownShadow(c: Checks, shadow: unknown, name: string): void {
  if (typeof shadow === 'object' && shadow !== null && !c.shadows.has(shadow)) c.shadows.set(shadow, name);
}

/** The reverse sweep of a part begins that was recorded just now: cotangents are there already. */
export function beginAgain(c: Checks): void {
  c.left = c.blocks.length;
  c.notFinite = false;
}
/** The reverse sweep begins (of a pullback: once more). */
export function beginReverse(c: Checks): void {
  beginAgain(c);
  const seen = new Set<object>();
  for (const [shadow, name] of c.shadows) checkZero(shadow, name, seen);
}
function checkZero(shadow: unknown, name: string, seen: Set<object>): void {
  if (typeof shadow === 'number') {
    if (shadow !== 0) fail(`the cotangent of ${name} is ${shadow} before the reverse sweep, it should be 0`);
    return;
  }
  if (typeof shadow !== 'object' || shadow === null || seen.has(shadow)) return;
  seen.add(shadow);
  const slots = shadow as Record<string, unknown>;
  for (const key of Object.keys(slots)) checkZero(slots[key], `${name}.${key}`, seen);
}
