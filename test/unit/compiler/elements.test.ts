/** The dependence test of elements against brute force: what it says never meets, never meets. */
import { expect, test } from 'vitest';
import { type Access, misses, type Origin } from '../../../packages/compiler/src/3-simplify/elements.js';
import type { LabelId, LoopOp, Op, ValueId } from '../../../packages/compiler/src/ir/nodes.js';
import { randomNumbers } from '../../support/numeric.js';

/** Values of a nest of loops, and how to compute them. */
class Nest {
  readonly origins = new Map<ValueId, Origin>();
  private readonly compute = new Map<ValueId, (env: Env) => number>();
  private count = 0;

  value(origin: Origin, compute: (env: Env) => number): ValueId {
    const id = this.count++ as ValueId;
    this.origins.set(id, origin);
    this.compute.set(id, compute);
    return id;
  }
  param(compute: (env: Env) => number): ValueId {
    return this.value({ op: undefined, loops: [], isIv: false }, compute);
  }
  constant(value: number, loops: readonly LoopOp[]): ValueId {
    return this.value({ op: { kind: 'const', value, results: [] }, loops, isIv: false }, () => value);
  }
  scalar(fn: 'add' | 'sub' | 'mul', args: readonly [ValueId, ValueId], loops: readonly LoopOp[]): ValueId {
    const op: Op = { kind: 'scalar', fn, args, results: [] };
    const [a, b] = args.map((v) => (env: Env) => this.at(v, env));
    const compute = {
      add: (e: Env) => a(e) + b(e),
      sub: (e: Env) => a(e) - b(e),
      mul: (e: Env) => a(e) * b(e),
    }[fn];
    return this.value({ op, loops, isIv: false }, compute);
  }
  loop(around: readonly LoopOp[], of: Pick<LoopOp, 'lo' | 'hi' | 'step' | 'inclusive'>): LoopOp {
    const params: ValueId[] = [];
    const loop: LoopOp = {
      kind: 'loop',
      label: this.count as LabelId,
      ...of,
      inits: [],
      extras: [],
      results: [],
      body: { params, ops: [], end: { kind: 'yield', args: [] } },
    };
    params.push(
      this.value({ op: loop, loops: [...around, loop], isIv: true }, (env) => env.trips.get(loop)!),
    );
    return loop;
  }
  at(v: ValueId, env: Env): number {
    return this.compute.get(v)!(env);
  }
  /** All runs of an access, each with the trips of its loops. */
  *runs({ loops }: Access, env: Env, k = 0): Iterable<Env> {
    if (k === loops.length) {
      yield env;
      return;
    }
    const loop = loops[k];
    const [lo, hi] = [this.at(loop.lo, env), this.at(loop.hi, env)];
    // loops of the IR begin at whole numbers
    if (!Number.isInteger(lo)) return;
    const goesOn = (i: number) =>
      loop.inclusive ? (loop.step > 0 ? i <= hi : i >= hi) : loop.step > 0 ? i < hi : i > hi;
    for (let i = lo; goesOn(i); i += loop.step)
      yield* this.runs({ loops } as Access, { ...env, trips: new Map([...env.trips, [loop, i]]) }, k + 1);
  }
}
interface Env {
  readonly n: number;
  readonly trips: ReadonlyMap<LoopOp, number>;
}

/** Whether a run comes behind another, by the trips of the loops around both. */
function isBehind(a: Access, b: Access, x: Env, y: Env): boolean {
  for (const [k, loop] of a.loops.entries()) {
    if (b.loops[k] !== loop) break;
    const distance = (y.trips.get(loop)! - x.trips.get(loop)!) * loop.step;
    if (distance !== 0) return distance > 0;
  }
  return b.order > a.order;
}

function program(random: () => number) {
  const nest = new Nest();
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const n = nest.param(({ n }) => n);
  const ref = nest.param(() => 0);
  const shifted = (v: ValueId, loops: readonly LoopOp[]): ValueId => {
    const by = pick([0, 0, 1, -1]);
    return by === 0 ? v : nest.scalar(by > 0 ? 'add' : 'sub', [v, nest.constant(1, loops)], loops);
  };
  const atom = (loops: readonly LoopOp[]): ValueId =>
    shifted(
      pick([n, nest.constant(0, loops), ...loops.flatMap((l) => [l.body.params[0], l.body.params[0]])]),
      loops,
    );
  const ivOf = (loops: readonly LoopOp[]): ValueId =>
    loops.length > 0 && random() < 0.9 ? shifted(pick(loops).body.params[0], loops) : nest.constant(1, loops);
  const index = (loops: readonly LoopOp[]): ValueId => {
    if (random() < 0.1) return shifted(n, loops);
    if (random() < 0.4) return ivOf(loops);
    const product = nest.scalar('mul', pick([true, false]) ? [ivOf(loops), n] : [n, ivOf(loops)], loops);
    return nest.scalar('add', [product, ivOf(loops)], loops);
  };
  const deeper = (around: readonly LoopOp[]): readonly LoopOp[] => {
    const step = pick([1, 1, 1, -1, 2]);
    const [a, b] = [random() < 0.5 ? nest.constant(0, around) : atom(around), atom(around)];
    const of = step > 0 ? { lo: a, hi: b } : { lo: b, hi: a };
    return [...around, nest.loop(around, { ...of, step, inclusive: random() < 0.2 })];
  };
  const nested = (around: readonly LoopOp[], depth: number): readonly LoopOp[] =>
    depth === 0 ? around : nested(deeper(around), depth - 1);
  const isTyped = random() < 0.5;
  const common = nested([], pick([0, 1, 2]));
  const access = (order: number): Access => {
    const loops = nested(common, pick([0, 0, 1]));
    return { ref, isTyped, index: index(loops), loops, order };
  };
  const accesses = [access(1), access(2)];
  if (random() < 0.5) accesses.reverse();
  return { nest, accesses };
}

test('accesses that never meet', () => {
  const seed = Number(process.env.ELEMENTS_SEED ?? Date.now() % 1e6);
  const uniform = randomNumbers(seed);
  const random = () => (uniform() + 1) / 2;
  let proved = 0;
  for (let k = 0; k < 4000; k++) {
    const { nest, accesses } = program(random);
    const [first, second] = accesses;
    const fixed =
      random() < 0.3 && first.loops[0] !== undefined && first.loops[0] === second.loops[0] ? 1 : 0;
    if (!misses(first, second, (v) => nest.origins.get(v), fixed)) continue;
    proved++;
    const isMet = (x: Env, y: Env): boolean =>
      isBehind(first, second, x, y) &&
      first.loops.slice(0, fixed).every((l) => x.trips.get(l) === y.trips.get(l)) &&
      (!first.isTyped || Number.isInteger(nest.at(first.index, x))) &&
      String(nest.at(first.index, x)) === String(nest.at(second.index, y));
    for (const n of [0, 1, 2, 3, 5, 2.5, -1, Number.NaN])
      for (const x of nest.runs(first, { n, trips: new Map() }))
        for (const y of nest.runs(second, { n, trips: new Map() }))
          if (isMet(x, y)) expect.fail(`ELEMENTS_SEED=${seed}, program ${k}, n = ${n}`);
  }
  // the test says something
  expect(proved).toBeGreaterThan(200);
});
