/**
 * The variables that `for (let ...)` declares, where functions share them: each trip has its own, which begins with what the one before
 * held at its end. In the test and the body they live in cells; from trip to trip, and for the update, they are values.
 */
import { isFunctionNode, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { boundNames } from '../host/variables.js';
import { walkNodes } from '../host/walk.js';
import type { FunctionContext } from './context.js';
import type { Incoming } from './control-flow.js';

export interface CopiedVariable {
  readonly symbol: ts.Symbol;
  readonly name: ts.Identifier;
}

/** Those of a loop's variables that are copied from trip to trip. */
export function copiedVariables(cx: FunctionContext, s: ts.ForStatement): readonly CopiedVariable[] {
  const { ts } = cx;
  const list = s.initializer;
  if (!list || !ts.isVariableDeclarationList(list) || !(list.flags & ts.NodeFlags.BlockScoped)) return [];
  const names = list.declarations.flatMap((d) => boundNames(ts, d.name));
  return names.flatMap((name) => {
    const symbol = symbolOf(cx.host, name);
    if (!symbol || !cx.cells.has(symbol)) return [];
    if ([list, s.incrementor].some((part) => part && isCapturedIn(cx, part, symbol)))
      cx.refuse(
        'AD4003',
        name,
        `the loop variable \`${name.text}\` is assigned, and a function in the head of the loop captures it`,
        'make the function in the body of the loop, or declare the variable before the loop',
      );
    return [{ symbol, name }];
  });
}

function isCapturedIn(cx: FunctionContext, part: ts.Node, symbol: ts.Symbol): boolean {
  const isNamed = (f: ts.Node): boolean =>
    walkNodes(cx.ts, f, (n) =>
      cx.ts.isIdentifier(n) && n.text === symbol.name && symbolOf(cx.host, n) === symbol ? 'stop' : undefined,
    );
  return walkNodes(cx.ts, part, (n) => (isFunctionNode(cx.ts, n) && isNamed(n) ? 'stop' : undefined));
}

/** A trip begins: each variable gets a cell of its own. */
export function beginTrip(cx: FunctionContext, variables: readonly CopiedVariable[]): void {
  for (const { symbol, name } of variables) {
    const v = cx.env.get(symbol);
    if (!v || v.kind === 'conflict') continue;
    const declared = cx.host.checker.getTypeOfSymbolAtLocation(symbol, name);
    cx.env.set(symbol, cx.makeCell(cx.ir(v, name), declared, name));
  }
}
/** Where a trip leaves its loop or its body is over: what the variables hold now is handed on. */
export function endTrip(cx: FunctionContext, variables: readonly CopiedVariable[]): void {
  for (const { symbol, name } of variables) {
    const v = cx.env.get(symbol);
    if (v?.kind === 'cell') cx.env.set(symbol, { kind: 'ir', id: cx.ir(v, name) });
  }
}
/** The same on a way out of the loop, behind what is done there already. */
export function endTripOn(cx: FunctionContext, way: Incoming, variables: readonly CopiedVariable[]): void {
  const saved = { ops: cx.ops, env: cx.env };
  cx.ops = way.ops;
  cx.env = way.env;
  endTrip(cx, variables);
  cx.ops = saved.ops;
  cx.env = saved.env;
}
