/**
 * **Question**: which loops choose a value, so that only the last choice has a derivative? **Needs**: both sweeps of a loop such as
 * `if (x[i] > max) max = x[i]`. **Guarantees**: the same cotangents. **Method**: a reverse trip that did not choose leaves all
 * as it is, and one that did leaves nothing for the trips before it. So the forward loop notes when it last chose, and
 * the reverse of that one trip takes the place of the reverse loop: nothing is stored for each trip.
 *
 * That is asked twice: before the plan of what is stored, of trips whose reverse is arithmetic, and behind it of those that also hold
 * loops under a test whether anything comes to them (the distance to the nearest of some points), where it is known by then what
 * they compute again and what each trip would store.
 */
import { carrying } from '../ir/carry.js';
import { Cloner } from '../ir/clone.js';
import { isNeverLeft } from '../ir/exits.js';
import {
  BOOLEAN,
  type IfOp,
  type LoopOp,
  NUMBER,
  type Op,
  type Region,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { endArgs, valuesRead, walkOps } from '../ir/visit.js';
import { type BothSweeps, type Instead, replacePairs } from './pairs.js';
import { insideOf, regionOf } from './touches.js';

/** Before it is planned what is stored. */
export const withLastChosen = (s: BothSweeps, values: ValueTable): BothSweeps => {
  const zeros = zerosIn(s);
  return replacePairs(s, (loop, reversed) => new Choice(loop, reversed, values, zeros, undefined).run());
};

/** Behind that, of loops whose reverse sees what the forward sweep leaves: those that are in no other one. */
export const withLastRecorded = (s: BothSweeps, values: ValueTable): BothSweeps => {
  const zeros = zerosIn(s);
  return replacePairs(s, (loop, reversed) => {
    const trip = s.forward.ops.includes(loop) ? recordOf(loop, reversed) : undefined;
    return trip && new Choice(trip.loop, trip.reversed, values, zeros, trip.record).run();
  });
};

function zerosIn({ forward, reverse }: BothSweeps): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  for (const region of [forward, regionOf(reverse)])
    walkOps(region, (op) => void (op.kind === 'const' && op.value === 0 && found.add(op.results[0])));
  return found;
}

/** More values of the trip than these would be noted one by one. */
const MOST_KEPT = 3;

/** What a trip stores, by the name that it has in the reverse trip. */
type Record = ReadonlyMap<ValueId, ValueId>;

/** A loop and its reverse without the one record of a trip, and the record. */
function recordOf(loop: LoopOp, reversed: LoopOp) {
  const inBoth = [loop, reversed].map(recordsIn);
  const [save, restore] = [loop.body.ops.at(-1), reversed.body.ops[0]];
  if (inBoth.some((n) => n !== 1) || save?.kind !== 'save' || restore?.kind !== 'restore') return undefined;
  if (save.pair !== restore.pair) return undefined;
  const without = (l: LoopOp, op: Op): LoopOp => ({
    ...l,
    body: { ...l.body, ops: l.body.ops.filter((o) => o !== op) },
  });
  const record: Record = new Map(restore.results.map((v, k) => [v, save.args[k]]));
  return { loop: without(loop, save), reversed: without(reversed, restore), record };
}
function recordsIn({ body }: LoopOp): number {
  let count = 0;
  walkOps(body, (op) => void (count += op.kind === 'save' || op.kind === 'restore' ? 1 : 0));
  return count;
}

class Choice {
  private readonly own: ReadonlySet<ValueId>;
  /** Tests whether a value is zero, by what they give. */
  private readonly tests = new Map<ValueId, readonly ValueId[]>();

  constructor(
    private readonly loop: LoopOp,
    private readonly reversed: LoopOp,
    private readonly values: ValueTable,
    private readonly zeros: ReadonlySet<ValueId>,
    private readonly record: Record | undefined,
  ) {
    this.own = insideOf(loop);
    if (record) for (const op of reversed.body.ops) this.noteTest(op);
  }

  /** `a !== 0`, or one of several. */
  private noteTest(op: Op): void {
    if (op.kind !== 'scalar') return;
    const [a, b] = op.args;
    const [left, right] = [this.tests.get(a), this.tests.get(b)];
    if (op.fn === 'ne' && this.zeros.has(b)) this.tests.set(op.results[0], [a]);
    else if (op.fn === 'or' && left && right) this.tests.set(op.results[0], [...left, ...right]);
  }

