/**
 * Loops. Every loop is lowered to the general form: a trip counter, carried variables, and a test that is an exit at its
 * place. `simplify` recognises the counted ones afterwards, when it knows what is invariant.
 */
import { isOfNamespace, skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { assignedIn } from '../host/writes.js';
import {
  type ArrayType,
  BOOLEAN,
  type LoopOp,
  NUMBER,
  OPAQUE,
  type RecordType,
  type Region,
  type Snapshots,
  type Type,
  type ValueId,
} from '../ir/nodes.js';
import { isKeyed, isRef, refType, sameType } from '../ir/types.js';
import { toArray } from './args.js';
import { bindPattern } from './bindings.js';
import { callMethod, unlessMissing } from './calls.js';
import { type CheckpointedLoop, checkpointedLoop } from './checkpoints.js';
import type { FunctionContext } from './context.js';
import { emptyRegion, type Incoming, type Target } from './control-flow.js';
import { arrayOf, lowerCondition, lowerExpression, lowerValue } from './expressions.js';
import { isFunctionVal } from './functions.js';
import { hasKey, keysOf } from './intrinsics.js';
import { assign } from './places.js';
import type { Env, Val } from './shapes.js';
import { declare, lowerDeclarations, lowerStatement } from './statements.js';

interface LoopParts {
  readonly node: ts.Node;
  readonly labels: readonly string[];
  /** What may assign variables. */
  readonly parts: readonly (ts.Node | undefined)[];
  /** Before the test: a `do` has none. `leave` is called with the negated test. */
  readonly test?: () => ValueId | undefined;
  readonly body: (iv: ValueId) => void;
  readonly update?: () => void;
  readonly testLast?: () => ValueId;
  /** The body makes the block that `continue` leaves by itself. */
  readonly ownContinue?: boolean;
  /** Its trips are run again in the reverse sweep. */
  readonly checkpoint?: Snapshots;
}

export function lowerWhile(cx: FunctionContext, s: ts.WhileStatement, labels: readonly string[]): void {
  lowerLoop(cx, {
    node: s,
    labels,
    parts: [s.expression, s.statement],
    test: () => lowerCondition(cx, s.expression),
    body: () => lowerStatement(cx, s.statement),
  });
}

export function lowerDo(cx: FunctionContext, s: ts.DoStatement, labels: readonly string[]): void {
  lowerLoop(cx, {
    node: s,
    labels,
    parts: [s.expression, s.statement],
    body: () => lowerStatement(cx, s.statement),
    testLast: () => lowerCondition(cx, s.expression),
  });
}

export function lowerFor(cx: FunctionContext, s: ts.ForStatement, labels: readonly string[]): void {
  const { ts } = cx;
  const outer = [...cx.env.keys()];
  if (s.initializer) {
    if (ts.isVariableDeclarationList(s.initializer)) lowerDeclarations(cx, s.initializer);
    else lowerExpression(cx, s.initializer, 'unused');
  }
  const { condition, incrementor } = s;
  const test = condition ? { test: () => lowerCondition(cx, condition) } : {};
  const update = incrementor ? { update: () => void lowerExpression(cx, incrementor, 'unused') } : {};
  lowerLoop(cx, {
    node: s,
    labels,
    parts: [condition, incrementor, s.statement],
    ...test,
    ...update,
    body: () => lowerStatement(cx, s.statement),
  });
  const after = cx.env;
  cx.env = new Map(outer.map((k) => [k, after.get(k)!]));
}

export function lowerForOf(cx: FunctionContext, s: ts.ForOfStatement, labels: readonly string[]): void {
  if (s.awaitModifier) cx.refuse('AD2001', s, '`for await` cannot be differentiated');
  const steps = checkpointedLoop(cx, s.expression);
  if (steps) return overSteps(cx, s, steps, labels);
  const from = iteratedMember(cx, s.expression);
  const keyed = from && keyedIteration(cx, from);
  if (keyed) return overKeyed(cx, s, keyed.ref, keyed.what, labels);
  const entries = entriesCall(cx, s, from);
  const of = entries?.of ?? toArray(cx, gone(cx, s.expression, from), s.expression);
  overElements(cx, s, of, labels, entries?.asPairs ?? false);
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
/** `o`, `this.o`, `o.entries()`: the object, evaluated once. */
function iteratedMember(cx: FunctionContext, e: ts.Expression): Iterated | undefined {
  const { ts } = cx;
  const x = skipWrappers(ts, e);
  const isCall =
    ts.isCallExpression(x) && ts.isPropertyAccessExpression(x.expression) && x.arguments.length === 0;
  const callee = isCall ? (x.expression as IteratorCall) : undefined;
  const call = callee && ['entries', 'keys', 'values'].includes(callee.name.text) ? callee : undefined;
  const of = call ? call.expression : x;
  const isName = ts.isIdentifier(skipWrappers(ts, of)) || of.kind === ts.SyntaxKind.ThisKeyword;
  if (!isName && (!ts.isPropertyAccessExpression(of) || ts.isCallExpression(of.expression))) return undefined;
  // a call of a function of a namespace has no object
  if (call && isOfNamespace(cx.host, call)) return undefined;
  return { v: lowerExpression(cx, of), call };
}

/** A map or set, or what its `entries()`, `keys()` or `values()` give. */
function keyedIteration(
  cx: FunctionContext,
  { v, call }: Iterated,
): { ref: ValueId; what: 'entries' | 'keys' | 'values' } | undefined {
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
  what: 'entries' | 'keys' | 'values',
  labels: readonly string[],
): void {
  const { ts } = cx;
  const at = s.expression;
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
  what: 'entries' | 'keys' | 'values',
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

/** `for (const [k, x] of a.entries())`: the array itself, no pairs are made; a list of pairs where `a` is no array. */
function entriesCall(
  cx: FunctionContext,
  s: ts.ForOfStatement,
  from: Iterated | undefined,
): { of: Val; asPairs: boolean } | undefined {
  const { ts } = cx;
  const e = skipWrappers(ts, s.expression);
  if (!ts.isCallExpression(e) || !ts.isPropertyAccessExpression(e.expression) || e.arguments.length > 0)
    return undefined;
  if (e.expression.name.text !== 'entries' || !ts.isVariableDeclarationList(s.initializer)) return undefined;
  if (e.questionDotToken || ts.isOptionalChain(e.expression)) return undefined;
  const [d] = s.initializer.declarations;
  const isPair =
    ts.isArrayBindingPattern(d.name) &&
    d.name.elements.every((x) => ts.isOmittedExpression(x) || (!x.dotDotDotToken && !x.initializer));
  if (!isPair || cx.host.checker.getTypeAtLocation(e.expression.expression).symbol?.name === 'Map')
    return undefined;
  const v = from?.v ?? lowerExpression(cx, e.expression.expression);
  const t = v.kind === 'ir' ? refType(cx.type(v.id)) : undefined;
  if (t?.kind === 'array' && !isKeyed(t)) return { of: v, asPairs: true };
  const pairs = callMethod(cx, v, 'entries', e, e.expression, 'value');
  return { of: toArray(cx, pairs, s.expression), asPairs: false };
}

/** `for (const k in o)`: over the keys that there are at the start; none if there is no object. */
export function lowerForIn(cx: FunctionContext, s: ts.ForInStatement, labels: readonly string[]): void {
  const id = lowerValue(cx, s.expression);
  if (cx.type(id).kind !== 'maybe' || cx.sure.has(id)) return overKeys(cx, s, id, labels);
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
    overElements(cx, s, keys, labels, false, id);
    return;
  }
  overElements(cx, s, { kind: 'ir', id: keysOf(cx, id, s.expression) }, labels, false, id);
}

function overElements(
  cx: FunctionContext,
  s: ts.ForOfStatement | ts.ForInStatement,
  of: Val,
  labels: readonly string[],
  asPairs: boolean,
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
      const loaded = cx.load(list, { index: iv }, at);
      const value: Val = { kind: 'ir', id: loaded };
      if (!ts.isVariableDeclarationList(initializer)) assign(cx, initializer, value);
      else {
        const [d] = initializer.declarations;
        if (ts.isIdentifier(d.name)) declare(cx, d.name, value);
        else if (asPairs) bindPair(cx, d.name as ts.ArrayBindingPattern, { kind: 'ir', id: iv }, value);
        else bindPattern(cx, d.name, value, (n, v) => declare(cx, n, v));
      }
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

/** Leaves the innermost loop if the condition does not hold. */
function leaveUnless(cx: FunctionContext, cond: ValueId, node: ts.Node): void {
  const target = [...cx.targets].reverse().find((t) => t.breaks) as Target;
  const not = cx.scalar('not', [cond], node);
  const r = cx.region(() => cx.leave(target, node));
  cx.emit({
    kind: 'if',
    cond: not,
    then: { params: [], ops: r.ops, end: r.end! },
    else: emptyRegion(),
    results: [],
    span: cx.span(node),
  });
}

function lowerLoop(cx: FunctionContext, p: LoopParts): void {
  const base = cx.env;
  const assigned = assignedIn(cx.host, p.parts);
  for (const [s, v] of base)
    if (assigned.has(s) && isFunctionVal(v)) base.set(s, { kind: 'ir', id: cx.ir(v, p.node) });
  const carried = [...base.keys()].filter((s) => assigned.has(s) && base.get(s)?.kind === 'ir');
  const inits = carried.map((s) => (base.get(s) as { id: ValueId }).id);
  let types: Type[] = inits.map((id) => cx.type(id));
  // a variable may gain a type in the loop (undefined at first, a number later): lower again with the wider type
  const before = cx.state.diagnostics.snapshot();
  for (;;) {
    cx.state.diagnostics.restore(before);
    const attempt = lowerTrip(cx, p, carried, types, inits);
    const wider = types.map((t, k) =>
      attempt.yields.reduce(
        (w: Type, y) =>
          cx.joinTypes(w, cx.type(y[k])) ??
          cx.refuse('AD3003', p.node, `\`${carried[k].name}\` has values of different types in this loop`),
        t,
      ),
    );
    for (const y of attempt.yields)
      for (const [k, id] of y.entries())
        if (isRef(cx.type(id)) && cx.isStopped(id) !== cx.isStopped(attempt.params[k]))
          cx.refuse(
            'AD5002',
            p.node,
            `\`${carried[k].name}\` is seen through \`stopGradient\` in some trips only`,
          );
    const same = wider.every((w, k) => sameType(w, types[k]));
    if (same) {
      finishLoop(cx, p, base, attempt, inits, carried);
      return;
    }
    types = wider;
  }
}

interface Attempt {
  readonly target: Target;
  readonly iv: ValueId;
  readonly params: readonly ValueId[];
  readonly body: Region;
  /** Values of the carried variables at the end of a trip: none if every trip leaves. */
  readonly yields: readonly (readonly ValueId[])[];
}

function lowerTrip(
  cx: FunctionContext,
  p: LoopParts,
  carried: readonly ts.Symbol[],
  types: readonly Type[],
  inits: readonly ValueId[],
): Attempt {
  const target: Target = {
    label: cx.values.freshLabel(),
    breaks: true,
    continues: false,
    userLabels: p.labels,
    incoming: [],
  };
  const iv = cx.fresh(NUMBER, p.node);
  const params = carried.map((s, k) => cx.fresh(types[k], p.node, s.name));
  params.forEach((id, k) => {
    if (cx.isStopped(inits[k])) cx.setStopped(id);
  });
  cx.targets.push(target);
  const yields: ValueId[][] = [];
  const r = cx.region(() => {
    carried.forEach((s, k) => {
      cx.env.set(s, { kind: 'ir', id: params[k] });
    });
    if (p.test) {
      const cond = p.test();
      if (cond !== undefined) leaveUnless(cx, cond, p.node);
    }
    if (p.ownContinue) p.body(iv);
    else cx.block({ breaks: false, continues: true, userLabels: p.labels }, () => p.body(iv), p.node);
    if (!cx.end) p.update?.();
    if (!cx.end && p.testLast) leaveUnless(cx, p.testLast(), p.node);
    if (!cx.end) yields.push(carried.map((s) => cx.ir(cx.env.get(s)!, p.node)));
  });
  cx.targets.pop();
  const body: Region = {
    params: [iv, ...params],
    ops: r.ops,
    end: r.end ?? { kind: 'yield', args: yields[0] },
  };
  return { target, iv, params, body, yields };
}

function finishLoop(
  cx: FunctionContext,
  { node, checkpoint }: LoopParts,
  base: Env,
  a: Attempt,
  inits: readonly ValueId[],
  carried: readonly ts.Symbol[],
): void {
  const lo = cx.constant(0, node);
  const hi = cx.constant(Number.POSITIVE_INFINITY, node);
  const incoming: readonly Incoming[] = a.target.incoming;
  let results: ValueId[];
  if (incoming.length > 0) results = cx.join(base, incoming, node, carried);
  else results = inits.map((id) => cx.values.like(id));
  const loop: LoopOp = {
    kind: 'loop',
    label: a.target.label,
    lo,
    hi,
    step: 1,
    inclusive: false,
    inits,
    body: a.body,
    extras: [],
    results,
    span: cx.span(node),
    ...(checkpoint ? { checkpoint } : {}),
  };
  cx.emit(loop);
  if (incoming.length === 0)
    cx.end = { kind: 'throw', arg: cx.constant('unreachable', node), span: cx.span(node) };
}
