/** The checks of one operation by itself: numbers of operands and results, and plausible types. */
import { SCALAR_RULES } from '../rules/scalar.js';
import {
  type AccumOp,
  type At,
  assertNever,
  type CallOp,
  type Func,
  type LiteralOp,
  type LoopOp,
  type Module,
  type Op,
  type ScalarOp,
  type StoreOp,
  type Type,
  type ValueId,
  type ValueTable,
} from './nodes.js';
import { functionsOfRule } from './rules.js';
import { isKeyed, isRef, present, refType, slotType, typeKey } from './types.js';

/** Whether a value of one type may stand where the other is expected; references are not told apart. */
export function fits(from: Type, to: Type): boolean {
  if (from.kind === 'never' || to.kind === 'never') return true;
  if (isRef(from) && isRef(to)) return true;
  if (to.kind === 'maybe') return from.kind === 'nullish' || fits(present(from), to.of);
  if (to.kind === 'opaque') return from.kind !== 'number' && !isRef(from);
  return from.kind === to.kind;
}

/** How many values a function gives; undefined if it never returns. */
export function resultsOf(f: Func, exits: readonly (readonly ValueId[])[]): readonly ValueId[] | undefined {
  return f.body.end.kind === 'yield' ? f.body.end.args : exits[0];
}

type Say = (message: string) => void;

/** Results that an operation of each kind has; undefined where it depends. */
const RESULTS: Readonly<Partial<Record<Op['kind'], number>>> = {
  const: 1,
  scalar: 1,
  alloc: 1,
  literal: 1,
  load: 1,
  store: 0,
  accum: 0,
  length: 1,
  outer: 1,
  save: 0,
  resize: 0,
};

export class OpChecker {
  /** Whether the expressions outside change, as said where they were first met. */
  private readonly changes = new Map<string, boolean>();

  constructor(
    private readonly module: Module,
    private readonly returned: ReadonlyMap<string, readonly ValueId[] | undefined>,
    private readonly say: Say,
  ) {}

  private get values(): ValueTable {
    return this.module.values;
  }
  private expect(v: ValueId, type: Type, what: string): void {
    const actual = this.values.type(v);
    if (!fits(actual, type))
      this.say(`${what} %${v} has type ${typeKey(actual)} instead of ${typeKey(type)}`);
  }
  private kind(v: ValueId, kind: Type['kind'], what: string): void {
    const actual = this.values.type(v);
    if (actual.kind !== kind) this.say(`${what} %${v} has type ${typeKey(actual)} instead of ${kind}`);
  }

  check(op: Op): void {
    const count = RESULTS[op.kind];
    if (count !== undefined && op.results.length !== count) this.say(`needs ${count} results`);
    else this.checkKind(op);
  }

  private checkKind(op: Op): void {
    switch (op.kind) {
      case 'scalar':
        this.scalar(op);
        return;
      case 'alloc':
        this.kind(op.length, 'number', 'length');
        this.kind(op.results[0]!, 'array', 'result');
        if (op.fill !== undefined) this.expect(op.fill, op.type.elem, 'fill');
        return;
      case 'literal':
        this.literal(op);
        return;
      case 'load': {
        const slot = this.slot(op.ref, op.at);
        const type = this.values.type(op.results[0]!);
        if (slot && !fits(slot, type)) this.say(`a slot of type ${typeKey(slot)} gives ${typeKey(type)}`);
        return;
      }
      case 'store':
      case 'accum':
        this.write(op);
        return;
      case 'length':
        if (!['array', 'opaque'].includes(present(this.values.type(op.ref)).kind))
          this.say(`%${op.ref} has no length`);
        this.kind(op.results[0]!, 'number', 'result');
        return;
      case 'resize':
        if (op.how === undefined) this.kind(op.length, 'number', 'length');
        return;
      case 'if':
        this.kind(op.cond, 'boolean', 'condition');
        return;
      case 'loop':
        this.loop(op);
        return;
      case 'call':
        this.call(op);
        return;
      case 'foreign':
        if (op.template.length !== op.args.length + 1)
          this.say(`template has ${op.template.length - 1} holes for ${op.args.length} arguments`);
        if (op.results.length > 1) this.say('needs at most 1 result');
        return;
      case 'runtime':
        for (const key of functionsOfRule(op))
          if (!this.module.funcs.has(key)) this.say(`there is no function '${key}'`);
        return;
      case 'outer':
        if ((this.changes.get(op.text) ?? op.changes === true) !== (op.changes === true))
          this.say(`'${op.text}' is said to change in one place and not in another`);
        this.changes.set(op.text, op.changes === true);
        return;
      case 'const':
      case 'block':
      case 'save':
      case 'restore':
        return;
      default:
        assertNever(op);
    }
  }

