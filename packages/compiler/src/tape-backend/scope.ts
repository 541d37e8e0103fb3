/** Functions and classes of the scope around a marker call: copied into the function that the call runs. */
import {
  boundFunction,
  type FunctionNode,
  isConst,
  isFunctionNode,
  skipWrappers,
  symbolOf,
} from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { classText } from './classes.js';
import type { Context } from './context.js';
import type { Unit } from './copies.js';
import { functionDeclaration } from './functions.js';

export interface Scope {
  readonly unit: Unit;
  /** The marker call. */
  readonly marker: ts.Node;
  /** Name of the object with the captured variables. */
  readonly outer: string;
  /** What `this` is where the marker is called, under the name that the object has it by. */
  readonly receiver: { readonly expression: ts.Expression; readonly symbol: ts.Symbol } | undefined;
  readonly target: ts.Node;
  readonly names: Map<ts.Node, string>;
  readonly texts: string[];
}

/** The copy of a function or class of an enclosing scope; `undefined` if the symbol is a variable. */
export function capturedFunction(cx: Context, symbol: ts.Symbol): string | undefined {
  const { scope } = cx.copies;
  const f = boundFunction(cx.host, symbol) ?? functionAgain(cx, symbol);
  const d = symbol.valueDeclaration;
  const node = f ?? (d && cx.ts.isClassLike(d) ? d : undefined);
  if (!scope || !node) return undefined;
  const known = scope.names.get(node);
  if (known !== undefined) return known;
  const name = cx.copies.fresh(`${symbol.name}_tape`);
  scope.names.set(node, name);
  const inner = cx.copies.context(scope.unit, node, [node]);
  if (f) scope.texts.push(functionDeclaration(inner, f, name));
  else
    scope.texts.unshift(
      `const ${name}: any = ${classText(inner, node as ts.ClassLikeDeclaration, undefined, undefined)};`,
    );
  return name;
}

/** The function in `const f = checkpoint(...)`: a tape stores everything. */
function functionAgain({ host, ts, copies }: Context, symbol: ts.Symbol): FunctionNode | undefined {
  const d = symbol.valueDeclaration;
  const init = d && ts.isVariableDeclaration(d) && isConst(ts, d) ? d.initializer : undefined;
  const call = init && skipWrappers(ts, init);
  if (!call || !ts.isCallExpression(call) || !call.arguments[0]) return undefined;
  const maker = symbolOf(host, call.expression);
  const isOurs = (maker?.declarations ?? []).some((x) => copies.given.isRuntime(x.getSourceFile()));
  if (!isOurs || maker?.name !== 'checkpoint') return undefined;
  const f = skipWrappers(ts, call.arguments[0]);
  const named = ts.isIdentifier(f) ? symbolOf(host, f) : undefined;
  return isFunctionNode(ts, f) ? f : named && boundFunction(host, named);
}
