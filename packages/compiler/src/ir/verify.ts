/**
 * **Question**: is the module well formed? **Needs**: nothing. **Guarantees**: every value is defined once and before its
 * uses, in the same or an enclosing region; operands, results, yields and exits agree in number and in kind; sites are
 * unique in their function; a poison value only passes through yields, exits, carried values and tapes.
 */
import type { Func, LabelId, Module, Op, Region, Terminator, ValueId } from './nodes.js';
import { endText, opLine } from './print.js';
import { typeKey } from './types.js';
import { fits, OpChecker, resultsOf } from './verify-op.js';
import { endArgs, opArgs, walkRegions } from './visit.js';

/** What leaves a construct must supply. */
interface Outcome {
  readonly results: readonly ValueId[];
  readonly of: string;
}

const UNKNOWN = 0;
const DEFINED = 1;
const VISIBLE = 2;

class Verifier {
  readonly messages: string[] = [];
  /** Of each value whether it is defined, and is visible now. */
  private readonly state: Uint8Array;
  /** The visible values in the order of their definitions. */
  private readonly stack: ValueId[] = [];
  private readonly poison = new Set<ValueId>();
  private readonly infinite = new Set<ValueId>();
  /** Results expected by exits to the enclosing constructs. */
  private readonly targets = new Map<LabelId, Outcome>();
  private labels = new Set<LabelId>();
  private sites = new Set<number>();
  private readonly ops: OpChecker;
  private func = '';
  /** What is being looked at, for messages. */
  private place: () => string = () => '';

  constructor(private readonly module: Module) {
    const returned = new Map([...module.funcs.values()].map((f) => [f.key, resultsOf(f, exitsTo(f))]));
    this.state = new Uint8Array(module.values.size);
    this.ops = new OpChecker(module, returned, (message) => this.say(message));
  }

  private say(message: string): void {
    this.messages.push(`${this.func}: ${this.place()}: ${message}`);
  }

  checkFunction(key: string, f: Func): void {
    this.func = key;
    this.place = () => 'function';
    this.labels = new Set();
    this.sites = new Set();
    if (f.key !== key) this.say(`is stored under another key than its own, ${f.key}`);
    if (f.body.params.length > 0) this.say('body has parameters of its own');
    this.scope(() => {
      for (const p of f.params) this.define(p);
      const results = resultsOf(f, exitsTo(f)) ?? [];
      const outcome = { results, of: 'function' };
      this.inside(f.label, outcome, () => this.region(f.body, outcome));
    });
  }

  /** Runs `body`; what it defines is not visible afterwards. */
  private scope(body: () => void): void {
    const outside = this.stack.length;
    body();
    for (let k = outside; k < this.stack.length; k++) this.state[this.stack[k]!] = DEFINED;
    this.stack.length = outside;
  }

  private inside(label: LabelId, outcome: Outcome, body: () => void): void {
    if (this.labels.has(label)) this.say(`label L${label} is used twice`);
    this.labels.add(label);
    this.targets.set(label, outcome);
    body();
    this.targets.delete(label);
  }

  private define(v: ValueId): void {
    if (this.state[v] !== UNKNOWN) this.say(`%${v} is defined twice`);
    this.state[v] = VISIBLE;
    this.stack.push(v);
  }
  private use(v: ValueId): void {
    if (this.state[v] !== VISIBLE) this.say(`%${v} is not defined here`);
  }

  /** A region whose `yield` supplies the outcome. */
  private region(r: Region, outcome: Outcome): void {
    this.scope(() => {
      for (const p of r.params) this.define(p);
      for (const op of r.ops) this.op(op);
      this.end(r.end, outcome);
    });
  }

  private op(op: Op): void {
    this.place = () => opLine(op);
    for (const v of opArgs(op)) this.use(v);
    this.checkPoison(op);
    this.ops.check(op);
    this.inner(op);
    this.place = () => opLine(op);
    for (const v of op.results) this.define(v);
    if (op.kind === 'const' && op.poison) for (const v of op.results) this.poison.add(v);
    if (op.kind === 'const' && op.value === Infinity) for (const v of op.results) this.infinite.add(v);
  }

