/** State while one function is lowered: how values of the program are read, written, handed out and made. */
import type { FunctionNode } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { isFunctionRecord, lowerType, UnsupportedType } from '../host/types.js';
import {
  type At,
  BOOLEAN,
  type Field,
  type ForeignOp,
  NUMBER,
  OPAQUE,
  type RecordType,
  type ResizeOp,
  type StoreOp,
  type Type,
  type ValueId,
} from '../ir/nodes.js';
import { holdsFunctions } from '../ir/type-questions.js';
import {
  CELL,
  fieldsNamed,
  isRef,
  isRemade,
  isSplit,
  kindOfKey,
  nameOfKey,
  present,
  refType,
  slotType,
  withoutObjects,
} from '../ir/types.js';
import { libraryOf } from '../library/library.js';
import { ControlFlow } from './control-flow.js';
import { stop } from './expressions.js';
import { checkWritable } from './frozen.js';
import { reify } from './functions.js';
import { cellType, type Val } from './shapes.js';
import { raise, refuseAtRunTime } from './try.js';

/** Why a field is not read, and what to do. */
export const severalKinds = (name: string, fields: readonly Field[]): [message: string, help: string] =>
  fields.some((f) => isFunctionRecord(present(f.type))) && fields.some((f) => kindOfKey(f.key) === 'other')
    ? [
        `\`${name}\` is a function of the program in some of these objects, and in others one that comes from outside`,
        'pass what the function is chosen by, such as a name, in place of an object that holds it',
      ]
    : [
        `fields named \`${name}\` hold values of different kinds here, and which one is meant is not known`,
        `ask for it where the field is read, by a tag or as in \`typeof o.${name} === 'number'\`, or give the fields different names`,
      ];
export class FunctionContext extends ControlFlow {
  /** The arguments, where the function asks for single ones of them only: `arguments[1]`, `arguments.length`. */
  given: readonly Val[] | undefined;
  /** Values that `typeof` gave, and what they may be, where that is known. */
  readonly typesAsked = new Map<ValueId, readonly string[]>();

  // ------------------------------------------------------------------ calls

  /** Calls a function of the compiler's own library. */
  callLibrary(name: string, args: readonly Val[], node: ts.Node): Val {
    return this.state.call(this, this.libraryFunction(name), new Map(), args, node);
  }
  libraryFunction(name: string): FunctionNode {
    const f = libraryOf(this.ts).functions.get(name);
    if (!f) throw new Error(`the library has no function ${name}`);
    return f;
  }
  /** A pure JavaScript expression without derivative. */
  foreign(
    template: readonly string[],
    args: readonly ValueId[],
    type: Type,
    pure: boolean,
    node: ts.Node,
    role?: ForeignOp['role'],
    mayThrow = !pure && role !== 'reads' && role !== 'writes',
  ): ValueId {
    const remade = args.filter((a) => isRemade(this.type(a)));
    const others = args.filter((a) => isRef(this.type(a)) && !isRemade(this.type(a)));
    const seen = role === 'unknown' || role === 'calls' || role === 'writes' || others.length > 0;
    if (seen && remade.length > 0)
      this.refuse(
        'AD4003',
        node,
        'an object of the module that holds functions is handed to code outside here',
        'hand over its name or its numbers',
      );
    if (role === 'unknown' || role === 'calls') for (const a of args) this.handOut(a, node);
    if (mayThrow && this.catches) return this.attempt(template, args, type, node, role);
    const id = this.fresh(type, node);
    const more = role === undefined ? {} : { role };
    this.emit({ kind: 'foreign', template, args, pure, results: [id], span: this.span(node), ...more });
    return id;
  }
  /** Emits a write, behind what JavaScript asks of the object first. */
  write(op: StoreOp | ResizeOp, node: ts.Node): void {
    checkWritable(this, op, node);
    this.emit(op);
  }
  /** Code outside of the program sees a value: its instances are real ones, and there are no functions in it. */
  handOut(id: ValueId, node: ts.Node): void {
    const t = this.type(id);
    if (holdsFunctions(t))
      this.refuse(
        'AD4003',
        node,
        'functions or accessors that are made here are seen by code outside, or made into text',
        'hand over an object without them',
      );
    if (!this.state.inference.makeReal(t))
      this.refuse('AD2013', node, 'an instance that is made here is seen by code outside, or made into text');
  }
  /** Unknown code where something may catch: what it throws goes the way of all exceptions. */
  private attempt(
    template: readonly string[],
    args: readonly ValueId[],
    type: Type,
    node: ts.Node,
    role: ForeignOp['role'],
  ): ValueId {
    const last = template.length - 1;
    const wrapped = template.map((t, k) => {
      const head = k === 0 ? `((): any => { try { return [true, ${t}` : t;
      return k === last ? `${head}]; } catch (e) { return [false, e]; } })()` : head;
    });
    const outcome = this.fresh(OPAQUE, node);
    const more = role === undefined ? {} : { role };
    this.emit({
      kind: 'foreign',
      template: wrapped,
      args,
      pure: false,
      results: [outcome],
      span: this.span(node),
      gives: type,
      ...more,
    });
    const part = (k: number, t: Type, reads: boolean): ValueId => {
      const id = this.fresh(t, node);
      const as = reads ? { role: 'reads' as const } : {};
      this.emit({
        kind: 'foreign',
        template: ['', `[${k}]`],
        args: [outcome],
        pure: false,
        results: [id],
        span: this.span(node),
        ...as,
      });
      return id;
    };
    const failed = this.scalar('not', [part(0, BOOLEAN, true)], node);
    const thrown = (): undefined =>
      raise(this, { kind: 'ir', id: part(1, OPAQUE, false) }, node, true) as undefined;
    this.branch(failed, thrown, () => undefined, node);
    return part(1, type, false);
  }

