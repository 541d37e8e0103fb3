/** Early returns become exits of a block around the body: the passes behind know only one end of a function. */
import { someResults } from '../ir/exits.js';
import { joinTypes } from '../ir/join-types.js';
import type { BlockOp, Func, LabelId, Module, Region, ValueId, ValueTable } from '../ir/nodes.js';
import { walkOps, walkRegions } from '../ir/visit.js';

/** Bodies with early returns become blocks that they leave. */
export function returnsToBlocks(funcs: Module['funcs'], values: ValueTable): Module['funcs'] {
  const calls = new Map<string, readonly ValueId[]>();
  for (const f of funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind === 'call' && !op.derivative) calls.set(op.callee, op.results);
    });
  return new Map([...funcs].map(([key, f]) => [key, returnsToBlock(f, calls.get(key) ?? [], values)]));
}

/** `called`: the results of a call, which a function that never returns has too. */
function returnsToBlock(func: Func, called: readonly ValueId[], values: ValueTable): Func {
  const { body } = func;
  let early = body.end.kind !== 'yield';
  walkRegions(body, (r) => {
    early ||= r.end.kind === 'exit' && r.end.target === func.label;
  });
  if (!early) return func;
  const args = someResults(func);
  const results = args
    ? args.map((a, k) => widest(body, func.label, a, k, values))
    : called.map((v) => values.fresh(values.get(v)));
  const block: BlockOp = { kind: 'block', label: func.label, body, results };
  return {
    ...func,
    label: values.freshLabel(),
    body: { params: [], ops: [block], end: { kind: 'yield', args: results } },
  };
}

/** A result of the type of what may be missing, if some return gives that. */
function widest(body: Region, label: LabelId, a: ValueId, k: number, values: ValueTable): ValueId {
  let type = values.type(a);
  walkRegions(body, (r) => {
    const here = r === body ? r.end.kind === 'yield' : r.end.kind === 'exit' && r.end.target === label;
    if (!here || r.end.kind === 'throw') return;
    const t = values.type(r.end.args[k]);
    type = joinTypes(type, t) ?? type;
  });
  return values.fresh({ ...values.get(a), type });
}
