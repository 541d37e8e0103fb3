/** Loops that carry more values than they did. */
import type { LoopOp, Op, ValueId } from './nodes.js';
import { endArgs } from './visit.js';

/** Values beside those that a loop carries, each list in the same order: before it, in a trip, behind the trip, and behind the loop. */
export interface Carried {
  readonly inits: readonly ValueId[];
  readonly params: readonly ValueId[];
  readonly next: readonly ValueId[];
  readonly results: readonly ValueId[];
}

/** A loop that yields at the end of its body, with further carried values; `ops` is what a trip does then. */
export function carrying(loop: LoopOp, more: Carried, ops: readonly Op[]): LoopOp {
  const n = loop.inits.length;
  return {
    ...loop,
    inits: [...loop.inits, ...more.inits],
    results: [...loop.results.slice(0, n), ...more.results, ...loop.results.slice(n)],
    body: {
      params: [...loop.body.params, ...more.params],
      ops,
      end: { kind: 'yield', args: [...endArgs(loop.body.end), ...more.next] },
    },
  };
}
