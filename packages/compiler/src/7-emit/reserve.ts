/**
 * **Question**: how many numbers does a loop push on a tape? **Method**: trips times the numbers of a trip, loops inside included, all
 * from what is known before the loop. **Gives up** where that would be a guess: the loop may end early, it pushes on some paths
 * only, or calls push what they like. A loop with an answer asks for room once, instead of before each push; the answer is
 * never too small, and too large by a trip at most (a store beyond the end of a tape is lost without a word).
 */
import { regionExits } from '../ir/exits.js';
import type { LoopOp, Module, Op, Region, ValueId } from '../ir/nodes.js';
import { opRegions, walkOps, walkRegions } from '../ir/visit.js';
import { atom, constantText, parenthesised, type Text } from './expression.js';

export interface TapeUse {
  readonly tapesOf: (key: string) => ReadonlySet<number>;
  readonly onNumbers: (pair: string, slot: number) => boolean;
}

/** What one trip of a loop pushes: so many numbers by itself, and what loops inside push. */
interface Trip {
  readonly own: number;
  readonly inner: readonly { readonly loop: LoopOp; readonly trip: Trip }[];
}
/** A number of trips or slots: known now, or an expression. */
type Count = number | Text;

const RING = new Set(['add', 'sub', 'mul', 'neg']);

export class Reservations {
  private readonly constants = new Map<ValueId, number>();
  private readonly integers = new Set<ValueId>();
  private readonly trips = new Map<string, Trip | undefined>();

  constructor(
    body: Region,
    readonly module: Module,
    readonly use: TapeUse,
  ) {
    walkOps(body, (op) => {
      if (op.kind === 'const' && typeof op.value === 'number') this.constants.set(op.results[0], op.value);
      if (op.kind === 'loop') this.integers.add(op.body.params[0]);
      if (this.isInteger(op)) this.integers.add(op.results[0]);
    });
  }
  private isInteger(op: Op): boolean {
    if (op.kind === 'const') return Number.isSafeInteger(op.value);
    if (op.kind === 'length') return true;
    return op.kind === 'scalar' && RING.has(op.fn) && op.args.every((a) => this.integers.has(a));
  }

  /** The numbers that the loop pushes on a tape, as text; `known` gives the text of a value that is there before the loop. */
  room(op: LoopOp, tape: number, known: (v: ValueId) => Text | undefined): Text | undefined {
    const trip = this.trip(op, tape);
    if (!trip || (trip.own === 0 && trip.inner.length === 0)) return undefined;
    const all = this.slots(op, trip, known, true);
    return all === undefined ? undefined : typeof all === 'number' ? constantText(all) : all;
  }

  private trip(loop: LoopOp, tape: number): Trip | undefined {
    const key = `${tape}:${loop.label}`;
    if (!this.trips.has(key)) this.trips.set(key, this.tripOf(loop, tape));
    return this.trips.get(key);
  }
  private tripOf(loop: LoopOp, tape: number): Trip | undefined {
    if (this.constants.get(loop.hi) === Number.POSITIVE_INFINITY || mayEndEarly(loop)) return undefined;
    let own = 0;
    const inner: { readonly loop: LoopOp; readonly trip: Trip }[] = [];
    for (const op of loop.body.ops) {
      if (op.kind === 'save' && op.tape === tape) {
        own += op.args.filter((_, k) => this.use.onNumbers(op.pair, k)).length;
      } else if (op.kind === 'loop' && this.touches(op, tape)) {
        const trip = this.trip(op, tape);
        if (!trip) return undefined;
        inner.push({ loop: op, trip });
      } else if (this.touches(op, tape)) return undefined;
    }
    return { own, inner };
  }
  /** Whether an operation works on the tape, itself or inside. */
  private touches(op: Op, tape: number): boolean {
    if (op.kind === 'save' || op.kind === 'restore') return op.tape === tape;
    if (op.kind === 'call') return op.tape?.level !== tape && this.use.tapesOf(op.callee).has(tape);
    return opRegions(op).some((r) => r.ops.some((o) => this.touches(o, tape)));
  }

