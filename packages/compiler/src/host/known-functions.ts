/** Which function an expression surely is, where it stands as a value: one of the program's, one of `Math`, one with a rule, a derivative. */
import { MARKERS } from './marker.js';
import { packageNameOf } from './packages.js';
import { thisIn } from './receivers.js';
import {
  boundFunction,
  type FunctionNode,
  isConst,
  isFunctionNode,
  isOfNamespace,
  skipWrappers,
  symbolOf,
} from './scopes.js';
import type { Host, ts } from './ts.js';

/** A function with its source, or one that is known otherwise. */
export type KnownFunction = FunctionNode | 'known';

export function knownFunction(host: Host, x: ts.Expression): KnownFunction | undefined {
  const { ts, checker } = host;
  const e = skipWrappers(ts, x);
  if (isFunctionNode(ts, e)) return e;
  if (ts.isPropertyAccessExpression(e) && isMath(host, e.expression))
    return checker.getTypeAtLocation(e).getCallSignatures().length > 0 ? 'known' : undefined;
  if (isDerivative(host, e)) return 'known';
  const isName = ts.isIdentifier(e) || (ts.isPropertyAccessExpression(e) && isOfNamespace(host, e));
  const symbol = isName ? symbolOf(host, e) : undefined;
  return symbol && knownByName(host, symbol);
}

/** The function that a name stands for: `f`, and `sin` of `const { sin } = Math` or `const sin = Math.sin`. */
export function knownByName(host: Host, symbol: ts.Symbol): KnownFunction | undefined {
  const { ts } = host;
  const f = boundFunction(host, symbol);
  if (f) return f;
  const d = symbol.valueDeclaration;
  if (!d) return undefined;
  const v = ts.isBindingElement(d) && ts.isVariableDeclaration(d.parent.parent) ? d.parent.parent : d;
  if (!ts.isVariableDeclaration(v) || !v.initializer || !isConst(ts, v)) return undefined;
  const init = skipWrappers(ts, v.initializer);
  if (v !== d) {
    const isFunction = host.checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0;
    return isFunction && isMath(host, init) && !(d as ts.BindingElement).initializer ? 'known' : undefined;
  }
  if (isRuleCall(host, init) || isDerivative(host, init)) return 'known';
  return ts.isPropertyAccessExpression(init) ? knownFunction(host, init) : undefined;
}
function isMath(host: Host, e: ts.Expression): boolean {
  const x = skipWrappers(host.ts, e);
  if (!host.ts.isIdentifier(x) || x.text !== 'Math') return false;
  const d = symbolOf(host, x)?.valueDeclaration;
  return d !== undefined && host.program.isSourceFileDefaultLibrary(d.getSourceFile());
}

const RULES: ReadonlySet<string> = new Set(['customVjp', 'customJvp']);
/** `customVjp(f, rule)`, `customJvp(f, rule)`: what makes a function with a rule of the user's. */
export const isRuleCall = (host: Host, x: ts.Expression): boolean => callOf(host, x, RULES) !== undefined;
const TRANSFORMS: ReadonlySet<string> = new Set([...MARKERS, 'checkpoint']);
/** `grad(f)`, `checkpoint(f)` of a function that needs nothing from where it stands. */
function isDerivative(host: Host, x: ts.Expression): boolean {
  const { ts } = host;
  const [target] = callOf(host, x, TRANSFORMS)?.arguments ?? [];
  const f = target && knownFunction(host, target);
  if (!f || f === 'known') return f !== undefined;
  const isOfModule = ts.findAncestor(f.parent, ts.isFunctionLike) === undefined;
  return isOfModule && !f.asteriskToken && thisIn(host, f) === undefined;
}
/** A call of one of these functions of the runtime. */
function callOf(host: Host, x: ts.Expression, names: ReadonlySet<string>): ts.CallExpression | undefined {
  const { ts } = host;
  const e = skipWrappers(ts, x);
  const made = ts.isCallExpression(e) ? symbolOf(host, skipWrappers(ts, e.expression)) : undefined;
  const isRuntime =
    made !== undefined &&
    names.has(made.name) &&
    (made.declarations ?? []).some((d) => packageNameOf(ts, d.getSourceFile().fileName) === 'adjoint');
  return isRuntime ? (e as ts.CallExpression) : undefined;
}
