/**
 * **Question**: which loops can run their adjoint in the same trips? **Needs**: the two sweeps of a function, before it is
 * decided what is recorded. **Guarantees**: each fused loop has a certificate to which `certificate.ts` has no objection.
 * **Method**: Griewank, Walther 2008, section 8 (loops with independent trips); Hascoët, Fidanova, Held 2001. The seed of such a loop
 * is known before it begins, so that the reverse of a trip can follow the trip at once: one loop in the place of two, and
 * what the reverse needs are locals. Loops inside are fused in turn; what is left of them is recorded for one trip. Calls whose
 * cotangents are known run both halves at once in the same way (`halves.ts`).
 */
import type { Memory } from '../3-simplify/memory.js';
import { carrying } from '../ir/carry.js';
import {
  type CallOp,
  type Func,
  type LabelId,
  type LoopOp,
  type Module,
  NUMBER,
  type Op,
  type Region,
  type ValueId,
} from '../ir/nodes.js';
import { refType } from '../ir/types.js';
import { endArgs, freeValues, opRegions, walkOps } from '../ir/visit.js';
import { isSum, isUnchanged } from './carried.js';
import {
  type CarriedRole,
  type Certificate,
  type FusedLoop,
  type LoopReport,
  objectionTo,
  objectionToOrder,
  objectionToTrips,
  roleIn,
  type Scene,
  type SlotRole,
} from './certificate.js';
import type { Definitions } from './drains.js';
import { type CallReport, callsOf, certifyCall, type Halves } from './halves.js';
import { opAt, opsBefore, opsBehind, type Path, pathTo } from './paths.js';
import type { Plan } from './record.js';
import { type Root, renamed, Surroundings } from './surroundings.js';
import { classesOutside, insideOf, referencesIn, regionOf, type Touch, Touches } from './touches.js';

export interface FuseInput {
  readonly module: Module;
  /** All functions, with both sweeps in each. */
  readonly funcs: readonly Func[];
  /** Of all of them. */
  readonly memory: Memory;
  readonly bodyOf: (key: string) => Region | undefined;
  /** Forward loop -> reverse loop. */
  readonly mirror: ReadonlyMap<LabelId, LabelId>;
  /** Reverse loops that are skipped where nothing comes to them. */
  readonly guarded: ReadonlySet<LabelId>;
  readonly halves: Halves;
  /** Forward halves that are called at once with the other in trips only. */
  readonly apartOnly: ReadonlySet<string>;
  /** Joins the sweeps of one trip; `ivs`: of the fused loops around it, which have no reverse loop of their own. */
  readonly join: (
    trip: Root,
    ivs: ReadonlySet<ValueId>,
  ) => { readonly ops: readonly Op[]; readonly end: readonly ValueId[]; readonly plan: Plan };
}

const NOT_AROUND = { kind: 'apart', reason: 'the loop around it is not fused' } as const;

export class Fuser {
  readonly reports: LoopReport[] = [];
  readonly calls: CallReport[] = [];
  /** What the trips of fused loops store and recompute. */
  readonly trips: Plan[] = [];
  private readonly touches: Touches;
  private readonly definitions = new Map<ValueId, Op>();
  private readonly forwardOf = new Map<LabelId, LoopOp>();
  private readonly ivs = new Set<ValueId>();

  constructor(private readonly input: FuseInput) {
    const { module, memory, bodyOf } = input;
    this.touches = new Touches(module.values, memory, bodyOf);
  }

  /** Fuses what can be fused of the loops of a root, the outermost first, and then of its calls. */
  run(root: Root): Root {
    this.note(root.forward.ops);
    this.note(root.reverse);
    return this.atOnce(this.loops(root), this.input.apartOnly);
  }

  private note(ops: readonly Op[]): void {
    const loops = new Map<LabelId, LoopOp>();
    walkOps(regionOf(ops), (op) => {
      for (const v of [...op.results, ...opRegions(op).flatMap((r) => r.params)]) this.definitions.set(v, op);
      if (op.kind === 'loop') loops.set(op.label, op);
    });
    for (const [forward, reverse] of this.input.mirror) {
      const loop = loops.get(forward);
      if (loop) this.forwardOf.set(reverse, loop);
    }
  }

  private loops(given: Root): Root {
    let root = given;
    for (const loop of loopsOf(given.forward)) {
      const reverse = this.input.mirror.get(loop.label);
      const at = pathTo(root.forward, (op) => isLoop(op, loop.label));
      const mirrored = pathTo(regionOf(root.reverse), (op) => isLoop(op, reverse));
      if (!at || !mirrored) continue;
      const tried = this.attempt(root, at, mirrored);
      const { label, span } = loop;
      if (typeof tried === 'string') {
        this.reports.push({ label, span, outcome: { kind: 'apart', reason: tried } });
        this.inside(loop);
      } else {
        this.reports.push({ label, span, outcome: tried.outcome });
        root = tried.root;
        // what reads the results of the reverse loop has got other operands
        this.note(root.reverse);
      }
    }
    return root;
  }
  /** Loops in one that is not fused. */
  private inside(loop: LoopOp): void {
    walkOps(loop.body, (op) => {
      if (op.kind === 'loop' && this.input.mirror.has(op.label))
        this.reports.push({ label: op.label, span: op.span, outcome: NOT_AROUND });
    });
  }

