/**
 * **Question**: how does a part of a function run again in the reverse sweep? **Needs**: calls that `outline` made. **Guarantees**: the
 * same numbers in the same order, so the same bits; objects hold again what they held as soon as the part is done.
 * **Method**: the forward sweep runs the function as it is and keeps what its run reads and somebody changes; the reverse sweep
 * puts that back, runs the forward half on a tape of its own, then the reverse half. A loop does so step by step, from the last one,
 * from the states that a plan of the runtime keeps.
 */
import type { Memory, MemoryClass } from '../3-simplify/memory.js';
import {
  type CallOp,
  type Checkpoint,
  type Func,
  type Module,
  OPAQUE,
  type Op,
  type Region,
  type Type,
  type ValueId,
} from '../ir/nodes.js';
import { schemaText } from '../ir/schema.js';
import { isRef } from '../ir/types.js';
import { walkOps } from '../ir/visit.js';
import type { Builder } from './builder.js';
import { FixedPoints } from './fixed-points.js';
import type { Keys } from './keys.js';
import type { RunsAgain } from './reruns.js';
import type { ReversePair } from './reverse-state.js';
import { StepsBuilder } from './steps.js';
import type { Twinner } from './twin.js';

/** How the reverse sweep is told of a call that it runs again. */
export interface Rerun {
  /** The forward half, by key. */
  readonly forward: string;
  /** What the function was called with. */
  readonly args: readonly ValueId[];
  /** Emits what the reverse sweep does; gives the cotangents of arguments that the reverse half gives. */
  readonly reverse: (b: Builder, pair: ReversePair, seeds: readonly ValueId[]) => readonly ValueId[];
}

export interface CheckpointRequest {
  readonly module: Module;
  readonly memory: Memory;
  readonly keys: Keys;
  readonly runsAgain: RunsAgain;
  readonly pairOf: (callee: string) => ReversePair | undefined;
  readonly growable: (ref: ValueId) => boolean;
  /** The tape of the sweeps that are made. */
  readonly level: number;
  /** The caller may change what it can reach before the reverse sweep, which may run more than once. */
  readonly pullback: boolean;
  readonly check: boolean;
}

export class Checkpoints {
  private readonly reruns = new Map<number, Rerun>();
  /** Functions that run loops in steps. */
  readonly funcs: Func[] = [];
  readonly steps: StepsBuilder;
  readonly fixed: FixedPoints;

  constructor(readonly r: CheckpointRequest) {
    this.steps = new StepsBuilder(r, (f) => this.funcs.push(f));
    this.fixed = new FixedPoints(r, (f) => this.funcs.push(f));
  }

  /** Whether a part moves what the shadows hold, in any function: the reverse sweep begins before the others are made. */
  get restructures(): boolean {
    const { module, runsAgain } = this.r;
    let found = false;
    for (const { body } of module.funcs.values())
      walkOps(body, (op) => {
        const f = op.kind === 'call' && op.checkpoint ? module.funcs.get(op.callee) : undefined;
        found ||= f !== undefined && runsAgain.why(f) === undefined && runsAgain.isRestructured(f);
      });
    return found;
  }

  rerunOf(op: CallOp): Rerun | undefined {
    return op.checkpoint && this.reruns.get(op.checkpoint.site);
  }

  /** In the forward sweep: the call as it is, with what its run in the reverse sweep needs. Nothing if it is recorded. */
  forward(t: Twinner, b: Builder, op: CallOp, f: Func): boolean {
    const { checkpoint: c } = op;
    if (!c || this.r.runsAgain.why(f) !== undefined) return false;
    const twins = f.params.flatMap((p, k) => (t.needs(p) ? [t.twinOf(op.args[k], t.twinType(p))] : []));
    const isFixed = c.kind === 'steps' && c.snapshots.fixed === true;
    const before = isFixed ? undefined : this.save(b, this.keptFor(c, f, op.args));
    const objects = op.args.filter((a) => isRef(b.values.type(a)));
    const all = this.r.check && !isFixed ? this.save(b, objects) : undefined;
    const call: Call = { op, f, twins, needs: (p) => t.needs(p), twinType: (v) => t.twinType(v) };
    const results = t.resultTwins(f);
    const changes = this.r.runsAgain.changes(f);
    const follows = changes.grows || changes.moves;
    const restructured = this.r.runsAgain.isRestructured(f);
    const pairs = results.length > 0 || follows || restructured ? pairShadows(b, call) : undefined;
    const plan = c.kind === 'steps' && !isFixed ? this.steps.begin(b, op, c) : undefined;
    if (plan === undefined) b.emit(op);
    else this.steps.run(b, call, c as Steps, plan);
    if (follows) followStructure(b, pairs!, f, op.args);
    const saved = isFixed ? this.save(b, this.keptAtEnd(c, op)) : before;
    const made = results.map((k) => {
      const v = op.results[k];
      const twin = shadowIn(b, pairs!, v, { type: t.twinType(v), growable: t.o.growable(v) });
      t.adopt(op.results[k], twin);
      return { k, twin };
    });
    const again: Again = { ...call, saved, all, plan, pairs, restructured, made, list: t.hasList };
    this.reruns.set(c.site, {
      forward: this.r.keys.of(f.key, 'forward'),
      args: op.args,
      reverse: (rev, pair, seeds) =>
        c.kind === 'once'
          ? this.once(rev, again, pair, seeds)
          : isFixed
            ? this.fixed.reverse(rev, again, c, pair, seeds)
            : this.steps.reverse(rev, again, c, pair, seeds),
    });
    return true;
  }

