/**
 * **Question**: which function of the intermediate representation is the derivative of another one? **Needs**: the simplified
 * function whose derivative is called in differentiated code. **Guarantees**: the result consists of operations that can be
 * differentiated again, tapes included; arguments and results are ordinary values. **Method**: the same sweeps as for markers
 * (`derive`); only what stands between the caller's objects and the sweeps is code here, in place of helpers of the runtime.
 */
import { type NestedDerivative, NUMBER, type Type, type ValueId } from '../ir/nodes.js';
import { schemaText } from '../ir/schema.js';
import { gradientType, holdsOptional, isOrdered } from '../ir/type-questions.js';
import { isLeaf, isRef, refType, sameType } from '../ir/types.js';
import { Builder } from './builder.js';
import { Derivation, type DerivationRequest, type Derived, resultOf, type Unrecorded } from './derivation.js';
import { frameOf } from './frames.js';
import { idleCalls } from './idle-calls.js';
import { instrument, type PathInfo } from './instrument.js';
import { Reverse } from './reverse.js';
import { shadowType } from './shadows.js';
import { copyLeaves, type How } from './trees.js';
import { Twinner } from './twin.js';

export interface NestedRequest extends DerivationRequest {
  readonly spec: NestedDerivative;
  /** Types of what the call passes behind the arguments: tangents, or the cotangent of the result. */
  readonly given: readonly Type[];
}

/** The gradient of an argument whose structure may change: zeros as at entry, and where their cotangents gather. */
interface Kept {
  readonly gradient: ValueId;
  readonly shadow: ValueId | undefined;
}

export class NestedDeriver extends Derivation {
  private readonly wanted: readonly ValueId[];

  constructor(override readonly r: NestedRequest) {
    super(r);
    this.wanted = r.spec.wanted.map((k) => r.entry.params[k]);
  }

  run(): Derived {
    return this.r.spec.mode === 'forward' ? this.forward() : this.reverse();
  }

  // ------------------------------------------------------------------ forward mode

  private forward(): Derived {
    const { r } = this;
    const { values } = r.module;
    const twinner = new Twinner(r.module, {
      mode: 'tangent',
      activity: r.activity,
      late: () => false,
      growable: () => true,
      rename: (key) => this.keys.of(key, 'tangent'),
      constantOf: r.facts.constantOf,
      idle: idleCalls(r),
      nested: true,
    });
    const extraParams = r.given.map((type, k) =>
      values.fresh({ type, name: `${values.get(this.wanted[k]).name ?? 'x'}Dot` }),
    );
    const given = new Map(this.wanted.map((p, k) => [p, extraParams[k]]));
    const entry = twinner.func(r.entry, {
      parameter: (b, p) => this.tangent(b, p, given.get(p), twinner.twinType(p)),
      prologue: (b) => this.entryChecks(b),
    });
    const { end } = entry.body;
    const value = resultOf(entry);
    const b = new Builder(values, r.facts.constantOf);
    b.ops = [...entry.body.ops];
    const args =
      end.kind === 'yield' && value !== undefined ? [value, this.resultTangent(b, value, end.args[1])] : [];
    const body = { ...entry.body, ops: b.ops, end: { kind: 'yield' as const, args } };
    const touched = this.reachable.filter((f) => twinner.touches(f));
    const funcs = [...this.plain(), ...touched.map((f) => twinner.func(f))];
    return {
      entry: { ...entry, params: [...r.entry.params, ...extraParams], body },
      pairs: [],
      funcs: [...funcs, ...this.ofRules],
      extraParams,
      withoutInfluence: [],
    };
  }

  /** The tangent of a parameter: what the caller gives, in the structure of the primal. */
  private tangent(b: Builder, p: ValueId, given: ValueId | undefined, type: Type): ValueId {
    if (isLeaf(this.typeOf(p))) {
      if (given === undefined || !isLeaf(this.typeOf(given))) return b.num(0);
      return this.typeOf(given).kind === 'maybe' ? b.scalar('orZero', given) : given;
    }
    const twin = this.zeroShadow(b, p, true, type);
    if (given !== undefined) this.copyIfPresent(b, twin, given, 'set');
    return twin;
  }
  private copyIfPresent(b: Builder, to: ValueId, from: ValueId, how: How): void {
    const copy = () => copyLeaves(b, b.present(to), b.present(from), how);
    const optional = [to, from].filter((v) => b.values.type(v).kind === 'maybe');
    if (optional.length === 0) return copy();
    const tests = optional.map((v) => b.scalar('not', b.scalar('isNullish', v)));
    b.when(
      tests.reduce((x, y) => b.scalar('and', x, y)),
      copy,
    );
  }
  private resultTangent(b: Builder, value: ValueId, twin: ValueId | undefined): ValueId {
    const type = this.typeOf(value);
    if (!isRef(type)) return twin ?? b.num(0);
    const gradient = this.zeros(b, value);
    if (twin !== undefined) this.copyIfPresent(b, gradient, twin, 'move');
    return gradient;
  }

  /** Zeros in the structure of a value, as a gradient. */
  private zeros(b: Builder, v: ValueId): ValueId {
    return b.runtime(
      'zeroGradient',
      [v],
      [schemaText(this.typeOf(v))],
      'fresh',
      gradientType(this.typeOf(v)),
    );
  }

  // ------------------------------------------------------------------ reverse mode

