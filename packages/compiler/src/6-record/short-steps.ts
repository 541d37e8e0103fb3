/**
 * **Question**: which steps of a loop that runs again need no call, and no tape? **Needs**: halves that are recorded, and the sweeps
 * over the steps, whose calls are marked. **Guarantees**: the same arithmetic in the same order. **Method**: a step without loops and
 * calls stands where it is called; of the one that is recorded both halves do, and what the forward half would push is read where it
 * was computed. Steps of few nanoseconds take no longer than a call that passes their numbers, which engines box.
 */
import { become, splice } from '../3-simplify/inline.js';
import { Cloner } from '../ir/clone.js';
import { leavingExits, renumberSites, targets } from '../ir/exits.js';
import type { CallOp, Func, LoopOp, Op, Region, ValueId, ValueTable } from '../ir/nodes.js';
import { endArgs, mapEnd, mapOp, opArgs, walkOps } from '../ir/visit.js';

/** Operations of a function whose body may stand in place of its call. */
const MOST = 300;

export function withShortSteps(funcs: ReadonlyMap<string, Func>, values: ValueTable): Map<string, Func> {
  const all = new Map(funcs);
  for (const f of funcs.values()) {
    if (!hasSteps(f)) continue;
    const body = withoutIdleTapes(new Expansion(funcs, values).region(f.body));
    all.set(f.key, renumberSites({ ...f, body }));
  }
  return all;
}
function hasSteps(f: Func): boolean {
  let found = false;
  walkOps(f.body, (op) => void (found ||= op.kind === 'call' && op.steps !== undefined));
  return found;
}

class Expansion {
  private readonly known = new Map<ValueId, ValueId>();
  private readonly value = (v: ValueId): ValueId => this.known.get(v) ?? v;

  constructor(
    private readonly funcs: ReadonlyMap<string, Func>,
    private readonly values: ValueTable,
  ) {}

  readonly region = (r: Region): Region => {
    const ops: Op[] = [];
    const halves = this.recordedStep(r.ops);
    for (const op of r.ops) {
      const mapped = mapOp(op, { value: this.value, region: this.region });
      if (halves?.calls.includes(op)) this.half(op as CallOp, mapped as CallOp, halves, ops);
      else if (mapped.kind === 'call' && mapped.steps === 'some') this.some(mapped, ops);
      else ops.push(unmarked(mapped));
    }
    return { params: r.params, ops, end: mapEnd(r.end, this.value) };
  };

  private some(call: CallOp, ops: Op[]): void {
    const f = this.funcs.get(call.callee)!;
    const loop = onlyLoop(f);
    if (loop?.lo === f.params[0] && isShort(f, loop)) splice(this.values, call, f, ops, this.known);
    else ops.push(unmarked(call));
  }

  /** The calls of the halves for a step, if both can be written out. */
  private recordedStep(ops: readonly Op[]): RecordedStep | undefined {
    const calls = ops.filter((op): op is CallOp => op.kind === 'call' && op.steps === 'one');
    if (calls.length !== 2) return undefined;
    const [f, r] = calls.map((c) => this.funcs.get(c.callee)!);
    // the only loop of the reverse half is that of the same step
    const [loop, reversed] = [f, r].map(onlyLoop);
    if (!loop || !reversed || loop.lo !== f.params[0] || loop.hi !== f.params[1]) return undefined;
    const isFine = isShort(f, loop) && isShort(r, reversed);
    return isFine ? { calls, loops: [loop, reversed], at: calls[0].args[0], saved: new Map() } : undefined;
  }
  /** A half with the one trip of its loop. */
  private half(call: CallOp, mapped: CallOp, { calls, loops, at, saved }: RecordedStep, ops: Op[]): void {
    const f = this.funcs.get(call.callee)!;
    const trip = loops[calls.indexOf(call)];
    const cloner = new Cloner(this.values, new Map(f.params.map((p, k) => [p, mapped.args[k]])));
    const copy = (list: readonly Op[]): void => {
      for (const op of list)
        if (op === trip) {
          const [iv, ...carried] = trip.body.params;
          cloner.map.set(iv, this.value(at));
          carried.forEach((p, k) => void cloner.map.set(p, cloner.value(trip.inits[k])));
          copy(trip.body.ops);
          const ends = [...endArgs(trip.body.end), ...trip.extras.map((v) => (v === 'lastIv' ? iv : v))];
          trip.results.forEach((v, k) => void cloner.map.set(v, cloner.value(ends[k])));
        } else if (op.kind === 'save') saved.set(op.pair, op.args.map(cloner.value));
        else if (op.kind === 'restore')
          op.results.forEach((v, k) => void cloner.map.set(v, saved.get(op.pair)![k]));
        else ops.push(cloner.op(op));
    };
    copy(f.body.ops);
    become(this.values, mapped, endArgs(f.body.end).map(cloner.value), this.known);
  }
}

interface RecordedStep {
  readonly calls: readonly Op[];
  /** Of each half, the loop over steps. */
  readonly loops: readonly LoopOp[];
  readonly at: ValueId;
  /** What the forward half would push, by the name of the record. */
  readonly saved: Map<string, readonly ValueId[]>;
}

function unmarked(op: Op): Op {
  if (op.kind !== 'call' || op.steps === undefined) return op;
  const { steps, ...call } = op;
  return call;
}
/** The only loop of a function, if both run to their ends. */
function onlyLoop({ body, label }: Func): LoopOp | undefined {
  const loops = body.ops.filter((op) => op.kind === 'loop');
  const [loop] = loops;
  if (loops.length !== 1 || targets(body, label) || body.end.kind !== 'yield') return undefined;
  const isLeft = targets(loop.body, loop.label) || body.ops.some((op) => leavingExits(op).length > 0);
  return isLeft || loop.body.end.kind !== 'yield' ? undefined : loop;
}
/** A sweep over steps without the tape that no step needs any more. */
function withoutIdleTapes(body: Region): Region {
  const uses = new Map<ValueId, number>();
  walkOps(body, (op) => {
    for (const v of opArgs(op)) uses.set(v, (uses.get(v) ?? 0) + 1);
  });
  const isTape = (op: Op): boolean => op.kind === 'runtime' && op.name === 'acquireTape';
  // what is given back is used once
  const idle = new Set(
    body.ops.flatMap((op) => (isTape(op) && uses.get(op.results[0]) === 1 ? op.results : [])),
  );
  const isIdle = (op: Op): boolean => [...op.results, ...opArgs(op)].some((v) => idle.has(v));
  return { ...body, ops: body.ops.filter((op) => !isIdle(op)) };
}
/** Whether nothing takes long in a function but the steps themselves: no loop in its loop, no call. */
function isShort(f: Func, loop: LoopOp): boolean {
  let count = 0;
  let isLong = false;
  walkOps(f.body, (op) => {
    count++;
    isLong ||= op.kind === 'call' || (op.kind === 'loop' && op !== loop);
  });
  return !isLong && count <= MOST;
}
