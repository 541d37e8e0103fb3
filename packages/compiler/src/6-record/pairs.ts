/** Loops with their reverse loops, and what takes the place of both. */
import type { LabelId, LoopOp, Op, Region } from '../ir/nodes.js';
import { walkOps } from '../ir/visit.js';
import { replaceOps } from './paths.js';
import { regionOf } from './touches.js';

/** Two sweeps of a function, or of a trip of a fused loop. */
export interface BothSweeps {
  readonly forward: Region;
  readonly reverse: readonly Op[];
  /** Forward loop -> reverse loop. */
  readonly mirror: ReadonlyMap<LabelId, LabelId>;
}
/** What stands for a loop, if it does not stay as it is, and for its reverse loop, which is its mirror no more. */
export interface Instead {
  readonly forward?: readonly Op[];
  readonly reverse: readonly Op[];
}

/** Replaces the pairs for which `make` gives something. */
export function replacePairs(
  s: BothSweeps,
  make: (loop: LoopOp, reversed: LoopOp) => Instead | undefined,
): BothSweeps {
  const [forward, reverse] = [s.forward.ops, s.reverse].map(loopsIn);
  const [loops, reversedLoops] = [new Map<Op, readonly Op[]>(), new Map<Op, readonly Op[]>()];
  const mirror = new Map(s.mirror);
  for (const [label, mirrored] of s.mirror) {
    const [loop, reversed] = [forward.get(label), reverse.get(mirrored)];
    const made = loop && reversed && make(loop, reversed);
    if (!made) continue;
    if (made.forward) loops.set(loop, made.forward);
    reversedLoops.set(reversed, made.reverse);
    mirror.delete(label);
  }
  return {
    // what is known of operations goes by their identity
    forward: loops.size > 0 ? replaceOps(s.forward, loops) : s.forward,
    reverse: reversedLoops.size > 0 ? replaceOps(regionOf(s.reverse), reversedLoops).ops : s.reverse,
    mirror,
  };
}

function loopsIn(ops: readonly Op[]): Map<LabelId, LoopOp> {
  const found = new Map<LabelId, LoopOp>();
  walkOps(regionOf(ops), (op) => void (op.kind === 'loop' && found.set(op.label, op)));
  return found;
}
