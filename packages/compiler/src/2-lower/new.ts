/** `new C(...)`: classes of the program, arrays, maps and sets, unknown code. */
import { skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { lowerType, UnsupportedType } from '../host/types.js';
import { type ArrayType, NEVER, OPAQUE, type Type } from '../ir/nodes.js';
import { holdsInstances } from '../ir/type-questions.js';
import { carriesDerivative, isArrayClass } from '../ir/types.js';
import { irVal, lowerArgs, toArray } from './args.js';
import { newOfArrayClass } from './array-constructors.js';
import { newBuffer } from './buffers.js';
import { throwIfNoFunction } from './call-values.js';
import { classOfExpression } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import { lowerExpression, lowerValue } from './expressions.js';
import { doesNothingElse } from './foreign.js';
import { dispatch, functionsOf } from './functions.js';
import { isGlobal } from './globals.js';
import { construct } from './instances.js';
import { alloc, storeAt } from './intrinsics.js';
import { whereGiven } from './presence.js';
import type { Val } from './shapes.js';
import { SHARED_MEMORY } from './statics.js';
import { isErrorClass } from './try.js';

export function lowerNew(cx: FunctionContext, e: ts.NewExpression): Val {
  const { ts } = cx;
  const callee = skipWrappers(ts, e.expression);
  const name = ts.isIdentifier(callee) ? callee.text : '';
  if (name === 'Function' && isGlobal(cx, callee, name)) cx.refuse('AD2003', e);
  const known = classOfExpression(cx, callee);
  if (known) return construct(cx, known, e);
  const v = ts.isIdentifier(callee) && cx.env.get(symbolOf(cx.host, callee) as ts.Symbol);
  if (v && v.kind === 'class') return construct(cx, v.decl, e);
  const list = e.arguments ?? [];
  if (ts.isPropertyAccessExpression(callee) && isDeclaredOnly(cx, callee))
    return newForeign(cx, callee.getText(), list, e);
  if (!isGlobal(cx, callee, name)) return newChosen(cx, callee, e);
  if (isArrayClass(name)) return newOfArrayClass(cx, name, e);
  if (name === 'Map' || name === 'Set') return newKeyed(cx, name, e);
  if (name === 'Proxy') return cx.refuse('AD5004', e);
  if (name === 'SharedArrayBuffer') return cx.refuse('AD3004', e, ...SHARED_MEMORY);
  const buffer = name === 'ArrayBuffer' ? newBuffer(cx, e) : undefined;
  return buffer ?? newForeign(cx, name, list, e);
}

/** An instance of a class that is chosen at run time. */
function newChosen(cx: FunctionContext, callee: ts.Expression, e: ts.NewExpression): Val {
  const v = lowerExpression(cx, callee);
  const make = (c: Val): Val => {
    if (c.kind === 'class') return construct(cx, c.decl, e);
    if (c.kind === 'builtin' && isArrayClass(c.name)) return newOfArrayClass(cx, c.name, e);
    if (cx.state.inference.readTables()) cx.giveUp(e);
    return cx.refuse('AD2013', e, 'the class of this object is not statically known');
  };
  if (v.kind !== 'ir' || !functionsOf(cx, v.id)) return make(v);
  throwIfNoFunction(cx, v.id, e);
  return dispatch(cx, v.id, e, make);
}

/** A class of the platform in a namespace, as `Intl.NumberFormat`. */
function isDeclaredOnly(cx: FunctionContext, e: ts.PropertyAccessExpression): boolean {
  const declared = (x: ts.Expression): boolean => {
    const all = symbolOf(cx.host, x)?.declarations ?? [];
    return all.length > 0 && all.every((d) => d.getSourceFile().isDeclarationFile);
  };
  return cx.ts.isIdentifier(e.expression) && declared(e.expression) && declared(e);
}

/** An object of unknown code. */
function newForeign(
  cx: FunctionContext,
  text: string,
  list: readonly ts.Expression[],
  e: ts.NewExpression,
): Val {
  const args = lowerArgs(cx, list).map((a) => cx.ir(a.v, a.node));
  const template =
    args.length === 0 ? [`new ${text}()`] : [`new ${text}(`, ...args.slice(1).map(() => ', '), ')'];
  if (!isErrorClass(text) || !isGlobal(cx, e.expression, text))
    return irVal(cx.foreign(template, args, OPAQUE, false, e, 'unknown'));
  return irVal(doesNothingElse(cx, template, args, OPAQUE, e, 'unknown'));
}

/** `[[k, v], ...]` as it is written: no pair needs to be made. */
function literalPairs(cx: FunctionContext, e: ts.Expression): [ts.Expression, ts.Expression][] | undefined {
  const { ts } = cx;
  const list = skipWrappers(ts, e);
  if (!ts.isArrayLiteralExpression(list)) return undefined;
  const pairs: [ts.Expression, ts.Expression][] = [];
  for (const x of list.elements) {
    const p = skipWrappers(ts, x);
    if (
      !ts.isArrayLiteralExpression(p) ||
      p.elements.length !== 2 ||
      p.elements.some((y) => ts.isSpreadElement(y) || ts.isOmittedExpression(y))
    )
      return undefined;
    pairs.push([p.elements[0], p.elements[1]]);
  }
  return pairs;
}

/** `new Map<string, (x: number) => number>()`, `new Set<Account>()`: what it holds is known here, though its type says nothing of it. */
function holdsOwn(cx: FunctionContext, e: ts.NewExpression): boolean {
  const { checker } = cx.host;
  const type = checker.getContextualType(e) ?? checker.getTypeAtLocation(e);
  const isOwn = (t: ts.Type): boolean => {
    if (t.isUnionOrIntersection()) return t.types.some(isOwn);
    if (t.getCallSignatures().length > 0) return true;
    if (checker.isArrayType(t)) return checker.getTypeArguments(t as ts.TypeReference).some(isOwn);
    const [d] = t.symbol?.declarations ?? [];
    return d !== undefined && !d.getSourceFile().isDeclarationFile;
  };
  const values = checker.getTypeArguments(type as ts.TypeReference).at(-1);
  return values !== undefined && isOwn(values);
}

function newKeyed(cx: FunctionContext, ctor: 'Map' | 'Set', e: ts.NewExpression): Val {
  const declared = cx.isLibrary
    ? undefined
    : lowerType(cx.host, cx.host.checker.getContextualType(e) ?? cx.host.checker.getTypeAtLocation(e), e);
  const known =
    declared === undefined || declared instanceof UnsupportedType ? undefined : (declared as Type);
  const [first] = e.arguments ?? [];
  if (known?.kind === 'opaque' && !holdsOwn(cx, e)) {
    const args = first ? [lowerValue(cx, first)] : [];
    return irVal(
      cx.foreign(first ? [`new ${ctor}(`, ')'] : [`new ${ctor}()`], args, OPAQUE, false, e, 'unknown'),
    );
  }
  const start =
    known?.kind === 'array' &&
    known.storage === 'keyed' &&
    carriesDerivative(known) &&
    !holdsInstances(known) &&
    !cx.state.inference.mayBeMap(known)
      ? known
      : undefined;
  const type = cx.site(
    'keyed',
    e,
    (): ArrayType => start ?? { kind: 'array', storage: 'keyed', ctor, elem: NEVER },
  );
  const out = irVal(alloc(cx, type, cx.constant(0, e), e));
  if (!first) return out;
  const pairs = ctor === 'Map' ? literalPairs(cx, first) : undefined;
  if (pairs) {
    for (const [k, v] of pairs) {
      const key = lowerValue(cx, k);
      storeAt(cx, cx.ir(out, e), key, lowerValue(cx, v), e);
    }
    return out;
  }
  const fill = (from: Val): Val =>
    cx.callLibrary(ctor === 'Map' ? '__fill' : '__fillSet', [out, toArray(cx, from, first)], e);
  return whereGiven(cx, lowerExpression(cx, first), first, fill) ?? out;
}
