/** Module state: every call begins with the same values of the variables of the module, and leaves what the plain function leaves. */
import type { Exports } from '../support/compile.js';
import type { AnyFunction } from '../support/numeric.js';
import { bitDifference, cloneTree, leaves, setLeaf } from '../support/tree.js';

interface Stateful {
  readonly reset: () => void;
  readonly state: () => unknown[];
}
const isStateful = (module: Exports): boolean => typeof module.reset === 'function';

/** The plain function of a module, on the first values of its variables. */
export function fromReset(module: Exports): AnyFunction {
  const f = module.f as AnyFunction;
  if (!isStateful(module)) return f;
  const { reset } = module as unknown as Stateful;
  return (...args) => {
    reset();
    return f(...args);
  };
}

/** The derivatives of a module with variables; what they leave wrong in these is noted in `problems`. */
export class StateWatch {
  readonly problems: string[] = [];
  readonly derivatives: Record<string, AnyFunction>;

  constructor(
    compiled: Exports,
    /** What the plain function leaves. */
    readonly left: readonly unknown[] | undefined,
  ) {
    const all = compiled as Record<string, AnyFunction>;
    this.derivatives = this.left === undefined ? all : this.watched(all, compiled as unknown as Stateful);
  }

  private watched(all: Record<string, AnyFunction>, module: Stateful): Record<string, AnyFunction> {
    const watch =
      (name: string, call: AnyFunction): AnyFunction =>
      (...args) => {
        module.reset();
        let result: unknown;
        try {
          result = call(...args);
        } finally {
          this.note(`${name} leaves other values in the module`, module.state(), this.left);
        }
        return name.endsWith('vjp') ? this.pullback(name, result as [unknown, AnyFunction], module) : result;
      };
    return Object.fromEntries(Object.entries(all).map(([name, call]) => [name, watch(name, call)]));
  }

  /** A pullback does not see what became of the variables in the meantime, and leaves them alone. */
  private pullback(
    name: string,
    [value, pullback]: [unknown, AnyFunction],
    { reset, state }: Stateful,
  ): [unknown, AnyFunction] {
    const called: AnyFunction = (...cotangents) => {
      const now = state();
      for (const { path } of leaves(now)) setLeaf(now, path, 1e9);
      reset();
      const before = cloneTree(state());
      const result = pullback(...cotangents);
      this.note(`the pullback of ${name} changes the module`, state(), before);
      return result;
    };
    return [value, Object.assign(called, pullback)];
  }

  private note(what: string, got: unknown, want: unknown): void {
    const difference = bitDifference(got, want);
    if (difference !== undefined) this.problems.push(`${what}: ${difference}`);
  }
}

/** What the plain function leaves in the variables of its module, if it has any. */
export function stateAfter(module: Exports, args: readonly unknown[]): readonly unknown[] | undefined {
  if (!isStateful(module)) return undefined;
  try {
    fromReset(module)(...cloneTree(args));
  } catch {
    // what it has done before counts
  }
  return cloneTree((module as unknown as Stateful).state());
}
