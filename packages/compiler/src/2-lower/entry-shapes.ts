/** What the differentiated function knows when it begins: `this`, and the variables of the scopes around it. */
import { readOptions } from '../1-discover/options.js';
import { MARKERS, type MarkerName, PLAIN } from '../host/marker.js';
import { isStaticThis } from '../host/receivers.js';
import {
  boundFunction,
  type FunctionNode,
  isConst,
  isFunctionNode,
  skipWrappers,
  symbolOf,
} from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { outsideType, UnsupportedType } from '../host/types.js';
import { MIXED } from '../ir/nodes.js';
import { literalOf } from './literal-members.js';
import type { Shape } from './shapes.js';
import type { LowerState } from './state.js';

/** What `this` is in the differentiated function: an object from outside, or a class. */
export function receiverShape(state: LowerState, e: ts.Expression): Shape {
  const { host } = state;
  const { ts } = host;
  const x = skipWrappers(ts, e);
  const symbol = ts.isIdentifier(x) ? symbolOf(host, x) : undefined;
  const d = symbol?.valueDeclaration ?? (isStaticThis(host, x) ? classAround(ts, x) : undefined);
  if (d && ts.isClassLike(d)) return { kind: 'class', decl: d, captures: [] };
  const type = outsideType(host, host.checker.getTypeAtLocation(x), x);
  const literal = literalOf(host, d);
  const known = type instanceof UnsupportedType ? MIXED : type;
  return { kind: 'ir', type: known, stopped: false, sure: true, ...(literal ? { literal } : {}) };
}
function classAround(ts: Host['ts'], n: ts.Node): ts.ClassLikeDeclaration | undefined {
  for (let at = n.parent; at; at = at.parent) if (ts.isClassLike(at)) return at;
  return undefined;
}

/** The shape of `grad(f)` or `checkpoint(f)` in a scope around the target, if `f` is a function that is known there. */
function derivativeShape(state: LowerState, e: ts.Expression): Shape | undefined {
  const { host } = state;
  const { ts } = host;
  const x = skipWrappers(ts, e);
  if (isFunctionNode(ts, x)) return { kind: 'local', decl: x };
  if (ts.isIdentifier(x)) {
    const symbol = symbolOf(host, x);
    const decl = symbol && boundFunction(host, symbol);
    if (decl) return { kind: 'local', decl };
    const d = symbol?.valueDeclaration;
    const init = d && ts.isVariableDeclaration(d) && isConst(ts, d) ? d.initializer : undefined;
    return init && ts.isCallExpression(skipWrappers(ts, init)) ? derivativeShape(state, init) : undefined;
  }
  if (!ts.isCallExpression(x)) return undefined;
  const marker = symbolOf(host, skipWrappers(ts, x.expression));
  const isOurs = marker?.declarations?.some((d) => state.isRuntime(d.getSourceFile()));
  if (!marker || !isOurs || !x.arguments[0]) return undefined;
  const isAgain = marker.name === 'checkpoint';
  if (!isAgain && !MARKERS.has(marker.name)) return undefined;
  const of = derivativeShape(state, x.arguments[0]);
  if (isAgain) return of && { kind: 'derivative', of, what: 'checkpoint', options: PLAIN, args: [] };
  const what = marker.name as MarkerName;
  const options = readOptions(host, what, x.arguments[1]);
  const isOurForm = !('code' in options) && options.backend === 'adjoint';
  return of && isOurForm ? { kind: 'derivative', of, what, options, args: [] } : undefined;
}

/** How a variable of a scope around the target reaches it: as a constant at entry, or as a function. */
export function outerShape(state: LowerState, symbol: ts.Symbol, target: FunctionNode): Shape | undefined {
  const { host } = state;
  const local = [...(symbol.declarations ?? [])].find(
    (d): d is ts.FunctionDeclaration => host.ts.isFunctionDeclaration(d) && !!d.body,
  );
  if (local) return { kind: 'local', decl: local };
  const d = symbol.valueDeclaration;
  if (d && host.ts.isVariableDeclaration(d) && d.initializer) {
    const init = d.initializer;
    if (
      (host.ts.isArrowFunction(init) || host.ts.isFunctionExpression(init)) &&
      d.parent.flags & host.ts.NodeFlags.Const
    )
      return { kind: 'local', decl: init };
    const derivative =
      isConst(host.ts, d) && host.ts.isCallExpression(skipWrappers(host.ts, init))
        ? derivativeShape(state, init)
        : undefined;
    if (derivative) return derivative;
  }
  const type = outsideType(host, host.checker.getTypeOfSymbolAtLocation(symbol, target), target);
  const literal = literalOf(host, d);
  const known = type instanceof UnsupportedType ? MIXED : type;
  return { kind: 'ir', type: known, stopped: false, ...(literal ? { literal } : {}) };
}
