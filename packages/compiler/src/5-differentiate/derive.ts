/**
 * Builds the function that a marker gives from the simplified primal. The forward sweep and the reverse sweep are still
 * apart, and the reverse sweep names forward values freely: `record` joins them.
 */
import type { EntryForm } from '../host/marker.js';
import { NUMBER, OPAQUE, type Op, type ValueId } from '../ir/nodes.js';
import { schemaText } from '../ir/schema.js';
import { isOrdered, mayLoseParts } from '../ir/type-questions.js';
import { FLOAT64, isLeaf, isRef, refType } from '../ir/types.js';
import type { Builder } from './builder.js';
import { type CheckpointRequest, Checkpoints } from './checkpoints.js';
import { Derivation, type DerivationRequest, type Derived, resultOf, type Unrecorded } from './derivation.js';
import { idleCalls } from './idle-calls.js';
import { instrument, type PathInfo } from './instrument.js';
import { laneName } from './lanes.js';
import { arraysBeside, checkArgumentsApart, checkOutApart } from './out-paths.js';
import type { RunsAgain } from './reruns.js';
import { Reverse } from './reverse.js';
import { Twinner } from './twin.js';

export interface DeriveRequest extends DerivationRequest {
  readonly form: EntryForm;
  readonly argNames: readonly string[];
  readonly accumulate: boolean;
  /** Reverse loops to which nothing comes are skipped. */
  readonly guards: boolean;
  /** One `argnums`, not a tuple. */
  readonly single: boolean;
  /** Which of the functions that the user marked may run again; nothing if none is marked. */
  readonly runsAgain: RunsAgain | undefined;
  /** Vector forward mode: how many tangents one run carries. */
  readonly lanes: number;
  /** What is given as the value in place of the number that is differentiated. */
  readonly returned: ValueId | undefined;
}

export class Deriver extends Derivation {
  constructor(override readonly r: DeriveRequest) {
    super(r);
  }

  run(): Derived {
    const { argnums, args } = this.r;
    const withoutInfluence = argnums.filter((k) => !this.influence(args[k]));
    return this.r.form === 'jvp' || this.r.form === 'hvp'
      ? { ...this.forwardMode(), withoutInfluence }
      : { ...this.reverseMode(), withoutInfluence };
  }

  // ------------------------------------------------------------------ forward mode

  private forwardMode(): Omit<Derived, 'withoutInfluence'> {
    const { r } = this;
    const twinner = new Twinner(r.module, {
      mode: 'tangent',
      activity: r.activity,
      late: () => false,
      growable: () => true,
      rename: (key) => this.keys.of(key, 'tangent'),
      constantOf: r.facts.constantOf,
      checks: this.checkedTwins(false),
      idle: idleCalls(r),
      lanes: r.lanes,
    });
    const raw = Array.from({ length: r.lanes }, (_, lane) => this.rawTangents(laneName(lane, r.lanes)));
    const extraParams = raw.flatMap((own) => [...own.values()]);
    const tangentName = (p: ValueId) => `the tangent of ${this.nameOf(p)}`;
    const entry = twinner.func(r.entry, {
      parameter: (b, p, lane) => {
        const given = raw[lane].get(p);
        if (given === undefined) return this.zeroShadow(b, p, true, twinner.twinType(p));
        if (isLeaf(this.typeOf(p)) && this.typeOf(p).kind === 'number') return given;
        const literals = [schemaText(this.typeOf(p)), JSON.stringify(tangentName(p))];
        return b.runtime('tangentOf', [p, given], literals, 'fresh', twinner.twinType(p));
      },
      prologue: (b) => {
        this.checkBorder(b, (p) => twinner.needs(p));
        for (const own of raw)
          for (const [p, given] of own)
            if (this.typeOf(p).kind === 'number') this.checkNumber(b, given, tangentName(p), false);
        this.entryChecks(b);
      },
    });
    const ops = [...entry.body.ops];
    const end = entry.body.end;
    const value = resultOf(entry);
    const tangents: ValueId[] = [];
    if (end.kind === 'yield' && value !== undefined)
      for (let lane = 0; lane < r.lanes; lane++)
        tangents.push(this.tangentResult(value, end.args[1 + lane], ops));
    const body = {
      ...entry.body,
      ops,
      end: {
        kind: 'yield' as const,
        args:
          value === undefined || tangents.length === 0
            ? []
            : r.form === 'hvp'
              ? tangents
              : [value, ...tangents],
      },
    };
    const touched = this.reachable.filter((f) => twinner.touches(f));
    const funcs = [...this.plain(), ...touched.map((f) => twinner.func(f))];
    return {
      entry: { ...entry, params: [...r.entry.params, ...extraParams], body },
      pairs: [],
      funcs,
      extraParams,
    };
  }
  /** The tangents that the caller gives for one lane, by parameter. */
  private rawTangents(lane: string): Map<ValueId, ValueId> {
    const { args, argNames, argnums, module } = this.r;
    return new Map(
      argnums.map((k) => {
        const type = isLeaf(this.typeOf(args[k])) ? NUMBER : OPAQUE;
        return [args[k], module.values.fresh({ type, name: `${argNames[k]}Dot${lane}` })];
      }),
    );
  }
  private tangentResult(value: ValueId, twin: ValueId | undefined, ops: Op[]): ValueId {
    const type = this.typeOf(value);
    const { values } = this.r.module;
    if (type.kind === 'array' && type.storage === 'f64' && twin !== undefined) return twin;
    if (isRef(type)) {
      const schema = [schemaText(type)];
      const make = (
        name: string,
        args: readonly ValueId[],
        literals: readonly string[] = schema,
      ): ValueId => {
        const id = values.fresh({ type: OPAQUE });
        ops.push({ kind: 'runtime', name, args, literals, effect: 'fresh', results: [id] });
        return id;
      };
      if (twin === undefined) return make('zeroGradient', [value]);
      const tangent = make('toGradient', [make('entryShadow', [twin])]);
      return mayLoseParts(type) || !isOrdered(type) ? make('likePrimal', [tangent, value], []) : tangent;
    }
    if (twin !== undefined) return twin;
    const zero = values.fresh({ type: NUMBER });
    ops.push({ kind: 'const', value: 0, results: [zero] });
    return zero;
  }