  run(): Instead | undefined {
    const choice = this.choice();
    if (!choice || !this.onlyLastMatters(choice)) return undefined;
    const kept = this.read(choice);
    return kept.size <= MOST_KEPT ? this.build(choice, kept) : undefined;
  }

  /** The branch of the reverse trip, if there is but arithmetic, adding, and what runs where something is not zero. */
  private choice(): IfOp | undefined {
    const { loop, reversed } = this;
    const isPlain = [loop, reversed].every(isNeverLeft);
    const branches = reversed.body.ops.filter((op) => op.kind === 'if' && !this.tests.has(op.cond));
    const [choice] = branches as IfOp[];
    if (!isPlain || branches.length !== 1 || reversed.extras.length > 0) return undefined;
    const allowed = (list: readonly Op[], kinds: readonly Op['kind'][]) =>
      list.every((op) => kinds.includes(op.kind));
    // what is read to compute again is there
    const again: readonly Op['kind'][] = this.record ? ['load', 'length'] : [];
    const isArithmetic =
      allowed(reversed.body.ops, ['const', 'scalar', 'accum', 'if', ...again]) &&
      allowed(choice.then.ops, ['const', 'scalar', 'accum', ...again]) &&
      allowed(choice.else.ops, ['const', 'scalar', ...again]);
    const isOwn = this.record
      ? this.record.has(choice.cond)
      : loop.body.ops.some((op) => op.results.includes(choice.cond));
    return isArithmetic && isOwn ? choice : undefined;
  }

  private onlyLastMatters(choice: IfOp): boolean {
    const state = this.reversed.body.params.slice(1);
    const idle = this.trip(choice, choice.else, new Set());
    if (!idle.addsNothing || idle.next.some((v, k) => v !== state[k])) return false;
    const first = this.trip(choice, choice.then, new Set());
    const chosen = state.filter((_, k) => first.zeros.has(first.next[k]));
    if (chosen.length === 0) return false;
    const zeros = new Set(chosen);
    const later = this.trip(choice, choice.then, zeros);
    // a value that became zero there, but not before, is another one if two trips choose
    const isSame = (v: ValueId, k: number) => v === state[k] || (zeros.has(state[k]) && later.zeros.has(v));
    return later.addsNothing && later.next.every(isSame);
  }
  /**
   * A reverse trip with one of the arms, where some values are zero: what it hands on, which values are zero (whatever they are
   * multiplied by), and whether it adds anything.
   */
  private trip(choice: IfOp, arm: Region, given: ReadonlySet<ValueId>) {
    const zeros = new Set([...given, ...this.zeros]);
    const names = new Map<ValueId, ValueId>();
    const name = (v: ValueId): ValueId => {
      const next = names.get(v);
      return next === undefined ? v : name(next);
    };
    const isZero = (v: ValueId) => zeros.has(name(v));
    let addsNothing = true;
    const run = (ops: readonly Op[]): void => {
      for (const op of ops) {
        if (op === choice) {
          run(arm.ops);
          choice.results.forEach((r, k) => void names.set(r, endArgs(arm.end)[k]));
        } else if (op.kind === 'if') {
          const isSkipped = this.tests.get(op.cond)?.every(isZero) === true && op.else.ops.length === 0;
          addsNothing &&= isSkipped;
          if (isSkipped) op.results.forEach((r, k) => void names.set(r, endArgs(op.else.end)[k]));
        } else if (op.kind === 'accum') addsNothing &&= isZero(op.value);
        else if (op.kind === 'scalar') {
          const [a, b] = op.args;
          const [result] = op.results;
          if (isProductOfZero(op.fn, isZero(a), b !== undefined && isZero(b))) zeros.add(result);
          else if (op.fn === 'add' && isZero(a)) names.set(result, b);
          else if ((op.fn === 'add' || op.fn === 'sub') && isZero(b)) names.set(result, a);
        }
      }
    };
    run(this.reversed.body.ops);
    return { next: endArgs(this.reversed.body.end).map(name), zeros, addsNothing };
  }

