/**
 * Loops that run in steps. For the function of a loop two more are made: `..._forward` runs it from the first step to the last one, and
 * stops where the plan keeps a state; `..._back` goes through the steps backwards: for each it puts back the last state before it,
 * runs to it without recording, keeps states on the way, and then records the one step and reverses it.
 */
import type { MemoryClass } from '../3-simplify/memory.js';
import { renumberSites } from '../ir/exits.js';
import {
  BOOLEAN,
  BOUNDS,
  type Func,
  type LoopOp,
  NUMBER,
  OPAQUE,
  type Op,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { FLOAT64, isLeaf, isRef } from '../ir/types.js';
import { Builder } from './builder.js';
import {
  type Again,
  acquireTape,
  type Call,
  type CheckpointRequest,
  finishTape,
  followStructure,
  known,
  logOf,
  named,
  recordAndReverse,
  region,
  type Steps,
  shadowIn,
} from './checkpoints.js';
import type { ReversePair } from './reverse-state.js';

export class StepsBuilder {
  private readonly values: ValueTable;

  constructor(
    readonly r: CheckpointRequest,
    readonly add: (f: Func) => void,
  ) {
    this.values = r.module.values;
  }

  /** The plan of a loop, before it runs. */
  begin(b: Builder, op: Call['op'], { snapshots, recorded }: Steps): ValueId {
    const { args } = op;
    const limit = snapshots.limit ?? b.undefined();
    const log = logOf(op) ?? b.undefined();
    const literals = [recorded ? '1' : '0', String(snapshots.inBytes), String(this.r.pullback)];
    const plan = b.runtime('planSteps', [args[0], args[1], limit, log], literals, 'effect', OPAQUE);
    if (snapshots.store !== undefined) b.runtime('keepIn', [plan, snapshots.store], [], 'effect', undefined);
    if (this.r.check) b.runtime('watchSteps', [plan], [], 'effect', undefined);
    return named(b, plan, 'plan');
  }

  // ------------------------------------------------------------------ forwards

  run(b: Builder, { op, f }: Call, c: Steps, plan: ValueId): void {
    const key = this.r.keys.of(f.key, 'steps');
    this.add(this.forwardFunction(key, f, c));
    b.emit({ ...op, callee: key, args: [plan, ...op.args] });
  }

  private forwardFunction(key: string, f: Func, c: Steps): Func {
    const { values } = this;
    const b = new Builder(values);
    const plan = values.fresh({ type: OPAQUE, name: 'plan' });
    const params = f.params.map((p) => values.like(p));
    const [from, to] = params;
    const captured = params.slice(BOUNDS + c.state);
    const ends = f.body.end.kind === 'yield' ? f.body.end.args : [];
    const at = values.fresh({ type: NUMBER, name: 'at' });
    const inner = ends.map((v) => values.like(v));
    const inits = ends.map((v, k) => (k < c.state ? params[BOUNDS + k] : b.poison(values.type(v))));
    const label = values.freshLabel();
    const body = b.region([values.fresh({ type: NUMBER }), at, ...inner], () => {
      const state = inner.slice(0, c.state);
      const stop = this.nextStop(b, f, c, { plan, at, to, state, captured });
      const results = ends.map((v) => values.like(v));
      b.emit({ kind: 'call', callee: f.key, args: [at, stop, ...state, ...captured], results });
      const next = c.mayLeave ? results[results.length - 2] : stop;
      const isLast = b.scalar('not', b.scalar('lt', next, to));
      const done = c.mayLeave ? b.scalar('or', isLast, results[results.length - 1]) : isLast;
      b.emit(leaveIf(done, label, [next, ...results]));
      return { kind: 'yield', args: [next, ...results] };
    });
    const reached = values.fresh({ type: NUMBER, name: 'reached' });
    const results = ends.map((v) => values.like(v));
    b.emit(forever(b, label, [from, ...inits], body, [reached, ...results]));
    b.runtime('endSteps', [plan, reached], [], 'effect', undefined);
    return whole(values, key, [plan, ...params], b.ops, results);
  }

  /** Keeps the state, if it is one to be kept, and tells how far to go from there. */
  private nextStop(b: Builder, f: Func, c: Steps, o: Position): ValueId {
    this.keepIf(b.runtime('isKeptAt', [o.plan, o.at, o.to], [], 'effect', BOOLEAN), b, f, c, o);
    return named(b, b.runtime('nextStop', [o.plan, o.at, o.to], [], 'effect', NUMBER), 'stop');
  }
  keepIf(isKept: ValueId, b: Builder, f: Func, c: Steps, o: Position): void {
    const count = b.num(c.state);
    b.when(isKept, () => {
      if (this.isNumbers(f, c)) {
        const numbers = b.runtime('keepNumbers', [o.plan, o.at, count], [], 'effect', FLOAT64);
        o.state.forEach((v, k) => {
          b.store(numbers, { index: b.num(k) }, v);
        });
        return;
      }
      const roots = this.roots(f, [...o.state, ...o.captured]);
      b.runtime('keepState', [o.plan, o.at, count, ...o.state, ...roots], [], 'effect', undefined);
    });
  }
  /** Whether a state is numbers, and no object changes. */
  isNumbers(f: Func, c: Steps): boolean {
    const state = f.params.slice(BOUNDS, BOUNDS + c.state);
    const areNumbers = state.every((p) => this.values.type(p).kind === 'number');
    return areNumbers && this.roots(f, f.params.slice(BOUNDS)).length === 0;
  }
  /** Of what a step is given, the objects that steps change: `args` are those of the parameters behind the bounds. */
  private roots(f: Func, args: readonly ValueId[]): readonly ValueId[] {
    const { memory } = this.r;
    const written = this.r.runsAgain.written(f);
    const isWritten = (c: MemoryClass): boolean => written.has(c);
    return args.filter((_, k) => {
      const p = f.params[BOUNDS + k];
      return isRef(this.values.type(p)) && [...memory.reachable(memory.classOf(p))].some(isWritten);
    });
  }

  // ------------------------------------------------------------------ backwards

  reverse(b: Builder, a: Again, c: Steps, pair: ReversePair, seeds: readonly ValueId[]): readonly ValueId[] {
    const key = this.r.keys.of(a.f.key, 'back');
    this.add(new Backwards(this, key, a, c, pair).func());
    const args = [
      a.plan!,
      ...known(a.saved, a.all, a.pairs),
      ...seeds,
      ...a.op.args,
      ...a.twins,
      ...a.made.map((m) => m.twin),
    ];
    const gives = pair.gives.map((k) => b.cotangentOf(a.f.params[k]));
    b.emit({ kind: 'call', callee: key, args, results: gives, ...spanOf(a.op) });
    return gives;
  }
}

/** Where a run of the steps stands: with `plan`, at the step `at` of those before `to`. */
interface Position {
  readonly plan: ValueId;
  readonly at: ValueId;
  readonly to: ValueId;
  readonly state: readonly ValueId[];
  readonly captured: readonly ValueId[];
}

/** What the sweep over the steps carries from one to the one before. */
interface Carried {
  /** Cotangents of the carried numbers and of those that the steps read, by the parameter. */
  readonly ofParams: ReadonlyMap<number, ValueId>;
  /** Cotangents of further results: only the last step gives them. */
  readonly ofResults: ReadonlyMap<number, ValueId>;
  /** Shadows of what the next step was given, or what the loop gave, by the result. */
  readonly shadows: ReadonlyMap<number, ValueId>;
}

/** The function that goes through the steps of one loop backwards. */
class Backwards {
  private readonly values: ValueTable;
  private readonly b: Builder;
  private readonly plan: ValueId;
  private readonly saved: ValueId | undefined;
  /** Which shadow belongs to which object outside. */
  private readonly pairs: ValueId | undefined;
  private pairsNow: ValueId | undefined;
  private tape!: ValueId;
  private readonly seeds: readonly ValueId[];
  private readonly params: readonly ValueId[];
  private readonly twins: readonly ValueId[];
  private readonly made: readonly ValueId[];
  private readonly captured: readonly ValueId[];

  constructor(
    readonly o: StepsBuilder,
    readonly key: string,
    readonly a: Again,
    readonly c: Steps,
    readonly pair: ReversePair,
  ) {
    const { values } = o.r.module;
    this.values = values;
    this.b = new Builder(values);
    this.plan = values.fresh({ type: OPAQUE, name: 'plan' });
    this.saved = a.saved && values.fresh({ type: OPAQUE, name: 'saved' });
    this.pairs = a.pairs && values.fresh({ type: OPAQUE, name: 'pairs' });
    this.pairsNow = this.pairs;
    this.seeds = [
      ...pair.seeds.map((k) => this.b.cotangentOf(a.op.results[k])),
      ...pair.onto.map((k) => this.b.cotangentOf(a.f.params[k])),
    ];
    this.params = a.f.params.map((p) => values.like(p));
    this.twins = a.twins.map((t) => values.like(t));
    this.made = a.made.map(({ twin }) => values.like(twin));
    this.captured = this.params.slice(BOUNDS + c.state);
  }

  /**
   * With a number of snapshots each step is recorded by itself, as the formula for that number has it; otherwise several small ones
   * are together.
   */
  private get isOneByOne(): boolean {
    const { snapshots, mayLeave } = this.c;
    const isCounted = snapshots.limit !== undefined && !snapshots.inBytes && !mayLeave;
    return isCounted && !this.o.r.check && !this.a.list && this.a.made.length === 0;
  }

  func(): Func {
    const { b, values, plan, saved, a } = this;
    const all = a.all && values.fresh({ type: OPAQUE, name: 'all' });
    const before = saved && b.runtime('exchange', [saved], [], 'effect', OPAQUE);
    b.runtime('beginSteps', [plan], [], 'effect', undefined);
    if (all !== undefined) b.runtime('checkStart', [plan, all], [], 'effect', undefined);
    // shadows of what a run makes are of no use to the next one
    if (this.pairs !== undefined && this.o.r.pullback)
      this.pairsNow = b.runtime('copyPairs', [this.pairs], [], 'effect', OPAQUE);
    const last = named(b, b.runtime('lastStep', [plan], [], 'effect', NUMBER), 'last');
    this.tape = acquireTape(b);
    const init = this.initial();
    const carried = this.like(init);
    const t = values.fresh({ type: NUMBER, name: 't' });
    const label = values.freshLabel();
    const body = b.region([values.fresh({ type: NUMBER }), t, ...listed(carried)], () => {
      b.emit(leaveIf(b.scalar('lt', t, this.params[0]), label, [t, ...listed(carried)]));
      const { at, state } = this.stateNear(t);
      const next = this.step(at, t, state, carried);
      return { kind: 'yield', args: [b.scalar('sub', at, b.num(1)), ...listed(next)] };
    });
    const results = this.like(init);
    const ended = values.fresh({ type: NUMBER });
    b.emit(forever(b, label, [last, ...listed(init)], body, [ended, ...listed(results)]));
    finishTape(b, this.tape);
    b.runtime('finishSteps', [plan], [], 'effect', undefined);
    if (before !== undefined) b.runtime('reinstate', [before], [], 'effect', undefined);
    const gives = this.pair.gives.map((k) => results.ofParams.get(k)!);
    const params = [
      plan,
      ...known(saved, all, this.pairs),
      ...this.seeds,
      ...this.params,
      ...this.twins,
      ...this.made,
    ];
    return whole(values, this.key, params, b.ops, gives);
  }

  private initial(): Carried {
    const { b, c, pair } = this;
    const seed = (k: number): ValueId | undefined => {
      const at = pair.seeds.indexOf(k);
      return at < 0 ? undefined : this.seeds[at];
    };
    const ofParams = new Map<number, ValueId>();
    for (const k of pair.gives) ofParams.set(k, seed(k - BOUNDS) ?? b.num(0));
    pair.onto.forEach((k, i) => void ofParams.set(k, this.seeds[pair.seeds.length + i]));
    const ofResults = new Map<number, ValueId>();
    pair.seeds.forEach((k, i) => {
      if (k >= c.state || !ofParams.has(k + BOUNDS)) ofResults.set(k, this.seeds[i]);
    });
    const shadows = new Map(this.a.made.map(({ k }, i) => [k, this.made[i]] as const));
    return { ofParams, ofResults, shadows };
  }
  private like(c: Carried): Carried {
    const copy = (m: ReadonlyMap<number, ValueId>, name: (k: number) => ValueId) =>
      new Map([...m].map(([k]) => [k, name(k)] as const));
    return {
      ofParams: copy(c.ofParams, (k) => this.b.cotangentOf(this.a.f.params[k])),
      ofResults: copy(c.ofResults, (k) => this.b.cotangentOf(this.a.op.results[k])),
      shadows: copy(c.shadows, (k) => this.values.like(c.shadows.get(k)!)),
    };
  }

  /** The state before a step, or a few steps before it, from the last one that is kept. */
  private stateNear(t: ValueId): { readonly at: ValueId; readonly state: readonly ValueId[] } {
    const { b, values, plan, a, c, captured } = this;
    const at0 = named(b, b.runtime('rewind', [plan, t], [], 'effect', NUMBER), 'at');
    const own = a.f.params.slice(BOUNDS, BOUNDS + c.state);
    const numbers = this.o.isNumbers(a.f, c)
      ? named(b, b.runtime('keptNumbers', [plan], [], 'effect', FLOAT64), 'kept')
      : undefined;
    const kept = own.map((p, k) => {
      const type = values.type(p);
      const read = type.kind === 'number' ? 'keptNumber' : 'keptValue';
      const v =
        numbers === undefined
          ? b.runtime(read, [plan], [String(k)], 'effect', type)
          : b.load(numbers, { index: b.num(k) });
      const { name } = values.get(p);
      return name === undefined ? v : named(b, v, name);
    });
    const at = values.fresh({ type: NUMBER, name: 'at' });
    const state = own.map((p) => values.like(p));
    const label = values.freshLabel();
    const body = b.region([values.fresh({ type: NUMBER }), at, ...state], () => {
      const stop = named(b, b.runtime('nextAgain', [plan, at, t], [], 'effect', NUMBER), 'stop');
      b.emit(leaveIf(b.scalar('eq', stop, at), label, [at, ...state]));
      const isKept = b.runtime('keepsHere', [plan], [], 'effect', BOOLEAN);
      this.o.keepIf(isKept, b, a.f, c, { plan, at, to: t, state, captured });
      const results = a.op.results.map((v) => values.like(v));
      const args = [at, stop, ...state, ...captured];
      const one = this.isOneByOne ? { steps: 'some' as const } : {};
      b.emit({ kind: 'call', callee: a.f.key, args, results, ...one });
      return { kind: 'yield', args: [stop, ...results.slice(0, c.state)] };
    });
    const reached = own.map((p) => values.like(p));
    const where = values.fresh({ type: NUMBER, name: 'begin' });
    b.emit(forever(b, label, [at0, ...kept], body, [where, ...reached]));
    return { at: where, state: reached };
  }

  /** Records the steps from one to another, mostly one, and reverses them. */
  private step(at: ValueId, t: ValueId, state: readonly ValueId[], now: Carried): Carried {
    const { b, a, c, pair } = this;
    const own: ValueId[] = [];
    const shadows = new Map<number, ValueId>();
    let k = 0;
    a.f.params.forEach((p, i) => {
      if (!a.needs(p)) return;
      const given = this.twins[k++];
      const isState = i >= BOUNDS && i < BOUNDS + c.state;
      if (!isState || isLeaf(this.values.type(p))) own.push(given);
      else {
        const of = { type: this.values.type(given), growable: this.o.r.growable(p) };
        const shadow = shadowIn(b, this.pairsNow!, state[i - BOUNDS], of);
        shadows.set(i - BOUNDS, shadow);
        own.push(shadow);
      }
    });
    if (a.restructured) followStructure(b, this.pairsNow!, a.f, [...state, ...this.captured]);
    const next = b.scalar('add', this.isOneByOne ? at : t, b.num(1));
    const seeds = [
      ...pair.seeds.map((s) => now.ofResults.get(s) ?? now.ofParams.get(s + BOUNDS)!),
      ...pair.onto.map((k) => now.ofParams.get(k)!),
    ];
    const gives = recordAndReverse(b, this.o.r, a, {
      args: [at, next, ...state, ...this.captured, ...own],
      plan: {
        plan: this.plan,
        steps: this.isOneByOne ? undefined : b.scalar('sub', next, at),
        tape: this.tape,
      },
      incoming: now.shadows,
      pair,
      seeds,
    });
    const ofParams = new Map(
      pair.gives.map((p, i) => {
        const isNew = p < BOUNDS + c.state || pair.onto.includes(p);
        return [p, isNew ? gives[i] : b.sum(now.ofParams.get(p)!, gives[i])] as const;
      }),
    );
    const ofResults = new Map([...now.ofResults.keys()].map((s) => [s, b.num(0)] as const));
    const rest = new Map(
      [...now.shadows].map(([s, v]) => {
        const shadow = shadows.get(s);
        return [s, shadow ?? b.poison(this.values.type(v))] as const;
      }),
    );
    return { ofParams, ofResults, shadows: rest };
  }
}

const listed = (c: Carried): ValueId[] => [
  ...c.ofParams.values(),
  ...c.ofResults.values(),
  ...c.shadows.values(),
];
const spanOf = (op: Op) => (op.span ? { span: op.span } : {});

/** A function of what has been built. */
export function whole(
  values: ValueTable,
  key: string,
  params: readonly ValueId[],
  ops: readonly Op[],
  results: readonly ValueId[],
): Func {
  const label = values.freshLabel();
  return renumberSites({ key, name: key, label, params, body: region([], ops, results) });
}

/** A loop that is left by its exits only. */
export function forever(
  b: Builder,
  label: LoopOp['label'],
  inits: readonly ValueId[],
  body: LoopOp['body'],
  results: readonly ValueId[],
): LoopOp {
  const lo = b.num(0);
  const hi = b.num(Number.POSITIVE_INFINITY);
  return { kind: 'loop', label, lo, hi, step: 1, inclusive: false, inits, body, extras: [], results };
}
export function leaveIf(cond: ValueId, target: LoopOp['label'], args: readonly ValueId[]): Op {
  const then = { params: [], ops: [], end: { kind: 'exit' as const, target, site: 1, args } };
  return { kind: 'if', cond, then, else: region([], [], []), results: [] };
}
