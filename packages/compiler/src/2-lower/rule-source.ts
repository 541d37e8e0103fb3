/**
 * Derivative rules of the user's by their source. Where the derivative of a call is differentiated itself, the rule is followed as
 * ordinary code: `pull` takes the arguments of the call and the cotangents of its value to those of the arguments, `push` does the
 * same with tangents. Both run the rule on copies of the arguments (docs/decisions/012-rules-by-their-source.md).
 */
import { isRuleCall } from '../host/known-functions.js';
import { isConst, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { type LoweredRule, NUMBER, type Type, type ValueId } from '../ir/nodes.js';
import { carriesDerivative, plainArray, refType } from '../ir/types.js';
import { type Arg, asArgs, irVal } from './args.js';
import { callValue } from './call-values.js';
import type { FunctionContext } from './context.js';
import { lowerExpression } from './expressions.js';
import { RuleTrees } from './rule-trees.js';
import type { RuleMap, Val } from './shapes.js';
import { isMarker } from './statics.js';

/** An argument of a call; `stopped`: seen through `stopGradient`. */
export interface RuleArg {
  readonly id: ValueId;
  readonly stopped: boolean;
}

/** The functions that a rule is lowered to for a call, as derivatives inside the program need them, and what they are given first. */
export function lowerRule(
  cx: FunctionContext,
  f: Val & { kind: 'custom' },
  given: readonly RuleArg[],
  { result, e }: { readonly result: Type; readonly e: ts.Expression },
): { readonly rule: LoweredRule | undefined; readonly args: readonly ValueId[] } {
  const modes = cx.state.inference.derivesInside;
  if (modes.size === 0) return { rule: undefined, args: [] };
  const trees = new RuleTrees(cx, e);
  const kept = given.map(({ id, stopped }, k) => irVal(trees.copy(id, `kept ${k}`, stopped)));
  const numbers = cx.fresh(plainArray(NUMBER), e);
  cx.sure.add(numbers);
  const all = [...kept, irVal(numbers), irVal(cx.fresh(NUMBER, e))];
  const of = { kind: 'ruleMap', symbol: f.symbol, made: f.made, count: given.length, result } as const;
  const pull = modes.has('reverse') ? cx.state.rules.promise(cx, { ...of, mode: 'pull' }, all, e) : undefined;
  const push = modes.has('forward') ? cx.state.rules.promise(cx, { ...of, mode: 'push' }, all, e) : undefined;
  const rule = { ...(pull && { pull: pull.callee }), ...(push && { push: push.callee }) };
  return { rule, args: (pull ?? push)!.ids.slice(0, -2) };
}

/** The expressions of the rules that `customVjp(customJvp(f, forward), backward)` was given. */
function rulesIn(cx: FunctionContext, made: ts.Expression): { pull?: ts.Expression; push?: ts.Expression } {
  const { ts } = cx;
  const call = skipWrappers(ts, made) as ts.CallExpression;
  const [of, rule] = call.arguments;
  const mode = isMarker(cx, skipWrappers(ts, call.expression), 'customVjp') ? 'pull' : 'push';
  const inner = madeBy(cx, of);
  return { ...(inner && rulesIn(cx, inner)), [mode]: rule };
}
/** The call that made a function with a rule. */
function madeBy(cx: FunctionContext, e: ts.Expression): ts.Expression | undefined {
  const { ts } = cx;
  if (isRuleCall(cx.host, e)) return e;
  const x = skipWrappers(ts, e);
  const d = ts.isIdentifier(x) ? symbolOf(cx.host, x)?.valueDeclaration : undefined;
  const init = d && ts.isVariableDeclaration(d) && isConst(ts, d) ? d.initializer : undefined;
  return init && isRuleCall(cx.host, init) ? init : undefined;
}

/** What a rule says: a list of numbers for the arguments, a list of numbers and the count of those that are wanted. */
export function callRuleMap(cx: FunctionContext, f: RuleMap, args: readonly Arg[], e: ts.Expression): Val {
  const host = cx.state.hostOf(f.made);
  const rules = cx.inHost(host, () => rulesIn(cx, f.made));
  const rule = rules[f.mode];
  const given = args.slice(0, f.count).map((a) => a.v);
  const numbers = args[f.count].v;
  if (!rule) {
    // a rule for one mode serves the other: the Jacobian is found a row or a column at a time
    const other: RuleMap = { ...f, mode: f.mode === 'pull' ? 'push' : 'pull' };
    const map: Val = { kind: 'bound', of: other, self: undefined, args: given };
    return cx.callLibrary('__transposed', [map, args[f.count + 1].v, numbers], e);
  }
  const of = cx.inHost(host, () => lowerExpression(cx, rule));
  const run = new RuleRun(cx, f, of, e);
  const ids = given.map((v, k) => run.trees.copy(cx.ir(v, e), `argument ${k}`));
  const out = f.mode === 'pull' ? run.pull(ids, cx.ir(numbers, e)) : run.push(ids, cx.ir(numbers, e));
  return cx.callLibrary('__linear', [numbers, irVal(out)], e);
}

class RuleRun {
  readonly trees: RuleTrees;
  constructor(
    readonly cx: FunctionContext,
    readonly f: RuleMap,
    readonly rule: Val,
    readonly e: ts.Expression,
  ) {
    this.trees = new RuleTrees(cx, e);
  }

  /** The gradients of the arguments for cotangents of the value. */
  pull(args: readonly ValueId[], numbers: ValueId): ValueId {
    const { cx, e, trees } = this;
    const [value, pullback] = this.pair(args.map(irVal));
    const zero = cx.constant(0, e);
    const cotangent = trees.rebuild(this.f.result, value, numbers, zero, 'cotangent').id;
    const gradients = cx.ir(callValue(cx, irVal(pullback), asArgs([irVal(cotangent)], e), e, undefined), e);
    const list = refType(cx.type(gradients)) ?? this.unfit('the pullback of the rule does not give a list');
    const out = trees.list('gradients');
    args.forEach((x, k) => {
      const type = cx.type(x);
      if (!carriesDerivative(type)) return;
      const isThere = list.kind === 'array' || list.fields.some((f) => f.key === String(k));
      this.gradient(out, isThere ? trees.part(gradients, String(k)) : undefined, type, x);
    });
    return out;
  }
  /** Appends a gradient, which may be missing. */
  private gradient(out: ValueId, g: ValueId | undefined, type: Type, like: ValueId): void {
    const { cx, e, trees } = this;
    const zeros = (): undefined => trees.zeros(out, type, like) as undefined;
    if (g === undefined || cx.type(g).kind === 'nullish') return zeros();
    if (cx.type(g).kind !== 'maybe') return trees.gather(out, g, type, like);
    const there = (): undefined => trees.gather(out, cx.present(g, e), type, like) as undefined;
    cx.branch(cx.scalar('isNullish', [g], e), zeros, there, e);
  }

  /** The tangents of the value for those of the arguments. */
  push(args: readonly ValueId[], numbers: ValueId): ValueId {
    const { cx, e, trees } = this;
    let at = cx.constant(0, e);
    const tangents = args.map((x, k) => {
      const part = trees.rebuild(cx.type(x), x, numbers, at, `tangent ${k}`);
      at = part.next;
      return part.id;
    });
    const [value, tangent] = this.pair(
      [trees.tuple(args, 'primals'), trees.tuple(tangents, 'tangents')].map(irVal),
    );
    const out = trees.list('tangents of the value');
    trees.gather(out, tangent, this.f.result, value);
    return out;
  }

  /** The two things that a rule returns. */
  private pair(args: readonly Val[]): [ValueId, ValueId] {
    const { cx, e, trees } = this;
    const id = cx.ir(callValue(cx, this.rule, asArgs(args, e), e, undefined), e);
    const t = cx.type(id);
    if (t.kind === 'never') cx.giveUp(e);
    if (t.kind !== 'record' && t.kind !== 'array') this.unfit('the rule does not give a list of two');
    return [trees.part(id, '0'), trees.part(id, '1')];
  }
  private unfit(message: string): never {
    return this.cx.refuse('AD4007', this.e, message);
  }
}