  /** The sweeps with the loop fused, or why it is not. */
  private attempt(root: Root, at: Path, mirrored: Path): { outcome: FusedLoop; root: Root } | string {
    const loop = opAt(at) as LoopOp;
    const reversed = opAt(mirrored) as LoopOp;
    if (this.input.guarded.has(reversed.label)) return 'its reverse is skipped where nothing comes to it';
    const { module, memory } = this.input;
    const places = new Surroundings(module.values, memory, this.definitions, root, at, mirrored);
    const seeds = reversed.inits.map((v) => places.hoist(v));
    const scene: Scene = {
      loop,
      reversed,
      after: opsBehind(at),
      before: opsBefore(mirrored),
      known: seeds.map((v) => v !== undefined),
      touches: this.touches,
      isOutside: this.outside([loop.body.ops, reversed.body.ops]),
      definitions: this.known(),
      isPlain: this.input.halves.isPlain,
      nameOf: (v) => this.input.module.values.get(v).name,
    };
    const { certificate, objection } = certify(scene);
    if (objection !== undefined) return objection;
    const shared = places.hoistAll(freeValues(reversed.body), insideOf(loop));
    if (typeof shared === 'string') return shared;
    const outcome: FusedLoop = {
      kind: 'fused',
      certificate,
      objectionTo: (claims) => objectionTo(claims, scene),
      label: (slot) => this.touches.label(slot),
    };
    const fused = this.fuse(scene, certificate, places, seeds, shared);
    return typeof fused === 'string' ? fused : { outcome, root: fused };
  }

  private known(): Definitions {
    const { values } = this.input.module;
    const inside = new Map<LoopOp, ReadonlySet<ValueId>>();
    return {
      of: (v) => this.definitions.get(v),
      forwardOf: (label) => this.forwardOf.get(label),
      isFloat64: (ref) => {
        const type = refType(values.type(ref));
        return type?.kind === 'array' && type.storage === 'f64';
      },
      isInside: (v, loop) => {
        if (!inside.has(loop)) inside.set(loop, insideOf(loop));
        return inside.get(loop)!.has(v);
      },
    };
  }

  private references: ReadonlySet<ValueId> | undefined;
  /** Which slots something outside of a trip can reach. */
  private outside(parts: readonly (readonly Op[])[]): (slot: string) => boolean {
    const { funcs, memory, module } = this.input;
    this.references ??= referencesIn(funcs, module.values);
    const { references } = this;
    const inside = new Set(parts.flatMap((ops) => [...this.touches.madeBy(ops)]));
    let slots: Set<string> | undefined;
    const find = (): Set<string> => {
      const found = new Set<string>();
      for (const c of classesOutside(references, inside, memory))
        for (const key of c.touched) found.add(this.touches.slot(c, key));
      return found;
    };
    return (slot) => (slots ??= find()).has(slot);
  }

  // ------------------------------------------------------------------ the fused loop

  private fuse(
    { loop, reversed }: Scene,
    { carried }: Certificate,
    places: Surroundings,
    seeds: readonly (ValueId | undefined)[],
    shared: ReadonlyMap<ValueId, ValueId>,
  ): Root | string {
    const { values } = this.input.module;
    const [iv, ...params] = reversed.body.params;
    const sums = carried.flatMap((role, k) => (role === 'sum' ? [k] : []));
    const names = new Map<ValueId, ValueId>([...shared, [iv, loop.body.params[0]]]);
    carried.forEach((role, k) => {
      if (role === 'seed') names.set(params[k], seeds[k]!);
    });
    const trip = renamed(
      { ...reversed.body, end: { kind: 'yield', args: pick(endArgs(reversed.body.end), sums) } },
      names,
    );
    this.note(places.ops);
    this.note(trip.ops);
    const told = [this.reports, this.calls, this.trips];
    const before = told.map((list) => list.length);
    this.ivs.add(loop.body.params[0]);
    const trips = { forward: loop.body, reverse: trip.ops, reverseEnd: endArgs(trip.end) };
    const inner = this.atOnce(this.loops(trips), new Set());
    const left = reverseCallIn(inner.reverse);
    if (left) {
      const why = this.calls.find((c) => c.callee === left.callee)?.outcome;
      told.forEach((list, k) => {
        list.length = before[k];
      });
      this.note([loop, reversed]);
      return why?.kind === 'apart'
        ? `its reverse calls a function: ${why.reason}`
        : 'its reverse calls a function';
    }
    const { ops, end, plan } = this.input.join(inner, this.ivs);
    this.trips.push(plan);

    const zero = values.fresh({ type: NUMBER });
    const totals = sums.map((k) => values.like(reversed.results[k]));
    const added = { inits: sums.map(() => zero), params: pick(params, sums), next: end, results: totals };
    const fused = carrying(loop, added, ops);
    const zeros: Op[] = sums.length > 0 ? [{ kind: 'const', value: 0, results: [zero] }] : [];
    this.note([...zeros, fused]);
    // what comes from behind the loop is added where the reverse loop stood
    const sumsFromBehind: Op[] = [];
    const kept = new Map<ValueId, ValueId>();
    carried.forEach((role, k) => {
      const [result, first] = [reversed.results[k], reversed.inits[k]];
      const total = totals[sums.indexOf(k)];
      if (role === 'seed') kept.set(result, first);
      else if (this.isZero(first)) kept.set(result, total);
      else sumsFromBehind.push({ kind: 'scalar', fn: 'add', args: [first, total], results: [result] });
    });
    return places.put([...zeros, fused], sumsFromBehind, kept);
  }

