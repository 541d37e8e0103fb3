/**
 * **Question**: does an active value reach something that would lose its derivative without a word? **Guarantees**: a
 * diagnostic at the operation otherwise: encodings that come back as numbers (AD4006), writes to objects of unknown code (AD5005).
 */
import { type Memory, slotKey } from '../3-simplify/memory.js';
import { SlotNames } from '../3-simplify/slot-writes.js';
import type { Code } from '../diagnostics/catalog.js';
import { type Diagnostics, type Place, placeKey, placeOfSpan } from '../diagnostics/diagnostic.js';
import type { ForeignOp, Func, Module, Op, RuntimeOp, Span, Type, ValueId } from '../ir/nodes.js';
import { isKeyed, isRef, isRemade, present } from '../ir/types.js';
import { walkOps, walkRegions } from '../ir/visit.js';
import type { Activity } from './activity.js';

export interface FlowCheck {
  readonly module: Module;
  readonly entry: Func;
  readonly memory: Memory;
  readonly activity: Activity;
  readonly diagnostics: Diagnostics;
  readonly request: Place & { readonly message: string };
  /** What is to be said with what is reported of an operation, by its place. */
  readonly notes: ReadonlyMap<string, Place & { readonly message: string }>;
}

export function checkFlow(c: FlowCheck): void {
  const report = (code: Code, span: Span | undefined, message?: string, help?: string): void => {
    const note = span && c.notes.get(placeKey(span));
    if (span)
      c.diagnostics.report(code, placeOfSpan(span), note ? [note, c.request] : [c.request], message, help);
  };
  const severed: Severed = new SeveredFlow(c);
  const { end, ops } = c.entry.body;
  if (end.kind === 'yield' && end.args.some((v) => severed.has(v)))
    report(
      'AD4006',
      c.entry.span ?? ops[0]?.span,
      'the result is a number that was made into another encoding',
    );
  const reportSevered = ({ span }: Op): void =>
    report('AD4006', span, ...(severed.isParsed ? COPY_BY_TEXT : severed.objectKeys ? OBJECT_KEY : []));
  const isActive = (v: ValueId): boolean => c.activity.varied(v) || c.activity.variedRef(v);
  const told = findTold(c, isActive);
  const openStore = findOpenStore(c, isActive) ?? told;
  checkRules(c, isActive, report);
  for (const f of c.module.funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind === 'foreign' && op.role === 'unknown') checkUnknown(c, op, report);
      if (op.kind === 'foreign' && op.role === 'calls') checkCalled(c, op, openStore, report);
      if (told && op.kind === 'foreign' && isRead(op) && resultMatters(c, op))
        report(
          'AD4003',
          op.span,
          'this may have been assigned by a function from outside that was given an active value',
        );
      const isNumber = () => present(c.module.values.type(op.results[0])).kind === 'number';
      if (
        op.kind === 'foreign' &&
        op.role !== 'reads' &&
        op.role !== 'calls' &&
        isNumber() &&
        op.args.some(severed.has)
      )
        reportSevered(op);
      if (op.kind === 'load' && isNumber() && severed.load(op)) reportSevered(op);
      if (
        op.kind === 'store' &&
        c.memory.classOf(op.ref).external &&
        isRemade(c.module.values.type(op.value))
      )
        report(
          'AD4003',
          op.span,
          'an object of the module that holds functions is stored in an object outside',
        );
      // what carries no derivative may be counted, cached or logged there
      if (op.kind === 'store' && c.memory.classOf(op.ref).outer && isActive(op.value))
        report(
          'AD5005',
          op.span,
          'an active value is written into an object that unknown code made, or that is seen with two types',
        );
    });
}

const COPY_BY_TEXT = [
  'a number that `JSON.stringify` made into text becomes a number again by `JSON.parse`',
  'copy an object by `structuredClone(o)`, which keeps the derivative, or use stopGradient(...)',
] as const;
const OBJECT_KEY = [
  'a number of an object that is read back from the keys of a map, or one that was made into text',
  'keep such objects in a list, or as values of the map',
] as const;

/** A derivative rule of the user's that was not lowered runs as it is, so that it has no derivative itself. */
function checkRules(
  c: FlowCheck,
  isActive: (v: ValueId) => boolean,
  report: (code: Code, span: Span | undefined, message?: string, help?: string) => void,
): void {
  const calls: RuntimeOp[] = [];
  const followed: RuntimeOp[] = [];
  const place = ({ span }: RuntimeOp) => (span ? `${span.file}|${span.start}|${span.end}` : '');
  for (const f of c.module.funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind !== 'runtime') return;
      if (op.name === 'applyRule') calls.push(op);
      if (op.name === 'pullRule' || op.name === 'pushRule') followed.push(op);
    });
  for (const op of followed) {
    const same = calls.filter((call) => place(call) === place(op));
    if ([op, ...(same.length > 0 ? same : calls)].some((o) => o.args.some(isActive)))
      report(
        'AD4007',
        op.span ?? same[0]?.span,
        `a derivative of a derivative rule is needed here, and it cannot be taken of this rule: ${op.rule?.why ?? 'its source was not found'}`,
        'write the rule as a function whose source the compiler can differentiate, without effects',
      );
  }
}

