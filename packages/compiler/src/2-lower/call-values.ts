/** Calls of functions as values: of the program, of `Math`, bound ones, derivatives. */
import { usesArguments } from '../host/arguments.js';
import { type FunctionNode, skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { NUMBER, type ValueId } from '../ir/nodes.js';
import { scalarRule } from '../rules/scalar.js';
import { type Arg, argsArray, irVal, restFrom } from './args.js';
import type { FunctionContext } from './context.js';
import { callWithRule } from './custom.js';
import { callDerivative } from './derivatives.js';
import { builtinCall } from './foreign.js';
import { capturesNow, dispatch, functionsOf } from './functions.js';
import { checkHandedOn } from './iterators.js';
import { checkThere } from './presence.js';
import { callRuleMap } from './rule-source.js';
import { type Env, THIS, type Val } from './shapes.js';
import { raiseTypeError } from './try.js';

/** Calls a function value; `self` is what `this` is in it. */
export function callValue(
  cx: FunctionContext,
  f: Val,
  args: readonly Arg[],
  e: ts.Expression,
  self: Val | undefined,
): Val {
  switch (f.kind) {
    case 'local':
    case 'closure':
      return callFunction(
        cx,
        f.decl,
        f.kind === 'local' ? capturesNow(cx, f.decl) : new Map(f.captures),
        args,
        e,
        self,
      );
    case 'bound':
      return callValue(
        cx,
        f.of,
        [...f.args.map((v): Arg => ({ v, spread: false, node: e })), ...args],
        e,
        f.self ?? self,
      );
    case 'derivative':
      return callDerivative(cx, f, args, e);
    case 'math':
      return callMath(cx, f.name, args, e);
    case 'builtin':
      return builtinCall(cx, f.name, args, e);
    case 'custom':
      return callWithRule(cx, f, args, e);
    case 'ruleMap':
      return callRuleMap(cx, f, args, e);
    case 'conflict':
      return cx.refuseConflict(f.why, e);
    case 'ir':
      if (functionsOf(cx, f.id)) {
        throwIfNoFunction(cx, f.id, e);
        return dispatch(cx, f.id, e, (known) => callValue(cx, known, args, e, self));
      }
      if (cx.type(f.id).kind === 'never') return callNever(cx, e);
      return cx.type(f.id).kind === 'nullish' ? callNothing(cx, e) : refuseUnknown(cx, e);
    case 'missing':
      return callNothing(cx, e);
    default:
      return refuseUnknown(cx, e);
  }
}

/** A call of what is surely missing, behind a test that it is there: it throws. */
function callNothing(cx: FunctionContext, e: ts.Expression): Val {
  noFunction(cx, e);
  return { kind: 'missing' };
}
/** A call of what is never there: of an element of a list that stays empty, or of a field that holds values of another kind here. */
function callNever(cx: FunctionContext, e: ts.Expression): Val {
  if (cx.state.inference.deadEnds) noFunction(cx, e);
  else cx.state.inference.meetsDeadEnd = true;
  return irVal(cx.nothing(e));
}
function noFunction(cx: FunctionContext, e: ts.Expression): undefined {
  const [text, at] = notAFunction(cx, e);
  return raiseTypeError(cx, text, at);
}
function notAFunction({ ts }: FunctionContext, e: ts.Expression): readonly [text: string, at: ts.Node] {
  const isNew = ts.isNewExpression(e);
  const at = isNew || ts.isCallExpression(e) ? skipWrappers(ts, e.expression) : e;
  return [`${at.getText()} is not a ${isNew ? 'constructor' : 'function'}`, at];
}

/** What is called may be missing, whatever its type says; the one function that it could be does not run then. */
export function throwIfNoFunction(cx: FunctionContext, id: ValueId, e: ts.Expression): void {
  if (cx.sure.has(id)) return;
  if (!cx.catches) return checkThere(cx, id, ...notAFunction(cx, e));
  cx.branch(
    cx.scalar('isNullish', [id], e),
    () => noFunction(cx, e),
    () => undefined,
    e,
  );
}

function refuseUnknown(cx: FunctionContext, e: ts.Expression): never {
  if (cx.state.inference.readTables()) cx.giveUp(e);
  const at = cx.ts.isCallExpression(e) ? skipWrappers(cx.ts, e.expression) : e;
  return cx.refuse('AD4003', at, `the function called as \`${at.getText()}\` is not statically known`);
}

/** Calls a function of the program by its source. */
export function callFunction(
  cx: FunctionContext,
  decl: FunctionNode,
  captures: Env,
  args: readonly Arg[],
  e: ts.Expression,
  self: Val | undefined,
): Val {
  const { ts } = cx;
  if (decl.asteriskToken) cx.refuse('AD2002', e, 'a generator function is called here');
  if (decl.modifiers?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword))
    cx.refuse('AD2001', e, 'an async function is called here');
  if (self && !ts.isArrowFunction(decl)) captures.set(THIS, self);
  const result = cx.state.call(cx, decl, captures, positional(cx, decl, args, e), e);
  checkHandedOn(cx, decl, e);
  return result;
}

