/**
 * Impure reads and logging in two runs of one function: the first run is written down, the second one gets the same random
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
    if (!Reflect.defineProperty(of, key, changed(own, unlessApart(bound, wrap(`${owner}.${key}`, bound)))))
      return;
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
    (/^AD600\d: check mode/.test(String(args[0])) ? f : log)(...args);
const changed = (own: PropertyDescriptor | undefined, value: Fn): PropertyDescriptor => ({
  value,
  configurable: true,
  writable: true,
  enumerable: own?.enumerable ?? true,
});

let apart = 0;
/** Runs what is no part of the run that is written down. */
export function runApart<T>(run: () => T): T {
  apart++;
  try {
    return run();
  } finally {
    apart--;
  }
}
const unlessApart =
  (original: Fn, f: Fn): Fn =>
  (...args) =>
    (apart > 0 ? original : f)(...args);

/** Objects may change between the runs: of them it counts only that one is logged. */
const logged = (args: readonly unknown[]): string =>
  args
    .map((a) => (typeof a === 'object' ? 'an object' : typeof a === 'function' ? 'a function' : String(a)))
    .join(', ');

/** How a run is watched: `given` is what another one read; a silent run logs nothing. */
interface Watching {
  readonly given?: Journal;
  readonly silent?: boolean;
}

/** Runs and writes down, with what was written down of another run. */
export function watch<T>(
  run: () => T,
  { given = [], silent = false }: Watching = {},
): { readonly result: T; readonly journal: Journal } {
  const journal: Entry[] = [];
  let next = 0;
  const read =
    (name: string, f: Fn): Fn =>
    (...args) => {
      const value = given[next]?.name === name ? given[next++]!.value : f(...args);
      journal.push({ name, value });
      return value;
    };
  const log =
    (name: string, f: Fn): Fn =>
    (...args) => {
      if (given[next]?.name === name) next++;
      journal.push({ name, value: logged(args) });
      return silent ? undefined : f(...args);
    };
  return { result: patched(read, log, run), journal };
}

/** Where a run does other reads, or logs something else, than the plain function. */
export function divergence(own: Journal, plain: Journal): string | undefined {
  const same = (a: Entry | undefined, b: Entry | undefined): boolean =>
    a?.name === b?.name && (LOGGED.test(a?.name ?? '') ? a?.value === b?.value : true);
  const k = Array.from({ length: Math.max(own.length, plain.length) }).findIndex(
    (_, i) => !same(own[i], plain[i]),
  );
  if (k < 0) return undefined;
  const [mine, other] = [own[k], plain[k]];
  if (mine === undefined) return `it does not call ${other!.name}, which the plain function calls`;
  return `it calls ${textOf(mine)} where the plain function ${other ? `calls ${textOf(other)}` : 'does no more'}`;
}
const LOGGED = /^console\./;
const textOf = ({ name, value }: Entry): string => (LOGGED.test(name) ? `${name}(${String(value)})` : name);
