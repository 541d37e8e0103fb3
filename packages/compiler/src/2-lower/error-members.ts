/** **Question**: what do instances of classes that extend `Error` have from it? */
import type { ts } from '../host/ts.js';
import { OPAQUE, type RecordType, type ValueId } from '../ir/nodes.js';
import { refType } from '../ir/types.js';
import { type Arg, irVal } from './args.js';
import { byClass, classesOf } from './class-checks.js';
import { baseOf, declarationOfClass, findMember } from './class-declarations.js';
import { storeField } from './constructors.js';
import type { FunctionContext } from './context.js';
import { getMember } from './members.js';
import type { Val } from './shapes.js';
import { engineError, isErrorClass, thrownClass } from './try.js';

/** The class of the language's own errors that a class extends, directly or through others. */
export function errorClassOf(cx: FunctionContext, d: ts.ClassLikeDeclaration): string | undefined {
  const base = baseOf(cx, d);
  if (base) return errorClassOf(cx, base);
  const clause = d.heritageClauses?.find((h) => h.token === cx.ts.SyntaxKind.ExtendsKeyword);
  const extended = clause?.types[0].expression.getText();
  return extended !== undefined && isErrorClass(extended) ? extended : undefined;
}
/** Whether instances of errors that are made here are among those of a type. */
const isErrorMadeHere = (cx: FunctionContext, t: RecordType): boolean =>
  !t.outside && t.classes?.some((c) => errorClassOf(cx, declarationOfClass(c)) !== undefined) === true;

/** The name that an error has from the prototype of its class. */
export function nameError(cx: FunctionContext, d: ts.ClassLikeDeclaration, id: ValueId, node: ts.Node): void {
  const name = errorClassOf(cx, d);
  const has = (kind: 'method' | 'get'): boolean => findMember(cx, d, 'name', kind, false) !== undefined;
  if (name !== undefined && !has('get') && !has('method'))
    storeField(cx, id, 'name', irVal(cx.constant(name, node)), node);
}
/** What the constructor of `Error` does: `super(message, { cause })`. */
export function initialiseError(
  cx: FunctionContext,
  self: Val,
  [message, options]: readonly Arg[],
  node: ts.Node,
): void {
  const ref = cx.ir(self, node);
  const type = refType(cx.type(ref)) as RecordType;
  const text = cx.ir(messageOf(cx, message?.v, node), node);
  if (!cx.state.inference.store(type, 'message', cx.type(text))) cx.refuse('AD2010', node);
  cx.store(ref, { key: 'message' }, text, node);
  if (options) storeCause(cx, ref, options);
}
function storeCause(cx: FunctionContext, ref: ValueId, { v, node }: Arg): void {
  const options = cx.ir(v, node);
  const store = (): undefined =>
    void storeField(
      cx,
      ref,
      'cause',
      getMember(cx, irVal(cx.present(options, node)), 'cause', node),
      node,
    ) as undefined;
  const { kind } = cx.type(options);
  if (kind === 'nullish') return;
  if (kind === 'maybe') cx.branch(cx.scalar('isNullish', [options], node), () => undefined, store, node);
  else store();
}
/** No message is the empty one. */
function messageOf(cx: FunctionContext, given: Val | undefined, node: ts.Node): Val {
  const empty = (): Val => irVal(cx.constant('', node));
  if (!given || given.kind === 'missing') return empty();
  const id = cx.ir(given, node);
  const { kind } = cx.type(id);
  if (kind === 'nullish') return empty();
  if (kind !== 'maybe') return given;
  const isMissing = cx.scalar('isUndefined', [id], node);
  return cx.branch(isMissing, empty, () => irVal(cx.present(id, node)), node) ?? empty();
}

/** Whether errors of the engine are among the objects whose `name` is read here. */
export const isNameOfEngine = (cx: FunctionContext, of: Val, name: string): boolean =>
  name === 'name' && classesOf(cx, of).some((c) => declarationOfClass(c) === thrownClass(cx));
/** The `name` of an object that may be an error of the engine. */
export function nameOfError(cx: FunctionContext, of: Val & { kind: 'ir' }, node: ts.Node): Val {
  return byClass(cx, of, classesOf(cx, of), node, (d) =>
    irVal(
      d === thrownClass(cx)
        ? cx.foreign(['', '?.name'], [engineError(cx, of.id, node)], OPAQUE, true, node, 'reads')
        : cx.present(cx.load(of.id, { key: 'name' }, node), node),
    ),
  );
}

/** Only the engine knows where an error was made, and what the cause of one of its own is. */
export function refuseOfEngine(cx: FunctionContext, type: RecordType, name: string, node: ts.Node): void {
  if (name !== 'stack' && name !== 'cause') return;
  const isOfEngine = type.classes?.some((c) => declarationOfClass(c) === thrownClass(cx)) && !type.outside;
  if (isOfEngine || (name === 'stack' && isErrorMadeHere(cx, type)))
    cx.refuse(
      'AD3005',
      node,
      `\`${name}\` of an error that is made or caught here is not known`,
      name === 'stack' ? 'let the caller read it' : 'keep it in a field with a name of your own',
    );
}
/** `message` and `stack` of a real error are not among the keys that are seen. */
export function refuseKeysOfError(cx: FunctionContext, type: RecordType, node: ts.Node): void {
  if (isErrorMadeHere(cx, type))
    cx.refuse(
      'AD3005',
      node,
      'the keys of an error that is made here are seen: `message` is not among them, as it is of other objects',
      'name the fields that are meant',
    );
}
