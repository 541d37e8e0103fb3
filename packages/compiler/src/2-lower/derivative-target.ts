/** What a derivative is taken of: a function that calls another one for these arguments. */
import type { FunctionNode } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import type { Type, ValueId } from '../ir/nodes.js';
import { isLeaf } from '../ir/types.js';
import { asArgs } from './args.js';
import { callValue } from './call-values.js';
import type { FunctionContext } from './context.js';
import { settled } from './functions.js';
import { parameterName } from './parameters.js';
import { flatten, REPORTED, type Shape, type Val } from './shapes.js';

/** What a derivative is taken of, as a function of the module. */
export interface DerivativeTarget {
  readonly callee: string;
  /** What the call passes for what the function captures, and for its arguments. */
  readonly ids: readonly ValueId[];
  /** The position of each argument among them; nothing for arguments that are functions. */
  readonly positions: readonly (number | undefined)[];
  readonly result: Type;
}

/** `spread`: the last argument is a list of them. `givesNumber`: a number is asked for, and one that may be missing, as far as is known, is taken for it. */
export function derivativeTarget(
  cx: FunctionContext,
  of: Val,
  args: readonly Val[],
  at: ts.Expression,
  { spread, givesNumber = false }: { readonly spread: boolean; readonly givesNumber?: boolean },
): DerivativeTarget {
  const { state } = cx;
  const { ts } = state.host;
  const parts = [of, ...args].map((v) => flatten(settled(cx, v), cx, (id) => cx.sure.has(id)));
  const handed = state.handed(cx, new Map(), parts);
  const spec = `target|${cx.catches}|${spread}|${givesNumber}|${handed.text}`;
  const name = () => state.freshKey(nameOfTarget(ts, parts[0].shape));
  const f = state.specialise({ spec, name, completion: cx.catches }, (own) => {
    const names = ['f', ...args.map((_, k) => argumentName(ts, parts[0].shape, k))];
    state.build(own, { ...handed, decl: at, names, calledAt: cx.calledAt }, (inner, [target, ...given]) => {
      const v = callValue(inner, target, asArgs(given, at, spread), at, undefined);
      const isNumber = givesNumber && v.kind === 'ir' && isLeaf(inner.type(v.id));
      inner.onReturn(isNumber ? { kind: 'ir', id: inner.number(v.id, at) } : v, at);
    });
  });
  if (!f.done) cx.refuse('AD1009', at);
  if (state.inference.thrown(f.spec))
    cx.refuse('AD1010', at, 'an exception of a function whose derivative is taken here may be caught');
  if (f.result?.kind === 'conflict') cx.refuseConflict(f.result.why, at);
  if (f.result?.kind === 'missing' && state.diagnostics.hasErrors) cx.refuseConflict(REPORTED, at);
  if (f.result?.kind !== 'ir')
    return cx.refuse(
      'AD1004',
      at,
      'the function whose derivative is taken here returns nothing, or a function',
    );
  let next = handed.ids.length - parts.slice(1).reduce((n, p) => n + p.ids.length, 0);
  const positions = parts.slice(1).map((p) => {
    const at = p.shape.kind === 'ir' ? next : undefined;
    next += p.ids.length;
    return at;
  });
  return { callee: f.key, ids: handed.ids, positions, result: f.result.type };
}

/** The function inside of derivatives and bound arguments. */
function innermost(s: Shape): FunctionNode | undefined {
  if (s.kind === 'derivative' || s.kind === 'bound') return innermost(s.of);
  return s.kind === 'closure' || s.kind === 'local' ? s.decl : undefined;
}
function nameOfTarget(ts: Host['ts'], s: Shape): string {
  const decl = innermost(s);
  const named = decl?.name ?? (decl && ts.isVariableDeclaration(decl.parent) ? decl.parent.name : undefined);
  return named && ts.isIdentifier(named) ? named.text : 'f';
}
function argumentName(ts: Host['ts'], s: Shape, k: number): string {
  const decl = s.kind === 'closure' ? s.decl : innermost(s);
  return decl ? parameterName(ts, decl, k) : `arg${k}`;
}
