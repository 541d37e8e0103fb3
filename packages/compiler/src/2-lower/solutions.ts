/**
 * Solutions of equations: `fixedPoint`, and `implicit` by steps of Newton's method, become loops of which only the last state
 * matters. Both are ordinary code to all passes but two (`outline`, and `fixed-points`, which makes the adjoint).
 */
import type { ts } from '../host/ts.js';
import { type LabelId, NUMBER, OPAQUE, type Region, type Type, type ValueId } from '../ir/nodes.js';
import { isKeyed, refType, sameType } from '../ir/types.js';
import { type Arg, irVal } from './args.js';
import { callValue } from './call-values.js';
import type { FunctionContext } from './context.js';
import { emptyRegion } from './control-flow.js';
import { lowerExpression, lowerNumber, lowerValue } from './expressions.js';
import { settled } from './functions.js';
import { optionsOf } from './marker-options.js';
import type { Val } from './shapes.js';
import { raise } from './try.js';

const TOLERANCE = 1e-10;

/** How a solution is looked for: the marker, the next iterate, and how many there may be. */
interface Method {
  readonly marker: string;
  readonly mostSteps: number;
  readonly step: (x: ValueId) => Val;
}

/** `fixedPoint(step, x0, theta, options)`. */
export const lowerFixedPoint = (cx: FunctionContext, e: ts.CallExpression): Val =>
  solution(cx, e, 'fixedPoint', 1000, (step, theta) => (x) => {
    const args = [irVal(x), ...theta].map((v): Arg => ({ v, spread: false, node: e }));
    return callValue(cx, step, args, e, undefined);
  });

/** `implicit(residual, x0, theta, options)`. */
export const lowerImplicit = (cx: FunctionContext, e: ts.CallExpression): Val =>
  solution(cx, e, 'implicit', 100, (residual, [theta = irVal(cx.constant(undefined, e))]) => (x) => {
    const type = cx.type(x);
    const array = refType(type)?.kind === 'array' && !isKeyed(type) && type.kind !== 'maybe';
    if (type.kind !== 'number' && !array)
      return cx.refuse('AD3002', e, '`implicit` looks for a number, or for an array of numbers');
    return cx.callLibrary(array ? 'newton_system' : 'newton_number', [residual, irVal(x), theta], e);
  });

function solution(
  cx: FunctionContext,
  e: ts.CallExpression,
  marker: string,
  mostSteps: number,
  stepOf: (f: Val, theta: readonly Val[]) => Method['step'],
): Val {
  const [f, start, theta, options] = e.arguments;
  if (!f || !start || e.arguments.some((a) => cx.ts.isSpreadElement(a)))
    return cx.refuse('AD2011', e, `the arguments of \`${marker}\` must be written out here`);
  const called = settled(cx, lowerExpression(cx, f));
  const x0 = lowerValue(cx, start);
  const given = theta ? [lowerExpression(cx, theta)] : [];
  const method = { marker, mostSteps, step: stepOf(called, given) };
  const own = readOptions(cx, method, options);
  let type = cx.type(x0);
  for (;;) {
    const trip = oneTrip(cx, e, method, type, own);
    const next = cx.type(trip.next);
    const wider =
      cx.joinTypes(type, next) ?? cx.refuse('AD3003', e, 'the step gives something else than it is given');
    if (sameType(wider, type)) return finish(cx, e, x0, trip, own);
    type = wider;
  }
}

interface Options {
  readonly tolerance: ValueId;
  readonly most: ValueId;
  readonly warns: boolean;
}
interface Trip {
  readonly label: LabelId;
  readonly body: Region;
  readonly next: ValueId;
}

function oneTrip(cx: FunctionContext, e: ts.CallExpression, method: Method, type: Type, own: Options): Trip {
  const label = cx.values.freshLabel();
  const iv = cx.fresh(NUMBER, e);
  const x = cx.fresh(type, e, 'x');
  let next = x;
  const leave = (args: readonly ValueId[]): void => {
    cx.end = { kind: 'exit', target: label, site: cx.nextSite(), args: [...args], span: cx.span(e) };
  };
  const r = cx.region(() => {
    next = cx.ir(method.step(x), e);
    const distance = cx.fresh(NUMBER, e);
    cx.emit({
      kind: 'runtime',
      name: 'treeDistance',
      args: [next, x],
      literals: [],
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
        literals: [`'${method.marker}'`],
        effect: 'effect',
        results: [error],
      });
      if (!own.warns) return raise(cx, irVal(error), e, true);
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

function finish(
  cx: FunctionContext,
  e: ts.CallExpression,
  x0: ValueId,
  { label, body, next }: Trip,
  { tolerance }: Options,
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

function readOptions(
  cx: FunctionContext,
  { marker, mostSteps }: Method,
  options: ts.Expression | undefined,
): Options {
  const names = ['tolerance', 'maxSteps', 'onFailure'];
  const found = options ? optionsOf(cx, marker, names, options) : new Map<string, ts.Expression>();
  const [tolerance, most, onFailure] = names.map((name) => found.get(name));
  if (onFailure && !cx.ts.isStringLiteralLike(onFailure))
    return cx.refuse('AD1006', onFailure, "`onFailure` is 'error' or 'warn', written out here");
  return {
    tolerance: tolerance ? lowerNumber(cx, tolerance) : cx.constant(TOLERANCE),
    most: most ? lowerNumber(cx, most) : cx.constant(mostSteps),
    warns: onFailure !== undefined && (onFailure as ts.StringLiteralLike).text === 'warn',
  };
}
