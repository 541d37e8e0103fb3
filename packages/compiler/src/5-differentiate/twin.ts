/**
 * Gives values a twin that moves with them: in forward mode the tangent of every active number and array (`tangent`), in
 * reverse mode only the shadow of references, whose leaves stay zero (`structure`). Control flow is kept; each construct
 * gains a result, each carried value a second one. Primal values keep their ids.
 *
 * In vector forward mode there are several lanes: tangents that know nothing of each other and go along with one primal.
 * What is emitted for a tangent is emitted for each lane in turn; where lists of values are passed, those of a lane stand
 * together.
 */
import type { Activity } from '../4-analyse/activity.js';
import {
  type ArrayType,
  type At,
  type CallOp,
  type Func,
  type LoopOp,
  type Module,
  NUMBER,
  OPAQUE,
  type Op,
  type RecordType,
  type Region,
  type RuntimeOp,
  type ScalarOp,
  type Terminator,
  type Type,
  type ValueId,
} from '../ir/nodes.js';
import { schemaText } from '../ir/schema.js';
import { type TapeRecords, tapeRecords } from '../ir/tape.js';
import { carriesDerivative, isKeyed, isLeaf, isRef, refType, slotType } from '../ir/types.js';
import { walkOps } from '../ir/visit.js';
import { scalarRule } from '../rules/scalar.js';
import { Builder } from './builder.js';
import type { Checkpoints } from './checkpoints.js';
import { type Lane, lanesOf } from './lanes.js';
import { callLoweredRule, whyOf } from './lowered-rules.js';
import type { CheckedTwins, ShadowAssertions } from './shadow-assertions.js';
import { shadowType } from './shadows.js';

/** What goes beside numbers in place of their tangents. */
export interface NumberTwins {
  /** Ends the names of twins. */
  readonly suffix: string;
  readonly scalar: (b: Builder, op: ScalarOp, twinOf: (v: ValueId) => ValueId) => ValueId;
  /** Of a number that no other is computed into. */
  readonly made: (b: Builder, v: ValueId) => ValueId;
  /** Of the numbers that a function with a rule of the user's makes of others, which are given with their twins. */
  readonly list: (b: Builder, values: ValueId, of: readonly [ValueId, ValueId]) => ValueId;
}

export interface TwinOptions {
  readonly mode: 'tangent' | 'structure';
  readonly activity: Activity;
  /** References whose shadow is made in the reverse sweep. */
  readonly late: (ref: ValueId) => boolean;
  readonly growable: (ref: ValueId) => boolean;
  /** Key of the twinned form of a function. */
  readonly rename: (key: string) => string;
  readonly constantOf: (v: ValueId) => number | undefined;
  /** Whether calls of a function go to its forward half even if nothing in it has a twin. */
  readonly forwards?: (key: string) => boolean;
  /** Whether a call runs the plain function, whatever other calls of it do. */
  readonly idle?: (op: CallOp) => boolean;
  /** Where `pullback`s are called again, their shadows are listed here to be zeroed. */
  readonly track?: ValueId | undefined;
  readonly checks?: CheckedTwins | undefined;
  /** The result will be differentiated again: nothing but operations that can be. */
  readonly nested?: boolean;
  /** Calls that the reverse sweep runs again. */
  readonly checkpoints?: Checkpoints | undefined;
  /** How many tangents are carried at once; one if not given. */
  readonly lanes?: number;
  readonly numbers?: NumberTwins;
}

/** How twins of an entry's parameters begin. */
export interface EntryTwins {
  readonly parameter: (b: Builder, p: ValueId, lane: number) => ValueId;
  readonly prologue: (b: Builder) => void;
  readonly epilogueOfEntry?: (b: Builder) => void;
}

/** Helpers that make zeros in the structure of what they are given. */
const ZERO_TREES: ReadonlySet<string> = new Set(['zeroShadow', 'zeroGradient']);

export class Twinner {
  private readonly b: Builder;
  private readonly lanes: readonly Lane[];
  /** The one that is emitted for. */
  private lane: Lane;
  /** References that are not there: results of a way out that has none. */
  private readonly absent = new Set<ValueId>();
  /** The list of shadows in the function at hand. */
  private list: ValueId | undefined;
  private readonly records: TapeRecords;
  /** Per label: for which arguments of an exit a twin is passed, and how many arguments precede the twins. */
  private readonly layouts = new Map<
    number,
    { readonly which: readonly number[]; readonly at: number; readonly types: readonly Type[] }
  >();

