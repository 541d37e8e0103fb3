/**
 * **Question**: what does a function give, whichever way it ends? **Method**: the returns join to one shape, and where a caller may
 * catch what is thrown, all ways out give a completion: whether it threw, what, and then the results.
 */
import type { FunctionNode } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { BOOLEAN, NULLISH, OPAQUE, type Op, type Type, type ValueId } from '../ir/nodes.js';
import { isRef } from '../ir/types.js';
import type { FunctionContext } from './context.js';
import { isFunctionVal } from './functions.js';
import { type Env, flatten, REPORTED, type Shape, shapeKey, unflatten, type Val } from './shapes.js';
import type { Specialised } from './state.js';

export interface Return {
  readonly args: ValueId[];
  readonly value: Val;
  readonly node: ts.Node;
  /** `undefined`, where other returns give a value. */
  readonly missing: ValueId;
  /** Where operations can be added before it leaves. */
  readonly ops: Op[];
  readonly env: Env;
}

export interface Thrown {
  readonly args: ValueId[];
  readonly payload: ValueId;
  readonly ops: Op[];
  readonly node: ts.Node;
}

const REFUSED_RETURNS = {
  AD3003: 'the returns of this function give values of different types',
  AD4003: 'the returns of this function give different functions',
  AD5002:
    'this function returns what is seen through `stopGradient`, and other memory too or by calling itself',
} as const;

/** One shape for all returns; fills in the arguments of the exits. */
export function joinReturns(
  cx: FunctionContext,
  returns: readonly Return[],
  decl: ts.Node,
  f: Specialised,
): Shape {
  returns = functionsAsRecords(cx, returns);
  const some = returns.some((r) => r.value.kind !== 'missing');
  if (!some) return { kind: 'missing' };
  let shape: Shape | undefined;
  for (const r of returns) {
    const value: Val = r.value.kind === 'missing' ? { kind: 'ir', id: r.missing } : r.value;
    const flat = flatten(value, cx);
    r.args.push(...flat.ids);
    if (!shape) shape = flat.shape;
    else if (shape.kind === 'ir' && flat.shape.kind === 'ir') {
      const given = [shape, flat.shape].filter((x) => isRef(x.type));
      const stopped = given.some((x) => x.stopped);
      if (stopped && !given.every((x) => x.stopped)) return refused(cx, r.node, 'AD5002');
      const type = cx.state.inference.join(shape.type, flat.shape.type);
      if (!type) return refused(cx, r.node, 'AD3003');
      // what is one object on every way stays that
      const { literal, ...known } = shape;
      shape = {
        ...known,
        type,
        stopped,
        ...(literal && literal === flat.shape.literal ? { literal } : {}),
      };
    } else if (shapeKey(shape) !== shapeKey(flat.shape)) return refused(cx, r.node, 'AD4003');
  }
  if (f.assumed && shape?.kind === 'ir') {
    if (shape.stopped) return refused(cx, decl, 'AD5002');
    const before = f.assumed.kind === 'ir' ? f.assumed.type : NULLISH;
    const joined = cx.state.inference.join(before, shape.type);
    if (!joined) return refused(cx, decl, 'AD3003');
    shape = { ...shape, type: cx.state.inference.noteResult(f.spec, joined) };
  } else if (f.assumed && shape && shapeKey(f.assumed) !== shapeKey(shape))
    return refused(cx, decl, 'AD3003');
  const mayBeElement = returns.some((r) => r.value.kind === 'ir' && cx.elements.has(r.value.id));
  if (cx.completion && shape?.kind === 'ir' && isRef(shape.type) && mayBeElement)
    return { ...shape, element: true };
  return shape ?? { kind: 'missing' };
}

/** Completions: returns say that nothing was thrown, throws have no results. */
export function joinThrows(
  cx: FunctionContext,
  returns: readonly Return[],
  throws: readonly Thrown[],
  f: Specialised,
): void {
  let type = cx.state.inference.thrown(f.spec);
  for (const t of throws) {
    const joined: Type | undefined = type
      ? cx.state.inference.join(type, cx.values.type(t.payload))
      : cx.values.type(t.payload);
    if (!joined) return void cx.report('AD2010', t.node, 'exceptions of different types leave this function');
    type = joined;
  }
  if (!type) return;
  cx.state.inference.noteThrown(f.spec, type);
  const constant = (ops: Op[], value: boolean | undefined, as: Type, poison: boolean): ValueId => {
    const id = cx.values.fresh({ type: as });
    ops.push({ kind: 'const', value, results: [id], ...(poison ? { poison } : {}) });
    return id;
  };
  const results = f.result ? flattenShape(f.result) : [];
  for (const r of returns)
    r.args.unshift(constant(r.ops, false, BOOLEAN, false), constant(r.ops, undefined, type, true));
  for (const t of throws)
    t.args.push(
      constant(t.ops, true, BOOLEAN, false),
      t.payload,
      ...results.map((as) => constant(t.ops, undefined, as, true)),
    );
}

function refused(cx: FunctionContext, node: ts.Node, code: keyof typeof REFUSED_RETURNS): Shape {
  cx.report(code, node, REFUSED_RETURNS[code]);
  return { kind: 'conflict', why: REPORTED };
}

/** Different functions that are returned become records. */
function functionsAsRecords(cx: FunctionContext, returns: readonly Return[]): readonly Return[] {
  const functions = returns.filter((r) => isFunctionVal(r.value));
  if (functions.length === 0) return returns;
  const keys = new Set(returns.map((r) => shapeKey(flatten(r.value, cx).shape)));
  if (keys.size === 1) return returns;
  return returns.map((r) => (isFunctionVal(r.value) ? { ...r, value: cx.asRecord(r.value, r, r.node) } : r));
}

const flattenShape = (s: Shape): Type[] => {
  const types: Type[] = [];
  unflatten(s, (t) => {
    types.push(t);
    return 0 as ValueId;
  });
  return types;
};

/** The end of the body: a result of `undefined`, or, behind returns with values, a place that the types rule out. */
export function fallOff(cx: FunctionContext, decl: FunctionNode, returns: Return[]): void {
  if (returns.every((r) => r.value.kind === 'missing') || mayReturnUndefined(cx, decl)) {
    returns.push({
      args: [],
      value: { kind: 'missing' },
      node: decl,
      missing: cx.constant(undefined, decl),
      ops: cx.ops,
      env: cx.env,
    });
    return;
  }
  const message = cx.constant('adjoint: the function ended without a result', decl);
  cx.end = {
    kind: 'throw',
    arg: cx.foreign(['new TypeError(', ')'], [message], OPAQUE, true, decl),
    span: cx.span(decl),
  };
}

function mayReturnUndefined(cx: FunctionContext, decl: FunctionNode): boolean {
  const { checker, ts } = cx.host;
  const F = ts.TypeFlags;
  const signature = checker.getSignatureFromDeclaration(decl);
  const type = signature && checker.getReturnTypeOfSignature(signature);
  if (!type) return true;
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((t) => t.flags & (F.Undefined | F.Void | F.Any | F.Unknown));
}
