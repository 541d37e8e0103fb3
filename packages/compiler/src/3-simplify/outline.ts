/**
 * **Question**: what is run again in the reverse sweep, and what does it need for that? **Needs**: blocks and loops that the user
 * marked (`checkpoint`, `checkpointed`), simplified. **Guarantees**: each is a function of its own, called with all that it reads; a
 * loop can be run from any step to any other. Where there is a last step it is called by itself: it is recorded in the
 * forward sweep, and not run again. What is left by an exit to somewhere else stays where it is, with the reason.
 */
import { Cloner } from '../ir/clone.js';
import { leavingExits, renumberSites, targets } from '../ir/exits.js';
import {
  type BlockOp,
  BOOLEAN,
  type CallOp,
  type Checkpoint,
  type Func,
  type LoopOp,
  type Module,
  NUMBER,
  type Op,
  type Region,
  type Span,
  type ValueId,
} from '../ir/nodes.js';
import { isLeaf, refType } from '../ir/types.js';
import { endArgs, mapOp, opArgs, opRegions, walkOps } from '../ir/visit.js';
import { scalarRule } from '../rules/scalar.js';
import { LENGTH_SLOT, type Memory } from './memory.js';

/** What the user marked, and what is recorded nevertheless. */
export interface Recorded {
  readonly span: Span | undefined;
  readonly why: string;
}
export interface Outlined {
  readonly module: Module;
  readonly recorded: readonly Recorded[];
}

export function outlineCheckpoints(module: Module, memory: Memory): Outlined {
  const outliner = new Outliner(module, memory);
  return outliner.run();
}

/** Cheaper arithmetic on what is at hand is done inside, which then knows more of it. */
const CHEAP = 3;

class Outliner {
  private readonly made = new Map<string, Func>();
  private readonly recorded: Recorded[] = [];
  private definitions = new Map<ValueId, Op>();
  private func!: Func;
  private sites = 0;

  constructor(
    readonly module: Module,
    readonly memory: Memory,
  ) {}

  run(): Outlined {
    const funcs = new Map<string, Func>();
    for (const f of this.module.funcs.values()) funcs.set(f.key, this.function(f));
    for (const f of this.made.values()) funcs.set(f.key, f);
    return { module: { ...this.module, funcs }, recorded: this.recorded };
  }

  private function(f: Func): Func {
    let any = false;
    this.definitions = new Map();
    walkOps(f.body, (op) => {
      any ||= (op.kind === 'block' || op.kind === 'loop') && op.checkpoint !== undefined;
      for (const v of op.results) this.definitions.set(v, op);
    });
    if (!any) return f;
    this.func = f;
    return renumberSites({ ...f, body: this.region(f.body) });
  }

  private region(r: Region): Region {
    return { ...r, ops: r.ops.flatMap((op) => this.op(op)) };
  }
  private op(op: Op): Op[] {
    if (opRegions(op).length === 0) return [op];
    const inner = mapOp(op, { value: (v) => v, region: (r) => this.region(r) });
    if (inner.kind === 'block' && inner.checkpoint) {
      const { checkpoint, ...block } = inner;
      return this.leavesOnlyItself(inner) ? this.block(inner) : [block];
    }
    if (inner.kind === 'loop' && inner.checkpoint) {
      const { checkpoint, ...loop } = inner;
      return this.leavesOnlyItself(inner) ? this.loop(inner) : [loop];
    }
    return [inner];
  }
  private leavesOnlyItself(op: BlockOp | LoopOp): boolean {
    const isFine = leavingExits(op).length === 0;
    const why =
      op.kind === 'loop'
        ? 'its body is left by a `return`, or for a loop further out'
        : 'it is left by an exception that is caught';
    if (!isFine) this.recorded.push({ span: op.span, why });
    return isFine;
  }

  private freshKey(what: string): string {
    const stem = `${this.func.key}_${what}`;
    for (let k = 1; ; k++) {
      const key = k === 1 ? stem : `${stem}${k}`;
      if (!this.made.has(key) && !this.module.funcs.has(key)) return key;
    }
  }

