/** **Question**: which member is meant of an object that the program makes, as an object literal or as an instance of a class? */
import type { ts } from '../host/ts.js';
import { isFunctionRecord, isSurelyThere } from '../host/types.js';
import type { RecordType, ValueId } from '../ir/nodes.js';
import { CLASS_FIELD, fieldsNamed, refType } from '../ir/types.js';
import { type Arg, irVal } from './args.js';
import { callValue } from './call-values.js';
import type { FunctionContext } from './context.js';
import type { Val } from './shapes.js';

/** Whether an object says itself which of the two it is: instances that are made here have their class in a field. */
export const isToldApart = (t: RecordType): boolean =>
  t.literal === true && t.classes !== undefined && !t.outside;

/** `literal()` where the object is of no class, else `ofClass()`. */
export const whereLiteral = (
  cx: FunctionContext,
  of: ValueId,
  node: ts.Node,
  literal: () => Val,
  ofClass: () => Val,
): Val => either(cx, cx.load(of, { key: CLASS_FIELD }, node), node, literal, ofClass);
const either = (
  cx: FunctionContext,
  asked: ValueId,
  node: ts.Node,
  missing: () => Val,
  there: () => Val,
): Val => cx.branch(cx.scalar('isNullish', [asked], node), missing, there, node) ?? { kind: 'missing' };

/** A field of the object literal: only instances may lack it, unless its type says that it may be missing. */
export function ownField(cx: FunctionContext, of: ValueId, name: string, node: ts.Node): ValueId {
  const held = cx.load(of, { key: name }, node);
  return isSurelyThere(cx.host, node) ? cx.present(held, node) : held;
}

/** What such an object holds itself under the name of a method; nothing as `held` where no object literal has it. */
export interface OwnFunction {
  readonly held: ValueId | undefined;
}
/** Nothing if the object is no such one, or what it holds is not known to be a function. */
export function functionOfLiteral(
  cx: FunctionContext,
  of: Val,
  name: string,
  node: ts.Node,
): OwnFunction | undefined {
  const t = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  if (of.kind !== 'ir' || t?.kind !== 'record' || !isToldApart(t)) return undefined;
  const [field, ...others] = fieldsNamed(t, name);
  if (!field) return { held: undefined };
  const isFunction = others.length === 0 && field.type.kind === 'maybe' && isFunctionRecord(field.type);
  return isFunction ? { held: cx.load(of.id, { key: name }, node) } : undefined;
}

type Call = (args: readonly Arg[], e: ts.Expression) => Val;
/** Calls what the object holds itself, then what its class has; an object literal has no class. */
export function callOwnFirst(
  cx: FunctionContext,
  of: Val & { readonly kind: 'ir' },
  { held }: OwnFunction,
  node: ts.Node,
  ofClass: Call,
  ofNone: Call,
): Call {
  const notOwn: Call = (args, e) =>
    whereLiteral(
      cx,
      of.id,
      node,
      () => ofNone(args, e),
      () => ofClass(args, e),
    );
  if (held === undefined) return notOwn;
  const own: Call = (args, e) => callValue(cx, irVal(cx.present(held, node)), args, e, of);
  return (args, e) =>
    either(
      cx,
      held,
      node,
      () => notOwn(args, e),
      () => own(args, e),
    );
}