  /** The objects whose contents are kept before the call. */
  private keptFor(c: Checkpoint, f: Func, args: readonly ValueId[]): readonly ValueId[] {
    const { memory, module, pullback } = this.r;
    // what the steps of a loop change is in its snapshots
    const own = c.kind === 'steps' ? this.r.runsAgain.written(f) : new Set<MemoryClass>();
    const isKept = (x: MemoryClass): boolean =>
      (x.written.size > 0 && !own.has(x)) || (pullback && x.external && !own.has(x));
    return args.filter(
      (a) => isRef(module.values.type(a)) && [...memory.reachable(memory.classOf(a))].some(isKept),
    );
  }
  /** Of a fixed point: what its last step read, and gave. */
  private keptAtEnd(c: Steps, { args, results }: CallOp): readonly ValueId[] {
    const all = [...args.slice(2 + c.state), ...results.slice(0, c.state)];
    return all.filter((v) => isRef(this.r.module.values.type(v)));
  }
  private save(b: Builder, roots: readonly ValueId[]): ValueId | undefined {
    if (roots.length === 0) return undefined;
    return named(b, b.runtime('capture', roots, [], 'effect', OPAQUE), 'saved');
  }

  private once(b: Builder, a: Again, pair: ReversePair, seeds: readonly ValueId[]): readonly ValueId[] {
    const before = a.saved && b.runtime('exchange', [a.saved], [], 'effect', OPAQUE);
    if (a.all !== undefined) b.runtime('checkContents', [a.all], [], 'effect', undefined);
    if (a.restructured) followStructure(b, a.pairs!, a.f, a.op.args);
    const log = logOf(a.op);
    if (log !== undefined) b.runtime('replay', [log], [], 'effect', undefined);
    const gives = recordAndReverse(b, this.r, a, {
      args: [...a.op.args, ...a.twins],
      incoming: new Map(a.made.map(({ k, twin }) => [k, twin])),
      pair,
      seeds,
    });
    if (before !== undefined) b.runtime('reinstate', [before], [], 'effect', undefined);
    return gives;
  }
}

/** The log of the effects of a call. */
export const logOf = ({ checkpoint, args }: CallOp): ValueId | undefined =>
  checkpoint?.hasLog ? args[args.length - 1] : undefined;

export type Steps = Checkpoint & { readonly kind: 'steps' };

/** A call in the forward sweep: `twins` of those arguments that need one. */
export interface Call {
  readonly op: CallOp;
  readonly f: Func;
  readonly twins: readonly ValueId[];
  readonly needs: (p: ValueId) => boolean;
  readonly twinType: (v: ValueId) => Type;
}
/** What the reverse sweep knows of it. */
export interface Again extends Call {
  readonly saved: ValueId | undefined;
  /** Check mode: all that it could read, as it was. */
  readonly all: ValueId | undefined;
  readonly plan: ValueId | undefined;
  /** Which shadow belongs to which object that it reaches, before it runs. */
  readonly pairs: ValueId | undefined;
  /** What it is given may refer to other objects by the time of the reverse sweep. */
  readonly restructured: boolean;
  /** Shadows of results. */
  readonly made: readonly { readonly k: number; readonly twin: ValueId }[];
  /** Halves are given a list of shadows. */
  readonly list: boolean;
}

interface Run {
  /** Of the forward half, twins included. */
  readonly args: readonly ValueId[];
  /** Where the cotangents of results that are objects are, by position. */
  readonly incoming: ReadonlyMap<number, ValueId>;
  readonly pair: ReversePair;
  readonly seeds: readonly ValueId[];
  /** Of a loop: its plan, how many steps there are, if not one, and the tape that all of them use. */
  readonly plan?: { readonly plan: ValueId; readonly steps: ValueId | undefined; readonly tape: ValueId };
}

