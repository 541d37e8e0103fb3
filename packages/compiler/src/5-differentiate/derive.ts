/**
 * Builds the function that a marker gives from the simplified primal. The forward sweep and the reverse sweep are still
 * apart, and the reverse sweep names forward values freely: `record` joins them.
 */

import type { Memory } from '../3-simplify/memory.js';
import type { Activity } from '../4-analyse/activity.js';
import type { MarkerName } from '../host/marker.js';
import {
  type Func,
  type LabelId,
  type Module,
  NUMBER,
  OPAQUE,
  type Op,
  type RecordType,
  type Type,
  type ValueId,
} from '../ir/nodes.js';
import { FLOAT64, isLeaf, isRef, refType } from '../ir/types.js';
import type { CotangentNames } from './assert-finite.js';
import type { Builder } from './builder.js';
import { checkPaths } from './entry-paths.js';
import type { ReferenceFacts } from './facts.js';
import { instrument, type PathInfo } from './instrument.js';
import { Reverse, type ReversePair } from './reverse.js';
import type { CheckedTwins } from './shadow-assertions.js';
import { schemaText, shadowType } from './shadows.js';
import { Twinner } from './twin.js';

export interface DeriveRequest {
  readonly module: Module;
  readonly entry: Func;
  readonly memory: Memory;
  readonly activity: Activity;
  readonly facts: ReferenceFacts;
  readonly marker: MarkerName;
  /** Entry parameters of the arguments (behind the captured ones), by argument position. */
  readonly args: readonly ValueId[];
  readonly argNames: readonly string[];
  readonly argnums: readonly number[];
  readonly accumulate: boolean;
  /** One `argnums`, not a tuple. */
  readonly single: boolean;
  readonly check: boolean;
}

/** A pair of sweeps that `record` has not joined yet. */
export interface Unrecorded {
  readonly forward: Func;
  readonly reverse: readonly Op[];
  readonly reverseEnd: readonly ValueId[];
  readonly reverseParams: readonly ValueId[];
  readonly mirror: ReadonlyMap<LabelId, LabelId>;
  readonly ivs: ReadonlyMap<ValueId, ValueId>;
  readonly path: PathInfo;
  /** Check mode: what the evaluation knows of itself, in the reverse sweep, and the names of cotangents. */
  readonly checks: ValueId | undefined;
  readonly named: CotangentNames;
  /** Check mode: shadows of the forward sweep that have one partner. */
  readonly known: ReadonlyMap<ValueId, string>;
  /** The reverse half is a function of its own. */
  readonly split: { readonly key: string } | undefined;
}

export interface Derived {
  /** The entry, and pairs for the functions it calls. */
  readonly entry: Unrecorded | Func;
  readonly pairs: readonly Unrecorded[];
  /** Functions that are done (forward mode, or without anything active). */
  readonly funcs: readonly Func[];
  /** Raw parameters behind those of the primal: `out` of gradInto, the tangents of jvp. */
  readonly extraParams: readonly ValueId[];
  /** Arguments without any influence on the result. */
  readonly withoutInfluence: readonly number[];
}

export const FORWARD = '_fwd';
export const REVERSE = '_rev';
export const TANGENT = '_jvp';

/** The types of an entry's results decide how they are given back. */
const resultOf = (f: Func): ValueId | undefined =>
  f.body.end.kind === 'yield' ? f.body.end.args[0] : undefined;

export class Deriver {
  private readonly typeOf: (v: ValueId) => Type;
  private readonly reachable: readonly Func[];

  constructor(readonly r: DeriveRequest) {
    this.typeOf = (v) => r.module.values.type(v);
    this.reachable = [...r.module.funcs.values()].filter((f) => f.key !== r.entry.key);
  }

  private influence(v: ValueId): boolean {
    return isLeaf(this.typeOf(v))
      ? this.r.activity.active(v)
      : isRef(this.typeOf(v)) && this.r.activity.activeRef(v);
  }

