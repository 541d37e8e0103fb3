/**
 * Accessors of an object that a literal of the differentiated code makes: functions in hidden fields of the object. Where some of
 * the objects that meet have an accessor and others a field of its name, or nothing, each is asked whether it has the hidden field.
 */
import type { ts } from '../host/ts.js';
import type { RecordType, ValueId } from '../ir/nodes.js';
import { GETTER, refType, SETTER } from '../ir/types.js';
import { callValue } from './call-values.js';
import type { FunctionContext } from './context.js';
import { accessorName, dispatch, functionsOf } from './functions.js';
import type { Val } from './shapes.js';
import { raiseTypeError } from './try.js';

/** What is under the name of a field or accessor in another way: an object has one or the other. */
const othersNamed = (key: string): readonly string[] => {
  const name = accessorName(key);
  return name === undefined ? [`${GETTER}${key}`, `${SETTER}${key}`] : [name];
};
/** The keys of a type that a field or accessor takes the place of. */
export const replacedBy = (t: RecordType, key: string): readonly string[] =>
  othersNamed(key).filter((other) => t.fields.some((f) => f.key === other));

/** Gives a literal one more field or accessor: of what it has by one name the last is kept, in the place of the first. */
export function define(fields: Map<string, ValueId>, key: string, v: ValueId): void {
  const [first, ...more] = othersNamed(key).filter((other) => fields.has(other));
  const before = [...fields];
  if (first !== undefined) fields.clear();
  for (const [k, x] of first === undefined ? [] : before)
    if (k === first) fields.set(key, v);
    else if (!more.includes(k)) fields.set(k, x);
  fields.set(key, v);
}

/** Reads a member through its getter where the object has one; `otherwise` reads what else is under the name. */
export function getThroughLiteral(
  cx: FunctionContext,
  of: Val,
  name: string,
  node: ts.Node,
  otherwise: () => Val,
): Val {
  const run = (f: Val): Val => callValue(cx, f, [], node as ts.Expression, of);
  return throughAccessor(cx, of, `${GETTER}${name}`, node, run, otherwise);
}

/** Writes a member through its setter where the object has one. */
export function setThroughLiteral(
  cx: FunctionContext,
  of: Val,
  name: string,
  v: Val,
  node: ts.Expression,
  otherwise: () => void,
): void {
  const run = (f: Val): Val => callValue(cx, f, [{ v, spread: false, node }], node, of);
  const store = (): Val => done(otherwise());
  const unlessGetter = (): Val =>
    throughAccessor(cx, of, `${GETTER}${name}`, node, () => done(raiseGetterOnly(cx, name, node)), store);
  throughAccessor(cx, of, `${SETTER}${name}`, node, (f) => done(run(f)), unlessGetter);
}
const done = (_: unknown): Val => ({ kind: 'missing' });

/** What JavaScript throws in strict code where a member is written that has a getter and no setter. */
export const raiseGetterOnly = (cx: FunctionContext, name: string, node: ts.Node): undefined =>
  raiseTypeError(cx, `${name} has a getter and no setter`, node);

function throughAccessor(
  cx: FunctionContext,
  of: Val,
  hidden: string,
  node: ts.Node,
  run: (f: Val) => Val,
  otherwise: () => Val,
): Val {
  const id = cx.ir(of, node);
  const type = refType(cx.type(id));
  const field = type?.kind === 'record' ? type.fields.find((f) => f.key === hidden) : undefined;
  if (!field) return otherwise();
  const found = accessor(cx, id, hidden, node);
  const call = (): Val => dispatch(cx, found, node, run);
  if (field.type.kind !== 'maybe') return call();
  return cx.branch(cx.scalar('isNullish', [found], node), otherwise, call, node) ?? { kind: 'missing' };
}

/** An accessor of an object literal, which must be known as a function. */
function accessor(cx: FunctionContext, id: ValueId, hidden: string, node: ts.Node): ValueId {
  const found = cx.load(id, { key: hidden }, node);
  if (functionsOf(cx, found)) return found;
  return cx.refuse(
    'AD4003',
    node,
    `\`${accessorName(hidden)}\` is an accessor of an object that comes from outside`,
    'make the object inside, or let a function compute what the accessor gives',
  );
}
