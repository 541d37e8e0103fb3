/**
 * Iterators of lists, maps and sets, as `values()`, `keys()` and `entries()` give them. They are lists here, which is the same where
 * an iterator is gone through at once. One that is kept is at its end when it was gone through, and sees what changes until then:
 * it is refused.
 */

import { assignedBy } from '../host/assigned-names.js';
import { doesAnything, isOfLanguage, mayChange, usesOf } from '../host/changes.js';
import { subclassesOf } from '../host/instances.js';
import { isConst, isFunctionNode, symbolOf } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { walkNodes } from '../host/walk.js';
import { isAssignedAgain } from '../host/writes.js';
import type { ArrayType, RecordType } from '../ir/nodes.js';
import { isKeyed } from '../ir/types.js';
import { irVal, lengthOf } from './args.js';
import { ITERATOR } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import { recordOf } from './literals.js';
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
    'an iterator is not gone through at once here: it is kept, or other code runs between its steps',
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
  if (ts.isForOfStatement(p))
    return p.expression === at && (!isAdapted(ts, at) || !mayChange(host, p.statement, at));
  if (ts.isSpreadElement(p) || ts.isExpressionStatement(p)) return true;
  if (ts.isVariableDeclaration(p)) return ts.isArrayBindingPattern(p.name) || isTakenNext(host, p);
  if (ts.isBinaryExpression(p))
    return p.right === at && ts.isArrayLiteralExpression(p.left) && ts.isExpressionStatement(p.parent);
  if (ts.isNewExpression(p)) return isOfLanguage(host, p.expression);
  if (ts.isPropertyAccessExpression(p)) {
    const call = p.parent;
    if (!ts.isCallExpression(call) || call.expression !== p) return false;
    const [f] = call.arguments;
    if (CONSUMERS.has(p.name.text)) return f === undefined || !mayChange(host, f, at);
    return ADAPTERS.has(p.name.text) && isAlike(host, f) && isTaken(host, call, callers);
  }
  return ts.isCallExpression(p) && isTakenByCall(host, p, at, callers);
}
/** `map.values().filter(f)` */
const isAdapted = (ts: Host['ts'], e: ts.Expression): boolean =>
  ts.isCallExpression(e) &&
  ts.isPropertyAccessExpression(e.expression) &&
  ADAPTERS.has(e.expression.name.text);
/**
 * An adapter calls its function when the next step is asked for, between what else happens: whether it is alike when all are called at
 * once. It computes from numbers, texts and the like that nothing assigns, and does nothing else: what an object holds may have changed.
 */
function isAlike(host: Host, f: ts.Expression | undefined): boolean {
  const { ts, checker } = host;
  if (!f || !isFunctionNode(ts, f)) return false;
  const { NumberLike, StringLike, BooleanLike } = ts.TypeFlags;
  return !walkNodes(ts, f, (n) => {
    if (assignedBy(ts, n) || ts.isDeleteExpression(n) || ts.isNewExpression(n)) return 'stop';
    if (ts.isCallExpression(n) && !/^Math\.\w+$/.test(n.expression.getText())) return 'stop';
    if (!ts.isIdentifier(n) || n.text === 'Math' || n.text === 'undefined') return undefined;
    if (ts.isPropertyAccessExpression(n.parent) && n.parent.name === n) return undefined;
    const symbol = symbolOf(host, n);
    const isValue = (checker.getTypeAtLocation(n).flags & (NumberLike | StringLike | BooleanLike)) !== 0;
    return symbol && isValue && !isAssignedAgain(host, symbol) ? undefined : 'stop';
  });
}
/** `const it = map.values();`, and nothing happens before the one loop that goes through it, which changes no list and no map. */
function isTakenNext(host: Host, d: ts.VariableDeclaration): boolean {
  const { ts } = host;
  const list = d.parent;
  const statement = list.parent;
  if (!ts.isIdentifier(d.name) || !ts.isVariableDeclarationList(list) || !ts.isBlock(statement.parent))
    return false;
  if (!isConst(ts, d) || list.declarations.length > 1) return false;
  const { statements } = statement.parent;
  const [use, ...others] = usesOf(host, d.name, statement.parent).filter((n) => n !== d.name);
  const rest = statements.slice(statements.indexOf(statement as ts.Statement) + 1);
  const loop = rest.find(
    (x) => ts.isForOfStatement(x) && use !== undefined && x.expression === outermost(host, use),
  );
  if (!loop || others.length > 0) return false;
  const before = rest.slice(0, rest.indexOf(loop));
  return (
    !before.some((x) => doesAnything(host, x)) &&
    !mayChange(host, (loop as ts.ForOfStatement).statement, d.initializer)
  );
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
    return (
      ts.isPropertyAccessExpression(callee) &&
      ['from', 'fromEntries'].includes(callee.name.text) &&
      !call.arguments.slice(1).some((f) => mayChange(host, f, arg))
    );
  const f = checker.getResolvedSignature(call)?.declaration;
  if (!f || !isFunctionNode(ts, f) || !f.body || callers.has(f)) return false;
  if (ts.isClassLike(f.parent) && subclassesOf(host, f.parent).length > 0) return false;
  const k = call.arguments.indexOf(arg);
  const param = f.parameters.filter((x) => x.name.getText() !== 'this')[k];
  const isPlain = param && ts.isIdentifier(param.name) && !param.dotDotDotToken && !param.initializer;
  if (!isPlain || call.arguments.slice(0, k).some(ts.isSpreadElement)) return false;
  const uses = usesOf(host, param.name, f.body);
  const [use] = uses;
  if (uses.length !== 1 || mayChange(host, f.body, arg) || isRepeated(host, use, f)) return false;
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

/** Refuses a loop over an instance that changes what the instance may go through: it is taken for a list of what was there before. */
export function checkLoopOver(cx: FunctionContext, e: ts.Expression): void {
  const { ts, host } = cx;
  if (cx.isLibrary || !ts.isExpression(e)) return;
  const at = outermost(host, e);
  const p = at.parent;
  if (ts.isForOfStatement(p) && p.expression === at && mayChange(host, p.statement, e, false))
    cx.refuse(
      'AD2007',
      e,
      'a loop changes lists or maps while it goes through an instance',
      'make a list of what it goes through: `for (const x of [...instance])`',
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
