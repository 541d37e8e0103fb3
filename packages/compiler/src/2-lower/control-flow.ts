/**
 * Variables disappear here: an assignment only changes `env`, and where control flow joins, variables that differ become results of the
 * construct. Exits are known to the construct that they leave, which fills in what they hand over when it is closed.
 */
import type { Host, ts } from '../host/ts.js';
import type { LabelId, Op, Region, Span, Terminator, Type, ValueId } from '../ir/nodes.js';
import { isRef, present } from '../ir/types.js';
import { Emission } from './emission.js';
import { isFunctionVal } from './functions.js';
import { type Env, sameVal, type Val } from './shapes.js';
import type { LowerState } from './state.js';

interface Way {
  readonly env: Env;
  /** Where operations can be added before the way leaves. */
  readonly ops: Op[];
}
/** One way out of a construct: the variables there, and the arguments of the exit, filled in when the construct is closed. */
export interface Incoming extends Way {
  readonly args: ValueId[];
}
interface Finalizer {
  /** How many targets there are outside of it. */
  readonly depth: number;
  readonly throwTarget: ControlFlow['throwTarget'];
  readonly run: () => void;
}
export interface Target {
  readonly label: LabelId;
  readonly breaks: boolean;
  readonly continues: boolean;
  readonly userLabels: readonly string[];
  readonly incoming: Incoming[];
}

export abstract class ControlFlow extends Emission {
  env: Env = new Map();
  /** Set once the current region cannot be continued. */
  end: Terminator | undefined;
  targets: Target[] = [];
  private sites = 0;
  /** How `return` leaves. */
  onReturn: (value: Val, at: ts.Node) => void = () => {};
  /** How an exception leaves a function whose callers may catch it. */
  onThrow: (payload: Val, at: ts.Node) => void = () => {};
  /** Where an exception goes: the `catch` around. */
  throwTarget: { readonly target: Target; readonly payload: ts.Symbol } | undefined;
  /** `finally` blocks around, outermost first: every way out runs those that it leaves. */
  finalizers: readonly Finalizer[] = [];
  /** Objects from outside whose class was checked on the way here. */
  checkedClasses = new Set<ValueId>();

  constructor(
    state: LowerState,
    /** Variables that live in cells. */
    readonly cells: ReadonlySet<ts.Symbol>,
    key: string,
    host: Host,
    calledAt: Span | undefined,
    /** The function gives a completion: a caller may catch what it throws. */
    readonly completion: boolean,
  ) {
    super(state, key, host, calledAt);
  }

  /** The IR value of a lowered expression. */
  abstract ir(v: Val, node: ts.Node): ValueId;
  /** A number as a value without derivative. */
  protected abstract encoded(id: ValueId, node: ts.Node): ValueId;

  // ------------------------------------------------------------------ ways out

  /** Whether something in the differentiated code may catch what is thrown here. */
  get catches(): boolean {
    return this.throwTarget !== undefined || this.completion;
  }
  /** Runs the `finally` blocks from the innermost one out to `depth`; whether the way out goes on. */
  runFinalizers(depth: number): boolean {
    const saved = { finalizers: this.finalizers, throwTarget: this.throwTarget, targets: this.targets };
    const list = [...this.finalizers];
    for (let f = list.pop(); f && f.depth > depth && !this.end; f = list.pop()) {
      this.finalizers = [...list];
      this.throwTarget = f.throwTarget;
      // it stands outside of what is left: its own exits go from there
      this.targets = saved.targets.slice(0, f.depth);
      f.run();
    }
    this.finalizers = saved.finalizers;
    this.throwTarget = saved.throwTarget;
    this.targets = saved.targets;
    return !this.end;
  }
  nextSite(): number {
    return ++this.sites;
  }

  /** Ends the region with an exit from `target`; its arguments are filled in when the target is closed. */
  leave(target: Target, node: ts.Node, finalize = true): void {
    if (finalize && !this.runFinalizers(this.targets.indexOf(target))) return;
    const args: ValueId[] = [];
    this.end = { kind: 'exit', target: target.label, site: this.nextSite(), args, span: this.span(node) };
    target.incoming.push({ env: new Map(this.env), args, ops: this.ops });
  }

  // ------------------------------------------------------------------ regions

  /** Lowers into a region of its own, with a copy of the variables. */
  region(build: () => void): { ops: Op[]; end: Terminator | undefined; env: Env } {
    const saved = { ops: this.ops, end: this.end, env: this.env, checkedClasses: this.checkedClasses };
    this.ops = [];
    this.end = undefined;
    this.env = new Map(saved.env);
    this.checkedClasses = new Set(saved.checkedClasses);
    try {
      build();
      return { ops: this.ops, end: this.end, env: this.env };
    } finally {
      this.ops = saved.ops;
      this.end = saved.end;
      this.env = saved.env;
      this.checkedClasses = saved.checkedClasses;
    }
  }

