/** `for ... of` and `for ... in`: over arrays, maps, sets and keys, as counted loops. */

import { isOfNamespace, skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { type ArrayType, BOOLEAN, NUMBER, OPAQUE, type RecordType, type ValueId } from '../ir/nodes.js';
import { isKeyed, refType } from '../ir/types.js';
import { ITERATED, irVal, toArray } from './args.js';
import { arrayOf } from './array-literals.js';
import { assign } from './assignments.js';
import { bindPattern } from './bindings.js';
import { unlessMissing } from './calls.js';
import { type CheckpointedLoop, checkpointedLoop } from './checkpoints.js';
import type { FunctionContext } from './context.js';
import { lowerExpression, lowerValue } from './expressions.js';
import { hasKey, keysOf } from './intrinsics.js';
import { leaveUnless, lowerLoop } from './loops.js';
import { callMethod } from './method-calls.js';
import { throwIfMissing } from './places.js';
import type { Val } from './shapes.js';
import { declare, lowerStatement } from './statements.js';

export function lowerForOf(cx: FunctionContext, s: ts.ForOfStatement, labels: readonly string[]): void {
  if (s.awaitModifier) cx.refuse('AD2001', s, '`for await` cannot be differentiated');
  const steps = checkpointedLoop(cx, s.expression);
  if (steps) return overSteps(cx, s, steps, labels);
  const from = iteratedMember(cx, s.expression);
  const keyed = from && keyedIteration(cx, from);
  if (keyed) return overKeyed(cx, s, keyed.ref, keyed.what, labels);
  const stepped = steppedCall(cx, s, from);
  if (stepped) return overElements(cx, s, stepped.of, labels, stepped.what);
  const of = gone(cx, s.expression, from);
  const made = keyedIteration(cx, { v: of, call: undefined });
  if (made) return overKeyed(cx, s, made.ref, made.what, labels);
  overElements(cx, s, toArray(cx, of, s.expression), labels, 'values');
}
/** What a loop goes through, where its object was evaluated already. */
function gone(cx: FunctionContext, e: ts.Expression, from: Iterated | undefined): Val {
  if (!from) return lowerExpression(cx, e);
  const { v, call } = from;
  if (!call) return v;
  // a name may be looked at again
  if (cx.ts.isIdentifier(call.expression)) return lowerExpression(cx, e);
  const run = (): Val => callMethod(cx, v, call.name.text, call.parent, call, 'value');
  return cx.ts.isOptionalChain(call) ? unlessMissing(cx, v, run, e) : run();
}

type IteratorCall = ts.PropertyAccessExpression & { readonly parent: ts.CallExpression };
interface Iterated {
  readonly v: Val;
  /** `entries()`, `keys()` or `values()` of it is called. */
  readonly call: IteratorCall | undefined;
}
/** `o`, `this.o`, `o.entries()`, `made().keys()`: the object, evaluated once. */
function iteratedMember(cx: FunctionContext, e: ts.Expression): Iterated | undefined {
  const { ts } = cx;
  const x = skipWrappers(ts, e);
  const isCall =
    ts.isCallExpression(x) && ts.isPropertyAccessExpression(x.expression) && x.arguments.length === 0;
  const callee = isCall ? (x.expression as IteratorCall) : undefined;
  const call = callee && ['entries', 'keys', 'values'].includes(callee.name.text) ? callee : undefined;
  const of = call ? call.expression : x;
  const isName = ts.isIdentifier(skipWrappers(ts, of)) || of.kind === ts.SyntaxKind.ThisKeyword;
  if (!call && !isName && (!ts.isPropertyAccessExpression(of) || ts.isCallExpression(of.expression)))
    return undefined;
  if (of.kind === ts.SyntaxKind.SuperKeyword) return undefined;
  // a call of a function of a namespace has no object
  if (call && isOfNamespace(cx.host, call)) return undefined;
  return { v: lowerExpression(cx, of), call };
}

/** A map or set, or what its `entries()`, `keys()` or `values()` give. */
function keyedIteration(
  cx: FunctionContext,
  { v, call }: Iterated,
): { ref: ValueId; what: Steps } | undefined {
  if (v.kind !== 'ir') return undefined;
  const t = refType(cx.type(v.id));
  if (t?.kind !== 'array' || !isKeyed(t) || t.ctor === 'Object') return undefined;
  const own = t.ctor === 'Set' ? 'values' : 'entries';
  const name = call?.name.text;
  return {
    ref: v.id,
    what: !name ? own : t.ctor === 'Set' && name === 'keys' ? 'values' : (name as 'entries'),
  };
}

/** `for (const t of checkpointed(n))`: a loop that counts. */
function overSteps(
  cx: FunctionContext,
  s: ts.ForOfStatement,
  { count, snapshots }: CheckpointedLoop,
  labels: readonly string[],
): void {
  const { ts } = cx;
  const { initializer } = s;
  lowerLoop(cx, {
    node: s,
    labels,
    parts: [s.statement, ts.isVariableDeclarationList(initializer) ? undefined : s],
    body: (iv) => {
      if (count !== undefined) leaveUnless(cx, cx.scalar('lt', [iv, count], s.expression), s.expression);
      const value: Val = { kind: 'ir', id: iv };
      if (!ts.isVariableDeclarationList(initializer)) assign(cx, initializer, value);
      else if (ts.isIdentifier(initializer.declarations[0].name))
        declare(cx, initializer.declarations[0].name, value);
      else cx.refuse('AD2007', initializer, '`checkpointed` gives numbers');
      const run = () => lowerStatement(cx, s.statement);
      cx.block({ breaks: false, continues: true, userLabels: labels }, run, s);
    },
    ownContinue: true,
    checkpoint: snapshots,
  });
}

/** By the iterator of the language: what is added on the way is visited, what is deleted is not. */
function overKeyed(
  cx: FunctionContext,
  s: ts.ForOfStatement,
  ref: ValueId,
  what: Steps,
  labels: readonly string[],
): void {
  const { ts } = cx;
  const at = s.expression;
  throwIfMissing(cx, ref, { name: ITERATED }, at);
  const iterator = cx.foreign(['', '.keys()'], [ref], OPAQUE, false, at, 'reads');
  const { keys = OPAQUE, ctor } = refType(cx.type(ref)) as ArrayType;
  const isSet = ctor === 'Set';
  const { initializer } = s;
  lowerLoop(cx, {
    node: s,
    labels,
    parts: [s.statement, ts.isVariableDeclarationList(initializer) ? undefined : s],
    body: () => {
      // the iterator of a map or set never throws
      const step = cx.foreign(['', '.next()'], [iterator], OPAQUE, false, at, undefined, false);
      const done = cx.foreign(['', '.done'], [step], BOOLEAN, false, at, 'reads');
      leaveUnless(cx, cx.scalar('not', [done], at), at);
      const type = what === 'values' ? OPAQUE : keys;
      const key = cx.foreign(['', '.value'], [step], type, false, at, undefined, false);
      const value = (): Val => ({ kind: 'ir', id: cx.present(cx.load(ref, { index: key }, at), at) });
      // the keys of a set are its values
      const own = what === 'entries' && isSet ? value() : undefined;
      bindEntry(cx, initializer, own ?? { kind: 'ir', id: key }, own ? () => own : value, what, at);
      cx.block(
        { breaks: false, continues: true, userLabels: labels },
        () => lowerStatement(cx, s.statement),
        s,
      );
    },
    ownContinue: true,
  });
}
function bindEntry(
  cx: FunctionContext,
  initializer: ts.ForInitializer,
  key: Val,
  value: () => Val,
  what: Steps,
  at: ts.Expression,
): void {
  const { ts } = cx;
  const target = ts.isVariableDeclarationList(initializer) ? initializer.declarations[0].name : initializer;
  const bind = (v: Val): void => {
    if (!ts.isVariableDeclarationList(initializer)) assign(cx, initializer, v);
    else if (ts.isIdentifier(target)) declare(cx, target, v);
    else bindPattern(cx, target as ts.BindingPattern, v, (n, x) => declare(cx, n, x));
  };
  if (what === 'keys') return bind(key);
  if (what === 'values') return bind(value());
  if (
    ts.isArrayBindingPattern(target) &&
    target.elements.every((x) => ts.isOmittedExpression(x) || (!x.dotDotDotToken && !x.initializer))
  )
    return bindPair(cx, target, key, value());
  const pair = cx.callLibrary('__pairOf', [key, value()], at);
  bind(pair);
}

/** What the iterator of an array gives in each step. */
type Steps = 'entries' | 'keys' | 'values';

/**
 * `for (... of a.entries())`, `of a.keys()`: the array itself, whose length is asked for in each trip; a list of what the method of
 * that name gives where `a` is no array.
 */
function steppedCall(
  cx: FunctionContext,
  s: ts.ForOfStatement,
  from: Iterated | undefined,
): { of: Val; what: Steps } | undefined {
  const { ts } = cx;
  const e = skipWrappers(ts, s.expression);
  const chain = chainOrNothing(cx, e);
  if (chain) return chain;
  if (!isStepsCall(cx, e) || e.questionDotToken || ts.isOptionalChain(e.expression)) return undefined;
  if (isOfNamespace(cx.host, e.expression)) return undefined;
  const name = e.expression.name.text;
  const v = from?.v ?? lowerExpression(cx, e.expression.expression);
  if (isArray(cx, v)) return { of: v, what: name as Steps };
  const list = callMethod(cx, v, name, e, e.expression, 'value');
  return { of: toArray(cx, list, s.expression), what: 'values' };
}
type StepsCall = ts.CallExpression & { readonly expression: ts.PropertyAccessExpression };
const isStepsCall = ({ ts }: FunctionContext, e: ts.Expression): e is StepsCall =>
  ts.isCallExpression(e) &&
  e.arguments.length === 0 &&
  ts.isPropertyAccessExpression(e.expression) &&
  ['entries', 'keys'].includes(e.expression.name.text);
function isArray(cx: FunctionContext, v: Val): boolean {
  const t = v.kind === 'ir' ? refType(cx.type(v.id)) : undefined;
  return t?.kind === 'array' && !isKeyed(t);
}
/** `o.list?.entries() ?? []`: no trips where the list is missing. */
function chainOrNothing(cx: FunctionContext, e: ts.Expression): { of: Val; what: Steps } | undefined {
  const { ts } = cx;
  const { QuestionQuestionToken, BarBarToken } = ts.SyntaxKind;
  if (
    !ts.isBinaryExpression(e) ||
    ![QuestionQuestionToken, BarBarToken].includes(e.operatorToken.kind as never)
  )
    return undefined;
  const [call, nothing] = [skipWrappers(ts, e.left), skipWrappers(ts, e.right)];
  if (!isStepsCall(cx, call) || !call.expression.questionDotToken) return undefined;
  if (!ts.isArrayLiteralExpression(nothing) || nothing.elements.length > 0) return undefined;
  const list = call.expression.expression;
  // evaluated again where it is no list
  if (!ts.isPropertyAccessExpression(list) && !ts.isIdentifier(list)) return undefined;
  const v = lowerExpression(cx, list);
  if (!isArray(cx, v)) return undefined;
  const id = cx.ir(v, list);
  const none = (): Val => irVal(arrayOf(cx, [], nothing, true));
  const of = cx.branch(cx.scalar('isNullish', [id], list), none, () => irVal(cx.present(id, list)), e);
  return of && { of, what: call.expression.name.text as Steps };
}

/** `for (const k in o)`: over the keys that there are at the start; none if there is no object. */
export function lowerForIn(cx: FunctionContext, s: ts.ForInStatement, labels: readonly string[]): void {
  const id = lowerValue(cx, s.expression);
  if ((cx.type(id).kind !== 'maybe' && !cx.elements.has(id)) || cx.sure.has(id))
    return overKeys(cx, s, id, labels);
  cx.branch(
    cx.scalar('isNullish', [id], s.expression),
    () => undefined,
    () => void overKeys(cx, s, cx.present(id, s.expression), labels) as undefined,
    s,
  );
}
function overKeys(cx: FunctionContext, s: ts.ForInStatement, id: ValueId, labels: readonly string[]): void {
  const t = refType(cx.type(id));
  if (t?.kind === 'array' && !isKeyed(t)) {
    const keys = cx.callLibrary('array_ownKeys', [{ kind: 'ir', id }], s.expression);
    overElements(cx, s, keys, labels, 'values', id);
    return;
  }
  overElements(cx, s, { kind: 'ir', id: keysOf(cx, id, s.expression) }, labels, 'values', id);
}

function overElements(
  cx: FunctionContext,
  s: ts.ForOfStatement | ts.ForInStatement,
  of: Val,
  labels: readonly string[],
  what: Steps,
  owner?: ValueId,
): void {
  const { ts } = cx;
  const given = cx.ir(of, s.expression);
  if (cx.type(given).kind === 'never') cx.giveUp(s.expression);
  const isData = cx.type(given).kind === 'opaque';
  const ref = isData ? cx.ir(toArray(cx, of, s.expression), s.expression) : given;
  const type = refType(cx.type(ref));
  if (!type) cx.refuse('AD2007', s.expression, 'only arrays, maps and sets can be looped over here');
  const { initializer } = s;
  const list: ValueId = type.kind === 'record' ? tupleAsArray(cx, ref, type, s.expression) : ref;
  lowerLoop(cx, {
    node: s,
    labels,
    parts: [s.statement, ts.isVariableDeclarationList(initializer) ? undefined : s],
    body: (iv) => {
      const length = cx.fresh(NUMBER, s.expression);
      cx.emit({ kind: 'length', ref: list, results: [length], span: cx.span(s.expression) });
      leaveUnless(cx, cx.scalar('lt', [iv, length], s.expression), s.expression);
      const at = ts.isVariableDeclarationList(initializer) ? initializer : s.expression;
      const loaded = what === 'keys' ? iv : cx.load(list, { index: iv }, at);
      bindEntry(cx, initializer, irVal(iv), () => irVal(loaded), what, s.expression);
      const run = () => lowerStatement(cx, s.statement);
      cx.block(
        { breaks: false, continues: true, userLabels: labels },
        () => {
          // a key that was deleted on the way is not visited
          if (owner === undefined) run();
          else
            cx.branch(
              hasKey(cx, owner, loaded, at),
              () => void run() as undefined,
              () => undefined,
              s,
            );
        },
        s,
      );
    },
    ownContinue: true,
  });
}
function bindPair(cx: FunctionContext, pattern: ts.ArrayBindingPattern, index: Val, value: Val): void {
  const { ts } = cx;
  pattern.elements.forEach((e, k) => {
    if (ts.isOmittedExpression(e) || k > 1) return;
    const v = k === 0 ? index : value;
    if (ts.isIdentifier(e.name)) declare(cx, e.name, v);
    else bindPattern(cx, e.name, v, (n, x) => declare(cx, n, x));
  });
}
function tupleAsArray(cx: FunctionContext, ref: ValueId, type: RecordType, e: ts.Expression): ValueId {
  return arrayOf(
    cx,
    type.fields.map((f) => cx.load(ref, { key: f.key }, e)),
    e,
    true,
    'tuple',
  );
}
