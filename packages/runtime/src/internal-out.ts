/** `gradInto`: the caller's arrays as shadows, and gradients written into what the caller gives. */
import { mismatch } from './describe.js';
import { overlap, sharesMemory } from './internal-overlap.js';

/** Checks that `out` can take the gradient of `x` directly, and sets it to zero. */
export function zeroOut(out: Float64Array, x: Float64Array, name: string): void {
  checkOut(out, x, name);
  zero(out);
}

/**
 * As `zeroOut`, for code that writes all of `out` itself. What is rare stands in functions of its own: engines inline short functions
 * only, and small gradients with them.
 */
export function checkOut(out: Float64Array, x: Float64Array, name: string): void {
  if (!(out instanceof Float64Array) || out === x || out.length !== x.length) refuseOut(out, x, name);
  if (out !== apart || x !== apartFrom) checkMemoryOnce(out, x);
}
/** Two arrays of which it is known that they share no memory: to ask again costs as much as the gradient of a few numbers. */
let apart: Float64Array | undefined;
let apartFrom: Float64Array | undefined;
function checkMemoryOnce(out: Float64Array, x: Float64Array): void {
  if (sharesMemory(out, x)) overlap();
  // long ones are not kept alive for that
  if (out.length > SHORT) return;
  apart = out;
  apartFrom = x;
}
function refuseOut(out: unknown, x: Float64Array, name: string): never {
  if (!(out instanceof Float64Array)) throw new TypeError('adjoint: out should be a Float64Array');
  if (out === x) overlap();
  throw new RangeError(
    `adjoint: out has length ${out.length}, but argument \`${name}\` has length ${x.length}`,
  );
}

function zero(out: Float64Array): Float64Array {
  // a short array is cleared faster by a loop than by a call
  if (out.length > SHORT) return out.fill(0);
  for (let k = 0; k < out.length; k++) out[k] = 0;
  return out;
}
const SHORT = 64;

/**
 * The shadow of an argument `x` whose gradient goes into slot `k` of `out`: what is there, set to zero, if it is an array like `x`
 * that shares no memory with the other slots and with `others` (arrays outside that are read or written meanwhile, and arguments). Else a new
 * one, which `writeGradients` copies, or refuses.
 */
export function slotShadow(
  out: unknown,
  k: number,
  x: Float64Array,
  ...others: readonly unknown[]
): Float64Array {
  const n = x.length;
  // to copy a few numbers costs less than to ask what memory they are in
  const slot: unknown = n > FEW && Array.isArray(out) ? out[k] : undefined;
  if (!(slot instanceof Float64Array) || slot.length !== n) return new Float64Array(n);
  const slots = out as readonly unknown[];
  for (let j = 0; j < slots.length; j++) if (j !== k && isViewOf(slot, slots[j])) return new Float64Array(n);
  for (const other of others) if (isViewOf(slot, other)) return new Float64Array(n);
  return zero(slot);
}
const FEW = 8;
const isViewOf = (out: Float64Array, o: unknown): boolean => ArrayBuffer.isView(o) && sharesMemory(out, o);

/** Writes (or adds) the gradients of several arguments into the slots of a tuple; the last argument says whether to add. */
export function writeGradients(out: unknown, ...rest: readonly unknown[]): void {
  if (typeof out !== 'object' || out === null) mismatch('out', 'an array', out);
  const count = rest.length - 1;
  const accumulate = rest[count] === true;
  const slots = out as unknown[];
  if (typeof slots.length === 'number' && slots.length !== count)
    throw new RangeError(`adjoint: out has length ${slots.length}, but there are ${count} gradients`);
  for (let k = 0; k < count; k++) {
    const g = rest[k];
    if (typeof g === 'number') slots[k] = accumulate ? held(slots[k]) + g : g;
    else if (g !== undefined && g !== slots[k]) writeGradient(slots[k], g, accumulate, `out[${k}]`);
  }
}

/** What is added to: where an optional number was missing before, nothing. */
const held = (x: unknown): number => (x ?? 0) as number;

/** Writes (or adds) a gradient into the object that the caller gives. */
export function writeGradient(out: unknown, g: unknown, accumulate: boolean, path = 'out'): void {
  if (typeof out !== 'object' || out === null) mismatch(path, 'an array or object', out);
  if (typeof g === 'number') {
    refuseIntegers(out, path);
    const slot = out as number[];
    slot[0] = accumulate ? held(slot[0]) + g : g;
  } else if (g instanceof Map) {
    if (!(out instanceof Map)) mismatch(path, 'a Map', out);
    if (!accumulate) for (const k of out.keys()) if (!g.has(k)) out.delete(k);
    for (const [k, v] of g) {
      if (typeof v === 'number') out.set(k, accumulate ? held(out.get(k)) + v : v);
      else writeGradient(out.get(k), v, accumulate, `${path}.get(${String(k)})`);
    }
  } else if (Array.isArray(g) || ArrayBuffer.isView(g)) {
    writeElements(out as unknown[], g as unknown as readonly unknown[], accumulate, path);
  } else {
    const slots = out as Record<string, unknown>;
    for (const [key, value] of Object.entries(g as Record<string, unknown>)) {
      if (typeof value === 'number') slots[key] = accumulate ? held(slots[key]) + value : value;
      else if (value !== undefined) writeGradient(slots[key], value, accumulate, `${path}.${key}`);
    }
  }
}

function writeElements(to: unknown[], from: readonly unknown[], accumulate: boolean, path: string): void {
  if (typeof to.length !== 'number') mismatch(path, 'an array', to);
  refuseIntegers(to, path);
  if (to.length !== from.length)
    throw new RangeError(
      `adjoint: ${path} has length ${to.length}, but the gradient has length ${from.length}`,
    );
  for (let k = 0; k < from.length; k++) {
    const value = from[k];
    if (typeof value === 'number') to[k] = accumulate ? held(to[k]) + value : value;
    else if (value !== undefined) writeGradient(to[k], value, accumulate, `${path}.${k}`);
  }
}
/** An array of integers would keep a part of the gradient only. */
function refuseIntegers(to: unknown, path: string): void {
  if (to instanceof Float64Array || !ArrayBuffer.isView(to)) return;
  if (!to.constructor.name.startsWith('Float')) mismatch(path, 'an array of numbers of any size', to);
}
