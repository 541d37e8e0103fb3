/** Where a loop and its reverse stand in their sweeps, and how both are replaced. */
import type { Memory } from '../3-simplify/memory.js';
import type { Op, Region, ValueId, ValueTable } from '../ir/nodes.js';
import { definedBy, endArgs, mapEnd, mapOp } from '../ir/visit.js';
import { Hoister } from './hoist.js';
import { opAt, type Path, replaceOps, visibleAt } from './paths.js';
import { regionOf } from './touches.js';

/** Two sweeps of a function, or of a trip of a fused loop. */
export interface Root {
  readonly forward: Region;
  readonly reverse: readonly Op[];
  readonly reverseEnd: readonly ValueId[];
}

const known = new WeakMap<Root, ReadonlySet<ValueId>>();
/** The values that two sweeps define. */
function valuesOf(root: Root): ReadonlySet<ValueId> {
  const { forward, reverse } = root;
  const found =
    known.get(root) ?? new Set([...forward.params, ...definedBy(forward.ops), ...definedBy(reverse)]);
  known.set(root, found);
  return found;
}

export class Surroundings {
  private readonly near: Hoister;
  private readonly far: Hoister | undefined;

  constructor(
    values: ValueTable,
    memory: Memory,
    definitions: ReadonlyMap<ValueId, Op>,
    private readonly root: Root,
    private readonly at: Path,
    private readonly mirrored: Path,
  ) {
    const own = valuesOf(root);
    const hoister = (path: Path, level: number, further?: Hoister) => {
      const visible = visibleAt(path);
      const { ops } = mirrored[level].region;
      return new Hoister({
        values,
        memory,
        definition: (v) => definitions.get(v),
        isVisible: (v) => !own.has(v) || visible.has(v),
        mayMove: (op) => ops.includes(op),
        ...(further && { further }),
      });
    };
    const isNested = at.length > 1 || mirrored.length > 1;
    this.far = isNested ? hoister(at.slice(0, 1), 0) : undefined;
    this.near = hoister(at, mirrored.length - 1, this.far);
  }

  hoist(v: ValueId): ValueId | undefined {
    return this.near.hoist(v);
  }
  /** Names under which values are known before the loop, other than their own; those of the loop itself stay. */
  hoistAll(read: Iterable<ValueId>, own: ReadonlySet<ValueId>): Map<ValueId, ValueId> | string {
    const names = new Map<ValueId, ValueId>();
    for (const v of read) {
      const known = own.has(v) ? v : this.hoist(v);
      if (known === undefined) return 'its reverse needs what is not known before the loop';
      if (known !== v) names.set(v, known);
    }
    return names;
  }
  /** What is made before the loop. */
  get ops(): readonly Op[] {
    return [...(this.far?.ops ?? []), ...this.near.ops];
  }

  /** The sweeps with other operations in place of the loop and of its reverse. */
  put(fused: readonly Op[], reversed: readonly Op[], names: ReadonlyMap<ValueId, ValueId>): Root {
    const { root, at, mirrored, near, far } = this;
    const outer = at[0].region.ops[at[0].at];
    let forward = replaceOps(root.forward, new Map([[opAt(at), [...near.ops, ...fused]]]));
    if (far && far.ops.length > 0) {
      const k = root.forward.ops.indexOf(outer);
      forward = { ...forward, ops: [...forward.ops.slice(0, k), ...far.ops, ...forward.ops.slice(k)] };
    }
    const gone = new Map<Op, readonly Op[]>([[opAt(mirrored), reversed]]);
    for (const op of [...near.moved, ...(far?.moved ?? [])]) gone.set(op, []);
    const reverse = renamed(
      { ...replaceOps(regionOf(root.reverse), gone), end: { kind: 'yield', args: root.reverseEnd } },
      names,
    );
    return { forward, reverse: reverse.ops, reverseEnd: endArgs(reverse.end) };
  }
}

/** A region in which values have other names, inner regions too. */
export function renamed(region: Region, names: ReadonlyMap<ValueId, ValueId>): Region {
  const value = (v: ValueId): ValueId => {
    const next = names.get(v);
    return next === undefined ? v : value(next);
  };
  const inner = (r: Region): Region => ({
    ...r,
    ops: r.ops.map((op) => mapOp(op, { value, region: inner })),
    end: mapEnd(r.end, value),
  });
  return names.size === 0 ? region : inner(region);
}