  private inner(op: Op): void {
    const outcome = { results: op.results, of: op.kind };
    if (op.kind === 'if') {
      for (const arm of [op.then, op.else]) {
        if (arm.params.length > 0) this.say('an arm has parameters');
        this.region(arm, outcome);
      }
    } else if (op.kind === 'block') {
      if (op.body.params.length > 0) this.say('body has parameters');
      this.inside(op.label, outcome, () => this.region(op.body, outcome));
    } else if (op.kind === 'loop') {
      const carried = op.body.params.slice(1);
      op.inits.forEach((v, k) => void this.supply(v, carried[k], 'initial value'));
      op.extras.forEach((v, k) => {
        if (v !== 'lastIv') this.supply(v, op.results[op.inits.length + k], 'extra');
      });
      // a loop without a bound is left by exits only
      if (!this.infinite.has(op.hi))
        carried.forEach((v, k) => void this.supply(v, op.results[k], 'carried value'));
      this.inside(op.label, outcome, () => this.region(op.body, { results: carried, of: 'loop trip' }));
    }
  }

  private checkPoison(op: Op): void {
    if (op.kind === 'save') return;
    const passed = op.kind === 'loop' ? [op.lo, op.hi] : opArgs(op);
    for (const v of passed) if (this.poison.has(v)) this.say(`poison %${v} is used`);
  }

  private end(end: Terminator, outcome: Outcome): void {
    this.place = () => endText(end);
    for (const v of endArgs(end)) this.use(v);
    if (end.kind === 'throw') {
      if (this.poison.has(end.arg)) this.say(`poison %${end.arg} is used`);
      return;
    }
    if (end.kind === 'exit') {
      if (!Number.isInteger(end.site) || end.site <= 0)
        this.say(`site ${end.site} is not a positive integer`);
      if (this.sites.has(end.site)) this.say(`site ${end.site} is used twice`);
      this.sites.add(end.site);
    }
    const to = end.kind === 'exit' ? this.targets.get(end.target) : outcome;
    if (to === undefined) this.say('leaves a construct that does not enclose it');
    else this.supplyAll(end.args, to);
  }

  private supplyAll(args: readonly ValueId[], to: Outcome): void {
    if (args.length !== to.results.length)
      this.say(`gives ${args.length} values, but the ${to.of} takes ${to.results.length}`);
    // the results of a function have no types of their own
    else if (to.of !== 'function') args.forEach((v, k) => void this.supply(v, to.results[k], 'value'));
  }
  /** A value handed to another name must be of its kind; counts are reported elsewhere. */
  private supply(from: ValueId, to: ValueId | undefined, what: string): void {
    if (to === undefined || this.poison.has(from)) return;
    const [a, b] = [this.module.values.type(from), this.module.values.type(to)];
    if (!fits(a, b)) this.say(`${what} %${from} has type ${typeKey(a)}, but %${to} has ${typeKey(b)}`);
  }
}

/** What the exits of a function hand back. */
function exitsTo(f: Func): readonly (readonly ValueId[])[] {
  const found: (readonly ValueId[])[] = [];
  walkRegions(f.body, ({ end }) => {
    if (end.kind === 'exit' && end.target === f.label) found.push(end.args);
  });
  return found;
}

/** Everything that is wrong with a module, in the order of the text; empty if nothing is. */
export function verifyModule(module: Module): string[] {
  const verifier = new Verifier(module);
  for (const [key, f] of module.funcs) verifier.checkFunction(key, f);
  return verifier.messages;
}

/** Throws if a pass has produced a module that is not well formed. */
export function assertValid(module: Module, passName: string): void {
  const messages = verifyModule(module);
  if (messages.length === 0) return;
  const more = messages.length > 10 ? `\n  and ${messages.length - 10} more` : '';
  throw new Error(`invalid IR after ${passName}:\n  ${messages.slice(0, 10).join('\n  ')}${more}`);
}