  // ------------------------------------------------------------------ reverse mode

  private reverseMode(): Omit<Derived, 'withoutInfluence'> {
    const { r } = this;
    const { values } = r.module;
    const pullback = r.form === 'vjp';
    const track = pullback ? values.fresh({ type: OPAQUE, name: 'shadows' }) : undefined;
    const checks = this.checkedTwins(true);
    const isEntryParam = new Set(r.entry.params);
    const wanted = new Set(r.argnums.map((k) => r.args[k]));
    // a parameter of a called function gets its shadow from the caller
    const calleeParams = new Set(this.reachable.flatMap((f) => f.params));
    const late = (ref: ValueId) => r.facts.late(ref) && !calleeParams.has(ref);
    const active = this.halved();
    const renamed = new Set(active.map((f) => f.key));
    const reverseOf = this.pairOf(active);
    const checkpoints = this.checkpoints(reverseOf, pullback);
    const twinner = new Twinner(r.module, {
      mode: 'structure',
      activity: r.activity,
      late,
      growable: r.facts.growable,
      rename: (key) => (renamed.has(key) ? this.keys.of(key, 'forward') : key),
      forwards: (key) => renamed.has(key),
      idle: idleCalls(r),
      constantOf: r.facts.constantOf,
      track,
      checks,
      checkpoints,
    });
    const entryShapes = new Map<ValueId, ValueId>();
    const direct = r.form === 'gradInto' && this.directOut(late);
    const out =
      r.form === 'gradInto' ? values.fresh({ type: direct ? FLOAT64 : OPAQUE, name: 'out' }) : undefined;
    const outShadow = direct ? out : undefined;
    const lengths = new Map<ValueId, ValueId>();

    const twinned = twinner.func(r.entry, {
      parameter: (b, p) => {
        const twin = this.zeroShadow(b, p, r.facts.growable(p), twinner.twinType(p));
        if (track !== undefined) b.runtime('track', [track, twin], [], 'effect', undefined);
        return twin;
      },
      prologue: (b) => {
        if (track !== undefined)
          b.emit({
            kind: 'runtime',
            name: 'trackList',
            args: [],
            literals: [],
            effect: 'effect',
            results: [track],
          });
        this.checkBorder(b, (p) => twinner.needs(p));
        this.entryChecks(b);
        if (outShadow !== undefined) this.startOut(b, outShadow);
        else if (out !== undefined)
          checkArgumentsApart(
            b,
            out,
            r.argnums.map((k) => r.args[k]),
            r,
          );
        if (outShadow !== undefined && checks)
          b.runtime('ownShadow', [checks.entry, outShadow], ['"`out`"'], 'effect', undefined);
      },
      epilogueOfEntry: (b) => {
        for (const p of r.entry.params) {
          const twin = twinner.twins.get(p);
          if (twin !== undefined && isEntryParam.has(p) && isRef(this.typeOf(p)))
            entryShapes.set(p, this.shapeOf(b, p, twin));
          else if (isRef(this.typeOf(p)) && late(p) && refType(this.typeOf(p))?.kind === 'array') {
            const length = values.fresh({ type: NUMBER });
            b.emit({ kind: 'length', ref: p, results: [length] });
            lengths.set(p, length);
          }
          // no cotangent comes there: zeros, in the structure that the caller passed
          const isZero = isRef(this.typeOf(p)) && !r.activity.activeRef(p);
          if (isZero && wanted.has(p) && this.structureChanges(p)) {
            const zeros = this.zeroShadow(b, p, false, OPAQUE);
            entryShapes.set(p, this.shapeOf(b, p, zeros));
          }
        }
      },
    });
    const makeReverse = (path: PathInfo, checks: ValueId | undefined) =>
      new Reverse({
        module: r.module,
        activity: r.activity,
        path,
        twins: twinner.twins,
        late,
        growable: r.facts.growable,
        lateShadow: (rev, ref, length) => this.lateShadow(rev.b, ref, length),
        inRange: r.facts.inRange,
        integer: r.facts.integer,
        constantOf: r.facts.constantOf,
        records: this.records,
        reverseOf,
        checkpoints,
        // check mode compares the path of every trip
        guards: r.guards && checks === undefined,
        checks,
      });

    const { func, path } = instrument(twinned, values, checks?.entry, true);
    const rev = makeReverse(path, checks?.entry);
    const { b } = rev;
    const value = resultOf(func);
    const seed = this.startReverse(b, pullback, value, track, checkpoints?.restructures === true);
    if (checks) b.runtime('beginReverse', [checks.entry], [], 'effect', undefined);
    for (const p of r.entry.params) {
      if (!isRef(this.typeOf(p)) || !late(p) || !r.activity.activeRef(p)) continue;
      rev.shadows.set(
        p,
        outShadow !== undefined && p === r.args[r.argnums[0]]
          ? outShadow
          : (this.slotShadow(b, p, out) ?? this.lateShadow(b, p, lengths.get(p))),
      );
    }
    if (pullback && value !== undefined && isRef(this.typeOf(value))) {
      const shadow = rev.shadow(value);
      if (shadow !== undefined && seed !== undefined)
        b.runtime('seedShadow', [shadow, value, seed], [schemaText(this.typeOf(value))], 'effect', undefined);
    }
    const yields = func.body.end.kind === 'yield' ? func.body.end.args : [];
    const seeds = yields.map((v, k) => (k === 0 && isLeaf(this.typeOf(v)) ? seed : undefined));
    rev.region(func.body, seeds, { code: undefined, seeds: new Map() });
    b.span = undefined;
    if (checks) b.runtime('traceEnd', [checks.entry], [], 'effect', undefined);
    const gradients = r.argnums.map((k) => this.gradient(rev, r.args[k], entryShapes.get(r.args[k])));
    const reverseEnd = this.finish(b, gradients, value, out, direct);
    const entry: Unrecorded = {
      forward: func,
      reverse: b.ops,
      reverseEnd,
      reverseParams: [],
      mirror: rev.mirror,
      ivs: rev.ivs,
      guarded: rev.guarded,
      path,
      checks: checks?.entry,
      named: rev.named,
      known: twinner.assertions.known,
      split: undefined,
    };
    const pairs = active.map((f) =>
      this.pair(f, twinner, makeReverse, reverseOf(this.keys.of(f.key, 'forward'))!),
    );
    const funcs = [...this.plain(), ...(checkpoints?.funcs ?? [])];
    return { entry, pairs, funcs, extraParams: out === undefined ? [] : [out] };
  }

