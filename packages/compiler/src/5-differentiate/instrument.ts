/**
 * Makes the path that a run takes an ordinary value, for the reverse sweep to read (LANGUAGE.md R7). Constructs that exits
 * leave gain results: `ex`, the number of the exit that left (0 for the normal end); for loops `end`, the induction variable
 * of the last full trip; and for each loop that an exit jumps out of, the induction variable there.
 */
import { assertion } from '../ir/assertion.js';
import { leavingExits, renumberSites } from '../ir/exits.js';
import {
  type BlockOp,
  type Func,
  type IfOp,
  type LabelId,
  type LoopOp,
  NUMBER,
  type Op,
  type Region,
  type Span,
  type Terminator,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { walkRegions } from '../ir/visit.js';

export interface PathInfo {
  /** Own exit code of a loop or block, where exits other than a loop's header test leave it. */
  readonly ex: Map<LabelId, ValueId>;
  /** Induction variable of the last trip that was not left at the header. */
  readonly end: Map<LabelId, ValueId>;
  /** For a loop left by an exit to an outer target: the induction variable at that exit, by target. */
  readonly crossed: Map<LabelId, Map<LabelId, ValueId>>;
  /** Sites of the exits that are the test of a `while`: a trip that leaves there counts as not begun. */
  readonly headers: Set<number>;
}

interface Construct {
  readonly label: LabelId;
  readonly loop: LoopOp | undefined;
  readonly extra: ExtraLayout | undefined;
}
/** The test of a general loop. */
interface Header {
  readonly op: IfOp;
  readonly label: LabelId;
}
/** A region in the words of a message. */
interface Block {
  readonly what: string;
  readonly span?: Span | undefined;
}
interface ExtraLayout {
  readonly hasEx: boolean;
  readonly hasEnd: boolean;
  /** Loops that exits to this construct jump out of. */
  readonly crossing: readonly LabelId[];
}

/** `checks`: in check mode, what the evaluation knows of itself; each block entered then leaves its name there. */
export function instrument(
  func: Func,
  values: ValueTable,
  checks: ValueId | undefined,
  isEntry: boolean,
): { func: Func; path: PathInfo } {
  const normal = renumberSites(func);
  const path: PathInfo = { ex: new Map(), end: new Map(), crossed: new Map(), headers: new Set() };
  const instrumenter = new Instrumenter(values, path, checks, normal.name);
  const body = instrumenter.region(normal.body, [], isEntry ? undefined : { what: 'the body' });
  return { func: { ...normal, body }, path };
}

class Instrumenter {
  constructor(
    readonly values: ValueTable,
    readonly path: PathInfo,
    readonly checks: ValueId | undefined,
    readonly name: string,
  ) {}
  private blocks = 0;

  private constant(value: number | undefined, ops: Op[]): ValueId {
    const id = this.values.fresh({ type: NUMBER });
    ops.push(
      value === undefined
        ? { kind: 'const', value, poison: true, results: [id] }
        : { kind: 'const', value, results: [id] },
    );
    return id;
  }

  /** `block`: what the region is to the user; the body of an entry has no name, it is always entered. */
  region(r: Region, outer: readonly Construct[], block?: Block, header?: Header): Region {
    const ops: Op[] = [];
    const mark = () => {
      if (this.checks === undefined || block === undefined) return;
      const name = JSON.stringify(`${block.what} of ${this.name} (block ${++this.blocks})`);
      ops.push(assertion('trace', [this.checks], [name], block.span));
    };
    if (!header) mark();
    for (const op of r.ops) {
      this.op(op, outer, ops, header);
      if (header?.op === op) mark();
    }
    const end = this.end(r.end, outer, ops, false);
    return { ...r, ops, end };
  }

  private end(end: Terminator, outer: readonly Construct[], ops: Op[], isHeader: boolean): Terminator {
    if (end.kind === 'yield') {
      // the end of a block's body: nothing left it
      return end;
    }
    if (end.kind !== 'exit') return end;
    const at = outer.findIndex((c) => c.label === end.target);
    const target = outer[at];
    if (!target?.extra) return end;
    const { extra } = target;
    const args = [...end.args];
    if (extra.hasEx) args.push(this.constant(isHeader ? 0 : end.site, ops));
    if (extra.hasEnd && target.loop) {
      const iv = target.loop.body.params[0];
      if (isHeader) {
        const one = this.constant(1, ops);
        const before = this.values.fresh({ type: NUMBER });
        ops.push({ kind: 'scalar', fn: 'sub', args: [iv, one], results: [before] });
        args.push(before);
      } else args.push(iv);
    }
    for (const label of extra.crossing) {
      const crossed = outer.slice(at + 1).find((c) => c.label === label);
      args.push(crossed?.loop ? crossed.loop.body.params[0] : this.constant(undefined, ops));
    }
    return { ...end, args };
  }

  private op(op: Op, outer: readonly Construct[], ops: Op[], header?: Header): void {
    if (op.kind === 'if') {
      if (header?.op === op) {
        const armOps: Op[] = [...op.then.ops];
        const end = this.end(op.then.end, outer, armOps, true);
        const rebuilt: IfOp = { ...op, then: { ...op.then, ops: armOps, end } };
        if (end.kind === 'exit') this.path.headers.add(end.site);
        ops.push(rebuilt);
        return;
      }
      const then = this.region(op.then, outer, { what: 'the branch taken', span: op.span });
      const els = this.region(op.else, outer, { what: 'the other branch', span: op.span });
      ops.push({ ...op, then, else: els });
    } else if (op.kind === 'block') this.block(op, outer, ops);
    else if (op.kind === 'loop') this.loop(op, outer, ops);
    else ops.push(op);
  }

  private fresh(name: string): ValueId {
    return this.values.fresh({ type: NUMBER, name });
  }

  private block(op: BlockOp, outer: readonly Construct[], ops: Op[]): void {
    const crossing = crossedLoops(op.body, op.label);
    const extra: ExtraLayout = { hasEx: true, hasEnd: false, crossing };
    const ex = this.fresh('exit');
    this.path.ex.set(op.label, ex);
    const ends = crossing.map((l) => this.crossedResult(l, op.label));
    const here: Construct = { label: op.label, loop: undefined, extra };
    const region = this.region(op.body, [...outer, here], { what: 'the block', span: op.span });
    const bodyOps = [...region.ops];
    let { end } = region;
    if (end.kind === 'yield')
      end = {
        ...end,
        args: [
          ...end.args,
          this.constant(0, bodyOps),
          ...crossing.map(() => this.constant(undefined, bodyOps)),
        ],
      };
    ops.push({ ...op, body: { ...region, ops: bodyOps, end }, results: [...op.results, ex, ...ends] });
  }

  private crossedResult(loop: LabelId, target: LabelId): ValueId {
    const id = this.fresh('at');
    const of = this.path.crossed.get(loop) ?? new Map<LabelId, ValueId>();
    of.set(target, id);
    this.path.crossed.set(loop, of);
    return id;
  }

  private loop(op: LoopOp, outer: readonly Construct[], ops: Op[]): void {
    const header = headerExit(op);
    const exits = leavingBody(op).filter((e) => e.target === op.label && e !== header?.then.end);
    const crossing = crossedLoops(op.body, op.label);
    const extra: ExtraLayout = { hasEx: exits.length > 0, hasEnd: true, crossing };
    const results = [...op.results];
    const extras: (ValueId | 'lastIv')[] = [...op.extras];
    if (extra.hasEx) {
      const ex = this.fresh('exit');
      this.path.ex.set(op.label, ex);
      results.push(ex);
      extras.push(this.constant(0, ops));
    }
    const end = this.fresh('last');
    this.path.end.set(op.label, end);
    results.push(end);
    extras.push('lastIv');
    for (const l of crossing) {
      results.push(this.crossedResult(l, op.label));
      extras.push(this.constant(undefined, ops));
    }
    const here: Construct = { label: op.label, loop: op, extra };
    const block = { what: 'a trip', span: op.span };
    const body = this.region(op.body, [...outer, here], block, header && { op: header, label: op.label });
    ops.push({ ...op, body, results, extras });
  }
}

const leavingBody = (op: LoopOp) => {
  const all: { readonly target: LabelId }[] = [];
  walkRegions(op.body, (r) => {
    if (r.end.kind === 'exit') all.push(r.end);
  });
  return all;
};

/** Loops inside `body` that an exit to `label` leaves on its way. */
function crossedLoops(body: Region, label: LabelId): LabelId[] {
  const found: LabelId[] = [];
  const visit = (r: Region): void => {
    for (const op of r.ops) {
      if (op.kind === 'loop' && leavingExits(op).some((e) => e.target === label)) found.push(op.label);
      if (op.kind === 'if') [op.then, op.else].forEach(visit);
      if (op.kind === 'loop' || op.kind === 'block') visit(op.body);
    }
  };
  visit(body);
  return found;
}

/** The test of a general loop at the start of its body, before anything with an effect or a cotangent. */
function headerExit(op: LoopOp): IfOp | undefined {
  const carried = op.body.params.slice(1);
  for (const o of op.body.ops) {
    if (o.kind === 'if') {
      const { end } = o.then;
      const plain =
        o.then.ops.length === 0 && o.results.length === 0 && end.kind === 'exit' && end.target === op.label;
      return plain && op.step === 1 && end.args.every((a, k) => a === carried[k]) ? o : undefined;
    }
    if (!['scalar', 'const', 'load', 'length'].includes(o.kind)) return undefined;
  }
  return undefined;
}
