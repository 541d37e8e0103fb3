/**
 * **Question**: what is run again in the reverse sweep, and what does it need for that? **Needs**: blocks and loops that the user
 * marked (`checkpoint`, `checkpointed`), simplified. **Guarantees**: each is a function of its own, called with all that it reads; a
 * loop can be run from any step to any other. Where there is a last step it is called by itself: it is recorded in the
 * forward sweep, and not run again. What is left by an exit to somewhere else stays where it is, with the reason.
 */
import { Cloner } from '../ir/clone.js';
import { leavingExits, renumberSites, targets } from '../ir/exits.js';
import { joinTypes } from '../ir/join-types.js';
import {
  type BlockOp,
  BOOLEAN,
  BOUNDS,
  type CallOp,
  type Checkpoint,
  type Func,
  type LabelId,
  type LoopOp,
  type Module,
  NULLISH,
  NUMBER,
  type Op,
  type Region,
  type Span,
  type Type,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { isLeaf, isRef, refType } from '../ir/types.js';
import { freeValues, mapRegions, opArgs, opRegions, walkOps } from '../ir/visit.js';
import { scalarRule } from '../rules/scalar.js';
import { logEffects } from './logs.js';
import { LENGTH_SLOT, type Memory } from './memory.js';

/** What the user marked, and what is recorded nevertheless. */
export interface Recorded {
  readonly span: Span | undefined;
  readonly why: string;
}
export interface Outlined {
  readonly module: Module;
  /** The functions that were made. */
  readonly parts: ReadonlySet<string>;
  readonly recorded: readonly Recorded[];
}

/** `pullback`: the caller may change what it can reach before the reverse sweep. */
export function outlineCheckpoints(module: Module, memory: Memory, pullback: boolean): Outlined {
  const outlined = new Outliner(module, memory).run();
  return { ...outlined, module: logEffects(outlined.module, outlined.parts, pullback) };
}

/** A module in which nothing runs again: only the outermost reverse derivative has parts that do. */
export function forgetCheckpoints(module: Module): Module {
  const region = (r: Region): Region => ({ ...r, ops: r.ops.map(one) });
  const one = (op: Op): Op => {
    if (opRegions(op).length === 0) return op;
    const inner = mapRegions(op, region);
    if ((inner.kind !== 'block' && inner.kind !== 'loop') || !inner.checkpoint) return inner;
    const { checkpoint, ...rest } = inner;
    return rest;
  };
  const funcs = [...module.funcs].map(([key, f]) => [key, { ...f, body: region(f.body) }] as const);
  return { ...module, funcs: new Map(funcs) };
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
    return {
      module: { ...this.module, funcs },
      parts: new Set(this.made.keys()),
      recorded: this.recorded,
    };
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
    const inner = mapRegions(op, (r) => this.region(r));
    if (inner.kind === 'block' && inner.checkpoint) {
      const { checkpoint, ...block } = inner;
      return this.leavesOnlyItself(inner) ? this.block(inner) : [block];
    }
    const isLoop = inner.kind === 'loop' && inner.checkpoint && inner.extras.length === 0;
    return isLoop ? this.loop(inner) : [inner];
  }
  private leavesOnlyItself(op: BlockOp): boolean {
    const isFine = leavingExits(op).length === 0;
    if (!isFine) this.recorded.push({ span: op.span, why: 'it is left by an exception that is caught' });
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
    const captured = this.captured(freeValues(op.body));
    const { cloner, params, ops } = captured;
    const key = this.freshKey('part');
    const body = cloner.region(op.body);
    this.made.set(
      key,
      renumberSites({
        key,
        name: key,
        label: values.freshLabel(),
        params,
        captured: this.numbers(params),
        body: { ...body, params: [], ops: [...ops, ...body.ops] },
        ...(op.span && { span: op.span }),
      }),
    );
    return [this.call(key, captured.args, op.results, op.span, { kind: 'once', site: ++this.sites })];
  }

  /** A loop as a function of its first step and the one to stop before. */
  private loop(op: LoopOp): Op[] {
    const { values } = this.module;
    const ways = this.waysOut(op);
    const mayLeave = ways.length > 0 || targets(op.body, op.label);
    const captured = this.captured(freeValues(op.body));
    const from = values.fresh({ type: NUMBER, name: 'from' });
    const to = values.fresh({ type: NUMBER, name: 'to' });
    const state = op.inits.map((_, k) => values.like(op.body.params[k + 1]));
    const { checkpoint: _, ...copy } = captured.cloner.op(op) as LoopOp;
    const ending: Op[] = [];
    const types = ways.flatMap((w) => w.types).map(carried);
    const brought = types.map((t) => nothing(values, t, ending));
    const extras = [
      ...(ways.length > 0 ? [constant(values, BY_ITSELF, ending)] : []),
      ...(mayLeave ? [to, constant(values, false, ending)] : []),
    ];
    const further = [...types, ...extras.map((v) => values.type(v))];
    const results = [...copy.results, ...further.map((type) => values.fresh({ type }))];
    const loop: LoopOp = {
      ...copy,
      lo: from,
      hi: to,
      inits: [...state, ...brought],
      body: mayLeave ? this.tellingWhere(copy, ways) : copy.body,
      extras,
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
        captured: this.numbers(params).filter((k) => k >= BOUNDS + state.length),
        body: { params: [], ops: [...captured.ops, ...ending, loop], end: { kind: 'yield', args: results } },
        ...(op.span && { span: op.span }),
      }),
    );
    const given = results.map((v, k) => op.results[k] ?? values.like(v));
    const calls = this.calls(op, key, captured.args, given, mayLeave);
    return [...calls, ...this.goOn(ways, given.slice(op.results.length))];
  }

  /** Exits to further out: where they go, and the types of what they carry. */
  private waysOut(op: LoopOp): readonly WayOut[] {
    const { values } = this.module;
    const ways = new Map<LabelId, Type[]>();
    for (const { target, args } of leavingExits(op)) {
      const types = args.map((a) => values.type(a));
      const before = ways.get(target);
      ways.set(target, before ? before.map((t, k) => joinTypes(t, types[k]) ?? t) : types);
    }
    return [...ways].map(([target, types]) => ({ target, types }));
  }

  /**
   * The body of a loop whose exits all end it: they say where to go on with what, by the number of the way, and after which step the
   * loop was left.
   */
  private tellingWhere(loop: LoopOp, ways: readonly WayOut[]): Region {
    const { values } = this.module;
    const [iv, ...state] = loop.body.params;
    const brought = ways.map((w) => w.types.map((type) => values.fresh({ type: carried(type) })));
    const region = (r: Region): Region => {
      const ops = r.ops.map((o) => mapRegions(o, region));
      const { end } = r;
      const way = end.kind === 'exit' ? ways.findIndex((w) => w.target === end.target) : -1;
      if (end.kind !== 'exit' || (end.target !== loop.label && way < 0)) return { ...r, ops };
      const args = way < 0 ? [...end.args] : [...state];
      brought.forEach((list, k) => void args.push(...(k === way ? end.args : list)));
      if (ways.length > 0) args.push(constant(values, way < 0 ? BY_ITSELF : way + 1, ops));
      const next = values.fresh({ type: NUMBER });
      ops.push({ kind: 'scalar', fn: 'add', args: [iv, constant(values, 1, ops)], results: [next] });
      args.push(next, constant(values, true, ops));
      return { ...r, ops, end: { ...end, target: loop.label, args } };
    };
    const { params, ops, end } = region(loop.body);
    const all = end.kind === 'yield' ? { ...end, args: [...end.args, ...brought.flat()] } : end;
    return { params: [...params, ...brought.flat()], ops, end: all };
  }

  /** Behind the calls: exits to further out, by the number of the way. */
  private goOn(ways: readonly WayOut[], carried: readonly ValueId[]): Op[] {
    const { values } = this.module;
    const code = carried[carried.length - 3];
    let at = 0;
    return ways.flatMap(({ target, types }, k): Op[] => {
      const args = carried.slice(at, at + types.length);
      at += types.length;
      const [number, cond] = [NUMBER, BOOLEAN].map((type) => values.fresh({ type }));
      const ops: Op[] = [];
      const present = args.map((a, j) => {
        if (!isRef(types[j]) || types[j].kind === 'maybe') return a;
        const there = values.fresh({ type: types[j] });
        ops.push({ kind: 'scalar', fn: 'unwrap', args: [a], results: [there] });
        return there;
      });
      const end = { kind: 'exit' as const, target, site: 1, args: present };
      return [
        { kind: 'const', value: k + 1, results: [number] },
        { kind: 'scalar', fn: 'eq', args: [code, number], results: [cond] },
        { kind: 'if', cond, then: { params: [], ops, end }, else: EMPTY, results: [] },
      ];
    });
  }

  private numbers(params: readonly ValueId[]): number[] {
    return params.flatMap((p, k) => (isLeaf(this.module.values.type(p)) ? [k] : []));
  }

  /** The calls in place of a loop. */
  private calls(
    op: LoopOp,
    key: string,
    captured: readonly ValueId[],
    results: readonly ValueId[],
    mayLeave: boolean,
  ): Op[] {
    const { values } = this.module;
    const snapshots = op.checkpoint!;
    const state = op.inits.length;
    const hi = this.definitions.get(op.hi);
    const isForever = hi?.kind === 'const' && hi.value === Number.POSITIVE_INFINITY;
    const checkpoint = (recorded: boolean): Checkpoint => ({
      kind: 'steps',
      site: ++this.sites,
      state,
      mayLeave,
      snapshots,
      recorded,
    });
    const run = (
      from: ValueId,
      to: ValueId,
      given: readonly ValueId[],
      into: readonly ValueId[],
      c?: Checkpoint,
    ) => this.call(key, [from, to, ...given, ...captured], into, op.span, c);
    // of a fixed point only the last state matters
    if (isForever || snapshots.fixed) return [run(op.lo, op.hi, op.inits, results, checkpoint(false))];
    const ops: Op[] = [];
    const scalar = (fn: string, ...args: ValueId[]): ValueId => {
      const id = values.fresh({ type: NUMBER });
      ops.push({ kind: 'scalar', fn, args, results: [id] });
      return id;
    };
    const one = constant(values, 1, ops);
    const last = scalar('max', op.lo, scalar('sub', scalar('ceil', op.hi), one));
    const before = results.map((v) => values.like(v));
    ops.push(run(op.lo, last, op.inits, before, checkpoint(true)));
    if (!mayLeave) return [...ops, run(last, op.hi, before.slice(0, state), results)];
    const after = results.map((v) => values.like(v));
    const arm = (list: Op[], args: readonly ValueId[]): Region => ({
      params: [],
      ops: list,
      end: { kind: 'yield', args },
    });
    ops.push({
      kind: 'if',
      cond: before[before.length - 1],
      then: arm([], before),
      else: arm([run(last, op.hi, before.slice(0, state), after)], after),
      results,
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

interface WayOut {
  readonly target: LabelId;
  readonly types: readonly Type[];
}
/** The number of the way out of a loop that ends here. */
const BY_ITSELF = 0;
const EMPTY: Region = { params: [], ops: [], end: { kind: 'yield', args: [] } };

/** What an exit carries, before it is taken: an object that is not there. */
const carried = (t: Type): Type => (isRef(t) && t.kind !== 'maybe' ? { kind: 'maybe', of: t } : t);
function constant(values: ValueTable, value: number | boolean, ops: Op[]): ValueId {
  const id = values.fresh({ type: typeof value === 'number' ? NUMBER : BOOLEAN });
  ops.push({ kind: 'const', value, results: [id] });
  return id;
}
function nothing(values: ValueTable, type: Type, ops: Op[]): ValueId {
  const isMissing = type.kind === 'maybe';
  const id = values.fresh({ type: isMissing ? NULLISH : type });
  ops.push({ kind: 'const', value: undefined, results: [id], ...(isMissing ? {} : { poison: true }) });
  return id;
}
