/**
 * **Question**: which calls become the body of the callee? **Method**: bottom-up over the call graph; small functions and
 * functions with one call are inlined, recursive ones never, and the whole grows at most fourfold.
 */
import { Cloner } from '../ir/clone.js';
import { renumberSites, targets } from '../ir/exits.js';
import type { CallOp, Func, Module, Op, Region, ValueId, ValueTable } from '../ir/nodes.js';
import { functionsOfRule } from '../ir/rules.js';
import { mapEnd, mapOp, walkOps } from '../ir/visit.js';

const SMALL = 60;
const GROWTH = 4;
const FLOOR = 2000;

const sizeOf = (r: Region): number => {
  let n = 0;
  walkOps(r, () => n++);
  return n;
};

export function inlineCalls(module: Module, entry: Func): { module: Module; entry: Func } {
  const calls = new Map<string, number>();
  const callees = new Map<string, Set<string>>();
  let total = 0;
  for (const f of module.funcs.values()) {
    const out = new Set<string>();
    walkOps(f.body, (op) => {
      total++;
      if (op.kind !== 'call') return;
      out.add(op.callee);
      calls.set(op.callee, (calls.get(op.callee) ?? 0) + 1);
    });
    callees.set(f.key, out);
  }
  const recursive = findRecursive(callees);
  const budget = Math.max(FLOOR, GROWTH * total);
  let spent = total;
  const done = new Map<string, Func>();

  const process = (key: string): Func => {
    const known = done.get(key);
    if (known) return known;
    const f = module.funcs.get(key)!;
    if (recursive.has(key)) done.set(key, f); // calls within a cycle stay calls
    const wanted = (op: Op): Func | undefined => {
      if (op.kind !== 'call' || recursive.has(op.callee)) return undefined;
      const callee = process(op.callee);
      // a function with one call moves to it, and nothing grows
      if (calls.get(op.callee) === 1) return callee;
      const size = sizeOf(callee.body);
      if (size > SMALL || spent + size > budget) return undefined;
      spent += size;
      return callee;
    };
    const result = renumberSites({ ...f, body: inlineRegion(module, f.body, wanted) });
    done.set(key, result);
    return result;
  };
  process(entry.key);
  // recursive functions were registered before their bodies were processed
  for (const key of recursive) {
    if (!done.has(key)) continue;
    done.delete(key);
    process(key);
  }
  const funcs = new Map<string, Func>();
  const reach = (key: string): void => {
    if (funcs.has(key)) return;
    const f = process(key);
    funcs.set(key, f);
    walkOps(f.body, (op) => {
      if (op.kind === 'call') reach(op.callee);
      for (const k of functionsOfRule(op)) reach(k);
    });
  };
  reach(entry.key);
  return { module: { funcs, values: module.values }, entry: funcs.get(entry.key)! };
}

/** Functions that can reach themselves. */
function findRecursive(callees: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set<string>();
  for (const start of callees.keys()) {
    const seen = new Set<string>();
    const queue = [...(callees.get(start) ?? [])];
    for (let k = queue.pop(); k !== undefined; k = queue.pop()) {
      if (seen.has(k)) continue;
      seen.add(k);
      queue.push(...(callees.get(k) ?? []));
    }
    if (seen.has(start)) found.add(start);
  }
  return found;
}

function inlineRegion(module: Module, region: Region, wanted: (op: Op) => Func | undefined): Region {
  const subst = new Map<ValueId, ValueId>();
  const value = (v: ValueId): ValueId => subst.get(v) ?? v;
  const visit = (r: Region): Region => {
    const ops: Op[] = [];
    for (const op of r.ops) {
      const callee = wanted(op);
      const mapped = mapOp(op, { value, region: visit });
      if (callee) splice(module.values, mapped as CallOp, callee, ops, subst);
      else ops.push(mapped);
    }
    return { params: r.params, ops, end: mapEnd(r.end, value) };
  };
  return visit(region);
}

/** Puts the body of a function in the place of a call; `subst` gains what its results are now. */
export function splice(
  values: ValueTable,
  call: CallOp,
  callee: Func,
  ops: Op[],
  subst: Map<ValueId, ValueId>,
): void {
  const map = new Map<ValueId, ValueId>(callee.params.map((p, k) => [p, call.args[k]]));
  const cloner = new Cloner(values, map);
  if (targets(callee.body, callee.label) || callee.body.end.kind !== 'yield') {
    const label = values.freshLabel();
    cloner.retarget(callee.label, label);
    const body = cloner.region(callee.body);
    ops.push({
      kind: 'block',
      label,
      body,
      results: call.results,
      ...(call.span ? { span: call.span } : {}),
    });
    return;
  }
  for (const op of callee.body.ops) ops.push(cloner.op(op));
  become(values, call, callee.body.end.args.map(cloner.value), subst);
}
/** The results of a call are other values, which get the user's names for them. */
export function become(
  values: ValueTable,
  call: CallOp,
  results: readonly ValueId[],
  subst: Map<ValueId, ValueId>,
): void {
  call.results.forEach((r, k) => {
    subst.set(r, results[k]);
    const { name } = values.get(r);
    if (name !== undefined) values.setName(results[k], name);
  });
}
