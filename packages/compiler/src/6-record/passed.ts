/**
 * **Question**: which parameters of a called function does its reverse half get from its caller, so that it need not record them?
 * **Answer**: those that it needs, and that every caller has in hand in its own reverse sweep without recording: constants, induction
 * variables, values at the root of the entry, parameters that are passed on in turn, and cheap arithmetic on those.
 * **Method**: the largest such set, cut down to the least that is needed.
 */
import type { Unrecorded } from '../5-differentiate/derivation.js';
import type { Op, Region, ValueId } from '../ir/nodes.js';
import { argsOf, opArgs, opRegions, walkOps } from '../ir/visit.js';
import { scalarRule } from '../rules/scalar.js';
import { MISSING_MATTERS } from './record.js';

/** Parameters of forward halves that are passed to reverse halves, by position, for the key of the reverse half. */
export type Passed = (reverseKey: string) => readonly number[];

interface Call {
  readonly callee: string;
  /** What the forward half was called with. */
  readonly args: readonly ValueId[];
}

/** Dearer arithmetic is not done again. */
const CHEAP = 3;

export function passedParameters(pairs: readonly Unrecorded[]): Passed {
  const sweeps = pairs.map((u) => new Sweep(u));
  const keys = new Set(sweeps.flatMap(({ calls }) => calls.map((c) => c.callee)));
  const atHand = new Map<string, Set<number>>();
  for (const { u } of sweeps)
    if (u.split && keys.has(u.split.key)) atHand.set(u.split.key, new Set(u.forward.params.keys()));
  repeat(() =>
    sweeps.some((s) => {
      const own = s.u.split && atHand.get(s.u.split.key);
      return s.calls.some(({ callee, args }) => {
        const there = atHand.get(callee);
        const missing = [...(there ?? [])].filter((k) => !s.isAtHand(args[k], own));
        for (const k of missing) there?.delete(k);
        return missing.length > 0;
      });
    }),
  );
  const needed = new Map<string, Set<number>>([...atHand.keys()].map((key) => [key, new Set<number>()]));
  repeat(() =>
    sweeps.some((s) => {
      for (const { callee, args } of s.calls)
        for (const k of needed.get(callee) ?? []) if (atHand.get(callee)?.has(k)) s.need(args[k]);
      const own = s.u.split && needed.get(s.u.split.key);
      const before = own?.size;
      s.u.forward.params.forEach((p, k) => {
        if (s.needed.has(p)) own?.add(k);
      });
      return own?.size !== before;
    }),
  );
  return (key) => [...(atHand.get(key) ?? [])].filter((k) => needed.get(key)?.has(k));
}

function repeat(changes: () => boolean): void {
  while (changes());
}

/** What is known of a pair of sweeps. */
class Sweep {
  readonly calls: readonly Call[];
  /** Forward values that the reverse sweep needs, and what they are computed from. */
  readonly needed = new Set<ValueId>();
  private readonly definitions = new Map<ValueId, Op>();
  private readonly params: ReadonlyMap<ValueId, number>;
  private readonly ivs = new Set<ValueId>();
  private readonly rootOps: ReadonlySet<Op>;

  constructor(readonly u: Unrecorded) {
    const calls: Call[] = [];
    walkOps({ params: [], ops: u.reverse, end: { kind: 'yield', args: [] } }, (op) => {
      if (op.kind === 'call' && op.mirrored) calls.push({ callee: op.callee, args: op.mirrored.args });
    });
    this.calls = calls;
    this.params = new Map(u.forward.params.map((p, k) => [p, k]));
    this.rootOps = new Set(u.forward.body.ops);
    walkOps(u.forward.body, (op) => {
      for (const v of op.results) this.definitions.set(v, op);
      if (op.kind === 'loop') this.ivs.add(op.body.params[0]);
    });
    for (const op of u.reverse) this.needIn(op);
    for (const v of u.reverseEnd) this.need(v);
  }

  /** Whether the reverse sweep has a value without recording it; `passed`: the parameters that it is given. */
  isAtHand(v: ValueId, passed: ReadonlySet<number> | undefined): boolean {
    const param = this.params.get(v);
    if (param !== undefined) return !this.u.split || passed?.has(param) === true;
    if (this.ivs.has(v)) return true;
    const op = this.definitions.get(v);
    if (!op) return false;
    if (op.kind === 'const') return op.poison !== true;
    if (!this.u.split && this.rootOps.has(op)) return true;
    if (op.kind !== 'scalar' || MISSING_MATTERS.has(op.fn) || scalarRule(op.fn).cost > CHEAP) return false;
    return op.args.every((a) => this.isAtHand(a, passed));
  }

  need(value: ValueId): void {
    const open = [value];
    for (let v = open.pop(); v !== undefined; v = open.pop()) {
      if (this.needed.has(v)) continue;
      this.needed.add(v);
      const op = this.definitions.get(v);
      if (op && ['scalar', 'load', 'length', 'if'].includes(op.kind)) open.push(...argsOf(op));
    }
  }
  private needIn(op: Op): void {
    for (const a of opArgs(op)) this.need(a);
    for (const r of opRegions(op)) this.needInRegion(r);
  }
  private needInRegion(r: Region): void {
    for (const op of r.ops) this.needIn(op);
    if (r.end.kind !== 'throw') for (const a of r.end.args) this.need(a);
  }
}
