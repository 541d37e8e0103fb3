/** Rewrites the forward sweep for a plan: branches give out the values asked of them, trips and exits push their records. */
import type {
  BlockOp,
  IfOp,
  LabelId,
  LoopOp,
  Op,
  Region,
  SlotTag,
  Terminator,
  ValueId,
  ValueTable,
} from '../ir/nodes.js';
import { opRegions } from '../ir/visit.js';
import type { Home } from './places.js';
import type { Plan } from './record.js';

/** Names under which a value of an inner region is visible here, by scope. */
class Visible {
  private readonly own = new Map<ValueId, ValueId>();
  constructor(private readonly parent?: Visible) {}
  get(v: ValueId): ValueId | undefined {
    return this.own.get(v) ?? this.parent?.get(v);
  }
  set(v: ValueId, as: ValueId): void {
    this.own.set(v, as);
  }
}

interface Frame {
  readonly kind: 'loop' | 'block';
  readonly label: LabelId;
  /** Values a block gives out beyond its own results. */
  readonly gives: readonly ValueId[];
}

export class ForwardRewriter {
  private readonly wanted: ReadonlySet<ValueId>;
  private readonly definedIn = new WeakMap<Op, readonly ValueId[]>();

  constructor(
    readonly values: ValueTable,
    readonly plan: Plan,
    readonly tape: number,
    readonly headers: ReadonlySet<number>,
    /** Tells the records of this pair of sweeps from others. */
    readonly name: string,
    /** Check mode: what each record holds. */
    readonly tags?: ReadonlyMap<Home, readonly SlotTag[]>,
  ) {
    this.wanted = new Set([...plan.promoted, ...plan.stored.keys()]);
  }

  /** The rewritten root region; `names` tells under which name a promoted value is visible at its end. */
  root(
    body: Region,
    params: readonly ValueId[],
    split: boolean,
  ): { body: Region; names: (v: ValueId) => ValueId | undefined } {
    const visible = new Visible();
    for (const p of params) if (this.wanted.has(p)) visible.set(p, p);
    const ops = this.ops(body.ops, visible, []);
    if (split) this.save('root', visible, ops);
    return { body: { ...body, ops }, names: (v) => visible.get(v) };
  }

  private save(home: Home, visible: Visible, ops: Op[]): void {
    const record = this.plan.records.get(home);
    if (!record || record.length === 0) return;
    ops.push({
      kind: 'save',
      tape: this.tape,
      pair: `${this.name}:${home}`,
      args: record.map((v) => visible.get(v) ?? this.poison(v, ops)),
      ...(this.tags && { tags: this.tags.get(home) }),
      results: [],
    });
  }
  private poison(v: ValueId, ops: Op[]): ValueId {
    const id = this.values.like(v);
    ops.push({ kind: 'const', value: undefined, poison: true, results: [id] });
    return id;
  }

  private ops(list: readonly Op[], visible: Visible, frames: readonly Frame[]): Op[] {
    const out: Op[] = [];
    for (const op of list) {
      if (op.kind === 'if') out.push(this.if(op, visible, frames));
      else if (op.kind === 'block') out.push(this.block(op, visible, frames));
      else if (op.kind === 'loop') out.push(this.loop(op, visible, frames));
      else out.push(op);
      for (const r of op.results) if (this.wanted.has(r)) visible.set(r, r);
    }
    return out;
  }

  /** Wanted values defined in an operation at this level of loops. */
  private inside(op: Op): readonly ValueId[] {
    const known = this.definedIn.get(op);
    if (known) return known;
    const found: ValueId[] = [];
    if (op.kind !== 'loop')
      for (const r of opRegions(op))
        for (const o of r.ops) {
          for (const v of o.results) if (this.wanted.has(v)) found.push(v);
          found.push(...this.inside(o));
        }
    this.definedIn.set(op, found);
    return found;
  }

  private exit(end: Terminator, visible: Visible, frames: readonly Frame[], ops: Op[]): Terminator {
    if (end.kind !== 'exit') return end;
    const at = frames.findIndex((f) => f.label === end.target);
    const crossed = frames.slice(Math.max(at, 0)).filter((f) => f.kind === 'loop');
    const isHeader = this.headers.has(end.site);
    for (const f of [...crossed].reverse()) {
      // a trip left at the test of its own loop counts as not begun
      if (isHeader && f.label === end.target) continue;
      this.save(f.label, visible, ops);
    }
    const target = frames[at];
    if (target?.kind !== 'block') return end;
    return { ...end, args: [...end.args, ...target.gives.map((v) => visible.get(v) ?? this.poison(v, ops))] };
  }

  private if(op: IfOp, visible: Visible, frames: readonly Frame[]): IfOp {
    const gives = this.inside(op);
    const arm = (r: Region): Region => {
      const scope = new Visible(visible);
      const ops = this.ops(r.ops, scope, frames);
      let end = this.exit(r.end, scope, frames, ops);
      if (end.kind === 'yield')
        end = { ...end, args: [...end.args, ...gives.map((v) => scope.get(v) ?? this.poison(v, ops))] };
      return { ...r, ops, end };
    };
    const then = arm(op.then);
    const els = arm(op.else);
    const falls = then.end.kind === 'yield' || els.end.kind === 'yield';
    const results = falls ? gives.map((v) => this.giveOut(v, visible)) : [];
    return { ...op, then, else: els, results: [...op.results, ...results] };
  }
  private giveOut(v: ValueId, visible: Visible): ValueId {
    const id = this.values.like(v);
    visible.set(v, id);
    return id;
  }

  private block(op: BlockOp, visible: Visible, frames: readonly Frame[]): BlockOp {
    const gives = this.inside(op);
    const scope = new Visible(visible);
    const frame: Frame = { kind: 'block', label: op.label, gives };
    const ops = this.ops(op.body.ops, scope, [...frames, frame]);
    let end = this.exit(op.body.end, scope, [...frames, frame], ops);
    if (end.kind === 'yield')
      end = { ...end, args: [...end.args, ...gives.map((v) => scope.get(v) ?? this.poison(v, ops))] };
    const results = gives.map((v) => this.giveOut(v, visible));
    return { ...op, body: { ...op.body, ops, end }, results: [...op.results, ...results] };
  }

  private loop(op: LoopOp, visible: Visible, frames: readonly Frame[]): LoopOp {
    const scope = new Visible(visible);
    for (const p of op.body.params) if (this.wanted.has(p)) scope.set(p, p);
    const inner: readonly Frame[] = [...frames, { kind: 'loop', label: op.label, gives: [] }];
    const ops = this.ops(op.body.ops, scope, inner);
    const end = this.exit(op.body.end, scope, inner, ops);
    if (end.kind === 'yield') this.save(op.label, scope, ops);
    return { ...op, body: { ...op.body, ops, end } };
  }
}