  // ------------------------------------------------------------------ memory

  load(ref: ValueId, from: At, node: ts.Node): ValueId {
    const at = 'key' in from ? { key: this.keyOf(ref, from.key, node) } : from;
    const type = slotType(this.type(ref), 'key' in at ? at.key : undefined);
    if (!type) this.refuse('AD3002', node, 'this element or field is not known to the type of the object');
    if ('index' in at && isRemade(this.type(at.index)) && !isRemade(this.type(ref)))
      this.refuse(
        'AD4003',
        node,
        'an object of the module that holds functions is used as a key here',
        'use its name',
      );
    const id = this.fresh(type, node);
    this.emit({ kind: 'load', ref, at, results: [id], span: this.span(node) });
    if (!this.isStopped(ref)) return id;
    if (!isRef(type)) return stop(this, id, node);
    this.setStopped(id);
    return id;
  }
  /** What was read of a value of one kind is read again before another is stored: an object has one for good. */
  staysOfKind(ref: ValueId, t: RecordType, key: string, node: ts.Node): void {
    const name = nameOfKey(key);
    for (const other of fieldsNamed(t, name)) {
      if (other.key === key || other.type.kind !== 'maybe') continue;
      const held = this.load(ref, { key: other.key }, node);
      const fails = (): undefined =>
        refuseAtRunTime(this, `\`${name}\` holds a value of another kind than it is given`, node);
      this.branch(this.scalar('isNullish', [held], node), () => undefined, fails, node);
    }
  }
  /** Which of the fields of one name is read, where the place does not say it. */
  private keyOf(ref: ValueId, key: string, node: ts.Node): string {
    const t = refType(this.type(ref));
    if (t?.kind !== 'record' || t.tuple || isSplit(key) || !this.state.inference.splits.has(key)) return key;
    const fields = fieldsNamed(t, key);
    if (fields.length > 1) return this.refuse('AD3003', node, ...severalKinds(key, fields));
    return fields.length === 1 ? fields[0].key : key;
  }
  store(ref: ValueId, to: At, value: ValueId, node: ts.Node): void {
    const t = refType(this.type(ref));
    const isField = 'key' in to && t?.kind === 'record' && !t.tuple;
    const at =
      isField && !isSplit(to.key) ? { key: this.state.inference.slotKey(to.key, this.type(value)) } : to;
    if (isField && 'key' in at && isSplit(at.key)) this.staysOfKind(ref, t, at.key, node);
    this.write({ kind: 'store', ref, at, value, results: [], span: this.span(node) }, node);
  }
  /** Moves a variable that functions share into a cell of its declared type, or of what is stored in it. */
  makeCell(init: ValueId, declared: ts.Type | undefined, node: ts.Node): Val & { kind: 'cell' } {
    // without the declarations of the language, types say nothing of arrays
    const lowered = declared && !this.host.untyped ? lowerType(this.host, declared, node) : undefined;
    const known =
      lowered === undefined || lowered instanceof UnsupportedType
        ? undefined
        : this.joinTypes(withoutObjects(lowered), this.type(init));
    const record = this.site('cell', node, () => cellType(known ?? this.type(init)) as RecordType);
    if (!this.state.inference.store(record, CELL, this.type(init)))
      this.refuse('AD3002', node, 'the type of this shared variable cannot be differentiated');
    const type = slotType(record, CELL) as Type;
    const own = cellType(this.type(init)) as RecordType;
    const ref = this.fresh(record, node);
    this.emit({
      kind: 'literal',
      type: own,
      args: [init],
      results: [ref],
      span: this.span(node),
    });
    return { kind: 'cell', ref, type };
  }
  /** Another name of an object: what is read through it has no derivative. */
  stoppedView(id: ValueId, node: ts.Node): ValueId {
    if (this.isStopped(id)) return id;
    const present = (): Val => ({ kind: 'ir', id: this.scalar('unwrap', [id], node) });
    const view =
      this.type(id).kind === 'maybe'
        ? this.branch(this.scalar('isNullish', [id], node), () => ({ kind: 'ir', id }), present, node)
        : present();
    const named = this.ir(view as Val, node);
    for (const known of [this.sure, this.elements]) if (known.has(id)) known.add(named);
    const base = this.bases.get(id);
    if (base !== undefined) this.bases.set(named, base);
    this.setStopped(named);
    return named;
  }

