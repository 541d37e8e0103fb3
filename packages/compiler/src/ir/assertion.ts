import type { Op, Span, ValueId } from './nodes.js';

/** A call of the runtime that only check mode makes: for its effect, and told the place. */
export const assertion = (
  name: string,
  args: readonly ValueId[],
  literals: readonly string[],
  span: Span | undefined,
): Op => ({
  kind: 'runtime',
  name,
  args,
  literals,
  effect: 'effect',
  placed: true,
  results: [],
  ...(span ? { span } : {}),
});
