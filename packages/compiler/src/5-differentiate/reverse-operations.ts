/** The reverse of each operation that is neither a branch nor a loop. */
import { type At, NUMBER, type Op, type ValueId } from '../ir/nodes.js';
import { isLeaf, refType } from '../ir/types.js';
import { scalarRule } from '../rules/scalar.js';
import { callLoweredRule, whyOf } from './lowered-rules.js';
import { ReverseState } from './reverse-state.js';

/** Products of an adjoint that is differentiated again. */
const GUARDED = new Set(['strong', 'strongdiv']);

export class ReverseOperations extends ReverseState {
  protected scalar(fn: string, args: readonly ValueId[], y: ValueId): void {
    const rule = scalarRule(fn);
    const yBar = this.cots.get(y);
    if (yBar === undefined || typeof rule.derivative !== 'function') return;
    this.b.guard =
      rule.strongZero === 'always' || (rule.strongZero === 'conditional' && this.b.maybeZero.has(yBar));
    const form = rule.derivative;
    // both factors of a square get the same: twice the seed is what several squares of a sum have in common
    const isSquare = fn === 'mul' && args[0] === args[1];
    if (isSquare) this.add(args[0], form({ b: this.b, x: args, y }, 0, this.b.sum(yBar, yBar)));
    args.forEach((x, k) => {
      if (isSquare || !this.active(x)) return;
      const part = form({ b: this.b, x: args, y }, k, yBar);
      // where the product is zero by its guard, so is what its factor gets
      if (k === 1 && GUARDED.has(fn)) this.b.maybeZero.add(part);
      this.add(x, part);
    });
  }

  protected load(ref: ValueId, at: At, v: ValueId): void {
    const c = this.cots.get(v);
    const shadow = this.shadow(ref);
    if (c === undefined || shadow === undefined) return;
    if (this.o.activity.activeSlot(ref, 'key' in at ? at.key : '[]'))
      this.b.accum(shadow, at, c, this.type(v).kind === 'maybe');
  }

  protected store(ref: ValueId, at: At, value: ValueId): void {
    if (!isLeaf(this.type(value)) || !this.o.activity.activeSlot(ref, 'key' in at ? at.key : '[]')) return;
    const shadow = this.shadow(ref);
    if (shadow === undefined) return;
    const taken = this.active(value) ? this.read(ref, shadow, at) : undefined;
    this.b.store(shadow, at, this.b.num(0));
    if (taken !== undefined) this.add(value, taken);
  }
  /** The cotangent in a slot; zero where the slot does not exist. */
  private read(ref: ValueId, shadow: ValueId, at: At): ValueId {
    const raw = this.b.loadTwin(shadow, at);
    this.b.maybeZero.add(raw);
    const t = refType(this.type(ref));
    const sparse = t?.kind === 'array' && t.elem.kind === 'maybe';
    if ('key' in at || (!sparse && this.o.inRange(ref, at.index))) return raw;
    return this.b.scalar('orZero', raw);
  }
  /** The value that filled a slot of a fresh object gets what is left there. */
  protected unstore(ref: ValueId, at: At, value: ValueId): void {
    const shadow = this.shadow(ref);
    if (shadow === undefined) return;
    const c = this.b.loadTwin(shadow, at);
    this.b.maybeZero.add(c);
    this.add(value, c);
  }
  protected sumInto(ref: ValueId, fill: ValueId): void {
    const shadow = this.shadow(ref);
    if (shadow === undefined) return;
    const c = this.b.runtime('sum', [shadow], [], 'pure', NUMBER);
    this.b.maybeZero.add(c);
    this.add(fill, c);
  }

  /** `shadow[at] += value` of a derivative inside: what is in the slot's own shadow stays there. */
  protected accum(op: Op & { kind: 'accum' }): void {
    const shadow = this.shadow(op.ref);
    if (shadow === undefined || !this.active(op.value)) return;
    if (!this.o.activity.activeSlot(op.ref, 'key' in op.at ? op.at.key : '[]')) return;
    const there = this.read(op.ref, shadow, op.at);
    this.add(op.value, op.guarded === true ? this.b.scalar('orZero', there) : there);
  }
  /** The sum of the leaves of a shadow. */
  protected sum(op: Op & { kind: 'runtime' }): void {
    const c = this.cots.get(op.results[0]);
    const shadow = this.shadow(op.args[0]);
    if (c === undefined || shadow === undefined) return;
    this.b.forEach(this.b.length(op.args[0]), (index) => this.b.accum(shadow, { index }, c, false));
  }