  // ------------------------------------------------------------------ values

  /** The IR value of a lowered expression. */
  ir(v: Val, node: ts.Node): ValueId {
    switch (v.kind) {
      case 'ir':
        return v.id;
      case 'missing':
        return this.constant(undefined, node);
      case 'conflict':
        return this.refuseConflict(v.why, node);
      case 'cell':
        return this.load(v.ref, { key: CELL }, node);
      case 'class':
        if (this.state.scopesOf(v.decl).captured(v.decl as unknown as FunctionNode).size > 0)
          this.refuse('AD4003', node, 'a class that captures variables is used as a value here');
        return reify(this, v, node);
      default:
        return reify(this, v, node);
    }
  }
  /** The number of a lowered expression; `null` and `undefined` are ruled out by use. */
  number(id: ValueId, node: ts.Node): ValueId {
    const t = this.type(id);
    if (t.kind === 'number') return id;
    if (t.kind === 'never') return this.constant(Number.NaN, node);
    if (t.kind === 'boolean') return this.scalar('num', [id], node);
    if (t.kind === 'maybe' && t.of.kind === 'number') return this.scalar('unwrap', [id], node);
    if (t.kind === 'nullish') return this.foreign(['Number(', ')'], [id], NUMBER, true, node);
    if (t.kind === 'opaque') return this.foreign(['Number(', ')'], [id], NUMBER, true, node);
    return this.refuse('AD3002', node, 'an array or object is used as a number here');
  }
  /** A value known not to be missing. */
  present(id: ValueId, node: ts.Node): ValueId {
    return this.type(id).kind === 'maybe' ? this.scalar('unwrap', [id], node) : id;
  }
  truth(id: ValueId, node: ts.Node): ValueId {
    if (this.type(id).kind === 'nullish') return this.constant(false, node);
    return this.type(id).kind === 'boolean' ? id : this.scalar('truthy', [id], node);
  }
  protected encoded(id: ValueId, node: ts.Node): ValueId {
    return this.foreign(['(', ')'], [id], OPAQUE, true, node, 'encodes');
  }
}
