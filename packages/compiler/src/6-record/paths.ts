/** Where an operation stands: the regions around it, from the outermost. */
import type { Op, Region, ValueId } from '../ir/nodes.js';
import { mapRegions, opRegions } from '../ir/visit.js';

export interface Step {
  readonly region: Region;
  /** Position of the operation, or of the one that it stands in. */
  readonly at: number;
}
export type Path = readonly Step[];

/** The path to the first operation of that kind that stands in no loop. */
export function pathTo(region: Region, isIt: (op: Op) => boolean): Path | undefined {
  for (const [at, op] of region.ops.entries()) {
    if (isIt(op)) return [{ region, at }];
    if (op.kind === 'loop') continue;
    for (const inner of opRegions(op)) {
      const rest = pathTo(inner, isIt);
      if (rest) return [{ region, at }, ...rest];
    }
  }
  return undefined;
}

/** The operation at the end of a path. */
export const opAt = (path: Path): Op => {
  const { region, at } = path[path.length - 1];
  return region.ops[at];
};

/** What runs before the operation in the regions around it, resp. behind it. */
export const opsBefore = (path: Path): Op[] => path.flatMap(({ region, at }) => region.ops.slice(0, at));
export const opsBehind = (path: Path): Op[] => path.flatMap(({ region, at }) => region.ops.slice(at + 1));

/** What is visible where the operation stands, of what the regions around it define. */
export function visibleAt(path: Path): Set<ValueId> {
  const found = new Set<ValueId>();
  for (const { region, at } of path) {
    for (const p of region.params) found.add(p);
    for (const op of region.ops.slice(0, at)) for (const v of op.results) found.add(v);
  }
  return found;
}

/** A copy of a region in which other operations stand in place of some; inner regions too. */
export function replaceOps(region: Region, instead: ReadonlyMap<Op, readonly Op[]>): Region {
  const one = (op: Op): readonly Op[] => {
    const given = instead.get(op);
    if (given) return given;
    if (opRegions(op).length === 0) return [op];
    return [mapRegions(op, (r) => replaceOps(r, instead))];
  };
  return { ...region, ops: region.ops.flatMap(one) };
}
