/**
 * **Question**: which running indices (`l++` beside the variable of a loop) are integers of 32 bits? **Guarantees**: the same numbers,
 * where the conditions hold. **Method**: engines take what a loop carries for a floating-point number, unless it is the loop's own variable, and
 * turn it into an integer at each access; `| 0` tells them. It changes nothing between the bounds that `ranges.ts` finds.
 */
import {
  type Func,
  type LoopOp,
  NUMBER,
  type Op,
  type Region,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { isAccess, mapRegions, walkOps } from '../ir/visit.js';
import { type Condition, type Ranges, ZERO } from './ranges.js';
import { Zeros } from './zeros.js';

const GREATEST = { kind: 'constant', value: 2 ** 31 - 1 } as const;

/** A carried value that counts up, with what must hold so that it is an integer of 32 bits. */
export interface Counter {
  readonly param: ValueId;
  readonly whole: ReadonlySet<ValueId>;
  readonly conditions: readonly Condition[];
}

/** The counters of a function with which elements are found. */
export function countersOf(func: Func, ranges: Ranges): readonly Counter[] {
  const indices = partsOfIndices(func);
  const zeros = new Zeros(func);
  const found: Counter[] = [];
  walkOps(func.body, (op) => {
    if (op.kind !== 'loop') return;
    op.inits.forEach((init, k) => {
      const param = op.body.params[k + 1];
      const range = indices.has(param) && ranges.isCounter(op, k) ? ranges.of(param) : undefined;
      // `| 0` makes 0 of -0
      if (!range || (zeros.mayBeNegative(init) && [param, op.results[k]].some((v) => zeros.shows(v)))) return;
      const { whole, lo, hi } = range;
      const bounds: Condition[] = [
        { fn: 'le', args: [ZERO, lo] },
        { fn: 'le', args: [hi, GREATEST] },
      ];
      found.push({ param, whole, conditions: [...range.conditions, ...bounds] });
    });
  });
  return found;
}

/** Indices, and what they are sums of. */
function partsOfIndices(func: Func): ReadonlySet<ValueId> {
  const sums = new Map<ValueId, readonly ValueId[]>();
  const open: ValueId[] = [];
  walkOps(func.body, (op) => {
    if (op.kind === 'scalar' && (op.fn === 'add' || op.fn === 'sub')) sums.set(op.results[0], op.args);
    if (isAccess(op) && 'index' in op.at) open.push(op.at.index);
  });
  const found = new Set<ValueId>();
  for (let v = open.pop(); v !== undefined; v = open.pop()) {
    if (found.has(v)) continue;
    found.add(v);
    open.push(...(sums.get(v) ?? []));
  }
  return found;
}

/** The function with these carried values as integers of 32 bits. */
export function withNarrowed(
  func: Func,
  counters: ReadonlySet<ValueId>,
  ranges: Ranges,
  values: ValueTable,
): Func {
  if (counters.size === 0) return func;
  const zero = values.fresh({ type: NUMBER });
  const narrow = (v: ValueId, result: ValueId): Op => ({
    kind: 'scalar',
    fn: 'bitor',
    args: [v, zero],
    results: [result],
  });
  const copyOf = (v: ValueId): ValueId => {
    const { name } = values.get(v);
    return values.fresh({ type: NUMBER, ...(name === undefined ? {} : { name }) });
  };
  /** Where a counter goes on counting is a 32-bit integer already. */
  const isKnown = (v: ValueId, known: ReadonlySet<ValueId>): boolean =>
    ranges.constantOf(v) !== undefined || counters.has(v) || known.has(v);
  const loop = (op: LoopOp, known: ReadonlySet<ValueId>): readonly Op[] => {
    const { params, end, ops } = op.body;
    const before: Op[] = [];
    const inits = op.inits.map((init, k) => {
      if (!counters.has(params[k + 1]) || isKnown(init, known)) return init;
      const narrowed = copyOf(init);
      before.push(narrow(init, narrowed));
      return narrowed;
    });
    const sums = new Set(end.kind === 'yield' ? end.args.filter((_, k) => counters.has(params[k + 1])) : []);
    const body = region({
      ...op.body,
      ops: ops.flatMap((o) => (o.kind === 'scalar' && sums.has(o.results[0]) ? counted(o) : [o])),
    });
    return [...before, { ...op, inits, body }];
  };
  const counted = (op: Op): readonly Op[] => {
    const sum = values.fresh({ type: NUMBER });
    return [{ ...op, results: [sum] } as Op, narrow(sum, op.results[0])];
  };
  const region = (r: Region): Region => {
    const known = new Set<ValueId>();
    const ops = r.ops.flatMap((op) => {
      if (op.kind !== 'loop') return [mapRegions(op, region)];
      op.inits.forEach((_, k) => {
        if (counters.has(op.body.params[k + 1])) known.add(op.results[k]);
      });
      return loop(op, known);
    });
    return { ...r, ops };
  };
  const body = region(func.body);
  return { ...func, body: { ...body, ops: [{ kind: 'const', value: 0, results: [zero] }, ...body.ops] } };
}