  constructor(
    readonly module: Module,
    readonly o: TwinOptions,
  ) {
    this.b = new Builder(module.values, o.constantOf);
    this.records = tapeRecords(module);
    this.b.guard = true; // a zero tangent contributes zero
    this.lanes = lanesOf(module.values, { ...o, suffix: o.numbers?.suffix });
    this.lane = this.lanes[0];
  }

  get twins(): Map<ValueId, ValueId> {
    return this.lane.twins;
  }
  get assertions(): ShadowAssertions {
    return this.lane.assertions;
  }
  /** Emits for one lane after the other. */
  private eachLane(emit: () => void): void {
    for (const lane of this.lanes) {
      this.lane = lane;
      emit();
    }
    this.lane = this.lanes[0];
  }
  /** Values of all lanes, those of a lane together. */
  private inLanes(make: () => readonly ValueId[]): ValueId[] {
    const all: ValueId[] = [];
    this.eachLane(() => all.push(...make()));
    return all;
  }

  private type(v: ValueId): Type {
    return this.module.values.type(v);
  }
  needs(v: ValueId): boolean {
    const t = this.type(v);
    if (isLeaf(t)) return this.o.mode === 'tangent' && this.o.activity.active(v);
    if (!isRef(t)) return false;
    return this.o.activity.activeRef(v) && (this.o.mode === 'tangent' || !this.o.late(v));
  }
  twinType(v: ValueId): Type {
    return shadowType(this.type(v), { growable: this.o.growable(v), nested: this.o.nested });
  }
  private freshTwin(v: ValueId, type = this.twinType(v)): ValueId {
    const { name } = this.module.values.get(v);
    const twin = this.module.values.fresh({
      type,
      ...(name === undefined ? {} : { name: name + this.lane.suffix }),
    });
    this.twins.set(v, twin);
    return twin;
  }
  private bind(v: ValueId, twin: ValueId): void {
    this.twins.set(v, twin);
    const { name } = this.module.values.get(v);
    if (name !== undefined) this.module.values.setName(twin, name + this.lane.suffix);
  }
  /** The twin of a value, a zero if it has none. */
  twinOf(v: ValueId, as?: Type): ValueId {
    const twin = this.twins.get(v);
    if (twin !== undefined) return twin;
    if (isLeaf(this.type(v)) || as?.kind === 'number') return this.b.num(0);
    if (this.absent.has(v)) return this.b.poison(this.twinType(v));
    if (isRef(this.type(v))) return this.zeroShadow(v, false);
    return this.b.undefined();
  }
  /** A shadow with all leaves zero; of memory that is not `active` there may be several. */
  private zeroShadow(v: ValueId, active = true): ValueId {
    const literals = [schemaText(this.type(v)), String(this.o.growable(v))];
    const twin = this.b.runtime('zeroShadow', [v], literals, 'fresh', this.twinType(v));
    this.assertions.made(this.b, v, twin, active);
    return twin;
  }

  /** Positions of a function's results that have a twin. */
  resultTwins(f: Func): number[] {
    const { end } = f.body;
    if (end.kind !== 'yield') return [];
    const found = new Set<number>();
    const scan = (args: readonly ValueId[]) => {
      args.forEach((a, k) => {
        if (this.needs(a)) found.add(k);
      });
    };
    scan(end.args);
    const visit = (r: Region): void => {
      if (r.end.kind === 'exit' && r.end.target === f.label) scan(r.end.args);
      for (const op of r.ops) {
        if (op.kind === 'if') [op.then, op.else].forEach(visit);
        if (op.kind === 'loop' || op.kind === 'block') visit(op.body);
      }
    };
    visit(f.body);
    return [...found].sort((x, y) => x - y);
  }

  /** The type of the twin of a function's result, from a return that has one. */
  private resultType(f: Func, k: number): Type {
    const { end } = f.body;
    const v = end.kind === 'yield' ? end.args[k] : undefined;
    return v === undefined ? NUMBER : this.twinType(v);
  }

