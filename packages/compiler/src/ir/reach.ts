/** Which functions of a module a function needs. */
import type { Func, Op } from './nodes.js';
import { functionsOfRule } from './rules.js';
import { walkOps } from './visit.js';

type Refers = (op: Op) => readonly string[];
const calls: Refers = (op) => (op.kind === 'call' ? [op.callee] : []);

function reach(from: readonly Func[], funcs: ReadonlyMap<string, Func>, refers: Refers): Map<string, Func> {
  const found = new Map<string, Func>(from.map((f) => [f.key, f]));
  for (const f of found.values())
    walkOps(f.body, (op) => {
      for (const key of refers(op)) {
        const callee = funcs.get(key);
        if (callee) found.set(key, callee);
      }
    });
  return found;
}

/** The function, those that it calls, and those that derivatives of it will call. */
export const reachableFrom = (entry: Func, funcs: ReadonlyMap<string, Func>): Map<string, Func> =>
  reach([entry], funcs, (op) => [...calls(op), ...functionsOfRule(op)]);

/** The function and those that it calls. */
export const calledFrom = (entry: Func, funcs: ReadonlyMap<string, Func>): Map<string, Func> =>
  reach([entry], funcs, calls);

/** What derivatives of some functions will call. */
export function reachableByRules(
  from: Iterable<Func>,
  funcs: ReadonlyMap<string, Func>,
): ReadonlyMap<string, Func> {
  const rules = new Map<string, Func>();
  for (const f of from)
    walkOps(f.body, (op) => {
      for (const key of functionsOfRule(op)) rules.set(key, funcs.get(key)!);
    });
  return reach([...rules.values()], funcs, (op) => [...calls(op), ...functionsOfRule(op)]);
}
