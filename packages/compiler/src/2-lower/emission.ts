/**
 * What lowering emits, in order: operations and constants, with what is known of the values; and how it says that something cannot be
 * differentiated.
 */

import type { Code } from '../diagnostics/catalog.js';
import { type AdjointDiagnostic, placeOf, placeOfSpan } from '../diagnostics/diagnostic.js';
import { packageHostOf } from '../host/packages.js';
import type { Host, ts } from '../host/ts.js';
import {
  type ArrayType,
  BOOLEAN,
  NEVER,
  NULLISH,
  NUMBER,
  OPAQUE,
  type Op,
  type RecordType,
  type Span,
  type Type,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { isRef, isRemade, present } from '../ir/types.js';
import { libraryOf } from '../library/library.js';
import { scalarRule } from '../rules/scalar.js';
import { identity, REPORTED, type Val } from './shapes.js';
import type { LowerState } from './state.js';

/** Thrown to give up the expression or statement at hand after a diagnostic; the next statement goes on. */
export class Refused extends Error {}
/** The same where a type is not known (yet). */
export class Unknown extends Refused {}

export class Emission {
  ops: Op[] = [];
  /** Tells objects apart that are made at one place for different uses, as by field initialisers. */
  context = '';
  /** Parts of a table that are read from the real object. */
  replaced: ReadonlyMap<ts.Expression, () => Val> | undefined;
  /** The arrays that views were made of. */
  readonly bases = new Map<ValueId, ValueId>();
  /** Elements that were read by an index: they may be missing whatever their type says. */
  readonly elements = new Set<ValueId>();
  /** Objects that are made here, or under construction: whatever others they meet, they are no parts of a table. */
  readonly own = new Set<ValueId>();
  /** Instances whose constructors run here, and that nothing has frozen yet. */
  readonly unfinished = new Set<ValueId>();
  /** Objects that are surely there. */
  readonly sure = new Set<ValueId>();

  constructor(
    readonly state: LowerState,
    /** Tells this specialisation of the function from others. */
    readonly key: string,
    public host: Host,
    /** Where the function was called, for code that is not the user's. */
    readonly calledAt: Span | undefined,
  ) {}

  get ts(): Host['ts'] {
    return this.host.ts;
  }
  /** The code of the compiler's own library. */
  get isLibrary(): boolean {
    return this.host === libraryOf(this.ts).host;
  }
  get values(): ValueTable {
    return this.state.values;
  }

  // ------------------------------------------------------------------ diagnostics

  span(node: ts.Node): Span {
    if (this.calledAt) return this.calledAt;
    const file = node.getSourceFile();
    return { file: file.fileName, start: node.getStart(file), end: node.end };
  }

  /** Reports an offence and gives up what is being lowered. */
  refuse(code: Code, node: ts.Node, message?: string, help?: string): never {
    this.report(code, node, message, help);
    throw new Refused(code);
  }
  /** Refuses the use of a value in conflict, without a word if the user has been told. */
  refuseConflict(why: string, node: ts.Node): never {
    if (why === REPORTED) {
      if (!this.state.diagnostics.hasErrors)
        this.report('AD7001', node, 'what is refused here was not reported');
      throw new Refused(why);
    }
    return this.refuse('AD4003', node, why);
  }
  report(code: Code, node: ts.Node, message?: string, help?: string): void {
    const related = [this.state.request, ...this.insidePackage(node)];
    this.state.diagnostics.report(code, placeOfSpan(this.span(node)), related, message, help);
  }
  /** What is said at the user's call stands in the JavaScript of a package. */
  private insidePackage(node: ts.Node): AdjointDiagnostic['related'] {
    if (!this.calledAt || !packageHostOf(node.getSourceFile())) return [];
    return [{ ...placeOf(node), message: 'in the package' }];
  }
  /** The type of a value is not known (yet): either it will be found out, or this is what stays. */
  giveUp(node: ts.Node): never {
    this.report('AD3001', node, 'the type of this value could not be found out');
    throw new Unknown('AD3001');
  }

  // ------------------------------------------------------------------ operations

  fresh(type: Type, node?: ts.Node, name?: string): ValueId {
    return this.values.fresh({
      type,
      ...(name === undefined ? {} : { name }),
      ...(node ? { span: this.span(node) } : {}),
    });
  }
  type(id: ValueId): Type {
    return this.values.type(id);
  }
  emit(op: Op): void {
    const written = op.kind === 'store' || op.kind === 'resize' ? op.ref : undefined;
    const isOwn = written === undefined || this.replaced !== undefined || this.own.has(written);
    if (!isOwn && op.span && isRemade(this.type(written))) {
      const message = 'an object of the module that holds functions is written here';
      const help = 'keep what changes in an object of its own';
      this.state.diagnostics.report('AD4003', placeOfSpan(op.span), [this.state.request], message, help);
      throw new Refused(message);
    }
    this.checkStopped(op);
    if (op.kind === 'literal' || op.kind === 'alloc') {
      this.sure.add(op.results[0]);
      this.own.add(op.results[0]);
    }
    this.ops.push(op);
  }
  /** Objects that are seen through `stopGradient`. */
  isStopped(id: ValueId): boolean {
    return this.state.stopped.has(id);
  }
  setStopped(id: ValueId): void {
    if (isRef(this.type(id))) this.state.stopped.add(id);
  }
  /** What is seen through `stopGradient` is not written through that name, nor stored where it could be read in another way. */
  private checkStopped(op: Op): void {
    const { stopped } = this.state;
    if (stopped.size === 0) return;
    const isSeen = (id: ValueId | undefined): boolean => id !== undefined && stopped.has(id);
    const isKept =
      op.kind === 'literal'
        ? !(op.type.kind === 'record' && op.type.functions) && op.args.some(isSeen)
        : op.kind === 'store'
          ? isSeen(op.ref) || isSeen(op.value)
          : op.kind === 'resize'
            ? isSeen(op.ref)
            : op.kind === 'alloc' && isSeen(op.fill);
    if (isKept && op.span) {
      this.state.diagnostics.report('AD5002', placeOfSpan(op.span), [this.state.request]);
      throw new Refused('AD5002');
    }
    // a part of it, or another name
    if ((op.kind === 'scalar' || op.kind === 'runtime' || op.kind === 'foreign') && op.args.some(isSeen))
      for (const id of op.results) this.setStopped(id);
  }
  constant(value: number | boolean | string | null | undefined, node?: ts.Node): ValueId {
    const type =
      typeof value === 'number'
        ? NUMBER
        : typeof value === 'boolean'
          ? BOOLEAN
          : value === null || value === undefined
            ? NULLISH
            : OPAQUE;
    const id = this.fresh(type, node);
    // check mode says where it began
    const span = typeof value === 'number' && !Number.isFinite(value) && node ? this.span(node) : undefined;
    this.emit({ kind: 'const', results: [id], value, ...(span && { span }) });
    this.constants.set(id, value);
    return id;
  }
  /** `undefined`, as a value of no type: it takes that of whatever it meets. */
  nothing(node: ts.Node): ValueId {
    const id = this.fresh(NEVER, node);
    this.emit({ kind: 'const', value: undefined, results: [id] });
    return id;
  }
  private readonly constants = new Map<ValueId, unknown>();
  knownNumber(id: ValueId): number | undefined {
    const value = this.constants.get(id);
    return typeof value === 'number' ? value : undefined;
  }
  knownText(id: ValueId): string | undefined {
    const value = this.constants.get(id);
    return typeof value === 'string' ? value : undefined;
  }
  isKnownUndefined(id: ValueId): boolean {
    return this.knownNothing(id) === 'undefined';
  }
  /** Which of the two a value is that is surely missing. */
  knownNothing(id: ValueId): 'undefined' | 'null' | undefined {
    if (!this.constants.has(id)) return undefined;
    const value = this.constants.get(id);
    return value === undefined ? 'undefined' : value === null ? 'null' : undefined;
  }
  /** Lowers code of another file in this function. */
  inHost<T>(host: Host, run: () => T): T {
    const saved = this.host;
    this.host = host;
    try {
      return run();
    } finally {
      this.host = saved;
    }
  }
  /** A boolean that is known while lowering: the other arm of its branch is not lowered at all. */
  known(id: ValueId): boolean | undefined {
    const value = this.constants.get(id);
    return typeof value === 'boolean' ? value : undefined;
  }
  scalar(fn: string, args: readonly ValueId[], node?: ts.Node): ValueId {
    const rule = scalarRule(fn);
    const type =
      rule.result === 'number'
        ? NUMBER
        : rule.result === 'boolean'
          ? BOOLEAN
          : present(this.type(args[args.length - 1]));
    const id = this.fresh(type, node);
    this.emit({ kind: 'scalar', fn, args, results: [id], ...(node ? { span: this.span(node) } : {}) });
    return id;
  }

  // ------------------------------------------------------------------ types

  /** The type of what is made at a node: one type for each specialisation of the function around it, or fewer (`Grain`). */
  site<T extends ArrayType | RecordType>(what: string, node: ts.Node, make: () => T): T {
    const remade = (): T => ({ ...make(), remade: true });
    return this.state.inference.site(this.siteKey(what, node), node, this.replaced ? remade : make) as T;
  }
  /** The type of a kind of thing: an instance of a class, a function with what it captures. */
  siteOfKind<T extends ArrayType | RecordType>(kind: string, node: ts.Node, make: () => T): T {
    const { inference } = this.state;
    if (inference.grain === 'specialisation' || this.replaced) return this.site(kind, node, make);
    return inference.site(kind, node, make) as T;
  }
  /** What was found out about what is made at a node. */
  knownSite(what: string, node: ts.Node): ArrayType | RecordType | undefined {
    return this.state.inference.known(this.siteKey(what, node));
  }
  private siteKey(what: string, node: ts.Node): string {
    const place = `${what}|${identity(node)}|${this.context}`;
    return this.state.inference.grain === 'place' && !this.isLibrary ? place : `${place}|${this.key}`;
  }
  joinTypes(a: Type, b: Type): Type | undefined {
    return this.state.inference.join(a, b);
  }
}