  /** Whether anything in a function has a twin. */
  touches(f: Func, seen = new Set<string>()): boolean {
    if (seen.has(f.key)) return false;
    seen.add(f.key);
    let any = f.params.some((p) => this.needs(p));
    walkOps(f.body, (op) => {
      any ||=
        op.results.some((r) => this.needs(r)) ||
        (op.kind === 'loop' && op.body.params.some((p) => this.needs(p)));
      if (op.kind === 'call') {
        const g = this.module.funcs.get(op.callee);
        if (g && !any) any = this.touches(g, seen);
      }
    });
    return any;
  }

  /** The twinned function: twins of parameters behind all parameters, twins of results behind all results. */
  func(f: Func, entry?: EntryTwins): Func {
    const own = entry ? [] : f.params.filter((p) => this.needs(p));
    const extra = this.inLanes(() => own.map((p) => this.freshTwin(p)));
    this.list =
      entry || this.o.track === undefined
        ? this.o.track
        : this.module.values.fresh({ type: OPAQUE, name: 'shadows' });
    this.eachLane(() => this.assertions.enter(f.key, entry !== undefined));
    if (!entry) extra.push(...this.hidden());
    const results = this.resultTwins(f);
    const count = f.body.end.kind === 'yield' ? f.body.end.args.length : 0;
    const types = results.map((k) => this.resultType(f, k));
    this.layouts.set(f.label, { which: results, at: count, types });
    this.b.ops = [];
    if (entry) {
      this.eachLane(() => this.assertions.begin(this.b));
      entry.prologue(this.b);
      for (const p of f.params)
        if (this.needs(p))
          this.eachLane(() => this.parameter(p, entry.parameter(this.b, p, this.lane.index)));
      entry.epilogueOfEntry?.(this.b);
    } else this.pairs(f.params);
    for (const op of f.body.ops) this.op(op);
    const end = this.end(f.body.end, results, types);
    return {
      ...f,
      key: this.o.rename(f.key),
      params: [...f.params, ...extra],
      body: { params: [], ops: this.b.ops, end },
    };
  }

  private parameter(p: ValueId, twin: ValueId): void {
    this.bind(p, twin);
    this.assertions.made(this.b, p, twin);
  }
  /** What functions pass on beyond the user's arguments and their twins. */
  private hidden(): readonly ValueId[] {
    return [...(this.list === undefined ? [] : [this.list]), ...this.inLanes(() => this.assertions.passed())];
  }

  private region(
    r: Region,
    which: readonly number[],
    types: readonly Type[],
    params: readonly ValueId[],
  ): Region {
    return this.b.region(params, () => {
      this.pairs(params);
      for (const op of r.ops) this.op(op);
      return this.end(r.end, which, types);
    });
  }
  private end(end: Terminator, which: readonly number[], types: readonly Type[]): Terminator {
    if (end.kind === 'yield') return { ...end, args: [...end.args, ...this.passed(end.args, which, types)] };
    if (end.kind === 'exit') {
      const layout = this.layouts.get(end.target);
      if (!layout) return end;
      const twins = this.passed(end.args, layout.which, layout.types);
      return { ...end, args: [...end.args.slice(0, layout.at), ...twins, ...end.args.slice(layout.at)] };
    }
    return end;
  }

  /** The twins of some of a list of values. */
  private passed(args: readonly ValueId[], which: readonly number[], types: readonly Type[]): ValueId[] {
    return this.inLanes(() => which.map((k, i) => this.twinOf(args[k], types[i])));
  }

  private op(op: Op): void {
    const { b } = this;
    b.span = op.span;
    switch (op.kind) {
      case 'if':
      case 'block':
        return this.branchOrBlock(op);
      case 'loop':
        return this.loop(op);
      case 'call':
        return this.call(op);
      case 'scalar':
        b.emit(op);
        if (this.needs(op.results[0])) this.eachLane(() => this.scalar(op));
        return;
      case 'load':
        b.emit(op);
        // integers, and what is read of an object that is not known
        if (this.o.numbers && !this.twins.has(op.ref)) this.number(op.results[0]);
        else if (this.needs(op.results[0]))
          this.eachLane(() => this.bind(op.results[0], b.loadTwin(this.refTwin(op.ref), op.at)));
        return this.pairs(op.results);
      case 'store':
        b.emit(op);
        return this.eachLane(() => this.store(op.ref, op.at, op.value));
      case 'alloc':
        b.emit(op);
        if (this.needs(op.results[0])) this.eachLane(() => this.alloc(op));
        return;
      case 'literal':
        b.emit(op);
        if (this.needs(op.results[0])) this.eachLane(() => this.literal(op));
        return;
      case 'runtime':
        b.emit(op);
        return this.eachLane(() => this.runtime(op));
      case 'accum':
        b.emit(op);
        return this.eachLane(() => this.accum(op));
      case 'save':
      case 'restore':
        return this.record(op);
      case 'foreign':
        b.emit(op);
        return this.number(op.results[0]);
      case 'const':
        b.emit(op);
        if (typeof op.value === 'number' && !Number.isFinite(op.value)) this.number(op.results[0]);
        if (op.poison && isRef(this.type(op.results[0]))) this.absent.add(op.results[0]);
        return;
      case 'outer':
        b.emit(op);
        if (isRef(this.type(op.results[0])) && this.needs(op.results[0]))
          this.eachLane(() => this.adopt(op.results[0], this.zeroShadow(op.results[0])));
        return;
      default:
        b.emit(op);
    }
  }

