/**
 * Loops. Every loop is lowered to the general form: a trip counter, carried variables, and a test that is an exit at its
 * place. `simplify` recognises the counted ones afterwards, when it knows what is invariant.
 */
import type { ts } from '../host/ts.js';
import { isVar } from '../host/variables.js';
import { assignedIn } from '../host/writes.js';
import { type LoopOp, NUMBER, type Region, type Snapshots, type Type, type ValueId } from '../ir/nodes.js';
import { isRef, sameType } from '../ir/types.js';
import type { FunctionContext } from './context.js';
import { emptyRegion, type Incoming, type Target } from './control-flow.js';
import { lowerCondition, lowerExpression } from './expressions.js';
import { isFunctionVal } from './functions.js';
import { beginTrip, type CopiedVariable, copiedVariables, endTrip, endTripOn } from './loop-variables.js';
import type { Env } from './shapes.js';
import { lowerDeclarations, lowerStatement } from './statements.js';

interface LoopParts {
  readonly node: ts.Node;
  readonly labels: readonly string[];
  /** What may assign variables. */
  readonly parts: readonly (ts.Node | undefined)[];
  /** Variables that functions share, and that each trip has its own of. */
  readonly copied?: readonly CopiedVariable[];
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
  const { initializer } = s;
  const copied = copiedVariables(cx, s);
  const isOfFunction =
    initializer && ts.isVariableDeclarationList(initializer) && isVar(ts, initializer.declarations[0]);
  if (isOfFunction) lowerDeclarations(cx, initializer);
  const outer = [...cx.env.keys()];
  if (initializer && !isOfFunction) {
    if (ts.isVariableDeclarationList(initializer)) lowerDeclarations(cx, initializer);
    else lowerExpression(cx, initializer, 'unused');
  }
  const { condition, incrementor } = s;
  lowerLoop(cx, {
    node: s,
    labels,
    parts: [condition, incrementor, s.statement],
    copied,
    test: () => {
      beginTrip(cx, copied);
      return condition && lowerCondition(cx, condition);
    },
    body: () => lowerStatement(cx, s.statement),
    update: () => {
      endTrip(cx, copied);
      if (incrementor) lowerExpression(cx, incrementor, 'unused');
    },
  });
  const after = cx.env;
  cx.env = new Map(outer.map((k) => [k, after.get(k)!]));
}

/** Leaves the innermost loop if the condition does not hold. */
export function leaveUnless(cx: FunctionContext, cond: ValueId, node: ts.Node): void {
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

export function lowerLoop(cx: FunctionContext, p: LoopParts): void {
  const base = cx.env;
  const assigned = assignedIn(cx.host, p.parts);
  for (const { symbol } of p.copied ?? []) assigned.add(symbol);
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
  { node, checkpoint, copied = [] }: LoopParts,
  base: Env,
  a: Attempt,
  inits: readonly ValueId[],
  carried: readonly ts.Symbol[],
): void {
  const lo = cx.constant(0, node);
  const hi = cx.constant(Number.POSITIVE_INFINITY, node);
  const incoming: readonly Incoming[] = a.target.incoming;
  for (const way of incoming) endTripOn(cx, way, copied);
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
