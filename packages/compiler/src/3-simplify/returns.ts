/** Early returns become exits of a block around the body: the passes behind know only one end of a function. */
import type { BlockOp, Func, LabelId, Region, ValueId, ValueTable } from '../ir/nodes.js';
import { walkRegions } from '../ir/visit.js';

/** A body with early returns becomes a block that they leave. */
export function returnsToBlock(func: Func, values: ValueTable): Func {
  const { body } = func;
  let early = body.end.kind !== 'yield';
  walkRegions(body, (r) => {
    early ||= r.end.kind === 'exit' && r.end.target === func.label;
  });
  if (!early) return func;
  const args = exitArgs(body, func.label);
  const results = args.map((a) => values.like(a));
  const block: BlockOp = { kind: 'block', label: func.label, body, results };
  return {
    ...func,
    label: values.freshLabel(),
    body: { params: [], ops: [block], end: { kind: 'yield', args: results } },
  };
}

/** What some end of the body gives. */
function exitArgs(body: Region, label: LabelId): readonly ValueId[] {
  let found: readonly ValueId[] = body.end.kind === 'yield' ? body.end.args : [];
  walkRegions(body, (r) => {
    if (r.end.kind === 'exit' && r.end.target === label) found = r.end.args;
  });
  return found;
}
