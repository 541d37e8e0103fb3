/**
 * Check mode: functions from outside, in arguments and in what the function reaches, are called in one of two runs only. The other
 * run is given what they gave.
 */
import { copy, objectsIn } from './internal-compare.js';
import { runApart } from './internal-replay.js';

type Fn = (...args: unknown[]) => unknown;
type Outcome = { readonly value: unknown } | { readonly error: unknown };
/** Says what a function is replaced by, for as long as a run lasts. */
type Wrap = (f: Fn, self: unknown, args: unknown[]) => unknown;

export class Callbacks {
  private readonly calls = new Map<Fn, Outcome[]>();
  /** Whether any function from outside was called. */
  any = false;

  /** Runs, and writes down what the functions give. `around` is told of each call. */
  recording<T>(roots: readonly unknown[], around: (call: () => void) => void, run: () => T): T {
    let open = false;
    return replaced(
      roots,
      (f, self, args) => {
        // what such a function calls itself is its own affair
        if (open) return Reflect.apply(f, self, args);
        open = true;
        this.any = true;
        let outcome: Outcome = { value: undefined };
        around(() => {
          outcome = runApart(() => attempt(() => Reflect.apply(f, self, args)));
        });
        open = false;
        this.calls.set(f, [...(this.calls.get(f) ?? []), copy(outcome)]);
        return settle(outcome);
      },
      run,
    );
  }
  /** Runs with what was written down. */
  replaying<T>(roots: readonly unknown[], run: () => T): T {
    const left = new Map([...this.calls].map(([f, list]) => [f, [...list]]));
    return replaced(
      roots,
      (f, self, args) => {
        const outcome = left.get(f)?.shift();
        return outcome ? settle(outcome) : Reflect.apply(f, self, args);
      },
      run,
    );
  }
}

const attempt = (run: () => unknown): Outcome => {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
};
function settle(o: Outcome): unknown {
  if ('error' in o) throw o.error;
  return o.value;
}

/** Runs with all functions replaced that objects hold in fields of their own, and puts them back. */
function replaced<T>(roots: readonly unknown[], wrap: Wrap, run: () => T): T {
  const undo: (() => void)[] = [];
  for (const x of objectsIn(roots)) for (const put of functionsOf(x as object, wrap)) undo.push(put);
  try {
    return run();
  } finally {
    for (const put of undo) put();
  }
}
function functionsOf(x: object, wrap: Wrap): (() => void)[] {
  const proxy = (f: Fn): Fn => new Proxy(f, { apply: wrap });
  if (x instanceof Map)
    return [...x].flatMap(([key, f]) => {
      if (typeof f !== 'function') return [];
      x.set(key, proxy(f as Fn));
      return [() => void x.set(key, f)];
    });
  if (ArrayBuffer.isView(x) || (Array.isArray(x) && !x.some((e) => typeof e === 'function'))) return [];
  return Object.keys(x).flatMap((key) => {
    const d = Object.getOwnPropertyDescriptor(x, key);
    if (typeof d?.value !== 'function' || !d.writable) return [];
    const slots = x as Record<string, unknown>;
    const f = d.value as Fn;
    const put = proxy(f);
    slots[key] = put;
    return [
      () => {
        if (slots[key] === put) slots[key] = f;
      },
    ];
  });
}
