/**
 * Iterators of lists, maps and sets, as `values()`, `keys()` and `entries()` give them. They are lists here, which is the same where
 * an iterator is gone through at once. One that is kept is at its end when it was gone through, and sees what changes until then:
 * it is refused.
 */
import { subclassesOf } from '../host/instances.js';
import { isFunctionNode, symbolOf } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { walkNodes } from '../host/walk.js';
import type { ArrayType, RecordType } from '../ir/nodes.js';
import { isKeyed } from '../ir/types.js';
import { irVal, lengthOf } from './args.js';
import { ITERATOR } from './classes.js';
import type { FunctionContext } from './context.js';
import { recordOf } from './expressions.js';
import type { Val } from './shapes.js';

const MAKERS = new Set(['entries', 'keys', 'values']);
/** Methods of an iterator that go through it, and those that give another iterator. */
const CONSUMERS = new Set('every find forEach next reduce some toArray'.split(' '));
const ADAPTERS = new Set('filter flatMap map'.split(' '));

/** Refuses a call that makes an iterator where that is not gone through at once. */
export function checkIterator(
  cx: FunctionContext,
  type: ArrayType | RecordType,
  name: string,
  e: ts.CallExpression,
): void {
  const isList = type.kind === 'array' ? !isKeyed(type) || type.ctor !== 'Object' : type.tuple;
  if (isList && MAKERS.has(name) && !cx.isLibrary) takeAtOnce(cx, e);
}
/** The same of a call of a function that hands on such an iterator. */
export function checkHandedOn(cx: FunctionContext, callee: ts.Node, e: ts.Expression): void {
  if (cx.state.iteratorMakers.has(callee)) takeAtOnce(cx, e);
}

function takeAtOnce(cx: FunctionContext, e: ts.Expression): void {
  const { ts, host } = cx;
  const at = outermost(host, e);
  const p = at.parent;
  const isBody = ts.isArrowFunction(p) && p.body === at;
  if (isBody || ts.isReturnStatement(p)) {
    let f: ts.Node = p;
    while (!ts.isFunctionLike(f)) f = f.parent;
    // what goes through the instance takes it
    if (!ts.isMethodDeclaration(f) || f.name.getText() !== ITERATOR) cx.state.iteratorMakers.add(f);
    return;
  }
  if (isTaken(host, e)) return;
  cx.refuse(
    'AD2007',
    e,
    'an iterator is kept here, which can be gone through only once',
    'make a list of it: `[...map.values()]`',
  );
}

/** An expression with what only hands its value on: parentheses, casts, `? :`, `??`. */
function outermost({ ts }: Host, e: ts.Expression): ts.Expression {
  const handsOn = (p: ts.Node, at: ts.Node): p is ts.Expression =>
    ts.isParenthesizedExpression(p) ||
    ts.isAsExpression(p) ||
    ts.isNonNullExpression(p) ||
    ts.isSatisfiesExpression(p) ||
    (ts.isConditionalExpression(p) && p.condition !== at) ||
    (ts.isBinaryExpression(p) &&
      [ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken].includes(p.operatorToken.kind));
  let at = e;
  for (let p = at.parent; handsOn(p, at); p = at.parent) at = p;
  return at;
}

/** Whether an iterator is gone through where it stands, and nowhere else. */
function isTaken(host: Host, e: ts.Expression, callers: ReadonlySet<ts.Node> = new Set()): boolean {
  const { ts } = host;
  const at = outermost(host, e);
  const p = at.parent;
  if (ts.isForOfStatement(p)) return p.expression === at;
  if (ts.isSpreadElement(p) || ts.isExpressionStatement(p)) return true;
  if (ts.isVariableDeclaration(p)) return ts.isArrayBindingPattern(p.name);
  if (ts.isBinaryExpression(p))
    return p.right === at && ts.isArrayLiteralExpression(p.left) && ts.isExpressionStatement(p.parent);
  if (ts.isNewExpression(p)) return isOfLanguage(host, p.expression);
  if (ts.isPropertyAccessExpression(p)) {
    const call = p.parent;
    if (!ts.isCallExpression(call) || call.expression !== p) return false;
    return CONSUMERS.has(p.name.text) || (ADAPTERS.has(p.name.text) && isTaken(host, call, callers));
  }
  return ts.isCallExpression(p) && isTakenByCall(host, p, at, callers);
}
function isOfLanguage(host: Host, e: ts.Expression): boolean {
  const d = symbolOf(host, e)?.declarations?.[0];
  return d !== undefined && host.program.isSourceFileDefaultLibrary(d.getSourceFile());
}