  private slots(
    loop: LoopOp,
    trip: Trip,
    known: (v: ValueId) => Text | undefined,
    outermost: boolean,
  ): Count | undefined {
    let constant = trip.own;
    const terms = new Map<string, { readonly slots: Text; times: number }>();
    for (const { loop: inside, trip: of } of trip.inner) {
      const slots = this.slots(inside, of, known, false);
      if (slots === undefined) return undefined;
      if (typeof slots === 'number') constant += slots;
      else {
        const term = terms.get(slots.code) ?? { slots, times: 0 };
        term.times++;
        terms.set(slots.code, term);
      }
    }
    let perTrip: Count = constant;
    for (const { slots, times: n } of terms.values()) perTrip = plus(perTrip, times(n, slots));
    const count = this.count(loop, known);
    if (count === undefined) return undefined;
    if (typeof count === 'number') return times(perTrip, Math.max(count, 0));
    // no trips if it is negative or NaN; alone it asks for no room then anyway
    return times(perTrip, outermost ? count : atLeastZero(count, this.integers.has(loop.hi)));
  }

  /** How many trips a loop makes at most, from its bounds. */
  private count(loop: LoopOp, known: (v: ValueId) => Text | undefined): Count | undefined {
    const up = loop.step > 0;
    const lo = this.bound(loop.lo, known);
    const hi = this.bound(loop.hi, known, up ? 'Math.ceil' : 'Math.floor');
    if (lo === undefined || hi === undefined) return undefined;
    const span = plus(up ? minus(hi, lo) : minus(lo, hi), loop.inclusive ? 1 : 0);
    const step = Math.abs(loop.step);
    if (step === 1) return span;
    return typeof span === 'number'
      ? Math.ceil(span / step)
      : { ...span, code: `Math.ceil(${parenthesised(span, 12)} / ${step})`, prec: 17 };
  }
  private bound(v: ValueId, known: (v: ValueId) => Text | undefined, round?: string): Count | undefined {
    const constant = this.constants.get(v);
    if (constant !== undefined) return Number.isSafeInteger(constant) ? constant : undefined;
    const text = known(v);
    if (!text || round === undefined || this.integers.has(v)) return text;
    return { ...text, code: `${round}(${text.code})`, prec: 17 };
  }
}

/** Whether a loop may end before its bound. */
function mayEndEarly(loop: LoopOp): boolean {
  if (regionExits(loop.body).length > 0) return true;
  let throws = false;
  walkRegions(loop.body, (r) => {
    throws ||= r.end.kind === 'throw';
  });
  return throws;
}

const textOf = (c: Count): Text => (typeof c === 'number' ? constantText(c) : c);

function joined(a: Count, operator: string, b: Count, prec: number): Text {
  const [left, right] = [textOf(a), textOf(b)];
  const code = `${parenthesised(left, prec)} ${operator} ${parenthesised(right, prec + 1)}`;
  return { ...atom(code), prec };
}
function plus(a: Count, b: Count): Count {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a === 0) return b;
  if (typeof b === 'number') return b === 0 ? a : b < 0 ? joined(a, '-', -b, 11) : joined(a, '+', b, 11);
  return joined(a, '+', b, 11);
}
function minus(a: Count, b: Count): Count {
  return typeof b === 'number' ? plus(a, -b) : joined(a, '-', b, 11);
}
function times(a: Count, b: Count): Count {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a === 1) return b;
  return b === 1 ? a : joined(a, '*', b, 12);
}
function atLeastZero(count: Text, isInteger: boolean): Text {
  if (isInteger && count.code.endsWith('.length')) return count;
  const code = `Math.max(0, ${count.code})`;
  return isInteger ? { ...atom(code), prec: 17 } : atom(`(${code} || 0)`);
}