  private scalar(op: ScalarOp): void {
    const rule = SCALAR_RULES.get(op.fn);
    if (rule === undefined) {
      this.say(`no scalar rule named '${op.fn}'`);
      return;
    }
    const [result] = op.results as readonly [ValueId];
    if (rule.arity !== 'n' && op.args.length !== rule.arity) {
      this.say(`needs ${rule.arity} arguments`);
      return;
    }
    const { operands } = rule;
    if (operands !== 'any') for (const a of op.args) this.kind(a, operands, 'argument');
    if (rule.result !== 'same') this.kind(result, rule.result, 'result');
    else this.same(op, result);
  }

  /** The result has the type of the operands that are handed on. */
  private same(op: ScalarOp, result: ValueId): void {
    if (op.fn === 'select') this.kind(op.args[0]!, 'boolean', 'condition');
    const type = this.values.type(result);
    for (const a of op.fn === 'select' ? op.args.slice(1) : op.args) {
      const actual = present(this.values.type(a));
      if (actual.kind !== 'nullish' && !fits(actual, type))
        this.say(`argument %${a} has type ${typeKey(actual)} instead of ${typeKey(type)}`);
    }
  }

  private literal(op: LiteralOp): void {
    this.kind(op.results[0]!, op.type.kind, 'result');
    const { type } = op;
    if (type.kind === 'array') {
      for (const a of op.args) this.expect(a, type.elem, 'element');
    } else if (type.fields.length !== op.args.length) this.say(`needs ${type.fields.length} fields`);
    else
      type.fields.forEach((f, k) => {
        // a field that the constructor will set
        if (this.values.type(op.args[k]!).kind !== 'nullish')
          this.expect(op.args[k]!, f.type, `field ${f.key}`);
      });
  }

  /** The type of a slot, if the reference has such a slot. */
  private slot(ref: ValueId, at: At): Type | undefined {
    const type = this.values.type(ref);
    if ('index' in at && !isKeyed(type)) this.kind(at.index, 'number', 'index');
    const slot =
      'index' in at === (refType(type)?.kind === 'array')
        ? slotType(type, 'key' in at ? at.key : undefined)
        : undefined;
    const text = 'key' in at ? `.${at.key}` : '[]';
    if (!slot) this.say(`%${ref} of type ${typeKey(type)} has no slot ${text}`);
    return slot;
  }

  private write(op: StoreOp | AccumOp): void {
    const slot = this.slot(op.ref, op.at);
    if (slot) this.expect(op.value, slot, 'value');
    if (op.kind === 'accum') this.kind(op.value, 'number', 'value');
  }

  private loop(op: LoopOp): void {
    this.kind(op.lo, 'number', 'bound');
    this.kind(op.hi, 'number', 'bound');
    if (!Number.isInteger(op.step) || op.step === 0)
      this.say(`step ${op.step} is not an integer other than 0`);
    const { inits, extras, results, body } = op;
    if (results.length !== inits.length + extras.length)
      this.say(
        `has ${results.length} results for ${inits.length} carried values and ${extras.length} extras`,
      );
    if (body.params.length !== inits.length + 1)
      this.say(`body has ${body.params.length} parameters instead of ${inits.length + 1}`);
    else this.kind(body.params[0]!, 'number', 'induction variable');
  }

  private call(op: CallOp): void {
    const callee = this.module.funcs.get(op.callee);
    if (callee === undefined) {
      this.say(`there is no function '${op.callee}'`);
      return;
    }
    if (op.derivative) return;
    const { params } = callee;
    if (params.length !== op.args.length) this.say(`needs ${params.length} arguments`);
    else op.args.forEach((a, k) => void this.expect(a, this.values.type(params[k]!), 'argument'));
    const returned = this.returned.get(op.callee);
    if (returned && returned.length !== op.results.length) this.say(`needs ${returned.length} results`);
  }
}
