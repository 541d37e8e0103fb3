/** Calls of the language's own functions by name: `Math.*`, `Number.*`, `Object.*`, `Array.*`, clocks, logging, markers. */
import { isRuleCall } from '../host/known-functions.js';
import { implementationOf } from '../host/packages.js';
import { isMathReplaced, replacedMath } from '../host/replaced-math.js';
import { symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { type ArrayType, NUMBER, OPAQUE } from '../ir/nodes.js';
import { isRef, refType, typedArray } from '../ir/types.js';
import { irVal, lowerArgs } from './args.js';
import { callArrayStatic, callTypedStatic, newArray } from './array-constructors.js';
import { callMath } from './call-values.js';
import { asText } from './class-checks.js';
import type { FunctionContext } from './context.js';
import { lowerMarker, markerOf } from './derivatives.js';
import { refuseKeysOfError } from './error-members.js';
import { lowerExpression, stop, type Use } from './expressions.js';
import { BUILTINS, builtinCall, callUnknown, lowerLog } from './foreign.js';
import { isGlobal, MATH_FUNCTIONS, NUMBER_TESTS } from './globals.js';
import { callObjectStatic } from './object-functions.js';
import type { Val } from './shapes.js';
import { lowerFixedPoint, lowerImplicit } from './solutions.js';

export const SHARED_MEMORY = [
  'memory that other threads share cannot be differentiated',
  'use an array of its own',
] as const;

/** A call of the language's library; `undefined` if it is none. */
export function callStatic(
  cx: FunctionContext,
  e: ts.CallExpression,
  callee: ts.Expression,
  use: Use,
): Val | undefined {
  const { ts } = cx;
  if (isMarker(cx, callee, 'stopGradient')) return stopGradient(cx, e);
  if (isMarker(cx, callee, 'fixedPoint')) return lowerFixedPoint(cx, e);
  if (isMarker(cx, callee, 'implicit')) return lowerImplicit(cx, e);
  if (isRuleCall(cx.host, e))
    return cx.refuse('AD4007', e, 'a function with a derivative rule is made inside differentiated code');
  const marker = markerOf(cx, callee);
  if (marker) return lowerMarker(cx, marker, e);
  if (ts.isPropertyAccessExpression(callee)) return callMember(cx, e, callee, use);
  if (!ts.isIdentifier(callee)) return undefined;
  if (BUILTINS.has(callee.text) && isGlobal(cx, callee, callee.text))
    return builtinCall(cx, callee.text, lowerArgs(cx, e.arguments), e);
  if (isGlobal(cx, callee, 'Array')) return newArray(cx, lowerArgs(cx, e.arguments), e);
  if (isUnknownGlobal(cx, callee)) return callUnknown(cx, callee.text, e);
  return undefined;
}

/** A function of the platform without source. */
function isUnknownGlobal(cx: FunctionContext, e: ts.Identifier): boolean {
  const s = symbolOf(cx.host, e);
  if (!s || cx.env.has(s) || implementationOf(cx.host, e)) return false;
  const decls = s.declarations ?? [];
  const known = ['Array', 'Function', 'eval'].includes(e.text);
  return (
    decls.length > 0 &&
    !known &&
    decls.every((d) => d.getSourceFile().isDeclarationFile && isFunctionLike(cx, d))
  );
}
function isFunctionLike(cx: FunctionContext, d: ts.Declaration): boolean {
  if (cx.ts.isFunctionDeclaration(d) || cx.ts.isInterfaceDeclaration(d)) return true;
  return (
    cx.ts.isVariableDeclaration(d) && cx.host.checker.getTypeAtLocation(d).getCallSignatures().length > 0
  );
}

function stopGradient(cx: FunctionContext, e: ts.CallExpression): Val {
  const v = lowerExpression(cx, e.arguments[0]);
  const id = cx.ir(v, e.arguments[0]);
  if (!isRef(cx.type(id))) return irVal(stop(cx, id, e));
  const view = cx.stoppedView(id, e);
  return v.kind === 'ir' ? { ...v, id: view } : irVal(view);
}

function callMember(
  cx: FunctionContext,
  e: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  use: Use,
): Val | undefined {
  const { expression: of, name } = callee;
  if (!cx.ts.isIdentifier(of) && !cx.ts.isParenthesizedExpression(of)) return undefined;
  const on = (global: string) => isGlobal(cx, of, global);
  const args = () => lowerArgs(cx, e.arguments);
  if (on('Math') && MATH_FUNCTIONS.has(name.text) && isMathReplaced(cx.state.host, name.text))
    return cx.refuse('AD5004', callee, ...replacedMath(name.text));
  if (on('Math') && (MATH_FUNCTIONS.has(name.text) || name.text === 'random'))
    return callMath(cx, name.text, args(), e);
  if (on('Number')) {
    if (NUMBER_TESTS.has(name.text)) return builtinCall(cx, `Number.${name.text}`, args(), e);
    if (name.text === 'parseFloat' || name.text === 'parseInt') return builtinCall(cx, name.text, args(), e);
  }
  if (on('console')) return lowerLog(cx, `console.${name.text}`, e, use);
  if ((on('Date') || on('performance')) && name.text === 'now' && e.arguments.length === 0)
    return irVal(cx.foreign([`${of.getText()}.now()`], [], NUMBER, false, e));
  if (on('Array')) return callArrayStatic(cx, name.text, args(), e);
  if (on('Object')) return callObjectStatic(cx, name.text, args(), e, callee);
  if (cx.ts.isIdentifier(of) && typedArray(of.text) && on(of.text))
    return callTypedStatic(cx, typedArray(of.text) as ArrayType, name.text, args(), e, callee);
  if (on('Atomics')) return cx.refuse('AD3004', e, ...SHARED_MEMORY);
  if (on('JSON') && name.text === 'stringify' && e.arguments.length === 1) {
    const [value] = args();
    const t = refType(cx.type(cx.ir(value.v, value.node)));
    if (t?.kind === 'record') refuseKeysOfError(cx, t, e);
    return irVal(
      cx.foreign(
        ['JSON.stringify(', ')'],
        [asText(cx, cx.ir(value.v, value.node), e)],
        OPAQUE,
        false,
        e,
        'encodes',
      ),
    );
  }
  if (on('JSON') || on('String') || on('Date') || on('Symbol') || on('performance') || on('Reflect')) {
    if (on('Reflect')) cx.refuse('AD5004', callee);
    return callUnknown(cx, `${of.getText()}.${name.text}`, e);
  }
  return undefined;
}

/** Whether an expression names a function that the runtime package exports under this name. */
export function isMarker(cx: FunctionContext, e: ts.Expression, name: string): boolean {
  if (cx.isLibrary) return false;
  const s = symbolOf(cx.host, e);
  return s?.name === name && (s.declarations ?? []).some((d) => cx.state.isRuntime(d.getSourceFile()));
}