  /** A number that comes from elsewhere. */
  private number(v: ValueId | undefined): void {
    const { numbers } = this.o;
    if (numbers && v !== undefined && isLeaf(this.type(v)) && this.needs(v))
      this.bind(v, numbers.made(this.b, v));
  }

  private runtime(op: Op & { kind: 'runtime' }): void {
    const [result] = op.results;
    if (result === undefined || !this.needs(result)) return;
    const { b } = this;
    if (op.name === 'subarray')
      this.bind(
        result,
        b.runtime(
          'subarray',
          [this.refTwin(op.args[0]), ...op.args.slice(1)],
          [],
          'fresh',
          this.twinType(result),
        ),
      );
    else if (op.name === 'sum')
      this.bind(result, b.runtime('sum', [this.refTwin(op.args[0])], [], 'pure', NUMBER));
    else if (op.name === 'ruleValues') {
      const twin = this.o.mode === 'tangent' ? this.pushed(op) : this.zeroShadow(result);
      this.bind(result, twin);
      if (this.o.mode !== 'tangent') this.made(result, twin);
    } else if (ZERO_TREES.has(op.name)) {
      const twin = this.zeroShadow(result);
      this.bind(result, twin);
      if (this.list !== undefined) b.runtime('track', [this.list, twin], [], 'effect', undefined);
    } else if (this.o.numbers) this.number(result);
    else throw new Error(`no twin for the result of ${op.name}`);
  }

  /** The tangents that the rule of a function with a rule of the user's gives. */
  private pushed(op: RuntimeOp): ValueId {
    const { b } = this;
    const [call, given] = op.args;
    const [values] = op.results;
    const of = this.refTwin(given);
    if (this.o.numbers) return this.o.numbers.list(b, values, [given, of]);
    const lowered = this.o.nested
      ? callLoweredRule(b, op, 'push', { of, count: b.length(values) })
      : undefined;
    return lowered ?? b.runtime('pushRule', [call, of], [], 'fresh', this.twinType(values), whyOf(op));
  }

  /** Shadows of a derivative inside have shadows themselves. */
  private accum(op: Op & { kind: 'accum' }): void {
    const twin = this.twins.get(op.ref);
    if (twin === undefined || this.o.mode !== 'tangent') return;
    if (this.o.activity.activeSlot(op.ref, 'key' in op.at ? op.at.key : '[]'))
      this.b.accum(twin, op.at, this.twinOf(op.value), op.guarded === true);
  }

  /** A record of a derivative inside: what has a twin when it comes back has one on the tape. */
  private record(op: Op & { kind: 'save' | 'restore' }): void {
    const restores = this.records.restores(op.pair);
    const slots = (op.kind === 'save' ? op.args : op.results).map((_, k) => k);
    const which = slots.filter((k) => restores.some((r) => this.needs(r.results[k])));
    if (op.kind === 'save') {
      const types = which.map((k) => this.twinType(restores[0].results[k]));
      this.b.emit({ ...op, args: [...op.args, ...this.passed(op.args, which, types)] });
      return;
    }
    this.b.emit({ ...op, results: [...op.results, ...this.freshTwins(op.results, which)] });
    this.pairs(op.results);
  }

  private pairs(results: readonly ValueId[]): void {
    for (const v of results) this.eachLane(() => this.assertions.paired(this.b, v, this.twins.get(v)));
  }
  private freshTwins(values: readonly ValueId[], which: readonly number[]): ValueId[] {
    return this.inLanes(() => which.map((k) => this.freshTwin(values[k])));
  }

