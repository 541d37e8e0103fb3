/** Which exits leave a region or operation. */
import type { Func, LabelId, LoopOp, Op, Region, Terminator, ValueId } from './nodes.js';
import { mapRegions, opRegions, walkRegions } from './visit.js';

export type Exit = Terminator & { readonly kind: 'exit' };

const NONE: readonly Exit[] = [];
const cache = new WeakMap<Op, readonly Exit[]>();

/** The exits inside an operation whose target is outside it. */
export function leavingExits(op: Op): readonly Exit[] {
  const regions = opRegions(op);
  if (regions.length === 0) return NONE;
  const known = cache.get(op);
  if (known) return known;
  const own = op.kind === 'loop' || op.kind === 'block' ? op.label : undefined;
  const found = regions.flatMap((r) => regionExits(r)).filter((e) => e.target !== own);
  cache.set(op, found);
  return found;
}

/** The exits in a region (at any depth) whose target is outside the constructs in it. */
export function regionExits(r: Region): readonly Exit[] {
  const found: Exit[] = [];
  for (const op of r.ops) for (const exit of leavingExits(op)) found.push(exit);
  if (r.end.kind === 'exit') found.push(r.end);
  return found;
}

/** Whether every trip of a loop comes to its end. */
export const isNeverLeft = ({ body }: LoopOp): boolean =>
  regionExits(body).length === 0 && body.end.kind === 'yield';

/** Whether an exit anywhere in the region leaves `label`. */
export function targets(r: Region, label: LabelId): boolean {
  return regionExits(r).some((e) => e.target === label);
}

/** What some end of a function gives, which may only be ends by early returns; `undefined` if it always throws. */
export function someResults({ body, label }: Func): readonly ValueId[] | undefined {
  let found: readonly ValueId[] | undefined = body.end.kind === 'yield' ? body.end.args : undefined;
  walkRegions(body, (r) => {
    if (r.end.kind === 'exit' && r.end.target === label) found = r.end.args;
  });
  return found;
}

/** Numbers the exits of a function in text order, from 1: copies of inlined code repeat their sites. */
export function renumberSites(func: Func): Func {
  let next = 0;
  const region = (r: Region): Region => {
    const ops = r.ops.map((o) => mapRegions(o, region));
    return { ...r, ops, end: r.end.kind === 'exit' ? { ...r.end, site: ++next } : r.end };
  };
  return { ...func, body: region(func.body) };
}
