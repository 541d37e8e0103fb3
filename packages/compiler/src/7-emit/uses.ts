/** How often and where values are used: what may be written inside the expression that uses it. */
import type { LabelId, Op, Region, ValueId } from '../ir/nodes.js';
import { endArgs, opArgs, opRegions } from '../ir/visit.js';

export class Uses {
  private readonly counts = new Map<ValueId, number>();
  private readonly lastRegion = new Map<ValueId, Region>();
  readonly exitArgs = new Map<LabelId, (readonly ValueId[])[]>();

  constructor(body: Region, extra: readonly ValueId[] = []) {
    this.region(body);
    for (const v of extra) this.note(v, body);
  }
  private note(v: ValueId, r: Region): void {
    this.counts.set(v, (this.counts.get(v) ?? 0) + 1);
    this.lastRegion.set(v, r);
  }
  private region(r: Region): void {
    for (const op of r.ops) {
      for (const a of opArgs(op)) this.note(a, r);
      for (const x of opRegions(op)) this.region(x);
    }
    for (const a of endArgs(r.end)) this.note(a, r);
    if (r.end.kind !== 'exit') return;
    const known = this.exitArgs.get(r.end.target);
    if (known) known.push(r.end.args);
    else this.exitArgs.set(r.end.target, [r.end.args]);
  }
  count(v: ValueId): number {
    return this.counts.get(v) ?? 0;
  }
  /** Used once, and in this region itself. */
  onceIn(v: ValueId, r: Region): boolean {
    return this.counts.get(v) === 1 && this.lastRegion.get(v) === r;
  }
}

/** Labels that some exit inside a loop or block names from inside another loop or block. */
export function needsLabel(op: Op & { kind: 'loop' | 'block' }): boolean {
  const nested = (r: Region, inLoop: boolean): boolean =>
    (r.end.kind === 'exit' && r.end.target === op.label && inLoop) ||
    r.ops.some((o) =>
      o.kind === 'if'
        ? nested(o.then, inLoop) || nested(o.else, inLoop)
        : o.kind === 'loop' || o.kind === 'block'
          ? nested(o.body, inLoop || o.kind === 'loop')
          : false,
    );
  return nested(op.body, op.kind === 'block');
}