/** The forward half on a tape of its own, or on that of all steps, then the reverse half. */
export function recordAndReverse(b: Builder, r: CheckpointRequest, a: Again, run: Run): readonly ValueId[] {
  const { values } = r.module;
  const { plan } = run;
  const tape = { level: r.level, value: plan?.tape ?? acquireTape(b) };
  const list = a.list ? [b.runtime('trackList', [], [], 'effect', OPAQUE)] : [];
  const results = a.op.results.map((v) => values.like(v));
  const shadows = a.made.map(({ k }) => values.fresh({ type: a.twinType(a.op.results[k]) }));
  const span = a.op.span ? { span: a.op.span } : {};
  const checks = r.check ? [b.runtime('beginChecks', [], [], 'effect', OPAQUE)] : [];
  const args = [...run.args, ...list, ...checks];
  const isOne = plan !== undefined && plan.steps === undefined;
  const common = { tape, ...span, ...(isOne ? { steps: 'one' as const } : {}) };
  b.emit({
    kind: 'call',
    callee: r.keys.of(a.f.key, 'forward'),
    args,
    results: [...results, ...shadows],
    ...common,
  });
  if (r.check) b.runtime('beginAgain', checks, [], 'effect', undefined);
  if (plan?.steps === undefined) b.runtime('countTaped', [], [], 'effect', undefined);
  else b.runtime('measureTape', [plan.plan, tape.value, plan.steps], [], 'effect', undefined);
  const pairs = a.made.flatMap(({ k }, i) => {
    const from = run.incoming.get(k);
    return from === undefined ? [] : [shadows[i], from];
  });
  if (pairs.length > 0) b.runtime('addShadows', pairs, [], 'effect', undefined);
  const gives = run.pair.gives.map((k) => b.cotangentOf(a.f.params[k]));
  b.emit({
    kind: 'call',
    callee: run.pair.key,
    args: [...run.seeds, ...checks],
    mirrored: { args, results: [...results, ...shadows] },
    results: gives,
    ...common,
  });
  if (r.check) b.runtime('traceEnd', checks, [], 'effect', undefined);
  if (plan === undefined) finishTape(b, tape.value);
  return gives;
}

export const acquireTape = (b: Builder): ValueId =>
  named(b, b.runtime('acquireTape', [], [], 'effect', OPAQUE), 'again');
export const finishTape = (b: Builder, tape: ValueId): ValueId =>
  b.runtime('finishTape', [tape], [], 'effect', undefined);

/** Which shadow belongs to which of the objects that a call is given. */
function pairShadows(b: Builder, { op, f, twins, needs }: Call): ValueId {
  let k = 0;
  const pairs = f.params.flatMap((p, i) => {
    if (!needs(p)) return [];
    const twin = twins[k++];
    return isRef(b.values.type(p)) ? [op.args[i], twin] : [];
  });
  return named(b, b.runtime('pairShadows', pairs, [], 'effect', OPAQUE), 'pairs');
}
/** The shadows of what a function is given get the structure that the objects have now; `args` are those of its last parameters. */
export function followStructure(b: Builder, pairs: ValueId, f: Func, args: readonly ValueId[]): void {
  const refs = args.filter((_, k) => isRef(b.values.type(f.params[f.params.length - args.length + k])));
  if (refs.length > 0) b.runtime('followStructure', [pairs, ...refs], [], 'effect', undefined);
}
/** The shadow of an object that is one of those, or was made by the call. */
export function shadowIn(
  b: Builder,
  pairs: ValueId,
  v: ValueId,
  shadow: { readonly type: Type; readonly growable: boolean },
): ValueId {
  const literals = [schemaText(b.values.type(v)), String(shadow.growable)];
  return b.runtime('shadowIn', [pairs, v], literals, 'effect', shadow.type);
}

/** Those of some values that there are. */
export const known = (...values: readonly (ValueId | undefined)[]): ValueId[] =>
  values.filter((v) => v !== undefined);

export function named(b: Builder, v: ValueId, name: string): ValueId {
  b.values.setName(v, name);
  return v;
}

export const yields = (args: readonly ValueId[]): Region['end'] => ({ kind: 'yield', args });
export const region = (params: readonly ValueId[], ops: readonly Op[], args: readonly ValueId[]): Region => ({
  params,
  ops,
  end: yields(args),
});