  /** Goes on in a list of operations that was begun apart; ways out in it may still be given more. */
  private adopt(ops: Op[]): void {
    const all = this.ops.concat(ops);
    ops.length = 0;
    for (const op of all) ops.push(op);
    this.ops = ops;
  }

  /** Emits an `if` from two lowered arms, and joins their variables; `value` arms give one more result. */
  branch(
    cond: ValueId,
    thenArm: () => Val | undefined,
    elseArm: () => Val | undefined,
    node: ts.Node,
  ): Val | undefined {
    const known = this.known(cond);
    if (known !== undefined) return known ? thenArm() : elseArm();
    const base = this.env;
    let a: Val | undefined;
    let b: Val | undefined;
    const t = this.region(() => {
      a = thenArm();
    });
    const e = this.region(() => {
      b = elseArm();
    });
    const span = this.span(node);
    if (t.end && e.end) {
      const then: Region = { params: [], ops: t.ops, end: t.end };
      this.emit({ kind: 'if', cond, then, else: emptyRegion(), results: [], span });
      this.adopt(e.ops);
      this.end = e.end;
      return undefined;
    }
    if (t.end || e.end) {
      // one arm leaves: it becomes the exit-if, and the other goes on in this region
      const leaves = t.end ? t : e;
      const stays = t.end ? e : t;
      const test = t.end ? cond : this.scalar('not', [cond], node);
      const then: Region = { params: [], ops: leaves.ops, end: leaves.end as Terminator };
      this.emit({ kind: 'if', cond: test, then, else: emptyRegion(), results: [], span });
      this.adopt(stays.ops);
      this.env = new Map([...base.keys()].map((k) => [k, stays.env.get(k) as Val]));
      return t.end ? b : a;
    }
    const ways: Incoming[] = [
      { env: t.env, args: [], ops: t.ops },
      { env: e.env, args: [], ops: e.ops },
    ];
    const results = this.join(base, ways, node);
    const value = a && b && this.joinArms([a, b], ways, results, node);
    const arm = (ops: readonly Op[], args: readonly ValueId[]): Region => ({
      params: [],
      ops,
      end: { kind: 'yield', args },
    });
    this.emit({
      kind: 'if',
      cond,
      then: arm(t.ops, ways[0].args),
      else: arm(e.ops, ways[1].args),
      results,
      span,
    });
    return value;
  }

  /** The value of two arms that differ becomes one more result. */
  private joinArms(
    values: readonly [Val, Val],
    ways: readonly Incoming[],
    results: ValueId[],
    node: ts.Node,
  ): Val {
    let [a, b] = values;
    if (sameVal(a, b)) return a;
    if (isFunctionVal(a) || isFunctionVal(b)) {
      a = this.asRecord(a, ways[0], node);
      b = this.asRecord(b, ways[1], node);
    }
    if (a.kind === 'missing' && b.kind === 'ir') a = this.asRecord(a, ways[0], node);
    if (b.kind === 'missing' && a.kind === 'ir') b = this.asRecord(b, ways[1], node);
    const both: Val[] = [a, b];
    this.opaqueTogether(both, ways, node);
    const joined = this.joinVals(both);
    if (typeof joined === 'string') {
      if (this.isPartlyStopped(both)) this.refuse('AD5002', node, joined);
      if (both.every((v) => v.kind === 'ir')) this.refuse('AD3003', node);
      return { kind: 'conflict', why: joined };
    }
    const id = this.fresh(joined, node);
    if (both.some((v) => v.kind === 'ir' && this.isStopped(v.id))) this.setStopped(id);
    this.noteElement(id, both);
    results.push(id);
    ways.forEach((way, k) => void way.args.push((both[k] as { id: ValueId }).id));
    return { kind: 'ir', id };
  }

  /** Runs `body` in a block that exits may leave; without exits nothing of the block remains. */
  block(
    kind: { breaks: boolean; continues: boolean; userLabels: readonly string[] },
    body: () => void,
    node: ts.Node,
  ): void {
    const base = this.env;
    const target: Target = { label: this.values.freshLabel(), ...kind, incoming: [] };
    this.targets.push(target);
    const r = this.region(body);
    this.targets.pop();
    const keep = (env: Env): Env => new Map([...base.keys()].map((k) => [k, env.get(k) as Val]));
    if (target.incoming.length === 0) {
      this.adopt(r.ops);
      this.end = r.end;
      this.env = keep(r.env);
      return;
    }
    const ways = [...target.incoming];
    const args: ValueId[] = [];
    if (!r.end) ways.push({ env: r.env, args, ops: r.ops });
    // what the block computed is visible outside only as its result, even where all ways agree
    const changed = [...base].flatMap(([s, before]) =>
      ways.some((w) => !sameVal(w.env.get(s) ?? before, before)) ? [s] : [],
    );
    const results = this.join(base, ways, node, changed);
    const end: Terminator = r.end ?? { kind: 'yield', args };
    this.emit({
      kind: 'block',
      label: target.label,
      body: { params: [], ops: r.ops, end },
      results,
      span: this.span(node),
    });
  }

