/**
 * Exceptions. What is thrown and caught inside differentiated code is an ordinary exit with the thrown value as its payload; a
 * function that is called where something may catch gives a completion: whether it threw, what, and its result. Only what
 * nobody in the differentiated code catches is thrown for JavaScript to see; then no gradient is returned.
 */
import { classTag } from '../host/class-types.js';
import { skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { OPAQUE, type RecordType, type ValueId } from '../ir/nodes.js';
import { CLASS_FIELD, refType } from '../ir/types.js';
import { libraryOf } from '../library/library.js';
import { irVal, lowerArgs } from './args.js';
import { bindPattern } from './bindings.js';
import { byClass } from './class-checks.js';
import { classOfExpression, symbolOfClass } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import type { Target } from './control-flow.js';
import { lowerExpression } from './expressions.js';
import type { Val } from './shapes.js';
import { declare, lowerStatements } from './statements.js';

const ERRORS = ['Error', 'RangeError', 'TypeError', 'EvalError', 'SyntaxError', 'ReferenceError', 'URIError'];

export function lowerThrow(cx: FunctionContext, s: ts.ThrowStatement): void {
  const e = skipWrappers(cx.ts, s.expression);
  if (!cx.catches && cx.ts.isNewExpression(e)) {
    throwAway(cx, thrownObject(cx, e), s);
    return;
  }
  raise(cx, lowerExpression(cx, s.expression), s, isEngineError(cx, e));
}

/** `new RangeError(...)`, and what has the type of such an error. */
function isEngineError(cx: FunctionContext, e: ts.Expression): boolean {
  if (cx.ts.isNewExpression(e)) return isErrorClass(e.expression.getText());
  return !cx.host.untyped && isErrorClass(cx.host.checker.getTypeAtLocation(e).symbol?.name ?? '');
}

/** `new E(...)` that nobody here catches: the user's own class is called. */
function thrownObject(cx: FunctionContext, e: ts.NewExpression): ValueId {
  const name = cx.ts.isIdentifier(e.expression) ? e.expression.text : '';
  const known = classOfExpression(cx, e.expression);
  if (!known && !ERRORS.includes(name)) return cx.ir(lowerExpression(cx, e), e);
  const symbol = known && symbolOfClass(cx, known);
  if (known && !symbol) return cx.refuse('AD2010', e, 'the class of this exception has no name');
  const reached = symbol ? cx.state.outside.text(cx, symbol, e) : name;
  const text = reached.includes('(') ? `(${reached})` : reached;
  const args = lowerArgs(cx, e.arguments ?? []).map((a) => cx.ir(a.v, a.node));
  const template =
    args.length === 0 ? [`new ${text}()`] : [`new ${text}(`, ...args.slice(1).map(() => ', '), ')'];
  return cx.foreign(template, args, OPAQUE, true, e, 'reads');
}

/** Throws a value: to the `catch` around, to the caller as a completion, or out of the differentiated code. */
export function raise(cx: FunctionContext, v: Val, s: ts.Node, isError = false): void {
  const target = cx.throwTarget;
  const id = cx.ir(v, s);
  if (cx.isStopped(id) && cx.catches) cx.refuse('AD5002', s);
  if (!target && !cx.completion) return throwAway(cx, asException(cx, id, s), s);
  const t = refType(cx.type(id));
  if (t?.kind === 'record' && t.classes) cx.state.inference.noteThrownInstance();
  const isWrapped = isError && cx.type(id).kind === 'opaque' && cx.state.inference.throwsInstances;
  const payload = irVal(isWrapped ? thrownInstance(cx, id, s) : id);
  if (!target) return cx.onThrow(payload, s);
  cx.env.set(target.payload, payload);
  cx.leave(target.target, s, false);
}

/** The field of an error of the engine, as an instance, that holds the error itself. */
const ERROR_FIELD = 'error';
export const thrownClass = (cx: FunctionContext): ts.ClassDeclaration => libraryOf(cx.ts).thrown;
/** The error itself. */
export const engineError = (cx: FunctionContext, id: ValueId, node: ts.Node): ValueId =>
  cx.present(cx.load(id, { key: ERROR_FIELD }, node), node);

/** An error of the engine as an instance, so that it can stand where instances of the program's classes do. */
function thrownInstance(cx: FunctionContext, error: ValueId, node: ts.Node): ValueId {
  const tag = classTag(thrownClass(cx));
  const message = cx.foreign(['', '?.message'], [error], OPAQUE, true, node, 'reads');
  const fields: readonly [string, ValueId][] = [
    [ERROR_FIELD, error],
    ['message', message],
    [CLASS_FIELD, cx.constant(cx.state.classText(tag), node)],
  ];
  const own: RecordType = {
    kind: 'record',
    fields: fields.map(([key]) => ({ key, type: OPAQUE })),
    tuple: false,
    classes: [tag],
  };
  const id = cx.fresh(
    cx.site('thrown', node, () => own),
    node,
  );
  const args = fields.map(([, v]) => v);
  cx.emit({ kind: 'literal', type: own, args, results: [id], span: cx.span(node) });
  return id;
}

/** Throws a `TypeError`, as JavaScript would. */
export function raiseTypeError(cx: FunctionContext, message: string, node: ts.Node): undefined {
  const text = cx.constant(`adjoint: ${message}`, node);
  raise(cx, irVal(cx.foreign(['new TypeError(', ')'], [text], OPAQUE, true, node, 'reads')), node, true);
  return undefined;
}

/** Throws a `TypeError` of our own where a program is not what is known of it: none of its handlers gets it. */
export function refuseAtRunTime(cx: FunctionContext, message: string, node: ts.Node): undefined {
  const text = cx.constant(`adjoint: ${message}`, node);
  throwAway(cx, cx.foreign(['new TypeError(', ')'], [text], OPAQUE, true, node, 'reads'), node);
  return undefined;
}

function throwAway(cx: FunctionContext, arg: ValueId, s: ts.Node): void {
  cx.end = { kind: 'throw', arg, span: cx.span(s) };
}

/** A caught object of the user's class as JavaScript should see it. */
function asException(cx: FunctionContext, id: ValueId, node: ts.Node): ValueId {
  const t = refType(cx.type(id));
  if (t?.kind !== 'record') return id;
  const { classes = [] } = t;
  const ofClass = (d: ts.ClassLikeDeclaration): Val => irVal(exceptionOf(cx, id, d, node));
  if (classes.length === 0 || t.literal) return exceptionOf(cx, id, undefined, node);
  return cx.ir(byClass(cx, { kind: 'ir', id }, classes, node, ofClass), node);
}
function exceptionOf(
  cx: FunctionContext,
  id: ValueId,
  d: ts.ClassLikeDeclaration | undefined,
  node: ts.Node,
): ValueId {
  if (d === thrownClass(cx)) return engineError(cx, id, node);
  const symbol = d && symbolOfClass(cx, d);
  if (!symbol) return cx.foreign(['Object.assign(new Error(), ', ')'], [id], OPAQUE, false, node, 'reads');
  const text = cx.state.outside.text(cx, symbol, node);
  return cx.foreign(
    [`Object.assign(Object.create(${text}.prototype), `, ')'],
    [id],
    OPAQUE,
    false,
    node,
    'reads',
  );
}

export const isErrorClass = (name: string): boolean => ERRORS.includes(name);

export function lowerTry(cx: FunctionContext, s: ts.TryStatement): void {
  const { finallyBlock } = s;
  if (!finallyBlock) {
    lowerCatch(cx, s);
    return;
  }
  const run = () => lowerStatements(cx, finallyBlock.statements);
  const outer = { throwTarget: cx.throwTarget, finalizers: cx.finalizers };
  const normal = plainBlock(cx, s, (done) => {
    catching(
      cx,
      s,
      () => {
        cx.finalizers = [
          ...outer.finalizers,
          { depth: cx.targets.length, throwTarget: outer.throwTarget, run },
        ];
        lowerCatch(cx, s);
        cx.finalizers = outer.finalizers;
      },
      done,
      (payload) => {
        run();
        if (!cx.end) raise(cx, payload, s);
      },
    );
  });
  if (normal && !cx.end) run();
}

function lowerCatch(cx: FunctionContext, s: ts.TryStatement): void {
  const { catchClause } = s;
  if (!catchClause) {
    lowerStatements(cx, s.tryBlock.statements);
    return;
  }
  plainBlock(cx, s, (done) => {
    catching(
      cx,
      s,
      () => lowerStatements(cx, s.tryBlock.statements),
      done,
      (payload) => {
        const name = catchClause.variableDeclaration?.name;
        if (name && cx.ts.isIdentifier(name)) declare(cx, name, payload);
        else if (name) bindPattern(cx, name, payload, (n, v) => declare(cx, n, v));
        lowerStatements(cx, catchClause.block.statements);
      },
    );
  });
}

/** A block that only `done` leaves; gives whether its end can be reached. */
function plainBlock(cx: FunctionContext, s: ts.Node, body: (done: Target) => void): boolean {
  cx.block(
    { breaks: false, continues: false, userLabels: [] },
    () => body(cx.targets[cx.targets.length - 1]),
    s,
  );
  return !cx.end;
}

/** Runs `body`; what it throws goes to `handler`, its normal end to `done`. */
function catching(
  cx: FunctionContext,
  s: ts.Node,
  body: () => void,
  done: Target,
  handler: (payload: Val) => void,
): void {
  const payload = { name: 'caught' } as ts.Symbol;
  const outer = cx.throwTarget;
  cx.env.set(payload, irVal(cx.constant(undefined, s)));
  cx.block(
    { breaks: false, continues: false, userLabels: [] },
    () => {
      cx.throwTarget = { target: cx.targets[cx.targets.length - 1], payload };
      try {
        body();
      } finally {
        cx.throwTarget = outer;
      }
      if (!cx.end) cx.leave(done, s, false);
    },
    s,
  );
  if (cx.end) return;
  const v = cx.env.get(payload) as Val;
  handler(v);
}