  // ------------------------------------------------------------------ calls

  /** The sweeps with both halves called at once where that may be. */
  private atOnce(given: Root, except: ReadonlySet<string>): Root {
    const { halves } = this.input;
    let root = given;
    for (const call of callsOf(given.forward)) {
      const all = reverseCallsIn(root.reverse).filter((r) => halves.belongs(r, call));
      if (all.length === 0) continue;
      const [reversed] = all;
      const { callee } = reversed;
      const { span } = call;
      const { of } = halves.named(callee)!.split!;
      const done =
        all.length > 1
          ? 'it is called with the same arguments again'
          : this.callAtOnce(root, call, reversed, except);
      if (typeof done === 'string')
        this.calls.push({ callee, of, span, outcome: { kind: 'apart', reason: done } });
      else root = done;
    }
    return root;
  }

  private callAtOnce(root: Root, call: CallOp, reversed: CallOp, except: ReadonlySet<string>): Root | string {
    const { module, memory, halves, bodyOf } = this.input;
    const at = pathTo(root.forward, (op) => op === call);
    const mirrored = pathTo(regionOf(root.reverse), (op) => op === reversed);
    if (!at || !mirrored) return 'its reverse is run in a loop';
    const places = new Surroundings(module.values, memory, this.definitions, root, at, mirrored);
    const seeds = places.hoistAll(reversed.args, new Set());
    if (typeof seeds === 'string') return 'what comes to it is not known before the call';
    const outcome = certifyCall({
      reversed,
      after: opsBehind(at),
      before: opsBefore(mirrored),
      touches: this.touches,
      isOutside: this.outside([call, reversed].map((c) => bodyOf(c.callee)?.ops ?? [])),
      isPlain: halves.isPlain,
    });
    if (typeof outcome === 'string') return outcome;
    if (except.has(call.callee)) return 'other calls of it cannot';
    const { callee, span } = reversed;
    const { of, atOnce } = halves.named(callee)!.split!;
    this.calls.push({ callee, of, span, outcome });
    const both: CallOp = {
      ...call,
      callee: atOnce,
      args: [...call.args, ...reversed.args.map((v) => seeds.get(v) ?? v)],
      results: [...call.results, ...reversed.results],
    };
    this.note([...places.ops, both]);
    return places.put([both], [], new Map());
  }

  private isZero(v: ValueId): boolean {
    const op = this.definitions.get(v);
    return op?.kind === 'const' && op.value === 0;
  }
}

/** What each cotangent and each slot seems to be, and what is wrong with that. */
function certify(scene: Scene): { certificate: Certificate; objection: string | undefined } {
  const { loop, reversed, touches } = scene;
  const { body } = reversed;
  const carried = body.params.slice(1).map((p, k): CarriedRole => {
    return isUnchanged(body, p, k) && (scene.known[k] || !isSum(body, p, k)) ? 'seed' : 'sum';
  });
  const claims = { loop: loop.label, carried, slots: new Map() };
  const objection = objectionToTrips(claims, scene);
  if (objection !== undefined) return { certificate: claims, objection };
  const slots = [...touches.of(body.ops)].map(([slot, done]) => [slot, roleOf(slot, done, scene)] as const);
  const certificate: Certificate = { ...claims, slots: new Map(slots) };
  return { certificate, objection: objectionTo(certificate, scene) };
}
function roleOf(slot: string, done: ReadonlySet<Touch>, scene: Scene): SlotRole {
  const role = roleIn(slot, done, scene);
  if (role) return role;
  return objectionToOrder('own', slot, scene) === undefined ? 'own' : 'drained';
}

const isLoop = (op: Op, label: LabelId | undefined): boolean => op.kind === 'loop' && op.label === label;

/** Calls of reverse halves, in all regions. */
function reverseCallsIn(ops: readonly Op[]): CallOp[] {
  const found: CallOp[] = [];
  walkOps(regionOf(ops), (op) => void (op.kind === 'call' && op.mirrored && found.push(op)));
  return found;
}
const reverseCallIn = (ops: readonly Op[]): CallOp | undefined => reverseCallsIn(ops)[0];

/** The loops of a region that stand in no other loop, in the order of the text. */
function loopsOf(region: Region): LoopOp[] {
  return region.ops.flatMap((op) => (op.kind === 'loop' ? [op] : opRegions(op).flatMap(loopsOf)));
}

const pick = <T>(list: readonly T[], which: readonly number[]): T[] => which.map((k) => list[k]);