  private block(op: BlockOp): Op[] {
    const { values } = this.module;
    const captured = this.captured(freeValues([], op.body));
    const { cloner, params, ops } = captured;
    const key = this.freshKey('part');
    const body = cloner.region(op.body);
    this.made.set(key, {
      key,
      name: key,
      label: values.freshLabel(),
      params,
      captured: this.numbers(params),
      body: { ...body, params: [], ops: [...ops, ...body.ops] },
      ...(op.span && { span: op.span }),
    });
    return [this.call(key, captured.args, op.results, op.span, { kind: 'once', site: ++this.sites })];
  }

  /** A loop as a function of its first step and the one to stop before. */
  private loop(op: LoopOp): Op[] {
    const { values } = this.module;
    const mayLeave = targets(op.body, op.label);
    const extras = op.extras.filter((e) => e !== 'lastIv');
    const captured = this.captured(freeValues(extras, op.body));
    const { cloner } = captured;
    const from = values.fresh({ type: NUMBER, name: 'from' });
    const to = values.fresh({ type: NUMBER, name: 'to' });
    const state = op.inits.map((_, k) => values.like(op.body.params[k + 1]));
    const copy = cloner.op(op) as LoopOp;
    const { checkpoint: _, ...rest } = copy;
    const ending: Op[] = [];
    const more: ValueId[] = [];
    const body = mayLeave ? this.tellingWhere(copy) : copy.body;
    if (mayLeave) {
      const left = values.fresh({ type: BOOLEAN });
      ending.push({ kind: 'const', value: false, results: [left] });
      more.push(to, left);
    }
    const results = [...copy.results, ...more.map((v) => values.fresh({ type: values.type(v) }))];
    const loop: LoopOp = {
      ...rest,
      lo: from,
      hi: to,
      inits: state,
      body,
      extras: [...copy.extras, ...more],
      results,
    };
    const key = this.freshKey('steps');
    const params = [from, to, ...state, ...captured.params];
    this.made.set(
      key,
      renumberSites({
        key,
        name: key,
        label: values.freshLabel(),
        params,
        captured: this.numbers(params).filter((k) => k >= 2 + state.length),
        body: { params: [], ops: [...captured.ops, ...ending, loop], end: { kind: 'yield', args: results } },
        ...(op.span && { span: op.span }),
      }),
    );
    return this.calls(op, key, captured.args, mayLeave);
  }

  private numbers(params: readonly ValueId[]): number[] {
    return params.flatMap((p, k) => (isLeaf(this.module.values.type(p)) ? [k] : []));
  }

  /** The body of a loop whose own exits say after which step it was left. */
  private tellingWhere(loop: LoopOp): Region {
    const { values } = this.module;
    const iv = loop.body.params[0];
    const region = (r: Region): Region => {
      const ops = r.ops.map((o) => (opRegions(o).length > 0 ? mapOp(o, { value: (v) => v, region }) : o));
      const { end } = r;
      if (end.kind !== 'exit' || end.target !== loop.label) return { ...r, ops };
      const [one, next, left] = [NUMBER, NUMBER, BOOLEAN].map((type) => values.fresh({ type }));
      ops.push({ kind: 'const', value: 1, results: [one] });
      ops.push({ kind: 'scalar', fn: 'add', args: [iv, one], results: [next] });
      ops.push({ kind: 'const', value: true, results: [left] });
      return { ...r, ops, end: { ...end, args: [...end.args, next, left] } };
    };
    return region(loop.body);
  }

