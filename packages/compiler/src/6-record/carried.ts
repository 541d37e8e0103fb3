/**
 * **Question**: what does a trip do with a value that it carries? Where it only adds to it, its first value and the order of the
 * trips do not matter to anything else; where it leaves it as it is, all trips have the same.
 */
import { targets } from '../ir/exits.js';
import type { Op, Region, ValueId } from '../ir/nodes.js';
import { endArgs, opArgs, opRegions } from '../ir/visit.js';

/** Whether a region yields the value `v` at `k`, handed on through loops and branches that leave it as it is. */
export function isUnchanged(region: Region, v: ValueId, k: number): boolean {
  if (region.end.kind !== 'yield') return false;
  return region.end.args[k] === v || isHandedOn(region, region.end.args[k], v);
}
function isHandedOn(region: Region, result: ValueId, v: ValueId): boolean {
  const by = region.ops.find((op) => op.results.includes(result));
  const k = by?.results.indexOf(result) ?? -1;
  if (by?.kind === 'if') return [by.then, by.else].every((r) => isUnchanged(r, v, k));
  if (by?.kind !== 'loop' || k >= by.inits.length || targets(by.body, by.label)) return false;
  const first = by.inits[k];
  return (first === v || isHandedOn(region, first, v)) && isUnchanged(by.body, by.body.params[k + 1], k);
}

/**
 * Whether what a region makes of `v` is its result at `k`, and that is `v` plus something that does not depend on `v`: each use
 * is a link of one chain of sums, through carried values of loops and both arms of branches.
 */
export function isSum(region: Region, v: ValueId, k: number): boolean {
  const known = sums.get(region) ?? new Map<string, boolean>();
  sums.set(region, known);
  const key = `${v} ${k}`;
  // arms in arms would be asked again and again
  const found = known.get(key) ?? findSum(region, v, k);
  known.set(key, found);
  return found;
}
const sums = new WeakMap<Region, Map<string, boolean>>();

function findSum(region: Region, v: ValueId, k: number): boolean {
  if (region.end.kind !== 'yield') return false;
  for (let link: ValueId | undefined = v; link !== undefined; ) {
    const last: ValueId = link;
    const readers = region.ops.filter((op) => reads(op, last));
    if (readers.length === 0) return region.end.args.every((a, at) => (a === last) === (at === k));
    if (readers.length > 1 || region.end.args.includes(last)) return false;
    link = next(readers[0], last);
  }
  return false;
}

/** The next link of the chain, where an operation reads the last one. */
function next(op: Op, v: ValueId): ValueId | undefined {
  if (op.kind === 'scalar') {
    const once = op.args.filter((a) => a === v).length === 1;
    const isTerm = op.fn === 'add' || (op.fn === 'sub' && op.args[0] === v);
    return once && isTerm ? op.results[0] : undefined;
  }
  if (op.kind === 'if') {
    if (op.cond === v) return undefined;
    const k = op.results.findIndex((_, at) => isSum(op.then, v, at) && isSum(op.else, v, at));
    return op.results[k];
  }
  if (op.kind !== 'loop' || targets(op.body, op.label) || opArgs(op).filter((a) => a === v).length !== 1)
    return undefined;
  const k = op.inits.indexOf(v);
  const inside = k >= 0 && !op.body.ops.some((o) => reads(o, v)) && !endArgs(op.body.end).includes(v);
  return inside && op.extras.length === 0 && isSum(op.body, op.body.params[k + 1], k)
    ? op.results[k]
    : undefined;
}

const cache = new WeakMap<Op, ReadonlySet<ValueId>>();

/** Whether an operation reads a value, itself or in its regions. */
const reads = (op: Op, v: ValueId): boolean => readBy(op).has(v);

function readBy(op: Op): ReadonlySet<ValueId> {
  const known = cache.get(op);
  if (known) return known;
  const found = new Set(opArgs(op));
  for (const r of opRegions(op)) {
    for (const v of endArgs(r.end)) found.add(v);
    for (const o of r.ops) for (const v of readBy(o)) found.add(v);
  }
  cache.set(op, found);
  return found;
}
