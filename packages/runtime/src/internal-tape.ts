/** The tape of generated code: numbers in a Float64Array, references in a plain array, one cursor for each. */

export interface Tape {
  data: Float64Array;
  top: number;
  readonly refs: unknown[];
  refTop: number;
  /** Counts the evaluations that had this tape. */
  owner: number;
  /** Check mode: what each slot holds, in words. */
  readonly tags: string[];
  readonly refTags: string[];
}

/** Small on purpose under test: a store beyond a Float64Array is dropped without a word. */
const INITIAL =
  Number(
    (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env
      ?.ADJOINT_TAPE_CAPACITY,
  ) || 1024;

/** Tapes that wait: nested derivatives have several at once. */
const idle: Tape[] = [];
const MAX_IDLE = 4;

/** A tape that nobody else uses now. An evaluation that throws half way just loses its tape. */
export function acquireTape(): Tape {
  const tape = idle.pop() ?? {
    data: new Float64Array(INITIAL),
    top: 0,
    refs: [],
    refTop: 0,
    owner: 0,
    tags: [],
    refTags: [],
  };
  tape.top = 0;
  tape.refTop = 0;
  tape.owner++;
  // what an earlier evaluation left says nothing about this one; to set a length costs more than to read it
  if (tape.tags.length > 0) tape.tags.length = 0;
  if (tape.refTags.length > 0) tape.refTags.length = 0;
  return tape;
}

/** Gives a tape back at the end of a reverse sweep, which must have consumed it exactly. `refTop`: if it held references. */
export function releaseTape(tape: Tape, top: number, refTop?: number): void {
  checkTape(top, refTop);
  if (refTop !== undefined) forgetReferences(tape.refs);
  if (idle.length < MAX_IDLE) idle.push(tape);
}

/** Gives back a tape of a part that was recorded in the reverse sweep, and run backwards at once. */
export const finishTape = (tape: Tape): void => releaseTape(tape, tape.top, tape.refTop);

/** So many slots for references are kept at most: 8 MB. */
const MAX_KEPT = 2 ** 20;
/** Below this an array is not worth making smaller. */
const FEW = 64;

/**
 * Drops the references that an evaluation has left behind, but keeps their slots for the next one, which else would grow the
 * array anew. Slots that were not needed this time become fewer, so that one large evaluation does not burden all small ones.
 */
function forgetReferences(refs: unknown[]): void {
  let used = refs.length;
  while (used > 0 && refs[used - 1] === undefined) used--;
  if (used > MAX_KEPT) refs.length = 0;
  else if (refs.length > FEW && used < refs.length / 2) refs.length = Math.max(used, FEW);
  for (let k = Math.min(used, refs.length) - 1; k >= 0; k--) refs[k] = undefined;
}

/** Throws if the reverse sweep did not consume what the forward sweep recorded. */
export function checkTape(top: number, refTop = 0): void {
  if (top !== 0 || refTop !== 0)
    throw new Error(
      `AD6002: the reverse sweep left ${top} numbers and ${refTop} references on the tape; please report this function`,
    );
}

/** Makes room for at least `need` numbers; gives the new storage. */
export function growTape(tape: Tape, need: number): Float64Array {
  const data = allocate(Math.max(need, 2 * tape.data.length), need);
  data.set(tape.data);
  tape.data = data;
  return data;
}
function allocate(size: number, need: number): Float64Array {
  try {
    return new Float64Array(size);
  } catch {
    if (size > need) return allocate(need, need);
    throw new RangeError(
      `adjoint: the reverse sweep needs ${need} numbers (${need * 8} bytes) on its tape, ${TOO_MANY}`,
    );
  }
}
const TOO_MANY =
  'for which there is no room; checkpoint(f), or checkpointed(n) for a loop, stores less and runs parts again (checkpointing)';

/** Throws before an array of references gets so long that the engine would end the process. */
export function tooManyReferences(count: number): never {
  throw new RangeError(
    `adjoint: the reverse sweep needs more than ${count} references on its tape, ${TOO_MANY}`,
  );
}

/** Check mode: throws if a loop pushed more than there was room for, which was made before it. */
export function checkRoom(data: Float64Array, top: number): void {
  if (top > data.length)
    throw new Error(
      `AD6002: ${top} numbers were pushed, but the tape has room for ${data.length}; please report this function`,
    );
}

/** A view of a typed array, or of its shadow. */
export const subarray = <T extends Float64Array | Float32Array>(
  a: T,
  from: number | undefined,
  to?: number,
): T => a.subarray(from, to) as T;

/** The sum of a shadow's leaves: the cotangent of the number that an array was filled with. */
export function sum(shadow: ArrayLike<number>): number {
  let s = 0;
  for (let i = 0; i < shadow.length; i++) s += shadow[i] ?? 0;
  return s;
}

/** What `start` becomes if `step`, a small integer, is added to it so many times: the same bits. */
export function advance(start: number, times: number, step: number): number {
  const end = start + times * step;
  if (times > 0 && Number.isSafeInteger(start) && Number.isSafeInteger(end)) return end;
  let sum = start;
  for (let k = 0; k < times; k++) sum += step;
  return sum;
}

/** A slot for the shadow of an array element that a store has just made. */
export function extend(shadow: number[], index: number): void {
  if (shadow[index] === undefined) shadow[index] = 0;
}

/** Shadows of a pullback, which is called again with zeroed ones. */
export function trackList(): any[] {
  return [];
}
export function track(list: unknown[], shadow: unknown): void {
  // what is reached now: a reference in it may be replaced before the pullback runs
  const seen = new Set<unknown>();
  const open = [shadow];
  for (let x = open.pop(); x !== undefined; x = open.pop()) {
    if (seen.has(x)) continue;
    seen.add(x);
    list.push(x);
    if (x instanceof Float64Array || typeof x !== 'object' || x === null) continue;
    const inner: Iterable<unknown> = x instanceof Map ? x.values() : Object.values(x);
    for (const y of inner) if (typeof y === 'object' && y !== null) open.push(y);
  }
}
/** Sets all number leaves of the listed shadows to zero; their structure stays. */
export function zeroTracked(list: readonly unknown[]): void {
  for (const shadow of list) zeroLeaves(shadow);
}

/** What the listed shadows hold when a pullback is called first. */
const structures = new WeakMap<readonly unknown[], readonly (() => void)[]>();
/**
 * Gives the listed shadows the structure that the forward sweep left them with: parts that run again in a pullback move what is
 * inside of them.
 */
export function restoreStructure(list: readonly unknown[]): void {
  const known = structures.get(list);
  if (known === undefined) structures.set(list, list.flatMap(structureOf));
  else for (const putBack of known) putBack();
}
function structureOf(shadow: unknown): (() => void)[] {
  if (typeof shadow !== 'object' || shadow === null || shadow instanceof Float64Array) return [];
  if (shadow instanceof Map) {
    const inner = [...shadow].filter(([, x]) => typeof x !== 'number');
    return [
      () => {
        for (const [key, x] of inner) shadow.set(key, x);
      },
    ];
  }
  const slots = shadow as Record<string, unknown>;
  const inner = Object.keys(slots).flatMap((key) =>
    typeof slots[key] === 'number' ? [] : [[key, slots[key]] as const],
  );
  const length = Array.isArray(shadow) ? shadow.length : undefined;
  return [
    () => {
      for (const [key, x] of inner) slots[key] = x;
      if (Array.isArray(shadow)) resizeTo(shadow, length ?? 0);
    },
  ];
}
/** Elements that are missing are those of numbers. */
function resizeTo(shadow: unknown[], length: number): void {
  while (shadow.length < length) shadow.push(0);
  shadow.length = length;
}
function zeroLeaves(shadow: unknown): void {
  if (shadow instanceof Float64Array) {
    shadow.fill(0);
    return;
  }
  if (typeof shadow !== 'object' || shadow === null) return;
  if (shadow instanceof Map) {
    for (const [key, value] of shadow) if (typeof value === 'number') shadow.set(key, 0);
    return;
  }
  const slots = shadow as Record<string, unknown>;
  for (const key of Object.keys(slots)) {
    if (typeof slots[key] === 'number') slots[key] = 0;
  }
}
