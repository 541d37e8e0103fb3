/**
 * **Question**: which loops choose a value, so that only the last choice has a derivative? **Needs**: both sweeps of a loop such as
 * `if (x[i] > max) max = x[i]`. **Guarantees**: the same cotangents. **Method**: a reverse trip that did not choose leaves all
 * as it is, and one that did leaves nothing for the trips before it. So the forward loop notes when it last chose, and
 * the reverse of that one trip takes the place of the reverse loop: nothing is stored for each trip.
 */
import { carrying } from '../ir/carry.js';
import { Cloner } from '../ir/clone.js';
import { regionExits } from '../ir/exits.js';
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
import { endArgs, valuesRead } from '../ir/visit.js';
import { type BothSweeps, type Instead, replacePairs } from './pairs.js';
import { insideOf } from './touches.js';

export const withLastChosen = (s: BothSweeps, values: ValueTable): BothSweeps =>
  replacePairs(s, (loop, reversed) => new Choice(loop, reversed, values).run());

/** More values of the trip than these would be noted one by one. */
const MOST_KEPT = 3;

class Choice {
  private readonly own: ReadonlySet<ValueId>;

  constructor(
    private readonly loop: LoopOp,
    private readonly reversed: LoopOp,
    private readonly values: ValueTable,
  ) {
    this.own = insideOf(loop);
  }

  run(): Instead | undefined {
    const choice = this.choice();
    if (!choice || !this.onlyLastMatters(choice)) return undefined;
    const kept = this.read(choice);
    return kept.length <= MOST_KEPT ? this.build(choice, kept) : undefined;
  }

  /** The branch of the reverse trip, if it is the only operation there that is more than arithmetic and adding. */
  private choice(): IfOp | undefined {
    const { loop, reversed } = this;
    const isPlain = [loop, reversed].every(
      ({ body }) => regionExits(body).length === 0 && body.end.kind === 'yield',
    );
    const branches = reversed.body.ops.filter((op) => op.kind === 'if');
    const [choice] = branches;
    if (!isPlain || branches.length !== 1 || reversed.extras.length > 0) return undefined;
    const allowed = (list: readonly Op[], kinds: readonly Op['kind'][]) =>
      list.every((op) => kinds.includes(op.kind));
    const isArithmetic =
      allowed(reversed.body.ops, ['const', 'scalar', 'accum', 'if']) &&
      allowed(choice.then.ops, ['const', 'scalar', 'accum']) &&
      allowed(choice.else.ops, ['const', 'scalar']);
    const isOwn = loop.body.ops.some((op) => op.results.includes(choice.cond));
    return isArithmetic && isOwn ? choice : undefined;
  }

  private onlyLastMatters(choice: IfOp): boolean {
    const state = this.reversed.body.params.slice(1);
    const idle = this.trip(choice, choice.else, new Set());
    if (!idle.addsNothing || idle.next.some((v, k) => v !== state[k])) return false;
    const first = this.trip(choice, choice.then, new Set());
    const chosen = state.filter((_, k) => first.zeros.has(first.next[k]));
    if (chosen.length === 0) return false;
    const later = this.trip(choice, choice.then, new Set(chosen));
    return later.addsNothing && later.next.every((v, k) => v === state[k] || later.zeros.has(v));
  }
  /**
   * A reverse trip with one of the arms, where some values are zero: what it hands on, which values are zero (whatever they are
   * multiplied by), and whether it adds anything.
   */
  private trip(choice: IfOp, arm: Region, given: ReadonlySet<ValueId>) {
    const zeros = new Set(given);
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
        } else if (op.kind === 'accum') addsNothing &&= isZero(op.value);
        else if (op.kind === 'const' && op.value === 0) zeros.add(op.results[0]);
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

  /** Values of the chosen trip that its reverse reads. */
  private read({ cond }: IfOp): ValueId[] {
    const { ops, end } = this.reversed.body;
    const known = new Set([cond, this.loop.body.params[0]]);
    const read = new Set([...valuesRead(ops), ...endArgs(end)]);
    return [...read].filter((v) => this.own.has(v) && !known.has(v));
  }

  private build(choice: IfOp, kept: readonly ValueId[]) {
    const { loop, values } = this;
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
      cond: choice.cond,
      then: { params: [], ops: [], end: { kind: 'yield', args: all } },
      else: { params: [], ops: [], end: { kind: 'yield', args: params } },
      results: next,
    };
    const inits = [none, ...kept.map((v) => this.placeholder(v, before))];
    const noted = carrying(loop, { inits, params, next, results: ends }, [...loop.body.ops, noting]);
    return { forward: [...before, noted], reverse: this.once(choice, all, ends, none) };
  }
  private placeholder(v: ValueId, ops: Op[]): ValueId {
    const type = this.values.type(v);
    const id = this.values.fresh({ type });
    ops.push({ kind: 'const', value: type.kind === 'boolean' ? false : 0, results: [id] });
    return id;
  }

  /** The reverse of the trip that chose last, if one did. */
  private once(choice: IfOp, all: readonly ValueId[], ends: readonly ValueId[], none: ValueId): Op[] {
    const { reversed, values } = this;
    const [iv, ...state] = reversed.body.params;
    const [last] = ends;
    const map = new Map<ValueId, ValueId>(all.map((v, k) => [v, ends[k]]));
    map.set(iv, last);
    state.forEach((p, k) => void map.set(p, reversed.inits[k]));
    const cloner = new Cloner(values, map);
    const ops: Op[] = [];
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
      return a;
    case 'add':
    case 'sub':
      return a && b;
    default:
      return false;
  }
}
