/**
 * What the user marks to be run again in the reverse sweep: calls of functions under `checkpoint` become blocks, loops over
 * `checkpointed` become loops that say how many states are kept. Both are ordinary code to all passes but one (`outline`).
 */
import { skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import {
  type LabelId,
  NUMBER,
  OPAQUE,
  type Region,
  type Snapshots,
  type Type,
  type ValueId,
} from '../ir/nodes.js';
import { sameType } from '../ir/types.js';
import { type Arg, callValue, irVal } from './calls.js';
import { emptyRegion, type FunctionContext } from './context.js';
import { lowerExpression, lowerValue } from './expressions.js';
import { settled } from './functions.js';
import { flatten, unflatten, type Val } from './shapes.js';
import { isMarker } from './statics.js';
import { raise } from './try.js';

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
    const { shape, ids } = flatten(v, (id) => cx.type(id));
    let k = 0;
    return unflatten(shape, () => {
      const id = ids[k++];
      const result = cx.values.like(id);
      if (cx.sure.has(id)) cx.sure.add(result);
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
  const count = isForever ? undefined : cx.number(lowerValue(cx, n), n);
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
  const o = skipWrappers(ts, options);
  if (!ts.isObjectLiteralExpression(o))
    return cx.refuse('AD1006', options, 'the options of `checkpointed` must be written out here');
  let found: Snapshots = { limit: undefined, inBytes: false };
  let store: ValueId | undefined;
  for (const p of o.properties) {
    const name = p.name && (ts.isIdentifier(p.name) || ts.isStringLiteral(p.name)) ? p.name.text : undefined;
    const value = ts.isPropertyAssignment(p)
      ? p.initializer
      : ts.isShorthandPropertyAssignment(p)
        ? p.name
        : undefined;
    if (!value || (name !== 'snapshots' && name !== 'memory' && name !== 'store'))
      return cx.refuse('AD1006', p, '`checkpointed` has the options `snapshots`, `memory` and `store`');
    if (name === 'store') {
      const x = skipWrappers(ts, value);
      if (ts.isCallExpression(x) || ts.isNewExpression(x))
        cx.refuse('AD1006', value, 'make the store outside of differentiated code, and name it here');
      store = cx.ir(lowerExpression(cx, value), value);
      continue;
    }
    if (found.limit !== undefined)
      return cx.refuse('AD1006', p, 'give either `snapshots` or `memory`, not both');
    found =
      name === 'memory'
        ? { limit: bytes(cx, value), inBytes: true }
        : { limit: cx.number(cx.ir(lowerExpression(cx, value), value), value), inBytes: false };
  }
  return store === undefined ? found : { ...found, store };
}

/** A number of bytes: `'64MB'`, or a number. */
function bytes(cx: FunctionContext, e: ts.Expression): ValueId {
  const x = skipWrappers(cx.ts, e);
  if (!cx.ts.isStringLiteralLike(x)) return cx.number(cx.ir(lowerExpression(cx, e), e), e);
  const [, size, unit] = /^(\d+(?:\.\d+)?)\s*([KMG]?B)$/i.exec(x.text.trim()) ?? [];
  if (size === undefined)
    return cx.refuse('AD1006', e, `\`${x.text}\` is no amount of memory: write for example '64MB'`);
  return cx.constant(Number(size) * UNITS.get(unit.toUpperCase())!, e);
}

// ------------------------------------------------------------------ fixed points

const TOLERANCE = 1e-10;
const MOST_STEPS = 1000;

/** `fixedPoint(step, x0, theta, options)`: a loop of which only the last state matters. */
export function lowerFixedPoint(cx: FunctionContext, e: ts.CallExpression): Val {
  const { ts } = cx;
  const [f, start, theta, options] = e.arguments;
  if (!f || !start || e.arguments.some((a) => ts.isSpreadElement(a)))
    return cx.refuse('AD2011', e, 'the arguments of `fixedPoint` must be written out here');
  const step = settled(cx, lowerExpression(cx, f));
  const x0 = lowerValue(cx, start);
  const given = theta && lowerExpression(cx, theta);
  const own = readFixedPoint(cx, options);
  let type = cx.type(x0);
  for (;;) {
    const trip = fixedPointTrip(cx, e, step, type, given, own);
    const next = cx.type(trip.next);
    const wider =
      cx.joinTypes(type, next) ?? cx.refuse('AD3003', e, 'the step gives something else than it is given');
    if (sameType(wider, type)) return finishFixedPoint(cx, e, x0, trip, own);
    type = wider;
  }
}

interface FixedPoint {
  readonly tolerance: ValueId;
  readonly most: ValueId;
  readonly warns: boolean;
}
interface Trip {
  readonly label: LabelId;
  readonly body: Region;
  readonly next: ValueId;
}

function fixedPointTrip(
  cx: FunctionContext,
  e: ts.CallExpression,
  step: Val,
  type: Type,
  theta: Val | undefined,
  own: FixedPoint,
): Trip {
  const label = cx.values.freshLabel();
  const iv = cx.fresh(NUMBER, e);
  const x = cx.fresh(type, e, 'x');
  let next = x;
  const leave = (args: readonly ValueId[]): void => {
    cx.end = { kind: 'exit', target: label, site: cx.nextSite(), args: [...args], span: cx.span(e) };
  };
  const r = cx.region(() => {
    const args = [irVal(x), ...(theta ? [theta] : [])].map((v): Arg => ({ v, spread: false, node: e }));
    next = cx.ir(callValue(cx, step, args, e, undefined), e);
    const distance = cx.fresh(NUMBER, e);
    const literals: string[] = [];
    cx.emit({
      kind: 'runtime',
      name: 'treeDistance',
      args: [next, x],
      literals,
      effect: 'pure',
      results: [distance],
    });
    exitIf(cx, cx.scalar('le', [distance, own.tolerance], e), e, () => leave([next]));
    const isLast = cx.scalar('ge', [cx.scalar('add', [iv, cx.constant(1, e)], e), own.most], e);
    exitIf(cx, isLast, e, () => {
      const error = cx.fresh(OPAQUE, e);
      cx.emit({
        kind: 'runtime',
        name: 'notConverged',
        args: [own.most],
        literals,
        effect: 'effect',
        results: [error],
      });
      if (!own.warns) return raise(cx, irVal(error), e);
      cx.foreign(['console.warn(', '.message)'], [error], OPAQUE, false, e, 'reads');
      leave([next]);
    });
  });
  const body: Region = { params: [iv, x], ops: r.ops, end: { kind: 'yield', args: [next] } };
  return { label, body, next };
}

function exitIf(cx: FunctionContext, cond: ValueId, e: ts.Node, leave: () => void): void {
  const { ops, end } = cx.region(leave);
  const then: Region = { params: [], ops, end: end! };
  cx.emit({ kind: 'if', cond, then, else: emptyRegion(), results: [], span: cx.span(e) });
}

function finishFixedPoint(
  cx: FunctionContext,
  e: ts.CallExpression,
  x0: ValueId,
  { label, body, next }: Trip,
  { tolerance }: FixedPoint,
): Val {
  const result = cx.fresh(cx.type(next), e, 'x');
  cx.emit({
    kind: 'loop',
    label,
    lo: cx.constant(0, e),
    hi: cx.constant(Number.POSITIVE_INFINITY, e),
    step: 1,
    inclusive: false,
    inits: [x0],
    body,
    extras: [],
    results: [result],
    span: cx.span(e),
    checkpoint: { limit: tolerance, inBytes: false, fixed: true },
  });
  return irVal(result);
}

function readFixedPoint(cx: FunctionContext, options: ts.Expression | undefined): FixedPoint {
  const { ts } = cx;
  const found = {
    tolerance: undefined as ValueId | undefined,
    most: undefined as ValueId | undefined,
    warns: false,
  };
  const o = options && skipWrappers(ts, options);
  if (o && !ts.isObjectLiteralExpression(o))
    return cx.refuse('AD1006', o, 'the options of `fixedPoint` must be written out here');
  for (const p of o?.properties ?? []) {
    const name = p.name && ts.isIdentifier(p.name) ? p.name.text : '';
    const value = ts.isPropertyAssignment(p)
      ? p.initializer
      : ts.isShorthandPropertyAssignment(p)
        ? p.name
        : undefined;
    const number = () => cx.number(cx.ir(lowerExpression(cx, value!), value!), value!);
    if (value && name === 'tolerance') found.tolerance = number();
    else if (value && name === 'maxSteps') found.most = number();
    else if (value && name === 'onFailure' && ts.isStringLiteralLike(value))
      found.warns = value.text === 'warn';
    else cx.refuse('AD1006', p, '`fixedPoint` has the options `tolerance`, `maxSteps` and `onFailure`');
  }
  return {
    tolerance: found.tolerance ?? cx.constant(TOLERANCE),
    most: found.most ?? cx.constant(MOST_STEPS),
    warns: found.warns,
  };
}
