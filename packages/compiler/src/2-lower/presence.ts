/** **Question**: is an object there, where the program asks for its type? Types do not say it: `map.get(key)!`, `list[list.length]`. */
import { settledTypes } from '../host/settled-types.js';
import type { ts } from '../host/ts.js';
import type { ValueId } from '../ir/nodes.js';
import { CHECK_THERE } from '../ir/types.js';
import type { FunctionContext } from './context.js';
import type { Val } from './shapes.js';

/** Surely there, perhaps missing, or there by what its types say. */
export type Presence = 'there' | 'maybe' | 'claimed';

/** `asked`: the expression whose value it is, where there is one. */
export function presence(cx: FunctionContext, id: ValueId, asked: ts.Node): Presence {
  if (cx.type(id).kind === 'maybe') return 'maybe';
  if (cx.sure.has(id)) return 'there';
  const told = cx.ts.isExpression(asked) ? presenceByType(cx, asked) : 'there';
  if (told === 'unknown') return 'claimed';
  return told === 'maybe' || cx.elements.has(id) ? 'maybe' : 'claimed';
}

/** What TypeScript says; `unknown` where the question may be which of several kinds of values it is. */
function presenceByType({ host, ts }: FunctionContext, e: ts.Expression): 'there' | 'maybe' | 'unknown' {
  if (host.untyped) return 'there';
  const F = ts.TypeFlags;
  const types = settledTypes(host, e);
  const there = types.filter((t) => (t.flags & (F.Undefined | F.Null | F.Void)) === 0);
  if (there.some((t) => (t.flags & (F.Object | F.NonPrimitive | F.Intersection)) === 0)) return 'unknown';
  const { checker } = host;
  const kind = (t: ts.Type) =>
    checker.isArrayType(t) || checker.isTupleType(t) || t.getCallSignatures().length > 0;
  if (there.some((t) => kind(t) !== kind(there[0]))) return 'unknown';
  return there.length < types.length ? 'maybe' : 'there';
}

/**
 * What is copied: an element or entry that may be missing by its own type, `map.get(key)`, becomes a value that may be missing, of which
 * nothing is copied.
 */
export function perhapsThere(cx: FunctionContext, id: ValueId, asked: ts.Expression): ValueId {
  const F = cx.ts.TypeFlags;
  const isElement = cx.elements.has(id) && cx.type(id).kind !== 'maybe' && !cx.sure.has(id);
  if (!isElement || cx.host.untyped) return id;
  const type = cx.host.checker.getTypeAtLocation(asked);
  if (!type.isUnion() || !type.types.some((t) => (t.flags & (F.Undefined | F.Null)) !== 0)) return id;
  const nothing = (): Val => ({ kind: 'ir', id: cx.constant(undefined, asked) });
  const given = (): Val => ({ kind: 'ir', id });
  return cx.ir(cx.branch(cx.scalar('isNullish', [id], asked), nothing, given, asked) as Val, asked);
}

/** Whether an object is there: the answer to a question for its type that holds of all such objects. */
export function whereThere(cx: FunctionContext, id: ValueId, node: ts.Node, asked: ts.Node = node): ValueId {
  const known = presence(cx, id, asked);
  if (known === 'maybe') return cx.scalar('not', [cx.scalar('isNullish', [id], node)], node);
  if (known === 'claimed') believe(cx, id, asked);
  return cx.constant(true, node);
}

/** What its type says is believed from here on: where it is wrong, the program does not go on. */
export const believe = (cx: FunctionContext, id: ValueId, asked: ts.Node): void =>
  checkThere(cx, id, `\`${asked.getText()}\` is missing, which its type does not say`, asked);

/** Throws a `TypeError` where an object is missing. */
export function checkThere(cx: FunctionContext, id: ValueId, message: string, node: ts.Node): void {
  cx.emit({
    kind: 'runtime',
    name: CHECK_THERE,
    args: [id],
    literals: [JSON.stringify(message)],
    effect: 'effect',
    results: [],
    span: cx.span(node),
  });
}

/** Code behind a test that an object is there. */
export const whereFound = (cx: FunctionContext, id: ValueId, run: () => Val) => (): Val => {
  if (cx.sure.has(id)) return run();
  cx.sure.add(id);
  try {
    return run();
  } finally {
    cx.sure.delete(id);
  }
};

/** An optional argument that is an object or a function: `undefined` is as if it were not given. */
export function unlessAbsent(
  cx: FunctionContext,
  v: Val | undefined,
  node: ts.Node,
  given: (v: Val) => Val,
  absent: () => Val,
): Val {
  if (v === undefined || v.kind === 'missing') return absent();
  if (v.kind !== 'ir' || cx.sure.has(v.id)) return given(v);
  if (cx.type(v.id).kind === 'nullish') return absent();
  return (
    cx.branch(
      cx.scalar('isUndefined', [v.id], node),
      absent,
      whereFound(cx, v.id, () => given(v)),
      node,
    ) ?? { kind: 'missing' }
  );
}

/**
 * Does something with an object, unless it is one that may be left out, by what its type says, and is `undefined` or `null`. What comes of
 * it, where it is surely there.
 */
export function whereGiven(
  cx: FunctionContext,
  v: Val,
  node: ts.Node,
  use: (v: Val) => Val,
): Val | undefined {
  if (v.kind === 'missing' || (v.kind === 'ir' && cx.type(v.id).kind === 'nullish')) return undefined;
  if (v.kind !== 'ir' || presence(cx, v.id, node) !== 'maybe') return use(v);
  const nothing: Val = { kind: 'missing' };
  const given = (): Val => {
    use(v);
    return nothing;
  };
  cx.branch(cx.scalar('isNullish', [v.id], node), () => nothing, whereFound(cx, v.id, given), node);
  return undefined;
}
