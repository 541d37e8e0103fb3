/** Optional chains. Fields alone stay as they are; calls and elements in a chain are put into functions that may not run. */
import { skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { argumentList } from './calls.js';
import { type Context, helper } from './context.js';
import { receiverText, rewrite } from './expressions.js';
import { isActive } from './facts.js';

type Link =
  | ts.PropertyAccessExpression
  | ts.ElementAccessExpression
  | ts.CallExpression
  | ts.NonNullExpression;

export function chainText(cx: Context, e: ts.Expression): string {
  const { ts } = cx;
  const links: Link[] = [];
  let base: ts.Expression = e;
  while (
    ts.isOptionalChain(base) ||
    (links.length > 0 && ts.isNonNullExpression(base) && isChain(cx, base))
  ) {
    links.unshift(base as Link);
    base = (base as Link).expression;
  }
  // `o.m?.()`: the chain begins with the call, but the method keeps its object
  const method = ts.isCallExpression(links[0]) ? skipWrappers(ts, base) : undefined;
  const ofBase = method && isMember(cx, method) && method.expression.kind === ts.SyntaxKind.SuperKeyword;
  if (method && isMember(cx, method) && !ofBase) {
    links.unshift(method);
    base = method.expression;
  }
  const steps = links.filter((l): l is Exclude<Link, ts.NonNullExpression> => !ts.isNonNullExpression(l));
  const isNative = steps.every(
    (l) => ts.isPropertyAccessExpression(l) || (ts.isElementAccessExpression(l) && !isActive(cx, l)),
  );
  if (isNative) return fieldsText(cx, steps, base);
  const chain = new Chain(cx, steps);
  if (!ofBase) return chain.from(0, receiverText(cx, base));
  const callee = receiverText(cx, method);
  const args = argumentList(cx, steps[0] as ts.CallExpression);
  return helper(cx, 'chain', callee, `() => ${chain.from(1, `${callee}(${args.join(', ')})`)}`);
}
const isMember = (
  { ts }: Context,
  e: ts.Expression,
): e is ts.PropertyAccessExpression | ts.ElementAccessExpression =>
  (ts.isPropertyAccessExpression(e) || ts.isElementAccessExpression(e)) && !ts.isOptionalChain(e);
const isChain = (cx: Context, e: ts.NonNullExpression): boolean => cx.ts.isOptionalChain(e.expression);

function fieldsText(cx: Context, steps: readonly ts.Expression[], base: ts.Expression): string {
  let text = receiverText(cx, base);
  for (const step of steps as (ts.PropertyAccessExpression | ts.ElementAccessExpression)[]) {
    const optional = step.questionDotToken ? '?.' : '';
    if (cx.ts.isPropertyAccessExpression(step)) {
      cx.copies.mentioned.add(step.name.text);
      text += `${optional || '.'}${step.name.text}`;
    } else text += `${optional}[${rewrite(cx, step.argumentExpression)}]`;
  }
  return text;
}

class Chain {
  constructor(
    private readonly cx: Context,
    private readonly steps: readonly Exclude<Link, ts.NonNullExpression>[],
  ) {}

  /** The chain from a step on, where `text` is what comes before it. */
  from(k: number, text: string): string {
    const step = this.steps[k];
    if (step === undefined) return text;
    if (!step.questionDotToken) return this.apply(k, text);
    const name = this.cx.copies.object;
    return helper(this.cx, 'chain', text, `(${name}: any) => ${this.apply(k, name)}`);
  }

  private apply(k: number, text: string): string {
    const { cx } = this;
    const { ts } = cx;
    const step = this.steps[k];
    if (ts.isCallExpression(step))
      return this.from(k + 1, helper(cx, 'call', text, ...argumentList(cx, step)));
    const next = this.steps[k + 1];
    const key = ts.isPropertyAccessExpression(step)
      ? JSON.stringify(step.name.text)
      : rewrite(cx, step.argumentExpression);
    if (ts.isPropertyAccessExpression(step)) cx.copies.mentioned.add(step.name.text);
    if (next && ts.isCallExpression(next)) return this.method(k, text, key, next);
    const value = ts.isPropertyAccessExpression(step)
      ? `${text}.${step.name.text}`
      : helper(cx, 'get', text, key);
    return this.from(k + 1, value);
  }

  /** A method keeps its object; `o.m?.()` asks for the method first. */
  private method(k: number, text: string, key: string, call: ts.CallExpression): string {
    const { cx } = this;
    const args = argumentList(cx, call);
    if (!call.questionDotToken) return this.from(k + 2, helper(cx, 'invoke', text, key, ...args));
    if (this.steps.length === k + 2) return helper(cx, 'invokeIf', text, key, `() => [${args.join(', ')}]`);
    const o = cx.copies.object;
    const rest = this.from(k + 2, helper(cx, 'invoke', o, key, ...args));
    return helper(cx, 'once', text, `(${o}: any) => ${helper(cx, 'chain', `${o}[${key}]`, `() => ${rest}`)}`);
  }
}
