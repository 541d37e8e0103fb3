/**
 * Loops. Every loop is lowered to the general form: a trip counter, carried variables, and a test that is an exit at its
 * place. `simplify` recognises the counted ones afterwards, when it knows what is invariant.
 */

import { assignedIn } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { type LoopOp, NUMBER, type Region, type Type, type ValueId } from '../ir/nodes.js';
import { refType, sameType } from '../ir/types.js';
import { bindPattern } from './bindings.js';
import { emptyRegion, type FunctionContext, type Incoming, type Target } from './context.js';
import { assign, lowerCondition, lowerExpression } from './expressions.js';
import type { Env } from './shapes.js';
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
  const { ts } = cx;
  if (s.awaitModifier) cx.refuse('AD2001', s, '`for await` cannot be differentiated');
  const of = cx.ir(lowerExpression(cx, s.expression), s.expression);
  const type = refType(cx.type(of));
  if (type?.kind !== 'array' || cx.type(of).kind === 'maybe')
    cx.refuse('AD2007', s.expression, 'only arrays can be looped over here');
  const { initializer } = s;
  lowerLoop(cx, {
    node: s,
    labels,
    parts: [s.statement, ts.isVariableDeclarationList(initializer) ? undefined : s],
    body: (iv) => {
      const length = cx.fresh(NUMBER, s.expression);
      cx.emit({ kind: 'length', ref: of, results: [length], span: cx.span(s.expression) });
      leaveUnless(cx, cx.scalar('lt', [iv, length], s.expression), s.expression);
      const value = cx.load(
        of,
        { index: iv },
        ts.isVariableDeclarationList(initializer) ? initializer : s.expression,
      );
      if (ts.isVariableDeclarationList(initializer)) {
        const [d] = initializer.declarations;
        if (ts.isIdentifier(d.name)) declare(cx, d.name, { kind: 'ir', id: value });
        else bindPattern(cx, d.name, value, (n, v) => declare(cx, n, v));
      } else assign(cx, initializer, { kind: 'ir', id: value });
      cx.block(
        { breaks: false, continues: true, userLabels: labels },
        () => lowerStatement(cx, s.statement),
        s,
      );
    },
    ownContinue: true,
  });
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
  const carried = [...base.keys()].filter((s) => assigned.has(s) && base.get(s)?.kind === 'ir');
  const inits = carried.map((s) => (base.get(s) as { id: ValueId }).id);
  let types: Type[] = inits.map((id) => cx.type(id));
  // a variable may gain a type in the loop (undefined at first, a number later): lower again with the wider type
  for (;;) {
    const attempt = lowerTrip(cx, p, carried, types);
    const wider = types.map((t, k) =>
      attempt.yields.reduce(
        (w: Type, y) =>
          cx.joinTypes(w, cx.type(y[k])) ??
          cx.refuse('AD3003', p.node, `\`${carried[k].name}\` has values of different types in this loop`),
        t,
      ),
    );
    const same = wider.every((w, k) => sameType(w, types[k]));
    if (same) {
      finishLoop(cx, p.node, base, attempt, inits, carried);
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
  node: ts.Node,
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
  };
  cx.emit(loop);
  if (incoming.length === 0)
    cx.end = { kind: 'throw', arg: cx.constant('unreachable', node), span: cx.span(node) };
}
