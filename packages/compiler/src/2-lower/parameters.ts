/** The beginning of a function: its parameters get their values, and variables of `var` exist. */
import { readsFixedArguments, usesArguments } from '../host/arguments.js';
import { type FunctionNode, parametersOf, symbolOf } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { boundNames, isVar } from '../host/variables.js';
import { walkNodes } from '../host/walk.js';
import { arrayOf } from './array-literals.js';
import { bindPattern, orDefault } from './bindings.js';
import type { FunctionContext } from './context.js';
import { ARGUMENTS, type Val } from './shapes.js';
import { declare } from './statements.js';

export function parameterName(ts: Host['ts'], decl: FunctionNode, k: number): string {
  const p = parametersOf(ts, decl)[k];
  return p && ts.isIdentifier(p.name) ? p.name.text : `arg${k}`;
}

export function bindParameters(cx: FunctionContext, decl: FunctionNode, given: readonly Val[]): void {
  const { ts } = cx;
  const usesThem = usesArguments(ts, decl) && !decl.parameters.some((p) => p.dotDotDotToken);
  if (usesThem && readsFixedArguments(ts, decl)) cx.given = given;
  else if (usesThem) {
    const values = given.map((v) => cx.ir(v, decl));
    cx.env.set(ARGUMENTS, {
      kind: 'ir',
      id: arrayOf(cx, values, decl as unknown as ts.Expression, true, 'arguments'),
    });
  }
  parametersOf(ts, decl).forEach((p, k) => {
    const v = orDefault(cx, given[k] ?? { kind: 'missing' }, p.initializer);
    if (!ts.isIdentifier(p.name)) bindPattern(cx, p.name, v, (n, x) => declare(cx, n, x));
    else declare(cx, p.name, v.kind === 'missing' ? { kind: 'ir', id: cx.constant(undefined, p) } : v);
  });
}

/** Variables of `var` exist from the start of the function; those of cells begin later where nobody can tell. */
export function hoistVar(cx: FunctionContext, decl: FunctionNode): void {
  const { ts } = cx;
  if (!decl.body) return;
  const scopes = cx.state.scopesOf(decl);
  walkNodes(ts, decl.body, (n) => {
    if (n !== decl.body && ts.isFunctionLike(n)) return 'skip';
    if (!ts.isVariableDeclaration(n) || !isVar(ts, n)) return undefined;
    for (const name of boundNames(ts, n.name)) {
      const s = symbolOf(cx.host, name);
      if (!s || cx.env.has(s) || (cx.cells.has(s) && scopes.beginsAtDeclaration(s))) continue;
      declare(cx, name, { kind: 'ir', id: cx.constant(undefined, name) });
    }
    return undefined;
  });
}
