/**
 * Impure reads and logging in two runs of one function: the first run is recorded, the second one gets the same random
 * numbers and times, and must read and log in the same order.
 */

interface Entry {
  readonly name: string;
  /** What the read gave; of logging, what was logged. */
  readonly value: unknown;
}
export type Journal = readonly Entry[];

type Fn = (...args: unknown[]) => unknown;
type Owner = Record<string, Fn>;

/** What may be read of the world by differentiated code, and by functions that it calls. */
const SOURCES: readonly (readonly [owner: string, key: string])[] = [
  ['Math', 'random'],
  ['Date', 'now'],
  ['performance', 'now'],
];
const LOGS = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'table', 'dir'];

const ownerOf = (name: string): Owner | undefined =>
  (globalThis as unknown as Record<string, Owner | undefined>)[name];

/** Runs with every source and log replaced, and puts them back. */
function patched<T>(read: (name: string, f: Fn) => Fn, log: (name: string, f: Fn) => Fn, run: () => T): T {
  const undo: (() => void)[] = [];
  const patch = (owner: string, key: string, wrap: (name: string, f: Fn) => Fn) => {
    const of = ownerOf(owner);
    const original = of?.[key];
    if (of === undefined || typeof original !== 'function') return;
    const own = Object.getOwnPropertyDescriptor(of, key);
    const bound: Fn = (...args) => original.apply(of, args);
    if (!Reflect.defineProperty(of, key, changed(own, wrap(`${owner}.${key}`, bound)))) return;
    undo.push(() => {
      if (own) Reflect.defineProperty(of, key, own);
      else Reflect.deleteProperty(of, key);
    });
  };
  try {
    for (const [owner, key] of SOURCES) patch(owner, key, read);
    for (const key of LOGS) patch('console', key, (name, f) => besideOwn(f, log(name, f)));
    return run();
  } finally {
    for (const u of undo.reverse()) u();
  }
}
/** Warnings of check mode itself are no part of the run. */
const besideOwn =
  (f: Fn, log: Fn): Fn =>
  (...args) =>
    (String(args[0]).startsWith('AD6003: check mode') ? f : log)(...args);
const changed = (own: PropertyDescriptor | undefined, value: Fn): PropertyDescriptor => ({
  value,
  configurable: true,
  writable: true,
  enumerable: own?.enumerable ?? true,
});

/** Objects may change between the runs: of them it counts only that one is logged. */
const logged = (args: readonly unknown[]): string =>
  args
    .map((a) => (typeof a === 'object' ? 'an object' : typeof a === 'function' ? 'a function' : String(a)))
    .join(', ');

/** Runs and writes down; nothing is logged. */
export function record<T>(run: () => T): { readonly result: T; readonly journal: Journal } {
  const journal: Entry[] = [];
  const read =
    (name: string, f: Fn): Fn =>
    (...args) => {
      const value = f(...args);
      journal.push({ name, value });
      return value;
    };
  const log =
    (name: string): Fn =>
    (...args) => {
      journal.push({ name, value: logged(args) });
    };
  return { result: patched(read, log, run), journal };
}

/** Runs with what was written down; `divergence` says where the run does other reads or logs something else. */
export function replay<T>(
  journal: Journal,
  run: () => T,
  silent = false,
): { readonly result: T; readonly divergence: string | undefined } {
  let next = 0;
  let divergence: string | undefined;
  const differs = (name: string, entry: Entry | undefined): void => {
    const there =
      entry === undefined
        ? 'does no more'
        : `calls ${entry.name}(${typeof entry.value === 'string' ? entry.value : ''})`;
    divergence ??= `it calls ${name} where the plain function ${there}`;
  };
  const read =
    (name: string, f: Fn): Fn =>
    (...args) => {
      const entry = journal[next];
      if (entry?.name === name) return journal[next++]!.value;
      differs(name, entry);
      return f(...args);
    };
  const log =
    (name: string, f: Fn): Fn =>
    (...args) => {
      const entry = journal[next];
      if (entry?.name === name && entry.value === logged(args)) next++;
      else differs(`${name}(${logged(args)})`, entry);
      return silent ? undefined : f(...args);
    };
  const result = patched(read, log, run);
  const left = journal[next];
  if (left !== undefined) divergence ??= `it does not call ${left.name}, which the plain function calls`;
  return { result, divergence };
}