  /** A function with a rule of the user's: its pullback takes the cotangents of its value to those of its arguments. */
  protected rule(op: Op & { kind: 'runtime' }): void {
    const [call, given] = op.args;
    const [values] = op.results;
    const shadows = [this.shadow(given), this.shadow(values)];
    if (shadows.some((s) => s === undefined) || !this.o.activity.activeSlot(values, '[]')) return;
    const [ofArguments, ofValue] = shadows as ValueId[];
    const pulled = this.o.nested
      ? callLoweredRule(this.b, op, 'pull', { of: ofValue, count: this.b.length(given) })
      : undefined;
    if (pulled === undefined)
      this.b.runtime('pullRule', [call, ofArguments, ofValue], [], 'effect', undefined, whyOf(op));
    else
      this.b.forEach(this.b.length(pulled), (index) =>
        this.b.accum(ofArguments, { index }, this.b.load(pulled, { index }), false),
      );
  }

  /**
   * A tape of a derivative inside. The sweep over its own reverse sweep meets the records in the order in which they were
   * pushed, and pushes the cotangents of what they hold; the sweep over its forward sweep pops them.
   */
  protected restore(op: Op & { kind: 'restore' }): void {
    const slots = this.activeSlotsOf(op.pair);
    const args = slots.map((k) => this.orZero(op.results[k]));
    if (slots.length > 0)
      this.b.emit({ kind: 'save', tape: op.tape, pair: cotangentPair(op.pair), args, results: [] });
  }
  protected save(op: Op & { kind: 'save' }): void {
    const slots = this.activeSlotsOf(op.pair);
    if (slots.length === 0) return;
    const results = slots.map((k) => this.b.cotangentOf(op.args[k]));
    this.b.emit({ kind: 'restore', tape: op.tape, pair: cotangentPair(op.pair), results });
    slots.forEach((k, i) => {
      this.b.maybeZero.add(results[i]);
      this.add(op.args[k], results[i]);
    });
  }
  /** Slots of a record that hold active numbers when they come back. */
  private activeSlotsOf(pair: string): number[] {
    const restores = this.o.records.restores(pair);
    const [first] = restores;
    return (first?.results ?? []).flatMap((_, k) =>
      restores.some((r) => this.active(r.results[k])) ? [k] : [],
    );
  }

  protected call(op: Op & { kind: 'call' }): void {
    const again = this.o.checkpoints?.rerunOf(op);
    const pair = this.o.reverseOf(again ? again.forward : op.callee);
    const seeds = this.seedsOf(op.results);
    if (!pair) return;
    const given = again ? again.args : op.args;
    const args = [
      ...pair.seeds.map((k) => seeds[k] ?? this.b.num(0)),
      ...pair.onto.map((k) => this.takeOrZero(given[k])),
    ];
    if (again) {
      const results = again.reverse(this.b, pair, args);
      pair.gives.forEach((k, i) => {
        this.b.maybeZero.add(results[i]);
        this.add(given[k], results[i]);
      });
      return;
    }
    if (this.o.checks !== undefined) args.push(this.o.checks);
    const results = pair.gives.map((k) => this.b.cotangentOf(op.args[k] ?? op.args[0]));
    const span = op.span ? { span: op.span } : {};
    this.b.emit({
      kind: 'call',
      callee: pair.key,
      args,
      mirrored: { args: op.args, results: op.results },
      results,
      ...span,
    });
    pair.gives.forEach((k, i) => {
      this.b.maybeZero.add(results[i]);
      if (op.args[k] !== undefined) this.add(op.args[k], results[i]);
    });
  }
}

const cotangentPair = (pair: string): string => `${pair}~`;
