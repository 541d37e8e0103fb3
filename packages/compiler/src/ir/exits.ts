/** Which exits leave a region or operation. */
import type { Func, LabelId, Op, Region, Terminator } from './nodes.js';
import { mapOp, opRegions, walkRegions } from './visit.js';

export type Exit = Terminator & { readonly kind: 'exit' };

const cache = new WeakMap<Op, readonly Exit[]>();

/** The exits inside an operation whose target is outside it. */
export function leavingExits(op: Op): readonly Exit[] {
  const known = cache.get(op);
  if (known) return known;
  const own = op.kind === 'loop' || op.kind === 'block' ? op.label : undefined;
  const found = opRegions(op)
    .flatMap((r) => regionExits(r))
    .filter((e) => e.target !== own);
  cache.set(op, found);
  return found;
}

/** The exits in a region (at any depth) whose target is outside the constructs in it. */
export function regionExits(r: Region): readonly Exit[] {
  const inner = r.ops.flatMap((op) => leavingExits(op));
  return r.end.kind === 'exit' ? [...inner, r.end] : inner;
}

/** Whether an exit anywhere in the region leaves `label`. */
export function targets(r: Region, label: LabelId): boolean {
  let found = false;
  walkRegions(r, (x) => {
    found ||= x.end.kind === 'exit' && x.end.target === label;
  });
  return found;
}

/** Numbers the exits of a function in text order, from 1: copies of inlined code repeat their sites. */
export function renumberSites(func: Func): Func {
  let next = 0;
  const region = (r: Region): Region => {
    const ops = r.ops.map((o) => (opRegions(o).length > 0 ? mapOp(o, { value: (v) => v, region }) : o));
    return { ...r, ops, end: r.end.kind === 'exit' ? { ...r.end, site: ++next } : r.end };
  };
  return { ...func, body: region(func.body) };
}
