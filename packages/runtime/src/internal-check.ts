/** Check mode: emitted code that checks itself (a build option; slow). */

const fail = (what: string): never => {
  throw new Error(`AD6002: check mode: ${what}; please report this function`);
};

/** A value computed again in the reverse sweep must have the bits of the one that the forward sweep had. */
export function checkSame(again: unknown, stored: unknown): void {
  // a slot out of range is NaN on the tape of numbers
  if (again === undefined && Number.isNaN(stored)) return;
  if (!Object.is(again, stored)) fail(`a recomputed value is ${String(again)}, but was ${String(stored)}`);
}

/** Blocks entered, in order; the reverse sweep must leave them exactly backwards. */
const blocks: number[] = [];
let base = 0;

export function traceBegin(): number {
  const before = base;
  base = blocks.length;
  return before;
}
export function trace(block: number): void {
  blocks.push(block);
}
export function checkTrace(block: number): void {
  const last = blocks.length > base ? blocks.pop() : undefined;
  if (last !== block)
    fail(`the reverse sweep is in block ${block}, but the forward sweep left block ${last ?? 'none'}`);
}
export function traceEnd(before: number): void {
  const left = blocks.length - base;
  blocks.length = base;
  base = before;
  if (left !== 0) fail(`the reverse sweep missed ${left} blocks`);
}
