/** Check mode: where the reverse sweep reads or writes through a shadow, it is one that the forward sweep knew. */
import { assertion } from '../ir/assertion.js';
import type { Op, Region, ValueId } from '../ir/nodes.js';
import { mapRegions } from '../ir/visit.js';

/** `known`: shadows of the forward sweep, with the names of what they belong to. Each is asked for once in a region. */
export function assertKnown(
  reverse: readonly Op[],
  known: ReadonlyMap<ValueId, string>,
  checks: ValueId,
): Op[] {
  const ops = (list: readonly Op[]): Op[] => {
    const asked = new Set<ValueId>();
    return list.flatMap((op) => {
      const kept = mapRegions(op, region);
      if (op.kind !== 'load' && op.kind !== 'store' && op.kind !== 'accum') return [kept];
      const name = known.get(op.ref);
      if (name === undefined || asked.has(op.ref)) return [kept];
      asked.add(op.ref);
      return [assertion('checkShadow', [checks, op.ref], [name], op.span), kept];
    });
  };
  const region = (r: Region): Region => ({ ...r, ops: ops(r.ops) });
  return ops(reverse);
}
