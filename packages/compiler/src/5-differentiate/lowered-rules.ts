/** A derivative rule of the user's where its derivative is differentiated again: calls of the functions it was lowered to. */
import { type LoweredRule, NUMBER, type RuntimeOp, type Type, type ValueId } from '../ir/nodes.js';
import { plainArray } from '../ir/types.js';
import type { Builder } from './builder.js';

/**
 * What the rule says of the numbers in a shadow or twin, as a fresh list; `count`: how many numbers it gives. `undefined`: the rule
 * was not lowered.
 */
export function callLoweredRule(
  b: Builder,
  { args, rule }: RuntimeOp,
  mode: 'pull' | 'push',
  { of, count }: { readonly of: ValueId; readonly count: ValueId },
): ValueId | undefined {
  const callee = rule?.[mode];
  if (callee === undefined) return undefined;
  const result = b.values.fresh({ type: NUMBERS });
  const numbers = copyOf(b, of);
  const span = b.span ? { span: b.span } : {};
  b.emit({ kind: 'call', callee, args: [...args.slice(2), numbers, count], results: [result], ...span });
  return result;
}
const NUMBERS: Type = plainArray(NUMBER);

/** What the sweep goes on to do with a shadow must not reach what was computed of it. */
function copyOf(b: Builder, list: ValueId): ValueId {
  const length = b.length(list);
  const copy = b.values.fresh({ type: NUMBERS });
  b.emit({ kind: 'alloc', type: plainArray(NUMBER), length, fill: b.num(0), results: [copy] });
  b.forEach(length, (index) => b.store(copy, { index }, b.loadTwin(list, { index })));
  return copy;
}

/** Why a rule stands there as it is, for messages. */
export const whyOf = ({ rule }: RuntimeOp): LoweredRule | undefined =>
  rule?.why === undefined ? undefined : { why: rule.why };
