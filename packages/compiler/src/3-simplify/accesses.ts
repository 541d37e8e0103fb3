/** Where the values of a function come from, and which accesses of arrays may come to the same element. */
import type { AccessOp, LoopOp, Op, Region, ValueId, ValueTable } from '../ir/nodes.js';
import { isTypedArray } from '../ir/types.js';
import { opRegions } from '../ir/visit.js';
import { type Access, misses, type Origin } from './elements.js';

export class Accesses {
  private readonly origins = new Map<ValueId, Origin>();
  private readonly places = new Map<Op, { readonly loops: readonly LoopOp[]; readonly order: number }>();

  constructor(
    body: Region,
    private readonly values: ValueTable,
  ) {
    this.note(body, []);
  }

  private note({ params, ops }: Region, loops: readonly LoopOp[], loop?: LoopOp): void {
    params.forEach(
      (p, k) => void this.origins.set(p, { op: loop, loops, isIv: loop !== undefined && k === 0 }),
    );
    for (const op of ops) {
      this.places.set(op, { loops, order: this.places.size });
      for (const v of op.results) this.origins.set(v, { op, loops, isIv: false });
      for (const r of opRegions(op))
        if (op.kind === 'loop') this.note(r, [...loops, op], op);
        else this.note(r, loops);
    }
  }

  readonly originOf = (v: ValueId): Origin | undefined => this.origins.get(v);

  /**
   * Whether no run of `second` behind a run of `first` is to the same element. `fixed`: so many of the outer loops do not go on
   * in between.
   */
  misses(first: AccessOp, second: AccessOp, fixed = 0): boolean {
    const [a, b] = [first, second].map((op) => this.access(op));
    return a !== undefined && b !== undefined && misses(a, b, this.originOf, fixed);
  }
  private access(op: AccessOp): Access | undefined {
    const place = this.places.get(op);
    if (!place || !('index' in op.at)) return undefined;
    const isTyped = isTypedArray(this.values.type(op.ref));
    return { ref: op.ref, isTyped, index: op.at.index, ...place };
  }
}
