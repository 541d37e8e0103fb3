/**
 * The adjoint of a fixed point `x = step(x, theta)`, by the implicit-function theorem (Christianson 1994): the cotangent of the solution is
 * sent through one step at the solution, again and again, until nothing of it is left. Each round adds to the cotangents of what the
 * step reads; the sum is the solution of the adjoint equation. The initial guess gets nothing.
 */
import { BOOLEAN, BOUNDS, type Func, NUMBER, OPAQUE, type ValueId, type ValueTable } from '../ir/nodes.js';
import { schemaText } from '../ir/schema.js';
import { isLeaf } from '../ir/types.js';
import { Builder } from './builder.js';
import {
  type Again,
  type CheckpointRequest,
  followStructure,
  known,
  named,
  recordAndReverse,
  type Steps,
} from './checkpoints.js';
import type { ReversePair } from './reverse-state.js';
import { forever, leaveIf, whole } from './steps.js';

export class FixedPoints {
  private readonly values: ValueTable;

  constructor(
    readonly r: CheckpointRequest,
    readonly add: (f: Func) => void,
  ) {
    this.values = r.module.values;
  }

  reverse(b: Builder, a: Again, c: Steps, pair: ReversePair, seeds: readonly ValueId[]): readonly ValueId[] {
    const key = this.r.keys.of(a.f.key, 'fixedPoint');
    this.add(this.func(key, a, c, pair));
    const args = [
      c.snapshots.limit!,
      ...known(a.saved, a.restructured ? a.pairs : undefined),
      ...seeds,
      ...a.op.results.slice(0, c.state),
      ...a.op.args.slice(BOUNDS + c.state),
      ...this.capturedTwins(a, c, a.twins),
      ...a.made.filter(({ k }) => k < c.state).map((m) => m.twin),
    ];
    const results = pair.gives.map((k) => b.cotangentOf(a.f.params[k]));
    b.emit({ kind: 'call', callee: key, args, results, ...(a.op.span ? { span: a.op.span } : {}) });
    return results;
  }

  /** Of the twins of the arguments, those of what the step reads besides the state. */
  private capturedTwins(a: Again, c: Steps, twins: readonly ValueId[]): readonly ValueId[] {
    const owners = a.f.params.flatMap((p, k) => (a.needs(p) ? [k] : []));
    return twins.filter((_, k) => owners[k] >= BOUNDS + c.state);
  }

  private func(key: string, a: Again, c: Steps, pair: ReversePair): Func {
    const { values } = this;
    const b = new Builder(values);
    const like = (vs: readonly ValueId[]): ValueId[] => vs.map((v) => values.like(v));
    const tolerance = values.fresh({ type: NUMBER, name: 'tolerance' });
    const saved = a.saved && values.fresh({ type: OPAQUE, name: 'saved' });
    const pairs = a.restructured ? values.fresh({ type: OPAQUE, name: 'pairs' }) : undefined;
    const seeds = [...pair.seeds, ...pair.onto].map(() => values.fresh({ type: NUMBER, name: 'seed' }));
    const state = like(a.f.params.slice(BOUNDS, BOUNDS + c.state));
    const captured = like(a.f.params.slice(BOUNDS + c.state));
    const twins = like(this.capturedTwins(a, c, a.twins));
    const ofState = a.made.filter(({ k }) => k < c.state);
    const given = ofState.map(({ twin }) => values.like(twin));

    const before = saved && b.runtime('exchange', [saved], [], 'effect', OPAQUE);
    if (pairs !== undefined) followStructure(b, pairs, a.f, captured);
    const watch = named(b, b.runtime('watchCotangents', [tolerance], [], 'effect', OPAQUE), 'watch');
    const numbers = seeds.map(() => values.fresh({ type: NUMBER, name: 'cotangent' }));
    const shadows = like(given);
    const label = values.freshLabel();
    const body = b.region([values.fresh({ type: NUMBER }), ...numbers, ...shadows], () => {
      const own = pair.seeds.flatMap((k, i) => (k < c.state ? [numbers[i]] : []));
      const done = b.runtime('isSettled', [watch, ...own, ...shadows], [], 'effect', BOOLEAN);
      b.emit(leaveIf(done, label, [...numbers, ...shadows]));
      const zeros: ValueId[] = [];
      const inner = state.flatMap((x, k) => {
        const p = a.f.params[BOUNDS + k];
        if (!a.needs(p) || isLeaf(values.type(p))) return [];
        const literals = [schemaText(values.type(p)), String(this.r.growable(p))];
        const zero = b.runtime('zeroShadow', [x], literals, 'fresh', a.twinType(p));
        zeros[k] = zero;
        return [zero];
      });
      const gives = recordAndReverse(b, this.r, a, {
        args: [b.num(0), b.num(1), ...state, ...captured, ...inner, ...twins],
        incoming: new Map(ofState.map(({ k }, i) => [k, shadows[i]])),
        pair,
        seeds: numbers,
      });
      const giveOf = (position: number): ValueId => {
        const at = pair.gives.indexOf(position);
        return at < 0 ? b.num(0) : gives[at];
      };
      const next = [
        ...pair.seeds.map((k) => (k < c.state ? giveOf(BOUNDS + k) : b.num(0))),
        ...pair.onto.map(giveOf),
      ];
      return { kind: 'yield', args: [...next, ...ofState.map(({ k }, i) => zeros[k] ?? shadows[i])] };
    });
    const results = like(numbers);
    b.emit(forever(b, label, [...seeds, ...given], body, [...results, ...like(given)]));
    if (before !== undefined) b.runtime('reinstate', [before], [], 'effect', undefined);
    const gives = pair.gives.map((k) => {
      const at = pair.onto.indexOf(k);
      return at < 0 ? b.num(0) : results[pair.seeds.length + at];
    });
    const params = [tolerance, ...known(saved, pairs), ...seeds, ...state, ...captured, ...twins, ...given];
    return whole(values, key, params, b.ops, gives);
  }
}