  /** The calls in place of a loop. */
  private calls(op: LoopOp, key: string, captured: readonly ValueId[], mayLeave: boolean): Op[] {
    const { values } = this.module;
    const snapshots = op.checkpoint!;
    const n = op.inits.length;
    const hi = this.definitions.get(op.hi);
    const isForever = hi?.kind === 'const' && hi.value === Number.POSITIVE_INFINITY;
    const checkpoint = (recorded: boolean): Checkpoint => ({
      kind: 'steps',
      site: ++this.sites,
      state: n,
      mayLeave,
      snapshots,
      recorded,
    });
    const freshResults = (like: readonly ValueId[]) => [
      ...like,
      ...(mayLeave ? [values.fresh({ type: NUMBER }), values.fresh({ type: BOOLEAN })] : []),
    ];
    const run = (
      from: ValueId,
      to: ValueId,
      state: readonly ValueId[],
      results: readonly ValueId[],
      c?: Checkpoint,
    ) => this.call(key, [from, to, ...state, ...captured], results, op.span, c);
    if (isForever) return [run(op.lo, op.hi, op.inits, freshResults(op.results), checkpoint(false))];
    const ops: Op[] = [];
    const scalar = (fn: string, ...args: ValueId[]): ValueId => {
      const id = values.fresh({ type: NUMBER });
      ops.push({ kind: 'scalar', fn, args, results: [id] });
      return id;
    };
    const one = values.fresh({ type: NUMBER });
    ops.push({ kind: 'const', value: 1, results: [one] });
    const last = scalar('max', op.lo, scalar('sub', scalar('ceil', op.hi), one));
    const before = freshResults(op.results.map((v) => values.like(v)));
    ops.push(run(op.lo, last, op.inits, before, checkpoint(true)));
    const count = op.results.length;
    if (!mayLeave) return [...ops, run(last, op.hi, before.slice(0, n), op.results)];
    const after = freshResults(op.results.map((v) => values.like(v)));
    const arm = (list: Op[], args: readonly ValueId[]): Region => ({
      params: [],
      ops: list,
      end: { kind: 'yield', args: args.slice(0, count) },
    });
    ops.push({
      kind: 'if',
      cond: before[count + 1],
      then: arm([], before),
      else: arm([run(last, op.hi, before.slice(0, n), after)], after),
      results: op.results,
      ...(op.span && { span: op.span }),
    });
    return ops;
  }

  private call(
    callee: string,
    args: readonly ValueId[],
    results: readonly ValueId[],
    span: Span | undefined,
    checkpoint: Checkpoint | undefined,
  ): CallOp {
    return {
      kind: 'call',
      callee,
      args,
      results,
      ...(checkpoint && { checkpoint }),
      ...(span && { span }),
    };
  }

  /** What is read from outside: parameters, or operations that are done again inside. */
  private captured(free: readonly ValueId[]) {
    const { values } = this.module;
    const map = new Map<ValueId, ValueId>();
    const cloner = new Cloner(values, map);
    const args: ValueId[] = [];
    const params: ValueId[] = [];
    const ops: Op[] = [];
    const pass = (v: ValueId): void => {
      if (map.has(v)) return;
      const op = this.definitions.get(v);
      if (op && this.isDoneAgain(v)) {
        for (const a of opArgs(op)) pass(a);
        ops.push(cloner.op(op));
        return;
      }
      const p = values.like(v);
      map.set(v, p);
      args.push(v);
      params.push(p);
    };
    for (const v of free) pass(v);
    return { cloner, args, params, ops };
  }
  private isDoneAgain(v: ValueId): boolean {
    const op = this.definitions.get(v);
    if (op?.kind === 'const') return true;
    if (op?.kind === 'length') {
      const t = refType(this.module.values.type(op.ref));
      const c = this.memory.classOf(op.ref);
      return t?.kind === 'array' && (t.storage !== 'plain' || !(c.growing || c.written.has(LENGTH_SLOT)));
    }
    return (
      op?.kind === 'scalar' &&
      scalarRule(op.fn).cost <= CHEAP &&
      this.module.values.type(v).kind === 'number' &&
      op.args.every((a) => this.isDoneAgain(a))
    );
  }
}

/** The values that a region reads and does not define, in the order of their first use; `more` are read as well. */
function freeValues(more: readonly ValueId[], region: Region): readonly ValueId[] {
  const own = new Set<ValueId>();
  const read = new Set<ValueId>(more);
  const visit = (r: Region): void => {
    for (const p of r.params) own.add(p);
    for (const op of r.ops) {
      for (const a of opArgs(op)) read.add(a);
      opRegions(op).forEach(visit);
      for (const v of op.results) own.add(v);
    }
    for (const a of endArgs(r.end)) read.add(a);
  };
  visit(region);
  return [...read].filter((v) => !own.has(v));
}
