/**
 * Dear functions that the forward sweep has surely called where the reverse sweep stands: the derivative of a sine needs a cosine
 * that the primal may have computed too. What it computed is used again; `record` decides how it gets there.
 */
import type { Op, ValueId } from '../ir/nodes.js';
import { scalarRule } from '../rules/scalar.js';

/** Square roots, and what takes longer; cheaper operations are done again. */
const DEAR = 5;
const isDear = (fn: string): boolean => scalarRule(fn).cost >= DEAR;
const keyOf = (fn: string, args: readonly ValueId[]): string => `${fn}|${args.join(',')}`;

export class Executed {
  private readonly scopes: Map<string, ValueId>[] = [];

  /** Runs `body`, in which the operations have been executed: a part of a region that was run to its end. */
  within(ops: readonly Op[], body: () => void): void {
    const scope = new Map<string, ValueId>();
    for (const op of ops)
      if (op.kind === 'scalar' && isDear(op.fn)) scope.set(keyOf(op.fn, op.args), op.results[0]);
    this.scopes.push(scope);
    body();
    this.scopes.pop();
  }

  /** The value of a function that has been called with these arguments. */
  find(fn: string, args: readonly ValueId[]): ValueId | undefined {
    if (!isDear(fn)) return undefined;
    const key = keyOf(fn, args);
    for (const scope of this.scopes) {
      const v = scope.get(key);
      if (v !== undefined) return v;
    }
    return undefined;
  }
}
