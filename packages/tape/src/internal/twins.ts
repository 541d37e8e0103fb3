/**
 * Twins: the rewritten form of a function or class. Objects that come from outside hold the user's own functions; where
 * one is called, its twin runs. Instances from outside get the twin's prototype while the evaluation lasts.
 */
type Callable = (...args: any[]) => unknown;
/** A function or class as the user's module has it, and rewritten. */
export type Twin = readonly [original: () => unknown, twin: () => unknown];

/** The twins of one file with marker calls: each file has rewritten code of its own. */
export class Twins {
  private readonly functions = new WeakMap<object, Callable>();
  private readonly prototypes = new WeakMap<object, object>();
  private readonly originals = new WeakMap<object, object>();
  /** Prototypes by the text of their class: another copy of the user's module has the same classes. */
  private readonly byText = new Map<string, object>();

  /** Notes pairs, those left out whose variables are not initialised yet. Called at each evaluation. */
  add(pairs: readonly Twin[]): void {
    for (const [read, twin] of pairs) {
      const original = attempt(read);
      if (typeof original !== 'function' || this.functions.has(original)) continue;
      const rewritten = twin() as Callable;
      this.functions.set(original, rewritten);
      if (!isObject(original.prototype) || !isObject(rewritten.prototype)) continue;
      this.prototypes.set(original.prototype, rewritten.prototype);
      this.originals.set(rewritten.prototype, original.prototype);
      if (/^class\b/.test(String(original))) this.byText.set(String(original), rewritten.prototype);
    }
  }

  of(f: object): Callable | undefined {
    return this.functions.get(f);
  }
  /** What instances with this prototype have for it while the evaluation lasts. */
  prototypeOf(prototype: object): object | undefined {
    const known = this.prototypes.get(prototype);
    if (known !== undefined || this.byText.size === 0) return known;
    const made: unknown = prototype.constructor;
    if (typeof made !== 'function' || made.prototype !== prototype) return undefined;
    const twin = this.byText.get(String(made));
    if (twin !== undefined) this.prototypes.set(prototype, twin);
    return twin;
  }
  originalOf(prototype: object): object | undefined {
    return this.originals.get(prototype);
  }
}
const isObject = (x: unknown): x is object => typeof x === 'object' && x !== null;

const registries = new WeakMap<object, Twins>();
const none = new Twins();
/** The twins that a file lists, with those that are new since the evaluation before. */
export function twinsOf(list: (() => readonly Twin[]) | undefined): Twins {
  if (list === undefined) return none;
  let registry = registries.get(list);
  if (registry === undefined) registries.set(list, (registry = new Twins()));
  registry.add(list());
  return registry;
}

/** A variable of a module; `undefined` before its declaration has run. */
export function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Static fields of a class stay where the user's module has them. */
export function shareStatics(twin: any, original: () => any, names: readonly PropertyKey[]): any {
  for (const name of names)
    Object.defineProperty(twin, name, {
      get: () => original()[name],
      set: (value) => {
        original()[name] = value;
      },
      enumerable: true,
      configurable: true,
    });
  return twin;
}
