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
  // what an earlier evaluation left says nothing about this one
  tape.tags.length = 0;
  tape.refTags.length = 0;
  return tape;
}

/** Gives a tape back at the end of a reverse sweep, which must have consumed it exactly. */
export function releaseTape(tape: Tape, top: number, refTop = 0): void {
  checkTape(top, refTop);
  tape.refs.length = 0;
  if (idle.length < MAX_IDLE) idle.push(tape);
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
  const data = new Float64Array(Math.max(need, 2 * tape.data.length));
  data.set(tape.data);
  tape.data = data;
  return data;
}

/** A view of a typed array, or of its shadow. */
export const subarray = <T extends Float64Array | Float32Array>(a: T, from: number, to?: number): T =>
  a.subarray(from, to) as T;

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