/** The arguments by the parameters of the callee; those of a rest parameter as one array. */
function positional(cx: FunctionContext, decl: FunctionNode, args: readonly Arg[], e: ts.Expression): Val[] {
  if (usesArguments(cx.ts, decl) && !decl.parameters.some((p) => p.dotDotDotToken)) {
    const list = args.find((a) => a.spread);
    if (list)
      cx.refuse('AD2008', list.node, 'a function that reads `arguments` is given a list of them here');
    return args.map((a) => a.v);
  }
  const params = decl.parameters.filter((p) => p.name.getText() !== 'this');
  const rest = params.findIndex((p) => p.dotDotDotToken !== undefined);
  const count = rest < 0 ? params.length : rest;
  const first = args.findIndex((a) => a.spread);
  const plain = first < 0 ? args.length : first;
  const out: Val[] = args.slice(0, Math.min(plain, count)).map((a) => a.v);
  if (first >= 0 && first < count) {
    const all: Val =
      first === args.length - 1 ? args[first].v : { kind: 'ir', id: argsArray(cx, args.slice(first), e) };
    const list = cx.ir(all, e);
    for (let k = first; k < count; k++) {
      const index = cx.constant(k - first, e);
      out.push({ kind: 'ir', id: cx.load(list, { index }, e) });
    }
    if (rest >= 0) out.push(restFrom(cx, all, count - first, e));
    return out;
  }
  if (rest < 0) return out;
  while (out.length < rest) out.push({ kind: 'missing' });
  out.push({ kind: 'ir', id: argsArray(cx, args.slice(rest), e) });
  return out;
}

export function callMath(cx: FunctionContext, name: string, args: readonly Arg[], e: ts.Expression): Val {
  if (name === 'random')
    return { kind: 'ir', id: cx.foreign(['Math.random()'], [], { kind: 'number' }, false, e) };
  const fn = name === 'pow' ? 'mathpow' : name;
  const rule = scalarRule(fn);
  if (args.some((a) => a.spread)) return mathOfList(cx, name, args, e);
  const used = rule.arity === 'n' ? args : args.slice(0, rule.arity);
  const given = used.map((a) => cx.number(cx.ir(a.v, a.node), a.node));
  if (rule.arity !== 'n' && given.length < rule.arity) return { kind: 'ir', id: cx.constant(Number.NaN, e) };
  return { kind: 'ir', id: cx.scalar(fn, given, e) };
}

/** `Math.max(...list)` and its kin: the value is the language's own. */
function mathOfList(cx: FunctionContext, name: string, args: readonly Arg[], e: ts.Expression): Val {
  if (name !== 'max' && name !== 'min' && name !== 'hypot')
    return cx.refuse('AD2011', e, `\`Math.${name}\` with a spread argument is not supported`);
  const list = argsArray(cx, args, e);
  const value = cx.foreign([`Math.${name}(...`, ')'], [list], NUMBER, false, e, 'reads');
  const carrier =
    name === 'hypot'
      ? cx.callLibrary('__hypotOf', [irVal(list)], e)
      : cx.callLibrary('__meanOfEqual', [irVal(list), irVal(value)], e);
  return irVal(cx.scalar('valueOf', [value, cx.ir(carrier, e)], e));
}
