/** What all derivatives of a function have in common: which functions get halves, shadows of arguments, checks at entry. */
import { LENGTH_SLOT, type Memory, type MemoryClass } from '../3-simplify/memory.js';
import type { Activity } from '../4-analyse/activity.js';
import { cloneFunc } from '../ir/clone.js';
import {
  type ArrayType,
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
import { calledFrom } from '../ir/reach.js';
import { schemaText } from '../ir/schema.js';
import { type TapeRecords, tapeRecords } from '../ir/tape.js';
import { holdsOptional } from '../ir/type-questions.js';
import { FLOAT64, isLeaf, isRef, isSplit, nameOfKey } from '../ir/types.js';
import { walkOps } from '../ir/visit.js';
import type { CotangentNames } from './assert-finite.js';
import type { Builder } from './builder.js';
import { checkPaths } from './entry-paths.js';
import type { ReferenceFacts } from './facts.js';
import { instrument, type PathInfo } from './instrument.js';
import { Keys } from './keys.js';
import type { Reverse } from './reverse.js';
import type { ReversePair } from './reverse-state.js';
import type { CheckedTwins } from './shadow-assertions.js';
import { shadowType } from './shadows.js';
import type { Twinner } from './twin.js';

export interface DerivationRequest {
  readonly module: Module;
  readonly entry: Func;
  readonly memory: Memory;
  readonly activity: Activity;
  readonly facts: ReferenceFacts;
  /** Entry parameters of the arguments (behind the captured ones), by argument position. */
  readonly args: readonly ValueId[];
  /** Which of the arguments are differentiated. */
  readonly argnums: readonly number[];
  readonly isCopy: (text: string) => boolean;
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
  /** Reverse loops under a test whether anything comes to them. */
  readonly guarded: ReadonlySet<LabelId>;
  readonly path: PathInfo;
  /** Check mode: what the evaluation knows of itself, in the reverse sweep, and the names of cotangents. */
  readonly checks: ValueId | undefined;
  readonly named: CotangentNames;
  /** Check mode: shadows of the forward sweep that have one partner. */
  readonly known: ReadonlyMap<ValueId, string>;
  /** The reverse half is a function of its own. */
  readonly split: Split | undefined;
}

/** Keys: of the reverse half, of both halves in one call, and of the function. */
export interface Split {
  readonly key: string;
  readonly atOnce: string;
  readonly of: string;
}

export interface Derived {
  /** The entry, and pairs for the functions it calls. */
  readonly entry: Unrecorded | Func;
  readonly pairs: readonly Unrecorded[];
  /** Functions that are done (forward mode, or without anything active). */
  readonly funcs: readonly Func[];
  /** Parameters behind those of the primal: `out` of gradInto, the tangents of jvp, the cotangent of a derivative inside. */
  readonly extraParams: readonly ValueId[];
  /** Arguments without any influence on the result. */
  readonly withoutInfluence: readonly number[];
}

/** Fields of the compiler's own, and private ones. */
const HIDDEN = /^[#$]/;

/** The value that a function returns. */
export const resultOf = (f: Func): ValueId | undefined =>
  f.body.end.kind === 'yield' ? f.body.end.args[0] : undefined;

export abstract class Derivation {
  protected readonly typeOf: (v: ValueId) => Type;
  /** The functions that the entry calls, and those that only its derivatives will call, by the user's rules. */
  protected readonly reachable: readonly Func[];
  protected readonly ofRules: readonly Func[];
  protected readonly records: TapeRecords;
  protected readonly keys: Keys;

  constructor(readonly r: DerivationRequest) {
    this.typeOf = (v) => r.module.values.type(v);
    const called = calledFrom(r.entry, r.module.funcs);
    const others = [...r.module.funcs.values()].filter((f) => f.key !== r.entry.key);
    this.reachable = others.filter((f) => called.has(f.key));
    this.ofRules = others.filter((f) => !called.has(f.key));
    this.records = tapeRecords(r.module);
    this.keys = new Keys(r.module.funcs.keys());
  }

  protected influence(v: ValueId): boolean {
    return isLeaf(this.typeOf(v))
      ? this.r.activity.active(v)
      : isRef(this.typeOf(v)) && this.r.activity.activeRef(v);
  }

  /** Check mode: what each evaluation knows of itself, and of which memory each object has one shadow only. */
  protected checkedTwins(zero: boolean): CheckedTwins | undefined {
    const { module, memory, check } = this.r;
    if (!check) return undefined;
    return {
      entry: module.values.fresh({ type: OPAQUE, name: 'checks' }),
      // what the caller may have passed twice has a shadow for each path, if it is only read
      unique: (ref) => {
        const c = memory.classOf(ref);
        return c.changed.size > 0 || !c.external;
      },
      zero,
    };
  }

  /** The functions as they were, beside their halves, which have their values: for calls that are idle or run again. */
  protected plain(): readonly Func[] {
    return this.reachable.map((f) => cloneFunc(f, this.r.module.values));
  }

  /** The functions that handle something active: they become a forward half and a reverse half. */
  protected readonly halved = (): readonly Func[] => this.reachable.filter((f) => this.differentiates(f));

  /** How to call the reverse half of the function whose forward half is called. */
  protected pairOf(halved: readonly Func[]): (callee: string) => ReversePair | undefined {
    const pairs = new Map(
      halved.map((f): [string, ReversePair] => {
        const end = f.body.end;
        const results = end.kind === 'yield' ? end.args : [];
        const seeds = this.activeResults(f, results.length);
        const gives = f.params.flatMap((p, k) =>
          isLeaf(this.typeOf(p)) && this.r.activity.active(p) ? [k] : [],
        );
        const onto = (f.captured ?? []).filter((k) => gives.includes(k));
        return [this.keys.of(f.key, 'forward'), { key: this.keys.of(f.key, 'reverse'), seeds, gives, onto }];
      }),
    );
    return (callee) => pairs.get(callee);
  }

  /** Positions of results with a cotangent, at any return. */
  protected activeResults(f: Func, count: number): number[] {
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
  protected differentiates(f: Func, seen = new Set<string>()): boolean {
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

  /** The two halves of a called function. */
  protected pair(
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
    const onto = pair.onto.map((k) => {
      const { name } = values.get(f.params[k]);
      const cotangent = values.fresh({ type: NUMBER, name: `${name ?? 'x'}Bar` });
      rev.cots.set(f.params[k], cotangent);
      return cotangent;
    });
    for (const p of [...params, ...onto]) rev.b.maybeZero.add(p);
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
      reverseParams: [...params, ...onto, ...checks],
      mirror: rev.mirror,
      ivs: rev.ivs,
      guarded: rev.guarded,
      path,
      checks: checks[0],
      named: rev.named,
      known: twinner.assertions.known,
      split: { key: pair.key, atOnce: this.keys.of(f.key, 'atOnce'), of: f.key },
    };
  }

  /** Whether an object that is reached from a parameter is replaced, an array gets another length, or a missing slot a value. */
  protected structureChanges(p: ValueId): boolean {
    const { memory } = this.r;
    const optional = holdsOptional(this.typeOf(p));
    const changes = (c: MemoryClass) =>
      c.growing ||
      (optional && c.written.size > 0) ||
      [...c.written].some((key) => key === LENGTH_SLOT || c.slots.has(key));
    return [...memory.reachable(memory.classOf(p))].some(changes);
  }

  protected lateShadow(b: Builder, ref: ValueId, length: ValueId | undefined): ValueId {
    const { values } = this.r.module;
    const { name } = values.get(ref);
    const type = shadowType(this.typeOf(ref), { growable: false });
    const shadow = values.fresh({ type, ...(name === undefined ? {} : { name: `${name}Bar` }) });
    if (type.kind === 'record') {
      const args = (type as RecordType).fields.map(() => b.num(0));
      b.emit({ kind: 'literal', type, args, results: [shadow] });
    } else b.emit({ kind: 'alloc', type: FLOAT64, length: length ?? b.num(0), results: [shadow] });
    return shadow;
  }

  protected entryChecks(b: Builder): void {
    if (this.r.check) this.checkElements(b);
    checkPaths(b, this.r);
  }

  /**
   * Arguments are of the kind that their types say: numbers, also in the fields of objects that are read (`+` would join a
   * text), and arrays (LANGUAGE.md R9). What is `walked` to make a shadow is checked there.
   */
  protected checkBorder(b: Builder, walked: (p: ValueId) => boolean): void {
    const read = this.numbersRead();
    for (const p of this.r.entry.params) {
      const type = this.typeOf(p);
      if (isLeaf(type)) this.checkNumber(b, p, this.nameOf(p), type.kind === 'maybe');
      else if (walked(p)) continue;
      else if (type.kind === 'array' && type.storage !== 'int' && type.storage !== 'keyed') {
        const literals = [`'${kindOf(type)}'`, JSON.stringify(this.nameOf(p))];
        b.runtime('checkKind', [p], literals, 'effect', undefined);
      } else if (type.kind === 'record') {
        const seen = type.fields.map((f) => f.key).filter((key) => read.has(key) && !HIDDEN.test(key));
        const keys = [...new Set(seen.map(nameOfKey))];
        // of other objects an accessor is read as it is
        const isWanted = this.r.argnums.some((k) => this.r.args[k] === p);
        if (isWanted && !type.tuple && !type.classes && keys.length > 0)
          b.runtime(
            'checkFields',
            [p],
            [JSON.stringify(keys), JSON.stringify(this.nameOf(p))],
            'effect',
            undefined,
          );
        for (const { key, type: of } of type.fields) {
          if (!isLeaf(of) || !read.has(key) || HIDDEN.test(key) || isSplit(key)) continue;
          const path = this.nameOf(p) + (type.tuple ? `[${key}]` : `.${key}`);
          this.checkNumber(b, b.load(p, { key }), path, of.kind === 'maybe');
        }
      }
    }
  }
  protected checkNumber(b: Builder, v: ValueId, path: string, missing: boolean): void {
    const literals = [JSON.stringify(path), ...(missing ? ['true'] : [])];
    b.runtime('checkNumber', [v], literals, 'effect', undefined);
  }
  /** Keys of the fields that are read as numbers. */
  private numbersRead(): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const f of [this.r.entry, ...this.reachable])
      walkOps(f.body, (op) => {
        if (op.kind === 'load' && 'key' in op.at && isLeaf(this.typeOf(op.results[0]))) keys.add(op.at.key);
      });
    return keys;
  }
  /** The name of a parameter in messages. */
  protected nameOf(p: ValueId): string {
    return this.r.module.values.get(p).name ?? 'an argument';
  }
  /** A shadow of a parameter with all leaves zero. */
  protected zeroShadow(b: Builder, p: ValueId, growable: boolean, type: Type): ValueId {
    const literals = [schemaText(this.typeOf(p)), String(growable), JSON.stringify(this.nameOf(p))];
    return b.runtime('zeroShadow', [p], literals, 'fresh', type);
  }

  /** Check mode: the arguments are what their types say, elements of arrays too (LANGUAGE.md R9). */
  protected checkElements(b: Builder): void {
    for (const p of this.r.args) {
      const schema = schemaText(this.typeOf(p));
      if (schema === `'x'` || schema === `'int'` || isLeaf(this.typeOf(p))) continue;
      b.runtime('checkElements', [p], [schema, JSON.stringify(this.nameOf(p))], 'effect', undefined);
    }
  }
}

/** What an array at the border must be. */
function kindOf({ storage, elem, either }: ArrayType): string {
  if (storage !== 'plain') return storage;
  if (either) return 'either';
  return isLeaf(elem) ? 'numbers' : 'array';
}
