/** The evaluation that is going on: its tape, and what it knows of objects that can hold plain numbers only. */
import { Tape } from '../tape.js';
import type { Var } from '../var.js';
import type { Twins } from './twins.js';

/** The variables of a buffer, by element; all views of the buffer share them. */
export interface Slots {
  /** Constructor of the typed arrays that were used on the buffer. */
  readonly kind: unknown;
  readonly variables: (Var | undefined)[];
}

/** Where the elements of a typed array stand among the slots of its buffer. */
export interface View {
  readonly slots: Slots;
  readonly offset: number;
}

export class Run {
  readonly tape = new Tape();
  readonly buffers = new Map<ArrayBufferLike, Slots>();
  readonly views = new WeakMap<object, View>();
  /** What a `Set` holds, and the keys of a `Map`, are plain numbers; here are the variables that were put in, by number. */
  readonly members = new WeakMap<object, Map<number, Var>>();
  /** Functions from outside that were not rewritten: they get plain numbers. */
  readonly foreign = new WeakSet<object>();
  /** Stand-ins of objects that more than one path leads to, and what they stand for. */
  readonly originals = new WeakMap<object, object>();
  /** Called when the function has returned: throws if something was not as it was taken to be. */
  readonly checks: (() => void)[] = [];
  /** What a helper has refused; it is thrown again at the end, in case the function has caught it. */
  failure: unknown;

  constructor(
    /** Rewritten forms of functions and classes from outside. */
    readonly twins: Twins,
  ) {}
}

let running: Run | undefined;

/** The innermost evaluation, if any: rewritten functions may also be called later, on plain numbers. */
export const currentRun = (): Run | undefined => running;

export function within<T>(run: Run, body: () => T): T {
  const outer = running;
  running = run;
  try {
    return body();
  } finally {
    running = outer;
  }
}

export const twinOf = (f: object) => running?.twins.of(f);

/** Refuses to go on, and sees to it that the function cannot catch that. */
export function fail(message: string): never {
  const error = new TypeError(message);
  if (running !== undefined) running.failure ??= error;
  throw error;
}