  /** What the reverse sweep runs again; nothing if nothing is marked. */
  private checkpoints(pairOf: CheckpointRequest['pairOf'], pullback: boolean): Checkpoints | undefined {
    const { module, memory, facts, runsAgain, check } = this.r;
    if (runsAgain === undefined) return undefined;
    const level = this.records.tapes;
    return new Checkpoints({
      module,
      memory,
      keys: this.keys,
      runsAgain,
      pairOf,
      growable: facts.growable,
      level,
      pullback,
      check,
    });
  }

  /** Marks where the reverse sweep begins; gives the cotangent of the result. */
  private startReverse(
    b: Builder,
    pullback: boolean,
    value: ValueId | undefined,
    track: ValueId | undefined,
    restructures: boolean,
  ): ValueId | undefined {
    if (!pullback) {
      b.emit({
        kind: 'runtime',
        name: 'reverseSweep',
        args: [],
        literals: [],
        effect: 'effect',
        results: [],
      });
      return b.num(1);
    }
    const type = value !== undefined && isLeaf(this.typeOf(value)) ? NUMBER : OPAQUE;
    const seed = this.r.module.values.fresh({ type, name: 'cotangent' });
    b.emit({ kind: 'runtime', name: 'pullback', args: [], literals: [], effect: 'effect', results: [seed] });
    if (type.kind === 'number') this.checkNumber(b, seed, 'the cotangent', false);
    if (track !== undefined && restructures) b.runtime('restoreStructure', [track], [], 'effect', undefined);
    if (track !== undefined) b.runtime('zeroTracked', [track], [], 'effect', undefined);
    return seed;
  }