/** Unknown code may be given what does not depend on the arguments, and numbers if it gives nothing back. */
function checkUnknown(
  c: FlowCheck,
  op: ForeignOp,
  report: (code: Code, span: Span | undefined, message?: string) => void,
): void {
  if (op.args.some((a) => c.activity.variedRef(a))) report('AD4005', op.span);
  if (resultMatters(c, op) && op.args.some((a) => c.activity.varied(a)))
    report(
      'AD4002',
      op.span,
      'an active number is passed to code without source and without a derivative rule',
    );
}

/** Whether what unknown code gives may be a number, or hold numbers. */
const resultMatters = (c: FlowCheck, op: ForeignOp): boolean =>
  mayHoldNumbers(op.gives ?? c.module.values.type(op.results[0]));
export const mayHoldNumbers = (t: Type): boolean =>
  t.kind === 'number' || isRef(t) || (t.kind === 'maybe' && t.of.kind !== 'opaque');

/** Where an active value is put into what a function from outside may read. */
const findOpenStore = (c: FlowCheck, isActive: (v: ValueId) => boolean): Op | undefined =>
  firstOp(
    c,
    (op) =>
      (op.kind === 'store' && c.memory.given.has(c.memory.classOf(op.ref)) && isActive(op.value)) ||
      (op.kind === 'foreign' && op.role === 'writes' && op.args.some(isActive)),
  );
/** Where a function from outside is told an active number. */
const findTold = (c: FlowCheck, isActive: (v: ValueId) => boolean): Op | undefined =>
  firstOp(c, (op) => op.kind === 'foreign' && op.role === 'calls' && op.args.some(isActive));

function firstOp(c: FlowCheck, is: (op: Op) => boolean): Op | undefined {
  let found: Op | undefined;
  for (const f of c.module.funcs.values())
    walkOps(f.body, (op) => {
      if (is(op)) found ??= op;
    });
  return found;
}
/** Reads a variable outside that may be assigned at any time. */
const isRead = (op: ForeignOp): boolean => op.role === 'reads' && !op.pure && op.args.length === 0;

/** A function from outside may be told of active numbers; what it gives must not depend on any. */
function checkCalled(
  c: FlowCheck,
  op: ForeignOp,
  openStore: Op | undefined,
  report: (code: Code, span: Span | undefined, message?: string, help?: string) => void,
): void {
  if (op.args.some((a) => c.activity.variedRef(a))) report('AD4005', op.span);
  const isUsed = (a: ValueId): boolean =>
    isRef(c.module.values.type(a)) &&
    [...c.memory.reachable(c.memory.classOf(a))].some((m) => m.touched.size > 0);
  if (op.args.some((a) => c.activity.varied(a)) && op.args.some(isUsed))
    report(
      'AD4003',
      op.span,
      'a function from outside is given an active value, and an object that it may write it to',
      'give it the one or the other',
    );
  if (!resultMatters(c, op)) return;
  const help =
    'make it a function of the program, see that nothing changes the object which holds it, or give it a rule by `customVjp`';
  if (op.args.some((a) => c.activity.varied(a)))
    report('AD4003', op.span, 'an active value is passed to a function that comes from outside', help);
  else if (openStore)
    report(
      'AD4003',
      op.span,
      'a function that comes from outside may read here what active values were written to',
      help,
    );
}

/** What was made from varied values by an encoding, wherever it flows: values, and slots of memory. */
interface Severed {
  readonly has: (v: ValueId) => boolean;
  /** Whether a load gives something severed. */
  readonly load: (op: Op & { kind: 'load' }) => boolean;
  /** Objects that hold active numbers are keys somewhere. */
  readonly objectKeys: boolean;
  /** Text with active numbers is parsed somewhere. */
  readonly isParsed: boolean;
  /** Active keys were put into this container. */
  readonly keys: (ref: ValueId) => boolean;
}

class SeveredFlow implements Severed {
  private readonly values = new Set<ValueId>();
  private readonly slots = new Set<string>();
  private readonly names = new SlotNames();
  private changed = true;
  objectKeys = false;
  isParsed = false;

  constructor(readonly c: FlowCheck) {
    while (this.changed) {
      this.changed = false;
      for (const f of c.module.funcs.values()) this.func(f);
    }
  }
  readonly has = (v: ValueId): boolean => this.values.has(v);
  readonly load = (op: Op & { kind: 'load' }): boolean =>
    this.values.has(op.ref) || this.slots.has(this.slot(op.ref, slotKey(op.at)));
  readonly keys = (ref: ValueId): boolean => this.slots.has(this.slot(ref, KEYS));

