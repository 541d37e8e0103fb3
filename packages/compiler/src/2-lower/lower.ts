/**
 * **Question**: what does the differentiated function compute, in structured SSA?
 * **Needs**: the function, the IR types of its arguments. **Guarantees**: a verified module of functions specialised for
 * their arguments, or diagnostics for every offence. Types are assigned from the call inwards (LANGUAGE.md R12).
 */
import { Diagnostics, placeOf } from '../diagnostics/diagnostic.js';
import { skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { isAssignedAgain } from '../host/writes.js';
import { someResults } from '../ir/exits.js';
import { withGains } from '../ir/gains.js';
import { type Func, OPAQUE, type Type, type ValueId } from '../ir/nodes.js';
import { makesFunctions } from '../ir/type-questions.js';
import { EndlessType, isRef, isRemade, refType, withSplits } from '../ir/types.js';
import { asArgs } from './args.js';
import { callValue } from './call-values.js';
import type { FunctionContext } from './context.js';
import { outerShape, receiverShape } from './entry-shapes.js';
import { lowerExpression } from './expressions.js';
import { capturesNow } from './functions.js';
import type { Inference } from './inference.js';
import { parameterName } from './parameters.js';
import type { Lowered, LowerRequest } from './request.js';
import { type Env, type Shape, THIS, type Val } from './shapes.js';
import { Lowering } from './specialise.js';
import { type Given, newSpecialised, type Specialised } from './state.js';

/** Each attempt finds out at least one fact; there are never many more facts than places. */
const MAX_ATTEMPTS = 200;

/** Objects that hold functions which capture such objects, and the like: their type would be described without end. */
function refuseEndless(r: LowerRequest, inference: Inference): void {
  r.diagnostics.report(
    'AD3003',
    placeOf(inference.lastWidened ?? r.target),
    [r.request],
    'what is made here holds objects or functions that hold such objects in turn, and its type has no end',
    'give the objects a declared type without functions, and do by a function with arguments what a captured object is for',
  );
}

/** Lowers the target of a request, with all it calls: again, as long as more is found out about its types. */
export function lower(r: LowerRequest): Lowered {
  const { inference } = r;
  for (let k = 0; ; k++) {
    inference.begin();
    const diagnostics = new Diagnostics();
    const lowered = lowerOrRefuse(r, inference, diagnostics);
    if (lowered === undefined) continue;
    const isLast = k % MAX_ATTEMPTS === MAX_ATTEMPTS - 1;
    if (inference.changed && (!isLast || inference.coarsen())) continue;
    if (inference.changed) refuseEndless(r, inference);
    else if (inference.meetsDeadEnd && !inference.deadEnds) {
      inference.deadEnds = true;
      continue;
    }
    r.diagnostics.addAll(diagnostics);
    return lowered;
  }
}

/** Nothing if types without end were met, of which fewer will be told apart. */
function lowerOrRefuse(r: LowerRequest, inference: Inference, diagnostics: Diagnostics): Lowered | undefined {
  try {
    return lowerOnce(r, inference, diagnostics);
  } catch (e) {
    if (!(e instanceof EndlessType)) throw e;
    if (inference.coarsen()) return undefined;
    refuseEndless(r, inference);
    throw e;
  }
}

interface LoweredEntry {
  readonly entry: Func;
  /** All that the target returned, if that is more than what is differentiated. */
  readonly returned?: ValueId | undefined;
}
function lowerOnce(r: LowerRequest, inference: Inference, diagnostics: Diagnostics): Lowered {
  const state = new Lowering(r, inference, diagnostics);
  const f = newSpecialised(state.nameFor(r.target), 'entry');
  const captures: [ts.Symbol, Shape][] = [];
  const captured: string[] = [];
  state.outer = state.scopesOf(r.target).captured(r.target);
  for (const symbol of state.scopesOf(r.target).captured(r.target)) {
    const shape = outerShape(state, symbol, r.target);
    if (!shape) continue;
    captures.push([symbol, shape]);
    if (shape.kind === 'ir') captured.push(symbol.name);
    if (!inference.outerWrites.has(symbol)) continue;
    captures.push([state.outside.setterOf(symbol), { kind: 'ir', type: OPAQUE, stopped: false }]);
    captured.push(`(v: any) => void (${symbol.name} = v)`);
  }
  const self = r.receiver && receiverShape(state, r.receiver);
  if (self && r.receiver) {
    captures.push([THIS, self]);
    if (self.kind === 'ir') captured.push(skipWrappers(r.host.ts, r.receiver).getText());
  }
  const splits = new Map<Type, Type>();
  const argTypes = r.argTypes.map((t) => withGains(withSplits(t, inference.splits, splits), inference.gains));
  const shapes = argTypes.map(
    (type): Shape => ({ kind: 'ir', type, stopped: false, sure: isRef(type) && type.kind !== 'maybe' }),
  );
  const isPlain = r.chain.length === 0 && !r.aux && !r.callee;
  const given: Given = { captures, shapes };
  const { entry, returned }: LoweredEntry = isPlain
    ? { entry: state.lowerFunction(f, r.target, given) }
    : lowerCall(state, f, given);
  // an attempt that will be repeated needs none
  if (!inference.changed) state.rules.lower();
  const result = someResults(entry)?.[0];
  if (result !== undefined && !inference.makeReal(r.values.type(result)))
    diagnostics.report(
      'AD2013',
      placeOf(r.target),
      [r.request],
      'the function returns an instance of a class that it makes',
      'return the numbers that it holds',
    );
  if (result !== undefined && isRemade(r.values.type(result)))
    diagnostics.report(
      'AD4003',
      placeOf(r.target),
      [r.request],
      'the function returns an object of the module that holds functions',
    );
  else if (result !== undefined && makesFunctions(r.values.type(result)))
    diagnostics.report('AD4003', placeOf(r.target), [r.request], ...RETURNS_FUNCTIONS);
  if (inference.callsOutside)
    for (const [symbol, shape] of captures)
      if (
        shape.kind === 'ir' &&
        symbol.valueDeclaration &&
        isAssignedAgain(r.host, symbol) &&
        !inference.outerWrites.has(symbol)
      )
        diagnostics.report(
          'AD4003',
          placeOf(r.target),
          [r.request],
          `a function that comes from outside is called here, and may assign \`${symbol.name}\``,
          'pass it as an argument',
        );
  return {
    module: { funcs: state.funcs, values: r.values },
    entry: state.funcs.get(entry.key)!,
    captured,
    assigned: state.outside.assigned,
    returned,
    comparators: state.comparators,
  };
}

const RETURNS_FUNCTIONS = [
  'the function returns functions or accessors that are made in it',
  'return the numbers that they give',
] as const;

/** The function that calls the target, or what the markers of the request give for it. */
function lowerCall(state: Lowering, f: Specialised, given: Given): LoweredEntry {
  const { target, callee, chain, call, rest, aux } = state.r;
  state.dependencies.add(target.getSourceFile().fileName);
  const names = given.shapes.map((_, k) => parameterName(state.host.ts, target, k));
  let returned: ValueId | undefined;
  const entry = state.build(f, { ...given, decl: call, names }, (cx, args) => {
    const own: Val = callee
      ? lowerExpression(cx, callee)
      : { kind: 'closure', decl: target, captures: withThis(cx, capturesNow(cx, target)) };
    const of = chain.reduce(
      (of: Val, { marker, options }): Val => ({ kind: 'derivative', of, what: marker, options, args: [] }),
      own,
    );
    const result = callValue(cx, of, asArgs(args, call, rest !== undefined), call, undefined);
    if (!aux) return cx.onReturn(result, call);
    const parts = lossAndAll(cx, result, call);
    returned = parts.all;
    cx.onReturn({ kind: 'ir', id: parts.loss }, call);
  });
  return { entry, returned };
}
/** The first element of what the target returned, and all of it. */
function lossAndAll(
  cx: FunctionContext,
  result: Val,
  call: ts.CallExpression,
): { loss: ValueId; all: ValueId } {
  const id = cx.ir(result, call);
  const type = refType(cx.type(id));
  if (!type) return cx.refuse('AD1004', call, '`aux` needs a function that returns `[loss, extra]`');
  const at = type.kind === 'array' ? { index: cx.constant(0, call) } : { key: '0' };
  const loss = cx.number(cx.load(id, at, call), call);
  if (!cx.state.inference.makeReal(type))
    cx.refuse('AD2013', call, 'the function returns an instance of a class that it makes');
  if (makesFunctions(type)) cx.refuse('AD4003', call, ...RETURNS_FUNCTIONS);
  return { loss, all: cx.foreign(['', ''], [id], OPAQUE, false, call, 'reads') };
}
function withThis(cx: FunctionContext, captures: Env): Env {
  const self = cx.env.get(THIS);
  return self ? new Map([...captures, [THIS, self]]) : captures;
}
