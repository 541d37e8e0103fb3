/** Calls: of rewritten functions directly, of what is found out at run time through a helper. */
import { assignedBy } from '../host/assigned-names.js';
import { MARKERS } from '../host/marker.js';
import { isMemberAssigned } from '../host/member-writes.js';
import { isMathReplaced, replacedMath } from '../host/replaced-math.js';
import {
  boundFunction,
  declaredClass,
  type FunctionNode,
  isFunctionNode,
  skipWrappers,
  symbolOf,
} from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { walkNodes } from '../host/walk.js';
import { isOwnMethod } from './classes.js';
import { type Context, helper, hostOf, isInside, refuse } from './context.js';
import { placeText, primalText, qualifiedText, rewrite } from './expressions.js';
import { assignmentsIn, isActive, isGlobal, isGlobalName } from './facts.js';
import { iterated } from './patterns.js';

/** The functions of `Math` that the helpers have. */
export const MATH: ReadonlySet<string> = new Set(
  'abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot imul log log10 log1p log2 max min round sign sin sinh sqrt tan tanh trunc'.split(
    ' ',
  ),
);
const NUMBER_TESTS = new Set(['isFinite', 'isInteger', 'isNaN', 'isSafeInteger']);
const CALLED_OUTSIDE = new Set([...MARKERS, 'checkGrad']);
/** Methods of arrays that only move values, and that typed arrays do not have. */
const LIST_METHODS = new Set(['push', 'pop', 'shift', 'unshift']);

export function argumentList(cx: Context, e: ts.CallExpression | ts.NewExpression): string[] {
  return (e.arguments ?? []).map((a) =>
    cx.ts.isSpreadElement(a) ? `...${iterated(cx, a.expression)}` : rewrite(cx, a),
  );
}

export function callText(cx: Context, e: ts.CallExpression): string {
  const { ts } = cx;
  const K = ts.SyntaxKind;
  const callee = skipWrappers(ts, e.expression);
  if (callee.kind === K.ImportKeyword) return refuse(cx, 'AD2005', e);
  if (callee.kind === K.SuperKeyword) return `super(${argumentList(cx, e).join(', ')})`;
  const runtime = runtimeCall(cx, callee, e);
  if (runtime !== undefined) return runtime;
  if (ts.isPropertyAccessExpression(callee)) return methodText(cx, callee, e);
  const args = argumentList(cx, e);
  if (ts.isElementAccessExpression(callee) && callee.expression.kind !== K.SuperKeyword)
    return invokeText(cx, rewrite(cx, callee.expression), rewrite(cx, callee.argumentExpression), args, e);
  if (isFunctionNode(ts, callee)) return `(${rewrite(cx, callee)})(${args.join(', ')})`;
  const direct = ts.isIdentifier(callee) ? directFunction(cx, callee) : undefined;
  if (direct) return directCall(rewrite(cx, callee), direct, args, ts);
  return helper(cx, 'call', rewrite(cx, callee), ...args);
}

/** `stopGradient` and its kin, and the markers, which are not called inside. */
function runtimeCall(cx: Context, callee: ts.Expression, e: ts.CallExpression): string | undefined {
  const symbol = symbolOf(cx.host, callee);
  const isRuntime = (symbol?.declarations ?? []).some((d) => cx.copies.given.isRuntime(d.getSourceFile()));
  if (!symbol || !isRuntime) return undefined;
  if (symbol.name === 'stopGradient') return helper(cx, 'stop', ...argumentList(cx, e));
  // a tape stores everything
  if (symbol.name === 'checkpoint') return `(${argumentList(cx, e)[0] ?? 'undefined'})`;
  if (symbol.name === 'fixedPoint' || symbol.name === 'implicit')
    return helper(cx, symbol.name, ...argumentList(cx, e));
  if (symbol.name === 'checkpointed') return helper(cx, 'steps', ...argumentList(cx, e).slice(0, 1));
  if (!CALLED_OUTSIDE.has(symbol.name)) return undefined;
  return refuse(
    cx,
    'AD4003',
    callee,
    `\`${symbol.name}\` is called inside a function that is differentiated on the tape`,
  );
}

/** The function that a name surely stands for, if its copy can be called as it is. */
function directFunction(cx: Context, e: ts.Identifier): FunctionNode | undefined {
  const symbol = symbolOf(cx.host, e);
  const d = symbol?.valueDeclaration;
  if (!symbol || !d || isGlobal(cx, e)) return undefined;
  if ((assignmentsIn(cx.host, d.getSourceFile()).get(symbol) ?? []).length > 0) return undefined;
  const f = boundFunction(hostOf(cx.host, d), symbol);
  return f && (isInside(f, cx.roots) || f.getSourceFile() !== undefined) ? f : undefined;
}

/** TypeScript wants as many arguments as there are parameters, and no lists of unknown length. */
function directCall(text: string, f: FunctionNode, args: readonly string[], typescript: typeof ts): string {
  const { parameters } = f;
  const list = parameters.filter((p) => !(typescript.isIdentifier(p.name) && p.name.text === 'this'));
  const isRest = list.some((p) => p.dotDotDotToken);
  const needed = list.filter((p) => !p.questionToken && !p.initializer && !p.dotDotDotToken).length;
  const fits = args.length >= needed && (isRest || args.length <= list.length);
  const spread = args.some((a) => a.startsWith('...'));
  return `${fits && !spread ? text : `(${text} as any)`}(${args.join(', ')})`;
}