  private slot(ref: ValueId, key: string): string {
    return this.names.of(this.c.memory.classOf(ref), key);
  }
  private kind(v: ValueId): string {
    const t = this.c.module.values.type(v);
    return t.kind === 'maybe' ? t.of.kind : t.kind;
  }
  /** Numbers are reported where they come about; they carry nothing on. */
  private add(v: ValueId): void {
    const kind = this.kind(v);
    if (this.values.has(v) || kind === 'number' || kind === 'boolean') return;
    this.values.add(v);
    this.changed = true;
  }
  private addSlot(ref: ValueId, key: string): void {
    const s = this.slot(ref, key);
    if (this.slots.has(s)) return;
    this.slots.add(s);
    this.changed = true;
  }
  private isActive(v: ValueId): boolean {
    return this.c.activity.varied(v) || this.c.activity.variedRef(v);
  }
  private move(from: readonly ValueId[], to: readonly ValueId[] | undefined): void {
    from.forEach((a, k) => {
      if (to?.[k] !== undefined && this.values.has(a)) this.add(to[k]);
    });
  }

  private func(f: Func): void {
    const exits = new Map<number, readonly ValueId[]>();
    if (f.body.end.kind === 'yield') exits.set(f.label, f.body.end.args);
    walkOps(f.body, (op) => {
      if (op.kind === 'loop' || op.kind === 'block') exits.set(op.label, op.results);
    });
    walkOps(f.body, (op) => this.op(op));
    walkRegions(f.body, (r) => {
      if (r.end.kind === 'exit') this.move(r.end.args, exits.get(r.end.target));
    });
  }

  private op(op: Op): void {
    switch (op.kind) {
      case 'foreign':
        this.foreign(op);
        break;
      case 'load':
        if (this.load(op)) this.add(op.results[0]);
        break;
      case 'store':
        if (this.values.has(op.value)) this.addSlot(op.ref, slotKey(op.at));
        if (
          'index' in op.at &&
          isKeyed(this.c.module.values.type(op.ref)) &&
          // a number, or an object that holds some
          this.isActive(op.at.index)
        ) {
          this.addSlot(op.ref, KEYS);
          this.objectKeys ||= isRef(this.c.module.values.type(op.at.index));
        }
        break;
      case 'literal':
        op.args.forEach((a, k) => {
          if (this.values.has(a))
            this.addSlot(op.results[0], op.type.kind === 'array' ? '[]' : op.type.fields[k].key);
        });
        break;
      case 'alloc':
        if (op.fill !== undefined && this.values.has(op.fill)) this.addSlot(op.results[0], '[]');
        break;
      case 'scalar':
        if (op.args.some((a) => this.values.has(a))) for (const v of op.results) this.add(v);
        break;
      case 'if':
        for (const r of [op.then, op.else]) if (r.end.kind === 'yield') this.move(r.end.args, op.results);
        break;
      case 'block':
        if (op.body.end.kind === 'yield') this.move(op.body.end.args, op.results);
        break;
      case 'loop': {
        const params = op.body.params.slice(1);
        this.move(op.inits, params);
        if (op.body.end.kind === 'yield') this.move(op.body.end.args, params);
        this.move(params, op.results);
        break;
      }
      case 'call': {
        const g = this.c.module.funcs.get(op.callee);
        if (!g) break;
        this.move(op.args, g.params);
        if (g.body.end.kind === 'yield') this.move(g.body.end.args, op.results);
        break;
      }
      default:
        break;
    }
  }

  /** An encoding severs its result; unknown code may also keep what it is given in the object that it belongs to. */
  private foreign(op: Op & { kind: 'foreign' }): void {
    if (op.role === 'reads' || op.role === 'writes') {
      if (op.args[0] === undefined || !this.keys(op.args[0])) return;
      if (isRef(this.c.module.values.type(op.results[0]))) this.addSlot(op.results[0], '[]');
      else this.add(op.results[0]);
      return;
    }
    if (!op.args.some((a) => this.values.has(a) || this.isActive(a))) return;
    const isCode = op.role === 'unknown' || op.role === 'calls';
    const givesNumbers = isCode && op.gives !== undefined && mayHoldNumbers(op.gives);
    // numbers that such code makes of active values are reported where it is called
    if (!givesNumbers || !op.args.some((a) => this.isActive(a))) for (const v of op.results) this.add(v);
    this.isParsed ||= op.template[0].startsWith('JSON.parse(');
    if (isCode) for (const a of op.args) if (this.kind(a) === 'opaque') this.add(a);
  }
}
const KEYS = '#keys';