  /** The twin of a reference that is read or written through. */
  private refTwin(ref: ValueId): ValueId {
    const twin = this.twins.get(ref);
    if (twin === undefined) throw new Error(`no twin for %${ref}`);
    return twin;
  }

  private scalar(op: Op & { kind: 'scalar' }): void {
    const { derivative } = scalarRule(op.fn);
    const y = op.results[0];
    if (isRef(this.type(y))) {
      this.bind(y, this.refTwin(op.args[op.fn === 'select' ? 1 : 0]));
      return;
    }
    if (this.o.numbers)
      return this.bind(
        y,
        this.o.numbers.scalar(this.b, op, (v) => this.twinOf(v)),
      );
    if (typeof derivative !== 'function') return;
    let sum: ValueId | undefined;
    op.args.forEach((x, k) => {
      const dot = this.twins.get(x);
      if (dot === undefined) return;
      const term = derivative({ b: this.b, x: op.args, y }, k, dot);
      sum = sum === undefined ? term : this.b.sum(sum, term);
    });
    if (sum !== undefined) this.bind(y, sum);
  }

  private store(ref: ValueId, at: At, value: ValueId): void {
    const twin = this.twins.get(ref);
    if (twin === undefined) return;
    const { b } = this;
    const slot = 'key' in at ? slotType(this.type(ref), at.key) : undefined;
    // a shadow has no slot for it
    if (slot !== undefined && !carriesDerivative(slot)) return;
    if (isRef(this.type(value))) b.store(twin, at, this.twinOf(value));
    else if (this.o.mode === 'tangent') {
      if (isLeaf(this.type(value)) && this.o.activity.activeSlot(ref, 'key' in at ? at.key : '[]'))
        b.store(twin, at, this.twinOf(value));
    } else if (!isLeaf(this.type(value)) || !this.o.activity.activeSlot(ref, 'key' in at ? at.key : '[]'))
      return;
    else if ('key' in at) {
      // a field that may be missing gets its slot now; all cotangents are zero yet
      if (slotType(this.type(ref), at.key)?.kind === 'maybe') b.store(twin, at, b.num(0));
    } else if (!isKeyed(this.type(ref)) && this.o.growable(ref)) this.extend(twin, at);
  }
  /** A slot for the shadow of an array element that a store has just made. */
  private extend(twin: ValueId, at: At & { readonly index: ValueId }): void {
    const { b } = this;
    if (this.o.nested !== true) return void b.runtime('extend', [twin, at.index], [], 'effect', undefined);
    b.when(b.scalar('isUndefined', b.load(twin, at)), () => b.store(twin, at, b.num(0)));
  }

  /** A shadow that was just made: of what a call gave that is run again, or of an object outside. */
  adopt(v: ValueId, twin: ValueId): void {
    this.bind(v, twin);
    this.made(v, twin);
  }
  /** Whether functions are given the list of shadows. */
  get hasList(): boolean {
    return this.list !== undefined;
  }

  private alloc(op: Op & { kind: 'alloc' }): void {
    const { b } = this;
    const result = op.results[0];
    const type = this.twinType(result);
    const twin = this.freshTwin(result);
    const dot = op.fill !== undefined && this.o.mode === 'tangent' ? this.twins.get(op.fill) : undefined;
    const plain =
      refType(type)?.kind === 'array' &&
      (type as { storage: string }).storage === 'plain' &&
      isLeaf((type as ArrayType).elem);
    const fill = dot ?? (plain ? b.num(0) : undefined);
    b.emit({
      kind: 'alloc',
      type: type as ArrayType,
      length: op.length,
      results: [twin],
      ...(fill === undefined ? {} : { fill }),
      ...(op.span ? { span: op.span } : {}),
    });
    this.made(result, twin);
  }
  private made(v: ValueId, twin: ValueId): void {
    this.assertions.made(this.b, v, twin);
    if (this.list !== undefined) this.b.runtime('track', [this.list, twin], [], 'effect', undefined);
  }