function methodText(cx: Context, callee: ts.PropertyAccessExpression, e: ts.CallExpression): string {
  const { ts } = cx;
  const { expression: of, name } = callee;
  const args = argumentList(cx, e);
  const list = args.join(', ');
  if (isGlobalName(cx, of, 'Math') && MATH.has(name.text))
    return isMathReplaced(cx.copies.given.host, name.text)
      ? refuse(cx, 'AD5004', callee, ...replacedMath(name.text))
      : helper(cx, name.text, ...args);
  if (isGlobalName(cx, of, 'Number') && NUMBER_TESTS.has(name.text) && e.arguments.length === 1)
    return `Number.${name.text}(${primalText(cx, e.arguments[0])})`;
  const qualified = qualifiedText(cx, callee);
  // perhaps a function with a derivative rule
  if (qualified !== undefined) return helper(cx, 'call', qualified, ...args);
  if (isGlobalName(cx, of, 'Object') && /^define|^setPrototypeOf$/.test(name.text))
    return refuse(cx, 'AD5004', callee, `\`${callee.getText()}\` cannot be differentiated`);
  cx.copies.mentioned.add(name.text);
  // an object of the code around has the methods that were not rewritten
  const isAround = of.kind === ts.SyntaxKind.ThisKeyword && !/^\(?this\b/.test(rewrite(cx, of));
  if (isAround) return helper(cx, 'invoke', rewrite(cx, of), JSON.stringify(name.text), ...args);
  if (of.kind === ts.SyntaxKind.SuperKeyword || ts.isPrivateIdentifier(name) || isOwnMethod(cx, callee)) {
    const place = placeText(cx, callee);
    const isThis = of.kind === ts.SyntaxKind.ThisKeyword && !ts.isPrivateIdentifier(name);
    return isThis && args.some((a) => a.startsWith('...'))
      ? `(this as any).${name.text}(${list})`
      : `${place}(${list})`;
  }
  if (isNativeMethod(cx, of, name.text, e)) return `${placeText(cx, callee)}(${list})`;
  return invokeText(cx, rewrite(cx, of), JSON.stringify(name.text), args, e);
}

/** A call of a member, which is looked up before the arguments are evaluated where that makes a difference. */
function invokeText(
  cx: Context,
  of: string,
  key: string,
  args: readonly string[],
  e: ts.CallExpression,
): string {
  const isReplaced = isReplacedSomewhere(cx, skipWrappers(cx.ts, e.expression));
  if (!e.arguments.some((a) => mayTell(cx, a, isReplaced))) return helper(cx, 'invoke', of, key, ...args);
  return helper(cx, 'invokeFirst', of, key, `() => [${args.join(', ')}]`);
}
/** Whether the program puts another function in the place of one that is called by its name. */
function isReplacedSomewhere(cx: Context, callee: ts.Expression): boolean {
  const { ts } = cx;
  if (!ts.isPropertyAccessExpression(callee) && !ts.isElementAccessExpression(callee)) return false;
  const host = hostOf(cx.host, callee);
  const type = host.checker.getTypeAtLocation(callee.expression);
  if (ts.isPropertyAccessExpression(callee)) return isMemberAssigned(host, type, callee.name.text);
  const key = skipWrappers(ts, callee.argumentExpression);
  return !ts.isStringLiteralLike(key) || isMemberAssigned(host, type, key.text);
}
/** Whether an argument assigns something, or calls what may do so where that would be seen. */
function mayTell(cx: Context, argument: ts.Expression, isSeen: boolean): boolean {
  const { ts } = cx;
  const isCaught = ts.findAncestor(argument, ts.isTryStatement) !== undefined;
  return walkNodes(ts, argument, (n) => {
    if (ts.isFunctionLike(n)) return 'skip';
    return assignedBy(ts, n) || ts.isDeleteExpression(n) || ((isCaught || isSeen) && ts.isCallExpression(n))
      ? 'stop'
      : undefined;
  });
}

/** Methods of the language that need no helper: those of text without numbers, and those of lists that only move values. */
function isNativeMethod(cx: Context, of: ts.Expression, name: string, e: ts.CallExpression): boolean {
  if (cx.host.untyped) return false;
  const { checker, ts } = cx.host;
  const type = checker.getTypeAtLocation(of);
  if (LIST_METHODS.has(name) && checker.isArrayType(type)) return true;
  const isText = (type.flags & ts.TypeFlags.StringLike) !== 0;
  return (
    isText && e.arguments.every((a) => !isActive(cx, a) && !isFunctionNode(ts, a) && !ts.isSpreadElement(a))
  );
}

export function newText(cx: Context, e: ts.NewExpression): string {
  const { ts } = cx;
  const callee = skipWrappers(ts, e.expression);
  const args = argumentList(cx, e);
  const text = rewrite(cx, callee);
  const d = declaredClass(ts, symbolOf(cx.host, callee)?.valueDeclaration);
  if ((d && ts.isClassLike(d) && !d.getSourceFile().isDeclarationFile) || ts.isClassExpression(callee)) {
    // TypeScript takes a class whose base it does not know to have no parameters
    const isCast =
      args.length > 0 &&
      isInside(d, cx.roots) &&
      (!hasConstructor(cx, d) || args.some((a) => a.startsWith('...')));
    return `new ${isCast ? `(${text} as any)` : /^\w+$/.test(text) ? text : `(${text})`}(${args.join(', ')})`;
  }
  const isError = ts.isIdentifier(callee) && /Error$/.test(callee.text) && isGlobal(cx, callee);
  if (isError && (e.arguments ?? []).every((a) => !isActive(cx, a))) return `new ${text}(${args.join(', ')})`;
  return helper(cx, 'construct', text, ...args);
}

const hasConstructor = (cx: Context, d: ts.Declaration | undefined): boolean =>
  d !== undefined && cx.ts.isClassLike(d) && d.members.some((m) => cx.ts.isConstructorDeclaration(m));