/** `Array.from(it)`, or a function that goes through its parameter once. */
function isTakenByCall(
  host: Host,
  call: ts.CallExpression,
  arg: ts.Expression,
  callers: ReadonlySet<ts.Node>,
): boolean {
  const { ts, checker } = host;
  const callee = call.expression;
  if (isOfLanguage(host, callee))
    return ts.isPropertyAccessExpression(callee) && ['from', 'fromEntries'].includes(callee.name.text);
  const f = checker.getResolvedSignature(call)?.declaration;
  if (!f || !isFunctionNode(ts, f) || !f.body || callers.has(f)) return false;
  if (ts.isClassLike(f.parent) && subclassesOf(host, f.parent).length > 0) return false;
  const k = call.arguments.indexOf(arg);
  const param = f.parameters.filter((x) => x.name.getText() !== 'this')[k];
  const isPlain = param && ts.isIdentifier(param.name) && !param.dotDotDotToken && !param.initializer;
  if (!isPlain || call.arguments.slice(0, k).some(ts.isSpreadElement)) return false;
  const symbol = symbolOf(host, param.name);
  const uses: ts.Identifier[] = [];
  walkNodes(ts, f.body, (n) => {
    if (ts.isIdentifier(n) && symbolOf(host, n) === symbol) uses.push(n);
  });
  const [use] = uses;
  if (uses.length !== 1 || changesEntries(host, f.body) || isRepeated(host, use, f)) return false;
  return isTaken(host, use, new Set(callers).add(f));
}

/** Whether a node may run more than once in a run of a function. */
function isRepeated({ ts }: Host, n: ts.Node, f: ts.Node): boolean {
  for (let at = n; at.parent !== f; at = at.parent) {
    const p = at.parent;
    if (ts.isFunctionLike(p)) return true;
    const isFirst =
      (ts.isForOfStatement(p) && p.expression === at) || (ts.isForStatement(p) && p.initializer === at);
    if (ts.isIterationStatement(p, false) && !isFirst) return true;
  }
  return false;
}

const CHANGERS = new Set(['add', 'clear', 'delete', 'set']);
/** Whether code changes entries of maps or sets itself. */
function changesEntries(host: Host, body: ts.Node): boolean {
  const { ts } = host;
  return walkNodes(ts, body, (n) =>
    ts.isPropertyAccessExpression(n) && CHANGERS.has(n.name.text) && isOfLanguage(host, n)
      ? 'stop'
      : undefined,
  );
}

/** The first step of an iterator: `map.keys().next().value`. */
export function firstStep(cx: FunctionContext, list: Val, e: ts.CallExpression): Val {
  const none = cx.scalar('eq', [lengthOf(cx, cx.ir(list, e), e), cx.constant(0, e)], e);
  const value = cx.callLibrary('array_at', [list, irVal(cx.constant(0, e))], e);
  return irVal(
    recordOf(
      cx,
      new Map([
        ['value', cx.ir(value, e)],
        ['done', none],
      ]),
      e,
    ),
  );
}
/** Whether a method is that of an iterator which is made beside it. */
export const isStepOfNew = ({ ts }: FunctionContext, name: string, of: ts.Expression): boolean =>
  name === 'next' &&
  ts.isCallExpression(of) &&
  ts.isPropertyAccessExpression(of.expression) &&
  MAKERS.has(of.expression.name.text);
