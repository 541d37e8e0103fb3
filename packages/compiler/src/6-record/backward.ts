/**
 * Rewrites the reverse sweep for a plan: each trip pops its record first; values to recompute are computed in the innermost
 * region around their uses that is in no deeper loop than they were (so that a branch that was not run computes nothing).
 */
import { assertion } from '../ir/assertion.js';
import { Cloner } from '../ir/clone.js';
import type { LabelId, Op, Region, SlotTag, ValueId, ValueTable } from '../ir/nodes.js';
import { argsOf, endArgs, mapEnd, mapOp, opArgs, opRegions } from '../ir/visit.js';
import type { Home, Places } from './places.js';
import type { Plan } from './record.js';
import type { Running, RunningIndices } from './running.js';

/** A region of the reverse sweep, in the tree of regions. */
interface Node {
  readonly parent: Node | undefined;
  readonly depth: number;
  /** The body of a reverse loop: its label. */
  readonly loop: LabelId | undefined;
  readonly adds: ValueId[];
}

export interface BackwardInput {
  readonly values: ValueTable;
  readonly plan: Plan;
  readonly places: Places;
  readonly running: RunningIndices;
  readonly mirror: ReadonlyMap<LabelId, LabelId>;
  readonly ivs: ReadonlyMap<ValueId, ValueId>;
  /** Reverse loops under a test whether anything comes to them. */
  readonly guarded: ReadonlySet<LabelId>;
  readonly names: (v: ValueId) => ValueId | undefined;
  readonly tape: number;
  readonly name: string;
  readonly split: boolean;
  /** Forward parameters that the reverse half is given too, and the names that they have there. */
  readonly passed: ReadonlyMap<ValueId, ValueId>;
  /** Compare each recomputed value with a stored one (check mode). */
  readonly check: boolean;
  /** Check mode: what each record holds. */
  readonly tags?: ReadonlyMap<Home, readonly SlotTag[]> | undefined;
}

export class BackwardRewriter {
  private readonly map = new Map<ValueId, ValueId>();
  private readonly nodes = new Map<Region | 'root', Node>();
  private readonly homes = new Map<LabelId, Home>();

  constructor(readonly input: BackwardInput) {
    for (const [forward, reverse] of input.mirror) this.homes.set(reverse, forward);
    for (const [forward, reverse] of input.ivs) this.map.set(forward, reverse);
    for (const [forward, reverse] of input.passed) this.map.set(forward, reverse);
    for (const v of input.plan.promoted) {
      const name = input.names(v);
      if (name !== undefined) this.map.set(v, name);
    }
  }

  run(ops: readonly Op[], end: readonly ValueId[]): { ops: Op[]; end: ValueId[] } {
    const root: Node = { parent: undefined, depth: 0, loop: undefined, adds: [] };
    this.nodes.set('root', root);
    const uses = new Map<ValueId, Node>();
    const note = (v: ValueId, at: Node) => {
      const before = uses.get(v);
      uses.set(v, before ? common(before, at) : at);
    };
    const scan = (list: readonly Op[], at: Node): void => {
      for (const op of list) {
        for (const a of opArgs(op)) note(a, at);
        for (const r of opRegions(op)) {
          const inner: Node = {
            parent: at,
            depth: at.depth + 1,
            loop: op.kind === 'loop' ? op.label : undefined,
            adds: [],
          };
          this.nodes.set(r, inner);
          scan(r.ops, inner);
          for (const a of endArgs(r.end)) note(a, inner);
        }
      }
    };
    scan(ops, root);
    for (const v of end) note(v, root);
    this.placeRecomputed(uses, note);
    const out = [...this.constants(uses), ...this.start(root, 'root')];
    for (const op of ops) out.push(...this.op(op));
    return { ops: out, end: end.map(this.value) };
  }

  /** Constants of the forward sweep that are out of sight here. */
  private constants(uses: ReadonlyMap<ValueId, Node>): Op[] {
    const out: Op[] = [];
    for (const v of uses.keys()) {
      const d = this.input.places.definitions.get(v);
      if (d?.op?.kind !== 'const' || (d.home === 'root' && d.topLevel && !this.input.split)) continue;
      const copy = this.input.values.like(v);
      this.map.set(v, copy);
      out.push({ ...d.op, results: [copy] });
    }
    return out;
  }

  private readonly value = (v: ValueId): ValueId => this.map.get(v) ?? v;