  run(): Derived {
    const { argnums, args } = this.r;
    const withoutInfluence = argnums.filter((k) => !this.influence(args[k]));
    return this.r.marker === 'jvp'
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
      rename: (key) => key + TANGENT,
      constantOf: r.facts.constantOf,
      checks: this.checkedTwins(false),
    });
    const raw = new Map(
      r.argnums.map((k) => [
        r.args[k],
        r.module.values.fresh({
          type: isLeaf(this.typeOf(r.args[k])) ? NUMBER : OPAQUE,
          name: `${r.argNames[k]}Dot`,
        }),
      ]),
    );
    const extraParams = [...raw.values()];
    const entry = twinner.func(r.entry, {
      parameter: (b, p) => {
        const given = raw.get(p);
        if (given === undefined)
          return b.runtime(
            'zeroShadow',
            [p],
            [schemaText(this.typeOf(p)), 'true'],
            'fresh',
            twinner.twinType(p),
          );
        if (isLeaf(this.typeOf(p)) && this.typeOf(p).kind === 'number') return given;
        return b.runtime('tangentOf', [p, given], [schemaText(this.typeOf(p))], 'fresh', twinner.twinType(p));
      },
      prologue: (b) => this.entryChecks(b),
    });
    const ops = [...entry.body.ops];
    const end = entry.body.end;
    const value = resultOf(entry);
    let tangent: ValueId | undefined;
    if (end.kind === 'yield' && value !== undefined)
      tangent = this.tangentResult(twinner, value, end.args[1], ops);
    const body = {
      ...entry.body,
      ops,
      end: {
        kind: 'yield' as const,
        args: value === undefined || tangent === undefined ? [] : [value, tangent],
      },
    };
    const funcs = this.reachable.flatMap((f) => (twinner.touches(f) ? [twinner.func(f), f] : [f]));
    return {
      entry: { ...entry, params: [...r.entry.params, ...extraParams], body },
      pairs: [],
      funcs,
      extraParams,
    };
  }
  private tangentResult(t: Twinner, value: ValueId, twin: ValueId | undefined, ops: Op[]): ValueId {
    const type = this.typeOf(value);
    const { values } = this.r.module;
    if (isRef(type)) {
      const id = values.fresh({ type: OPAQUE });
      const literals = [schemaText(type)];
      if (twin === undefined)
        ops.push({
          kind: 'runtime',
          name: 'zeroGradient',
          args: [value],
          literals,
          effect: 'fresh',
          results: [id],
        });
      else {
        const shape = values.fresh({ type: OPAQUE });
        ops.push({
          kind: 'runtime',
          name: 'entryShadow',
          args: [twin],
          literals,
          effect: 'fresh',
          results: [shape],
        });
        ops.push({
          kind: 'runtime',
          name: 'toGradient',
          args: [shape],
          literals,
          effect: 'fresh',
          results: [id],
        });
      }
      return id;
    }
    if (twin !== undefined) return twin;
    const zero = values.fresh({ type: NUMBER });
    ops.push({ kind: 'const', value: 0, results: [zero] });
    void t;
    return zero;
  }

  /** Check mode: what each evaluation knows of itself, and of which memory each object has one shadow only. */
  private checkedTwins(zero: boolean): CheckedTwins | undefined {
    const { module, memory, check } = this.r;
    if (!check) return undefined;
    return {
      entry: module.values.fresh({ type: OPAQUE, name: 'checks' }),
      // what the caller may have passed twice has a shadow for each path, if it is only read
      unique: (ref) => {
        const c = memory.classOf(ref);
        return c.written.size > 0 || !c.external;
      },
      zero,
    };
  }

  // ------------------------------------------------------------------ reverse mode

  private pairOf(twinner: Twinner): (callee: string) => ReversePair | undefined {
    const cache = new Map<string, ReversePair | undefined>();
    return (callee) => {
      const key = callee.endsWith(FORWARD) ? callee.slice(0, -FORWARD.length) : callee;
      if (cache.has(key)) return cache.get(key);
      const f = this.r.module.funcs.get(key);
      let pair: ReversePair | undefined;
      if (f && this.differentiates(f)) {
        const end = f.body.end;
        const results = end.kind === 'yield' ? end.args : [];
        const seeds = this.activeResults(f, results.length);
        const gives = f.params.flatMap((p, k) =>
          isLeaf(this.typeOf(p)) && this.r.activity.active(p) ? [k] : [],
        );
        pair = { key: key + REVERSE, seeds, gives };
      }
      cache.set(key, pair);
      void twinner;
      return pair;
    };
  }

  /** Positions of results with a cotangent, at any return. */
  private activeResults(f: Func, count: number): number[] {
    const found = new Set<number>();
    const scan = (args: readonly ValueId[]) => {
      args.forEach((a, k) => {
        if (k < count && isLeaf(this.typeOf(a)) && this.r.activity.active(a)) found.add(k);
      });
    };
    const visit = (region: Func['body']): void => {
      if (
        region.end.kind === 'yield'
          ? region === f.body
          : region.end.kind === 'exit' && region.end.target === f.label
      )
        scan((region.end as { args: readonly ValueId[] }).args);
      for (const op of region.ops) {
        if (op.kind === 'if') [op.then, op.else].forEach(visit);
        if (op.kind === 'loop' || op.kind === 'block') visit(op.body);
      }
    };
    visit(f.body);
    return [...found].sort((a, b) => a - b);
  }

  /** Whether a function handles anything active, so that it needs both halves. */
  private differentiates(f: Func, seen = new Set<string>()): boolean {
    if (seen.has(f.key)) return false;
    seen.add(f.key);
    const any = (v: ValueId) => this.influence(v);
    if (f.params.some(any)) return true;
    let found = false;
    const visit = (region: Func['body']): void => {
      for (const op of region.ops) {
        found ||= op.results.some(any);
        if (op.kind === 'call') {
          const g = this.r.module.funcs.get(op.callee);
          found ||= g !== undefined && this.differentiates(g, seen);
        }
        if (op.kind === 'if') [op.then, op.else].forEach(visit);
        if (op.kind === 'loop' || op.kind === 'block') visit(op.body);
      }
    };
    visit(f.body);
    return found;
  }

  private reverseMode(): Omit<Derived, 'withoutInfluence'> {
    const { r } = this;
    const { values } = r.module;
    const pullback = r.marker === 'vjp';
    const track = pullback ? values.fresh({ type: OPAQUE, name: 'shadows' }) : undefined;
    const checks = this.checkedTwins(true);
    const isEntryParam = new Set(r.entry.params);
    // a parameter of a called function gets its shadow from the caller
    const calleeParams = new Set(this.reachable.flatMap((f) => f.params));
    const late = (ref: ValueId) => r.facts.late(ref) && !calleeParams.has(ref);
    const active = this.reachable.filter((f) => this.differentiates(f));
    const renamed = new Set(active.map((f) => f.key));
    const twinner = new Twinner(r.module, {
      mode: 'structure',
      activity: r.activity,
      late,
      growable: r.facts.growable,
      rename: (key) => (renamed.has(key) ? key + FORWARD : key),
      forwards: (key) => renamed.has(key),
      constantOf: r.facts.constantOf,
      track,
      checks,
    });
    const out = r.marker === 'gradInto' ? values.fresh({ type: OPAQUE, name: 'out' }) : undefined;
    const entryShapes = new Map<ValueId, ValueId>();
    const direct = out !== undefined && this.directOut(late);
    const outShadow = direct
      ? values.fresh({ type: FLOAT64, name: `${r.argNames[r.argnums[0]]}Bar` })
      : undefined;
    const lengths = new Map<ValueId, ValueId>();

    const twinned = twinner.func(r.entry, {
      parameter: (b, p) => {
        const twin = b.runtime(
          'zeroShadow',
          [p],
          [schemaText(this.typeOf(p)), String(r.facts.growable(p))],
          'fresh',
          twinner.twinType(p),
        );
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
        this.entryChecks(b);
        if (outShadow !== undefined) this.startOut(b, out!, outShadow);
        if (outShadow !== undefined && checks)
          b.runtime('ownShadow', [checks.entry, outShadow], ['"`out`"'], 'effect', undefined);
      },
      epilogueOfEntry: (b) => {
        for (const p of r.entry.params) {
          const twin = twinner.twins.get(p);
          if (twin !== undefined && isEntryParam.has(p) && isRef(this.typeOf(p)))
            entryShapes.set(
              p,
              b.runtime('entryShadow', [twin], [schemaText(this.typeOf(p))], 'fresh', OPAQUE),
            );
          else if (isRef(this.typeOf(p)) && late(p) && refType(this.typeOf(p))?.kind === 'array') {
            const length = values.fresh({ type: NUMBER });
            b.emit({ kind: 'length', ref: p, results: [length] });
            lengths.set(p, length);
          }
        }
      },
    });
    const reverseOf = this.pairOf(twinner);
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
        reverseOf,
        checks,
      });

    const { func, path } = instrument(twinned, values, checks?.entry, true);
    const rev = makeReverse(path, checks?.entry);
    const { b } = rev;
    const value = resultOf(func);
    const seed = this.startReverse(b, pullback, value, track);
    if (checks) b.runtime('beginReverse', [checks.entry], [], 'effect', undefined);
    for (const p of r.entry.params) {
      if (!isRef(this.typeOf(p)) || !late(p) || !r.activity.activeRef(p)) continue;
      rev.shadows.set(
        p,
        outShadow !== undefined && p === r.args[r.argnums[0]]
          ? outShadow
          : this.lateShadow(b, p, lengths.get(p)),
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
      path,
      checks: checks?.entry,
      named: rev.named,
      known: twinner.assertions.known,
      split: undefined,
    };
    const pairs = active.map((f) => this.pair(f, twinner, makeReverse, reverseOf(f.key)!));
    return { entry, pairs, funcs: this.reachable, extraParams: out === undefined ? [] : [out] };
  }

  /** Marks where the reverse sweep begins; gives the cotangent of the result. */
  private startReverse(
    b: Builder,
    pullback: boolean,
    value: ValueId | undefined,
    track: ValueId | undefined,
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
    if (track !== undefined) b.runtime('zeroTracked', [track], [], 'effect', undefined);
    return seed;
  }

  /** The two halves of a called function. */
  private pair(
    f: Func,
    twinner: Twinner,
    makeReverse: (path: PathInfo, checks: ValueId | undefined) => Reverse,
    pair: ReversePair,
  ): Unrecorded {
    const { values } = this.r.module;
    const twinned = twinner.func(f);
    const { func, path } = instrument(twinned, values, twinner.assertions.of.get(f.key), false);
    const checks = this.r.check ? [values.fresh({ type: OPAQUE, name: 'checks' })] : [];
    const rev = makeReverse(path, checks[0]);
    const yields = func.body.end.kind === 'yield' ? func.body.end.args : [];
    const params = pair.seeds.map((k) =>
      values.fresh({ type: NUMBER, name: `${values.get(yields[k]).name ?? 'result'}Bar` }),
    );
    for (const p of params) rev.b.maybeZero.add(p);
    const seeds = yields.map((_, k) => {
      const at = pair.seeds.indexOf(k);
      return at < 0 ? undefined : params[at];
    });
    rev.region(func.body, seeds, { code: undefined, seeds: new Map() });
    const reverseEnd = pair.gives.map((k) => rev.orZero(f.params[k]));
    return {
      forward: func,
      reverse: rev.b.ops,
      reverseEnd,
      reverseParams: [...params, ...checks],
      mirror: rev.mirror,
      ivs: rev.ivs,
      path,
      checks: checks[0],
      named: rev.named,
      known: twinner.assertions.known,
      split: { key: pair.key },
    };
  }

  // ------------------------------------------------------------------ arguments and results

  private lateShadow(b: Builder, ref: ValueId, length: ValueId | undefined): ValueId {
    const { values } = this.r.module;
    const { name } = values.get(ref);
    const type = shadowType(this.typeOf(ref), false);
    const shadow = values.fresh({ type, ...(name === undefined ? {} : { name: `${name}Bar` }) });
    if (type.kind === 'record') {
      const args = (type as RecordType).fields.map(() => b.num(0));
      b.emit({ kind: 'literal', type, args, results: [shadow] });
    } else b.emit({ kind: 'alloc', type: FLOAT64, length: length ?? b.num(0), results: [shadow] });
    return shadow;
  }

  private entryChecks(b: Builder): void {
    if (this.r.check) this.checkElements(b);
    checkPaths(b, this.r);
  }

  /** Check mode: the arguments are what their types say, elements of arrays too (LANGUAGE.md R9). */
  private checkElements(b: Builder): void {
    for (const p of this.r.args) {
      const schema = schemaText(this.typeOf(p));
      if (schema === `'x'` || schema === `'int'`) continue;
      const name = JSON.stringify(this.r.module.values.get(p).name ?? 'an argument');
      b.runtime('checkElements', [p], [schema, name], 'effect', undefined);
    }
  }

  /** `gradInto` for one Float64Array: the caller's array is the shadow itself. */
  private directOut(late: (p: ValueId) => boolean): boolean {
    const { argnums, args, accumulate, single, activity } = this.r;
    if (!single || accumulate) return false;
    const p = args[argnums[0]];
    const t = this.typeOf(p);
    return t.kind === 'array' && t.storage === 'f64' && late(p) && activity.activeRef(p);
  }
  private startOut(b: Builder, out: ValueId, shadow: ValueId): void {
    const { r } = this;
    const k = r.argnums[0];
    const others = r.entry.params.filter((p) => isRef(this.typeOf(p)));
    b.emit({
      kind: 'runtime',
      name: 'zeroOut',
      args: [out, r.args[k]],
      literals: [JSON.stringify(r.argNames[k])],
      effect: 'effect',
      results: [shadow],
      entries: others.map((value) => ({ value, name: '', written: false })),
    });
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
    if (type.kind === 'record' && !type.tuple && type.fields.every((f) => f.type.kind === 'number'))
      return shadow;
    const entry = b.runtime('entryShadow', [shadow], [schema], 'fresh', OPAQUE);
    return b.runtime('toGradient', [entry], [schema], 'fresh', OPAQUE);
  }

  private finish(
    b: Builder,
    gradients: readonly ValueId[],
    value: ValueId | undefined,
    out: ValueId | undefined,
    direct: boolean,
  ): ValueId[] {
    const { r } = this;
    if (r.marker === 'grad') return [...gradients];
    if (r.marker !== 'gradInto') return value === undefined ? [...gradients] : [value, ...gradients];
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
