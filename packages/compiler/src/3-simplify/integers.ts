/**
 * Which values are surely finite integers: what induction variables, lengths and constants are made of. Loops may only be
 * run backwards by their step where this is proved.
 */
import type { LoopOp, ValueId } from '../ir/nodes.js';
import { walkOps } from '../ir/visit.js';
import type { Constant } from './fold.js';

const RING = new Set(['add', 'sub', 'mul', 'neg']);
const BITS = new Set(['bitand', 'bitor', 'bitxor', 'bitnot', 'shl', 'shr', 'ushr', 'imul', 'clz32']);

export class IntegerFacts {
  private readonly known = new Set<ValueId>();

  constructor(private readonly constant: (v: ValueId) => Constant) {}

  constantOf(v: ValueId): number | undefined {
    const c = this.constant(v);
    return typeof c === 'number' ? c : undefined;
  }
  has(v: ValueId): boolean {
    return this.known.has(v) || Number.isSafeInteger(this.constant(v));
  }
  add(v: ValueId): void {
    this.known.add(v);
  }
  scalar(result: ValueId, fn: string, args: readonly ValueId[]): void {
    if (BITS.has(fn) || (RING.has(fn) && args.every((a) => this.has(a)))) this.add(result);
  }

  /** Assumes integer carried values and withdraws those whose next value is not one; true for those that are. */
  assumeCarried(op: LoopOp, inits: readonly ValueId[], value: (v: ValueId) => ValueId): boolean[] {
    const params = op.body.params.slice(1);
    const { end } = op.body;
    const yields = end.kind === 'yield' ? end.args : [];
    const local = new Set<ValueId>();
    const holds = (v: ValueId): boolean => local.has(v) || this.has(value(v));
    let candidates = params.map((_, k) => this.has(inits[k]));
    for (;;) {
      local.clear();
      local.add(op.body.params[0]);
      params.forEach((p, k) => {
        if (candidates[k]) local.add(p);
      });
      walkOps(op.body, (o) => {
        if (o.kind === 'const' && Number.isSafeInteger(o.value)) local.add(o.results[0]);
        if (o.kind === 'length') local.add(o.results[0]);
        if (o.kind === 'scalar' && (BITS.has(o.fn) || (RING.has(o.fn) && o.args.every(holds))))
          local.add(o.results[0]);
        if (o.kind === 'if' && o.then.end.kind === 'yield' && o.else.end.kind === 'yield') {
          const [t, e] = [o.then.end.args, o.else.end.args];
          o.results.forEach((r, k) => {
            if (holds(t[k]) && holds(e[k])) local.add(r);
          });
        }
      });
      const next = candidates.map((c, k) => c && (yields.length === 0 || holds(yields[k])));
      if (next.every((c, k) => c === candidates[k])) break;
      candidates = next;
    }
    params.forEach((p, k) => {
      if (candidates[k]) this.add(p);
    });
    return candidates;
  }
}