  /** Later definitions first: where a value is computed counts as a use of what it reads. */
  private placeRecomputed(uses: Map<ValueId, Node>, note: (v: ValueId, at: Node) => void): void {
    const { definitions } = this.input.places;
    const order = [...this.input.plan.recomputed].sort(
      (a, b) => definitions.get(b)!.order - definitions.get(a)!.order || b - a,
    );
    const done = new Set<Op>();
    for (const v of order) {
      const at = uses.get(v);
      const d = definitions.get(v)!;
      if (!at || !d.op) continue;
      const op = this.opOf(v);
      let place = at;
      if (op.kind === 'if') for (const r of op.results) if (uses.has(r)) place = common(place, uses.get(r)!);
      const target = this.outOfInnerLoops(place, d.home);
      const running = this.runningOf(v);
      // an operation has several results, but one place
      if (running || !done.has(op)) target.adds.push(v);
      if (!running) done.add(op);
      for (const a of running ? this.input.running.args(running) : argsOf(op)) note(a, target);
    }
  }
  /** What gives a value again. */
  private opOf(v: ValueId): Op {
    return this.input.plan.read.get(v) ?? this.input.places.definitions.get(v)!.op!;
  }
  private runningOf(v: ValueId): Running | undefined {
    return this.input.plan.read.has(v) ? undefined : this.input.running.of(v);
  }
  private outOfInnerLoops(at: Node, home: Home): Node {
    let result = at;
    for (let n: Node | undefined = at; n; n = n.parent) {
      if (n.loop === undefined) continue;
      if (this.homes.get(n.loop) === home) break;
      if (n.parent) result = n.parent;
    }
    return result;
  }

  /** What stands at the start of a region: its record, then what is computed again here. */
  private start(node: Node, home: Home | undefined): Op[] {
    const out: Op[] = [];
    const { plan, values, tape } = this.input;
    const record =
      home === undefined || (home === 'root' && !this.input.split) ? undefined : plan.records.get(home);
    if (record && record.length > 0) {
      const results = record.map((v) => {
        const copy = values.like(v);
        this.map.set(v, copy);
        return copy;
      });
      const tags = home === undefined ? undefined : this.input.tags?.get(home);
      const pair = `${this.input.name}:${home}`;
      out.push({ kind: 'restore', tape, pair, ...(tags && { tags }), results });
    }
    const { definitions } = this.input.places;
    const adds = [...node.adds].sort(
      (a, b) => definitions.get(a)!.order - definitions.get(b)!.order || a - b,
    );
    for (const v of adds) out.push(...this.recompute(v));
    return out;
  }
  private recompute(v: ValueId): Op[] {
    if (this.runningOf(v)) return this.advance(v);
    const op = this.opOf(v);
    const cloner = new Cloner(this.input.values, new Map(argsOf(op).map((a) => [a, this.value(a)])));
    const stored = op.results.map((r) => this.map.get(r));
    const copy = cloner.op(op);
    const out: Op[] = [copy];
    op.results.forEach((r, k) => {
      const again = copy.results[k];
      if (this.input.check && stored[k] !== undefined)
        out.push(assertion('checkSame', [again, stored[k]!], [this.nameOf(r)], op.span));
      this.map.set(r, again);
    });
    return out;
  }

  private advance(v: ValueId): Op[] {
    const { ops, result } = this.input.running.again(v, this.value);
    const stored = this.map.get(v);
    if (this.input.check && stored !== undefined)
      ops.push(assertion('checkSame', [result, stored], [this.nameOf(v)], this.input.values.get(v).span));
    this.map.set(v, result);
    return ops;
  }

  private nameOf(v: ValueId): string {
    const { name } = this.input.values.get(v);
    return JSON.stringify(name === undefined ? 'a value' : `\`${name}\``);
  }

  private op(op: Op): Op[] {
    const mapped = mapOp(op, { value: this.value, region: (r) => this.region(r, op) });
    if (mapped.kind !== 'if' || !this.popsUnderGuard(op)) return [mapped];
    // each trip pops its record, whatever comes to it: the loop stays as it was
    const always = this.input.values.like(mapped.cond);
    return [
      { kind: 'const', value: true, results: [always] },
      { ...mapped, cond: always },
    ];
  }
  /** Whether an operation is the test of a reverse loop that pops records. */
  private popsUnderGuard(op: Op): boolean {
    if (op.kind !== 'if') return false;
    const loop = op.then.ops.find((o) => o.kind === 'loop' && this.input.guarded.has(o.label));
    return loop !== undefined && this.pops(loop);
  }
  private pops(op: Op): boolean {
    const home = op.kind === 'loop' ? this.homes.get(op.label) : undefined;
    const record = home === undefined ? undefined : this.input.plan.records.get(home);
    return (record?.length ?? 0) > 0 || opRegions(op).some((r) => r.ops.some((o) => this.pops(o)));
  }
  private region(r: Region, op: Op): Region {
    const node = this.nodes.get(r)!;
    const home = op.kind === 'loop' ? this.homes.get(op.label) : undefined;
    const out = this.start(node, home);
    for (const o of r.ops) out.push(...this.op(o));
    return { params: r.params, ops: out, end: mapEnd(r.end, this.value) };
  }
}

function common(a: Node, b: Node): Node {
  let x = a;
  let y = b;
  while (x.depth > y.depth) x = x.parent!;
  while (y.depth > x.depth) y = y.parent!;
  while (x !== y) {
    x = x.parent!;
    y = y.parent!;
  }
  return x;
}
