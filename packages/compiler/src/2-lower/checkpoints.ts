/**
 * What the user marks to be run again in the reverse sweep: calls of functions under `checkpoint` become blocks, loops over
 * `checkpointed` become loops that say how many states are kept. Both are ordinary code to all passes but one (`outline`).
 */
import { skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import type { Snapshots, ValueId } from '../ir/nodes.js';
import type { Arg } from './args.js';
import { callValue } from './call-values.js';
import type { FunctionContext } from './context.js';
import { lowerNumber, lowerValue } from './expressions.js';
import { optionsOf } from './marker-options.js';
import { flatten, unflatten, type Val } from './shapes.js';
import { isMarker } from './statics.js';

/** Calls a function under `checkpoint`. */
export function callAgain(cx: FunctionContext, of: Val, args: readonly Arg[], e: ts.Expression): Val {
  let value: Val = { kind: 'missing' };
  const { ops, end, env } = cx.region(() => {
    value = callValue(cx, of, args, e, undefined);
  });
  if (end) {
    // it throws
    for (const op of ops) cx.emit(op);
    cx.end = end;
    return value;
  }
  const inner: ValueId[] = [];
  const results: ValueId[] = [];
  const outside = (v: Val): Val => {
    const { shape, ids } = flatten(v, cx);
    let k = 0;
    return unflatten(shape, () => {
      const id = ids[k++];
      const result = cx.values.like(id);
      if (cx.sure.has(id)) cx.sure.add(result);
      if (cx.isStopped(id)) cx.setStopped(result);
      inner.push(id);
      results.push(result);
      return result;
    });
  };
  const given = outside(value);
  for (const [symbol, v] of env) {
    const before = cx.env.get(symbol);
    if (before !== undefined && before !== v) cx.env.set(symbol, outside(v));
  }
  cx.emit({
    kind: 'block',
    label: cx.values.freshLabel(),
    body: { params: [], ops, end: { kind: 'yield', args: inner } },
    results,
    checkpoint: true,
    span: cx.span(e),
  });
  return given;
}

/** `for (const t of checkpointed(n, options))`: how many trips there are, and how many states are kept. */
export interface CheckpointedLoop {
  /** Not given for a loop that runs until it is left. */
  readonly count: ValueId | undefined;
  readonly snapshots: Snapshots;
}

export function checkpointedLoop(cx: FunctionContext, e: ts.Expression): CheckpointedLoop | undefined {
  const { ts } = cx;
  const call = skipWrappers(ts, e);
  if (!ts.isCallExpression(call) || !isMarker(cx, skipWrappers(ts, call.expression), 'checkpointed'))
    return undefined;
  const [n, options] = call.arguments;
  if (call.arguments.some((a) => ts.isSpreadElement(a)))
    return cx.refuse('AD2011', call, 'the arguments of `checkpointed` must be written out here');
  const isForever = !n || (ts.isIdentifier(n) && (n.text === 'undefined' || n.text === 'Infinity'));
  const count = isForever ? undefined : lowerNumber(cx, n);
  return { count, snapshots: options ? readSnapshots(cx, options) : { limit: undefined, inBytes: false } };
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KB', 2 ** 10],
  ['MB', 2 ** 20],
  ['GB', 2 ** 30],
]);

function readSnapshots(cx: FunctionContext, options: ts.Expression): Snapshots {
  const { ts } = cx;
  const found = optionsOf(cx, 'checkpointed', ['snapshots', 'memory', 'store'], options);
  const [snapshots, memory, store] = ['snapshots', 'memory', 'store'].map((name) => found.get(name));
  if (snapshots && memory)
    return cx.refuse('AD1006', memory, 'give either `snapshots` or `memory`, not both');
  const made = store && skipWrappers(ts, store);
  if (made && (ts.isCallExpression(made) || ts.isNewExpression(made)))
    return cx.refuse('AD1006', made, 'make the store outside of differentiated code, and name it here');
  return {
    limit: memory ? bytes(cx, memory) : snapshots && lowerNumber(cx, snapshots),
    inBytes: memory !== undefined,
    ...(store && { store: lowerValue(cx, store) }),
  };
}

/** A number of bytes: `'64MB'`, or a number. */
function bytes(cx: FunctionContext, e: ts.Expression): ValueId {
  const x = skipWrappers(cx.ts, e);
  if (!cx.ts.isStringLiteralLike(x)) return lowerNumber(cx, e);
  const [, size, unit] = /^(\d+(?:\.\d+)?)\s*([KMG]?B)$/i.exec(x.text.trim()) ?? [];
  if (size === undefined)
    return cx.refuse('AD1006', e, `\`${x.text}\` is no amount of memory: write for example '64MB'`);
  return cx.constant(Number(size) * UNITS.get(unit.toUpperCase())!, e);
}
