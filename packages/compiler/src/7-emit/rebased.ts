/**
 * Loops whose variable only finds elements of one array in the work array run over the places of these elements there: `work[i]` in the
 * place of `work[begin + i]`. Bounds are whole numbers then, and their sums are exact.
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
import { endArgs, mapEnd, mapOp, opArgs, opRegions } from '../ir/visit.js';
import type { Ranges } from './ranges.js';

/** `begins`: where arrays begin, known to the whole function. */
export function withRebasedLoops(
  func: Func,
  begins: ReadonlySet<ValueId>,
  ranges: Ranges,
  values: ValueTable,
): Func {
  return new Rebasing(func, begins, ranges, values).func();
}

class Rebasing {
  /** Known before the first loop. */
  private readonly early: Set<ValueId>;
  /** What is computed before the operation of the body that is being looked at. */
  private ahead: Op[] = [];
  private readonly sums = new Map<string, ValueId>();
  private readonly renamed = new Map<ValueId, ValueId>();

  constructor(
    private readonly f: Func,
    private readonly begins: ReadonlySet<ValueId>,
    private readonly ranges: Ranges,
    private readonly values: ValueTable,
  ) {
    this.early = new Set(f.params);
  }

  func(): Func {
    const ops = this.f.body.ops.flatMap((op) => {
      this.ahead = [];
      const changed = this.op(op);
      for (const v of op.results) this.early.add(v);
      return [...this.ahead, ...changed];
    });
    return { ...this.f, body: { ...this.f.body, ops, end: mapEnd(this.f.body.end, this.value) } };
  }

  private readonly value = (v: ValueId): ValueId => this.renamed.get(v) ?? v;
  private readonly region = (r: Region): Region => ({
    ...r,
    ops: r.ops.flatMap((op) => this.op(op)),
    end: mapEnd(r.end, this.value),
  });
  private op(op: Op): readonly Op[] {
    if (this.renamed.has(op.results[0])) return [];
    const begin = op.kind === 'loop' ? this.beginOf(op) : undefined;
    if (op.kind !== 'loop' || begin === undefined) {
      // what is known of operations goes by their identity
      const isSame = opRegions(op).length === 0 && !opArgs(op).some((v) => this.renamed.has(v));
      return [isSame ? op : mapOp(op, { value: this.value, region: this.region })];
    }
    const before: Op[] = [];
    const [lo, hi] = [op.lo, op.hi].map((v) => this.sum(begin, this.value(v), before));
    const { body, ...rest } = mapOp({ ...op, lo, hi }, { value: this.value, region: this.region }) as LoopOp;
    return [...before, { ...rest, body }];
  }

  /** The array of which the loop's variable finds the elements, by where it begins. */
  private beginOf({ body, extras }: LoopOp): ValueId | undefined {
    const [iv] = body.params;
    const sums: Op[] = [];
    const visit = ({ ops, end }: Region): boolean =>
      !endArgs(end).includes(iv) &&
      ops.every((op) => {
        if (opArgs(op).includes(iv)) {
          if (op.kind !== 'scalar' || op.fn !== 'add' || op.args[1] !== iv || !this.begins.has(op.args[0]))
            return false;
          sums.push(op);
        }
        return opRegions(op).every(visit);
      });
    if (extras.length > 0 || !visit(body) || sums.length === 0) return undefined;
    const begins = new Set(sums.map((op) => opArgs(op)[0]));
    if (begins.size > 1) return undefined;
    for (const op of sums) this.renamed.set(op.results[0], iv);
    return [...begins][0];
  }
  private sum(begin: ValueId, v: ValueId, before: Op[]): ValueId {
    const constant = this.ranges.constantOf(v);
    if (constant === 0) return begin;
    const isEarly = this.early.has(v) || constant !== undefined;
    const key = `${begin} ${v}`;
    const known = isEarly ? this.sums.get(key) : undefined;
    if (known !== undefined) return known;
    const result = this.values.fresh({ type: NUMBER });
    const sum: Op = { kind: 'scalar', fn: 'add', args: [begin, v], results: [result] };
    const { name } = this.values.get(begin);
    if (isEarly && name !== undefined) this.values.setName(result, `${name}End`);
    (isEarly ? this.ahead : before).push(sum);
    if (isEarly) this.sums.set(key, result);
    return result;
  }
}