  private reverse(): Derived {
    const { r } = this;
    const { values } = r.module;
    const calleeParams = new Set(this.reachable.flatMap((f) => f.params));
    const late = (ref: ValueId) => r.facts.late(ref) && !calleeParams.has(ref);
    const halved = this.halved();
    const renamed = new Set(halved.map((f) => f.key));
    const twinner = new Twinner(r.module, {
      mode: 'structure',
      activity: r.activity,
      late,
      growable: r.facts.growable,
      rename: (key) => (renamed.has(key) ? this.keys.of(key, 'forward') : key),
      forwards: (key) => renamed.has(key),
      constantOf: r.facts.constantOf,
      idle: idleCalls(r),
      nested: true,
    });
    const kept = new Map<ValueId, Kept>();
    const lengths = new Map<ValueId, ValueId>();
    const twinned = twinner.func(r.entry, {
      parameter: (b, p) => this.zeroShadow(b, p, r.facts.growable(p), twinner.twinType(p)),
      prologue: (b) => this.entryChecks(b),
      epilogueOfEntry: (b) => this.keepStructure(b, twinner, late, kept, lengths),
    });
    const reverseOf = this.pairOf(halved);
    const makeReverse = (path: PathInfo) =>
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
        // a cotangent that is zero at a point need not have a derivative of zero there
        guards: false,
        checks: undefined,
        nested: true,
      });
    const { func, path } = instrument(twinned, values, undefined, true);
    const rev = makeReverse(path);
    const { b } = rev;
    const extraParams = r.given.map((type) => values.fresh({ type, name: 'cotangent' }));
    for (const p of r.entry.params)
      if (isRef(this.typeOf(p)) && late(p) && r.activity.activeRef(p))
        rev.shadows.set(p, this.lateShadow(b, p, lengths.get(p)));
    const value = resultOf(func);
    const yields = func.body.end.kind === 'yield' ? func.body.end.args : [];
    const seed = this.seed(rev, value, extraParams[0]);
    rev.region(
      func.body,
      yields.map((_, k) => (k === 0 ? seed : undefined)),
      { code: undefined, seeds: new Map() },
    );
    b.span = undefined;
    const gradients = this.wanted.map((p) => this.gradient(rev, p, kept.get(p)));
    const entry: Unrecorded = {
      forward: func,
      reverse: b.ops,
      reverseEnd: value === undefined ? gradients : [value, ...gradients],
      reverseParams: [],
      mirror: rev.mirror,
      ivs: rev.ivs,
      guarded: rev.guarded,
      path,
      checks: undefined,
      named: rev.named,
      known: twinner.assertions.known,
      split: undefined,
    };
    const pairs = halved.map((f) =>
      this.pair(f, twinner, makeReverse, reverseOf(this.keys.of(f.key, 'forward'))!),
    );
    const funcs = [...this.plain(), ...this.ofRules];
    return { entry, pairs, funcs, extraParams, withoutInfluence: [] };
  }

  /** The cotangent of a number that is returned; that of an object is added into its shadow. */
  private seed(rev: Reverse, value: ValueId | undefined, given: ValueId | undefined): ValueId | undefined {
    if (value === undefined) return undefined;
    if (isLeaf(this.typeOf(value))) {
      if (given === undefined) return rev.b.num(1);
      return isLeaf(this.typeOf(given)) ? rev.b.scalar('orZero', given) : undefined;
    }
    const shadow = rev.shadow(value);
    if (shadow !== undefined && given !== undefined) this.copyIfPresent(rev.b, shadow, given, 'add');
    return undefined;
  }

  /** Where the structure of an argument may change, its gradient is laid out at entry. */
  private keepStructure(
    b: Builder,
    twinner: Twinner,
    late: (ref: ValueId) => boolean,
    kept: Map<ValueId, Kept>,
    lengths: Map<ValueId, ValueId>,
  ): void {
    for (const p of this.r.entry.params) {
      if (!isRef(this.typeOf(p))) continue;
      if (this.wanted.includes(p) && this.structureChanges(p)) {
        const twin = twinner.twins.get(p);
        kept.set(p, {
          gradient: this.zeros(b, p),
          shadow: twin === undefined ? undefined : frameOf(b, twin),
        });
      }
      if (late(p) && refType(this.typeOf(p))?.kind === 'array') lengths.set(p, b.length(p));
    }
  }
  /** The gradient of one argument, in its own structure. */
  private gradient(rev: Reverse, p: ValueId, kept: Kept | undefined): ValueId {
    const { b } = rev;
    const type = this.typeOf(p);
    if (isLeaf(type)) {
      const c = rev.orZero(p);
      return type.kind === 'maybe' ? this.ifPresent(b, p, c) : c;
    }
    const shadow = kept ? kept.shadow : rev.shadow(p);
    const own = shadowType(type, { growable: this.r.facts.growable(p), nested: true });
    const isGradient =
      !kept &&
      !holdsOptional(type) &&
      sameType(own, gradientType(type)) &&
      (!this.r.spec.ordered || isOrdered(type));
    if (isGradient && shadow !== undefined) return shadow;
    const gradient = kept ? kept.gradient : this.zeros(b, p);
    if (shadow !== undefined) this.copyIfPresent(b, gradient, shadow, 'move');
    return gradient;
  }
  private ifPresent(b: Builder, p: ValueId, gradient: ValueId): ValueId {
    const missing = b.scalar('isNullish', p);
    const result = b.values.fresh({ type: { kind: 'maybe', of: NUMBER } });
    const arm = (make: () => ValueId) => b.region([], () => ({ kind: 'yield', args: [make()] }));
    b.emit({
      kind: 'if',
      cond: missing,
      then: arm(() => b.undefined()),
      else: arm(() => gradient),
      results: [result],
    });
    return result;
  }
}