  // ------------------------------------------------------------------ joins

  /**
   * Joins what reaches the end of a construct: variables of `base` on which the ways in differ become its results. Fills
   * in the arguments of each way and gives the results; afterwards `env` is the joined one.
   */
  join(base: Env, incoming: readonly Incoming[], node: ts.Node, only?: readonly ts.Symbol[]): ValueId[] {
    const results: ValueId[] = [];
    const env: Env = new Map();
    for (const [symbol, before] of base) {
      const vals: Val[] = incoming.map((i) => i.env.get(symbol) ?? before);
      const first = vals[0] ?? before;
      if ((!only?.includes(symbol) || first.kind !== 'ir') && vals.every((v) => sameVal(v, first))) {
        env.set(symbol, first);
        continue;
      }
      if (vals.some(isFunctionVal))
        vals.forEach((v, k) => {
          vals[k] = this.asRecord(v, incoming[k], node);
        });
      this.opaqueTogether(vals, incoming, node);
      const joined = this.joinVals(vals);
      if (typeof joined === 'string') {
        env.set(symbol, { kind: 'conflict', why: joined });
        continue;
      }
      const id = this.values.fresh({ type: joined, name: symbol.name, span: this.span(node) });
      if (vals.some((v) => v.kind === 'ir' && this.isStopped(v.id))) this.setStopped(id);
      this.noteElement(id, vals);
      results.push(id);
      incoming.forEach((i, k) => {
        i.args.push((vals[k] as { id: ValueId }).id);
      });
      env.set(symbol, { kind: 'ir', id });
    }
    this.env = env;
    return results;
  }
  /** A number that shares a name with a string or the like goes the same way: as a value without derivative. */
  private opaqueTogether(vals: Val[], ways: readonly Way[], node: ts.Node): void {
    const kind = (v: Val) => (v.kind === 'ir' ? present(this.type(v.id)).kind : undefined);
    if (!vals.some((v) => kind(v) === 'opaque') || !vals.some((v) => kind(v) === 'number')) return;
    vals.forEach((v, k) => {
      if (v.kind !== 'ir' || kind(v) !== 'number') return;
      const saved = this.ops;
      this.ops = ways[k].ops;
      vals[k] = { kind: 'ir', id: this.encoded(v.id, node) };
      this.ops = saved;
    });
  }

  /** A function as a value that control flow can choose; what it needs is added to the way. */
  asRecord(v: Val, way: Way, node: ts.Node): Val {
    if (!isFunctionVal(v) && v.kind !== 'missing') return v;
    const saved = { ops: this.ops, env: this.env };
    this.ops = way.ops;
    this.env = way.env;
    try {
      return { kind: 'ir', id: this.ir(v, node) };
    } finally {
      this.ops = saved.ops;
      this.env = saved.env;
    }
  }

  private isPartlyStopped(vals: readonly Val[]): boolean {
    const objects = vals.flatMap((v) => (v.kind === 'ir' && isRef(this.type(v.id)) ? [v.id] : []));
    return objects.some((id) => this.isStopped(id)) && !objects.every((id) => this.isStopped(id));
  }
  private joinVals(vals: readonly Val[]): Type | string {
    let type: Type | undefined;
    const isMixed = this.isPartlyStopped(vals);
    for (const v of vals) {
      if (v.kind === 'conflict') return v.why;
      if (v.kind !== 'ir') return 'different functions reach this point';
      if (isMixed) return 'a stopGradient view of an array reaches this point on one path only';
      const t = this.type(v.id);
      type = type === undefined ? t : this.joinTypes(type, t);
      if (type === undefined) return 'values of different types reach this point';
    }
    return type ?? 'nothing reaches this point';
  }

  /** One of several values: it may be missing if one of them may. */
  private noteElement(id: ValueId, from: readonly Val[]): void {
    const mayBe = from.some((v) => v.kind === 'ir' && this.elements.has(v.id));
    if (mayBe && isRef(this.type(id))) this.elements.add(id);
  }
}

export const emptyRegion = (): Region => ({ params: [], ops: [], end: { kind: 'yield', args: [] } });