  // ------------------------------------------------------------------ arguments and results

  /** `gradInto` for one Float64Array: the caller's array is the shadow itself. */
  private directOut(late: (p: ValueId) => boolean): boolean {
    const { argnums, args, accumulate, single, activity } = this.r;
    if (!single || accumulate) return false;
    const p = args[argnums[0]];
    const t = this.typeOf(p);
    return t.kind === 'array' && t.storage === 'f64' && late(p) && activity.activeRef(p);
  }
  private startOut(b: Builder, out: ValueId): void {
    const { r } = this;
    const k = r.argnums[0];
    checkOutApart(b, out, r.args[k], r);
    b.runtime('zeroOut', [out, r.args[k]], [JSON.stringify(r.argNames[k])], 'effect', undefined);
  }

  /**
   * `gradInto` for several arguments: the array in a slot of `out` is the shadow itself where it can be, which is found out at run
   * time. Only for arguments that are flat: what others hold is not looked at there.
   */
  private slotShadow(b: Builder, p: ValueId, out: ValueId | undefined): ValueId | undefined {
    const { argnums, args, accumulate, single } = this.r;
    const k = argnums.findIndex((position) => args[position] === p);
    const t = this.typeOf(p);
    if (out === undefined || single || accumulate || k < 0) return undefined;
    if (t.kind !== 'array' || t.storage !== 'f64') return undefined;
    const views = arraysBeside(b, p, this.r);
    if (views === undefined) return undefined;
    const shadow = b.runtime('slotShadow', [out, b.num(k), p, ...views], [], 'effect', FLOAT64);
    this.r.module.values.setName(shadow, `${this.r.argNames[argnums[k]]}Bar`);
    return shadow;
  }

  /** The gradient of one argument, in its own structure. */
  private gradient(rev: Reverse, p: ValueId, shape: ValueId | undefined): ValueId {
    const { b } = rev;
    const type = this.typeOf(p);
    if (isLeaf(type)) {
      if (type.kind !== 'maybe') return rev.orZero(p);
      return b.runtime('ifPresent', [p, rev.orZero(p)], [], 'pure', OPAQUE);
    }
    const schema = schemaText(type);
    if (shape !== undefined) return b.runtime('toGradient', [shape], [schema], 'fresh', OPAQUE);
    const shadow = rev.shadow(p);
    if (shadow === undefined) return b.runtime('zeroGradient', [p], [schema], 'fresh', OPAQUE);
    if (type.kind === 'array' && type.storage === 'f64') return shadow;
    if (type.kind === 'array' && type.storage === 'plain' && type.elem.kind === 'number')
      // what is copied into `out` need not be copied before
      return this.r.form === 'gradInto' ? shadow : b.runtime('toNumbers', [shadow], [], 'fresh', OPAQUE);
    if (type.kind === 'record' && !type.tuple && type.fields.every((f) => f.type.kind === 'number'))
      return this.r.form === 'gradInto' || type.fields.length < 2
        ? shadow
        : b.runtime('inKeyOrder', [shadow, p], [], 'fresh', OPAQUE);
    return b.runtime('toGradient', [this.shapeOf(b, p, shadow)], [schema], 'fresh', OPAQUE);
  }

  /** The structure that a shadow of an argument has now. */
  private shapeOf(b: Builder, p: ValueId, shadow: ValueId): ValueId {
    return b.runtime('entryShadow', [shadow], [schemaText(this.typeOf(p))], 'fresh', OPAQUE);
  }

  private finish(
    b: Builder,
    gradients: readonly ValueId[],
    value: ValueId | undefined,
    out: ValueId | undefined,
    direct: boolean,
  ): ValueId[] {
    const { r } = this;
    if (r.form === 'grad') return [...gradients];
    if (r.form !== 'gradInto')
      return value === undefined ? [...gradients] : [r.returned ?? value, ...gradients];
    if (!direct && out !== undefined)
      b.emit({
        kind: 'runtime',
        name: r.single ? 'writeGradient' : 'writeGradients',
        args: [out, ...gradients],
        literals: [String(r.accumulate)],
        effect: 'effect',
        results: [],
      });
    return value === undefined ? [] : [value];
  }
}