  /** Values of the chosen trip that its reverse reads, by the names that they have there. */
  private read({ cond }: IfOp): Record {
    const { ops, end } = this.reversed.body;
    const known = new Set([cond, this.loop.body.params[0]]);
    if (this.record) return new Map([...this.record].filter(([name]) => !known.has(name)));
    const read = new Set([...valuesRead(ops), ...endArgs(end)]);
    return new Map([...read].filter((v) => this.own.has(v) && !known.has(v)).map((v) => [v, v]));
  }

  private build(choice: IfOp, read: Record): Instead | undefined {
    const { loop, values } = this;
    const kept = [...read.values()];
    const isFree = kept.every((v) => values.type(v).kind === 'number' || values.type(v).kind === 'boolean');
    const isVisible = kept.every(
      (v) => loop.body.params.includes(v) || loop.body.ops.some((op) => op.results.includes(v)),
    );
    if (!isFree || !isVisible) return undefined;
    const before: Op[] = [];
    const number = (value: number): ValueId => {
      const id = values.fresh({ type: NUMBER });
      before.push({ kind: 'const', value, results: [id] });
      return id;
    };
    // no trip has this number
    const step = number(loop.step);
    const none = values.fresh({ type: NUMBER });
    before.push({ kind: 'scalar', fn: 'sub', args: [loop.lo, step], results: [none] });
    const all = [loop.body.params[0], ...kept];
    const params = [values.fresh({ type: NUMBER, name: 'last' }), ...kept.map((v) => values.like(v))];
    const next = all.map((v) => values.like(v));
    const ends = [values.fresh({ type: NUMBER, name: 'last' }), ...kept.map((v) => values.like(v))];
    const noting: Op = {
      kind: 'if',
      cond: this.record?.get(choice.cond) ?? choice.cond,
      then: { params: [], ops: [], end: { kind: 'yield', args: all } },
      else: { params: [], ops: [], end: { kind: 'yield', args: params } },
      results: next,
    };
    const inits = [none, ...kept.map((v) => this.placeholder(v, before))];
    const noted = carrying(loop, { inits, params, next, results: ends }, [...loop.body.ops, noting]);
    const names = [loop.body.params[0], ...read.keys()];
    return { forward: [...before, noted], reverse: this.once(choice, names, ends, none) };
  }
  private placeholder(v: ValueId, ops: Op[]): ValueId {
    const type = this.values.type(v);
    const id = this.values.fresh({ type });
    ops.push({ kind: 'const', value: type.kind === 'boolean' ? false : 0, results: [id] });
    return id;
  }

  /** The reverse of the trip that chose last, if one did. */
  private once(choice: IfOp, names: readonly ValueId[], ends: readonly ValueId[], none: ValueId): Op[] {
    const { reversed, values } = this;
    const [iv, ...state] = reversed.body.params;
    const [last] = ends;
    const map = new Map<ValueId, ValueId>(names.map((v, k) => [v, ends[k]]));
    map.set(iv, last);
    state.forEach((p, k) => void map.set(p, reversed.inits[k]));
    const yes = values.fresh({ type: BOOLEAN });
    map.set(choice.cond, yes);
    const cloner = new Cloner(values, map);
    const ops: Op[] = [{ kind: 'const', value: true, results: [yes] }];
    for (const op of reversed.body.ops) {
      if (op !== choice) {
        ops.push(cloner.op(op));
        continue;
      }
      for (const inner of choice.then.ops) ops.push(cloner.op(inner));
      choice.results.forEach((r, k) => void map.set(r, cloner.value(endArgs(choice.then.end)[k])));
    }
    const chosen = values.fresh({ type: BOOLEAN });
    const then: Region = {
      params: [],
      ops,
      end: { kind: 'yield', args: endArgs(reversed.body.end).map(cloner.value) },
    };
    return [
      { kind: 'scalar', fn: 'ne', args: [last, none], results: [chosen] },
      {
        kind: 'if',
        cond: chosen,
        then,
        else: { params: [], ops: [], end: { kind: 'yield', args: reversed.inits } },
        results: reversed.results,
      },
    ];
  }
}

/** Whether an operation gives zero where those operands are. */
function isProductOfZero(fn: string, a: boolean, b: boolean): boolean {
  switch (fn) {
    case 'mul':
      return a || b;
    case 'neg':
    case 'div':
    case 'strong':
    case 'strongdiv':
    case 'orZero':
      return a;
    case 'add':
    case 'sub':
      return a && b;
    default:
      return false;
  }
}
