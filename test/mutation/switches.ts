/**
 * The switchboard that the instrumented compiler and tape ask at each point that can be mutated (`globalThis.adjointMutation`).
 * Points of different modules may be switched together; what the points see is counted, so that a mutant is only tried on programs for
 * which it makes a difference.
 */

/** What is wrong with the point that is switched. */
export type Change =
  | 'yes' // an answer: always true
  | 'no' // an answer: always false
  | 'none' // something that may be found: never found
  | 'removed' // a step: left out
  | 'first' // a record: its first two slots change places
  | 'last' // a record: its last two slots change places
  | 'flipped' // a partial derivative: the opposite sign
  | 'dropped' // a partial derivative: zero
  | `${number} ${string}`; // the inside of a derivative form, see rules.ts

export class Switchboard {
  private switched: ReadonlyMap<string, Change> = new Map();
  /** `point: change` for every change that would have made a difference since the last `clear`. */
  private seen = new Set<string>();

  set(mutants: readonly { readonly point: string; readonly change: Change }[]): void {
    this.switched = new Map(mutants.map(({ point, change }) => [point, change]));
  }
  /** What would have made a difference since the last call. */
  take(): string[] {
    const all = [...this.seen];
    this.seen = new Set();
    return all;
  }
  sees(point: string, change: Change): void {
    this.seen.add(mutantId(point, change));
  }
  /** The change at this point, if it is switched. */
  changeOf(point: string): Change | undefined {
    return this.switched.get(point);
  }

  /** A boolean answer. */
  answer(point: string, value: boolean): boolean {
    this.sees(point, value ? 'no' : 'yes');
    const change = this.switched.get(point);
    return change === undefined ? value : change === 'yes';
  }
  /** Something that may be found, or `undefined`. */
  found<T>(point: string, value: T | undefined): T | undefined {
    if (value !== undefined) this.sees(point, 'none');
    return this.switched.has(point) ? undefined : value;
  }
  /** Whether a step is taken. */
  runs(point: string): boolean {
    this.sees(point, 'removed');
    return !this.switched.has(point);
  }
  /** The slots of a record. */
  slots<T>(point: string, record: readonly T[]): readonly T[] {
    if (record.length < 2) return record;
    this.sees(point, 'first');
    if (record.length > 2) this.sees(point, 'last');
    const change = this.switched.get(point);
    if (change === undefined) return record;
    const k = change === 'first' ? 1 : record.length - 1;
    return record.map((v, i) => (i === k ? record[k - 1] : i === k - 1 ? record[k] : v));
  }
  /** A partial derivative of the tape. */
  partial(point: string, value: number): number {
    this.sees(point, 'flipped');
    this.sees(point, 'dropped');
    const change = this.switched.get(point);
    if (change === undefined) return value;
    return change === 'flipped' ? -value : 0;
  }
}

export const mutantId = (point: string, change: Change): string => `${point}: ${change}`;

declare global {
  var adjointMutation: Switchboard;
}
export function switchboard(): Switchboard {
  globalThis.adjointMutation ??= new Switchboard();
  return globalThis.adjointMutation;
}