  private literal(op: Op & { kind: 'literal' }): void {
    const { b } = this;
    const result = op.results[0];
    const type = this.twinType(result) as ArrayType | RecordType;
    if (type.kind === 'array' && type.storage !== 'plain') {
      const length = b.num(op.args.length);
      const twin = this.freshTwin(result);
      b.emit({ kind: 'alloc', type, length, results: [twin] });
      if (this.o.mode === 'tangent')
        op.args.forEach((a, k) => {
          const dot = this.twins.get(a);
          if (dot !== undefined) b.store(twin, { index: b.num(k) }, dot);
        });
      this.made(result, twin);
      return;
    }
    const elementOf = (a: ValueId) =>
      this.o.mode === 'structure' && isLeaf(this.type(a)) ? b.num(0) : this.twinOf(a);
    if (type.kind === 'record' && op.type.kind === 'record') {
      // the fields that this literal has; others may come later
      const source = op.type;
      const fields = type.fields.flatMap((f) => {
        const k = source.fields.findIndex((g) => g.key === f.key);
        if (k < 0) return [];
        const absent = this.type(op.args[k]).kind === 'nullish' && isLeaf(f.type);
        return [{ key: f.key, type: f.type, arg: absent ? b.num(0) : elementOf(op.args[k]) }];
      });
      const own: RecordType = { ...type, fields: fields.map(({ key, type }) => ({ key, type })) };
      const twin = this.freshTwin(result);
      b.emit({ kind: 'literal', type: own, args: fields.map((f) => f.arg), results: [twin] });
      this.made(result, twin);
      return;
    }
    const leaf = type.kind === 'array' && isLeaf(type.elem);
    const args = op.args.map((a) => (leaf && !isLeaf(this.type(a)) ? b.num(0) : elementOf(a)));
    const twin = this.freshTwin(result);
    b.emit({ kind: 'literal', type, args, results: [twin] });
    this.made(result, twin);
  }

  private branchOrBlock(op: Op & { kind: 'if' | 'block' }): void {
    const which = op.results.flatMap((r, k) => (this.needs(r) ? [k] : []));
    const types = which.map((k) => this.twinType(op.results[k]));
    const make = () => this.freshTwins(op.results, which);
    if (op.kind === 'block') {
      this.layouts.set(op.label, { which, at: op.results.length, types });
      const body = this.region(op.body, which, types, []);
      this.b.emit({ ...op, body, results: [...op.results, ...make()] });
      return this.pairs(op.results);
    }
    const then = this.region(op.then, which, types, []);
    const els = this.region(op.else, which, types, []);
    this.b.emit({ ...op, then, else: els, results: [...op.results, ...make()] });
    this.pairs(op.results);
  }

  private loop(op: LoopOp): void {
    const n = op.inits.length;
    const params = op.body.params;
    const which = op.inits.flatMap((_, k) =>
      this.needs(params[k + 1]) || this.needs(op.results[k]) ? [k] : [],
    );
    // a variable that only exits give a value has nothing in the trips
    const types = which.map((k) => this.twinType(this.needs(params[k + 1]) ? params[k + 1] : op.results[k]));
    this.layouts.set(op.label, { which, at: n, types });
    const inits = this.passed(op.inits, which, types);
    const carried = this.inLanes(() => which.map((k, i) => this.freshTwin(params[k + 1], types[i])));
    const body = this.region(op.body, which, types, [...params, ...carried]);
    const results = this.freshTwins(op.results, which);
    this.b.emit({
      ...op,
      inits: [...op.inits, ...inits],
      body,
      results: [...op.results.slice(0, n), ...results, ...op.results.slice(n)],
    });
    this.pairs(op.results);
  }

  private call(op: CallOp): void {
    if (this.o.idle?.(op)) {
      this.b.emit(op);
      return this.pairs(op.results);
    }
    const f = this.module.funcs.get(op.callee);
    const isHalved = this.o.forwards?.(op.callee) === true;
    if (f && isHalved && this.o.checkpoints?.forward(this, this.b, op, f)) return this.pairs(op.results);
    if (!f || !this.touches(f)) {
      this.b.emit(
        isHalved ? { ...op, callee: this.o.rename(op.callee), args: [...op.args, ...this.hidden()] } : op,
      );
      return;
    }
    const which = f.params.flatMap((p, k) => (this.needs(p) ? [k] : []));
    const types = which.map((k) => this.twinType(f.params[k]));
    const args = [...this.passed(op.args, which, types), ...this.hidden()];
    const twins = this.freshTwins(op.results, this.resultTwins(f));
    this.b.emit({
      ...op,
      callee: this.o.rename(op.callee),
      args: [...op.args, ...args],
      results: [...op.results, ...twins],
    });
    this.pairs(op.results);
  }
}
