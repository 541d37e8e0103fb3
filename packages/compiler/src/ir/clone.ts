/** Copies of regions with fresh values and labels, for inlining and for replayed code. */
import type { Func, LabelId, Op, Region, Terminator, ValueId, ValueTable } from './nodes.js';
import { mapEnd, mapOp } from './visit.js';

export class Cloner {
  private readonly labels = new Map<LabelId, LabelId>();

  constructor(
    private readonly values: ValueTable,
    /** Values from outside the copied code; grows by the copies. */
    readonly map: Map<ValueId, ValueId>,
  ) {}

  readonly value = (v: ValueId): ValueId => this.map.get(v) ?? v;

  private define(v: ValueId): ValueId {
    const copy = this.values.like(v);
    this.map.set(v, copy);
    return copy;
  }
  retarget(from: LabelId, to: LabelId): void {
    this.labels.set(from, to);
  }
  private label(l: LabelId): LabelId {
    return this.labels.get(l) ?? l;
  }

  op(op: Op): Op {
    if (op.kind === 'loop' || op.kind === 'block') {
      const label = this.values.freshLabel();
      this.labels.set(op.label, label);
      const copy = mapOp(op, { value: this.value, region: (r) => this.region(r), results: (rs) => rs });
      return { ...copy, label, results: op.results.map((r) => this.define(r)) } as Op;
    }
    if (op.kind !== 'if') return mapOp(op, { value: this.value, region: (r) => r, results: this.results });
    const copy = mapOp(op, { value: this.value, region: (r) => this.region(r) });
    return { ...copy, results: this.results(op.results) };
  }
  private readonly results = (all: readonly ValueId[]): ValueId[] => all.map((r) => this.define(r));

  region(r: Region): Region {
    const params = r.params.map((p) => this.define(p));
    const ops = r.ops.map((o) => this.op(o));
    return { params, ops, end: this.end(r.end) };
  }
  end(end: Terminator): Terminator {
    const mapped = mapEnd(end, this.value);
    return mapped.kind === 'exit' ? { ...mapped, target: this.label(mapped.target) } : mapped;
  }
}

/** A function with values and labels of its own, under the same key. */
export function cloneFunc(f: Func, values: ValueTable): Func {
  const cloner = new Cloner(values, new Map(f.params.map((p) => [p, values.like(p)])));
  const label = values.freshLabel();
  cloner.retarget(f.label, label);
  return { ...f, label, params: f.params.map(cloner.value), body: cloner.region(f.body) };
}
