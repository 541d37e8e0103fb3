/** Joins the two sweeps: plans what is stored, and rewrites both for it. */
import type { Memory } from '../3-simplify/memory.js';
import type { LabelId, Module, Op, Region, SlotTag, ValueId } from '../ir/nodes.js';
import { BackwardRewriter } from './backward.js';
import { ForwardRewriter } from './forward.js';
import { withLastChosen, withLastRecorded } from './last-chosen.js';
import type { BothSweeps } from './pairs.js';
import { type Home, Places } from './places.js';
import { type Plan, Planner } from './record.js';
import { RunningIndices } from './running.js';
import { runUpward } from './upward.js';

export interface Sweeps {
  readonly module: Module;
  readonly memory: Memory;
  /** Of the reverse sweep too, if there is one for all functions. */
  readonly joined: Memory | undefined;
  readonly name: string;
  readonly params: readonly ValueId[];
  readonly forward: Region;
  readonly reverse: readonly Op[];
  readonly reverseEnd: readonly ValueId[];
  readonly mirror: ReadonlyMap<LabelId, LabelId>;
  readonly ivs: ReadonlyMap<ValueId, ValueId>;
  readonly guarded: ReadonlySet<LabelId>;
  readonly headers: ReadonlySet<number>;
  readonly split: boolean;
  /** Forward parameters that the reverse half is given too, and the names that they have there. */
  readonly passed: ReadonlyMap<ValueId, ValueId>;
  readonly overwrittenAtReturn: boolean;
  readonly check: boolean;
  /** The tape of this derivative: derivatives inside it have others. */
  readonly tape: number;
  readonly isInteger: (v: ValueId) => boolean;
  readonly inRange: (ref: ValueId, index: ValueId) => boolean;
  /** Otherwise everything is stored. */
  readonly recomputes: boolean;
  /** The code is not differentiated again. */
  readonly isFinal: boolean;
  /** Where the sweeps are those of a trip: the function around it. */
  readonly around?: Places;
}
export interface Recorded {
  readonly forward: Region;
  readonly reverse: readonly Op[];
  readonly reverseEnd: readonly ValueId[];
  readonly plan: Plan;
}

export function applyRecord(given: Sweeps): Recorded {
  const { module, memory, joined, params, overwrittenAtReturn, split, around } = given;
  const { values } = module;
  // check mode looks at every trip
  const isShort = given.recomputes && !given.check;
  const chosen = isShort ? { ...given, ...withLastChosen(given, values) } : given;
  const { forward } = chosen;
  const places = new Places(module, memory, forward, params, overwrittenAtReturn, split, around);
  const running = new RunningIndices(places, values, forward, given.isFinal);
  const s =
    isShort && joined
      ? { ...chosen, ...runUpward({ ...chosen, memory: joined, values, places, running }) }
      : chosen;
  const planner = new Planner({
    places,
    running,
    forward: s.forward,
    reverse: s.reverse,
    reverseEnd: s.reverseEnd,
    mirror: s.mirror,
    split: s.split,
    passed: s.passed,
    check: s.check,
    typeOf: (v) => s.module.values.type(v),
    isInteger: s.isInteger,
    inRange: s.inRange,
    recomputes: s.recomputes,
  });
  const plan = planner.plan();
  const tags = s.check ? slotTags(s, plan, places) : undefined;
  const rewriter = new ForwardRewriter(s.module.values, plan, s.tape, s.headers, s.name, tags);
  const { body, names } = rewriter.root(s.forward, s.params, s.split);
  const backward = new BackwardRewriter({
    values: s.module.values,
    plan,
    places,
    running,
    mirror: s.mirror,
    ivs: s.ivs,
    guarded: s.guarded,
    names,
    tape: s.tape,
    name: s.name,
    split: s.split,
    passed: s.passed,
    check: s.check,
    tags,
  });
  const { ops, end } = backward.run(s.reverse, s.reverseEnd);
  const done = { forward: body, reverse: ops, mirror: s.mirror };
  const { forward: ahead, reverse, mirror } = isShort && !s.split ? withLastRecorded(done, values) : done;
  return { forward: ahead, reverse, reverseEnd: end, plan: withoutRecords(plan, done, mirror) };
}

/** The plan without the records of loops that have no reverse loop any more. */
function withoutRecords(plan: Plan, before: BothSweeps, mirror: BothSweeps['mirror']): Plan {
  const gone = new Set<Home>([...before.mirror.keys()].filter((label) => !mirror.has(label)));
  if (gone.size === 0) return plan;
  const left = <T>(of: ReadonlyMap<Home, T>) => new Map([...of].filter(([home]) => !gone.has(home)));
  return { ...plan, records: left(plan.records), around: left(plan.around) };
}

/** What each record holds, by the place that saves it. */
function slotTags(s: Sweeps, plan: Plan, places: Places): Map<Home, readonly SlotTag[]> {
  const { values } = s.module;
  const tag = (v: ValueId, home: Home, k: number): SlotTag => {
    const { name, span } = values.get(v);
    const what = name === undefined ? 'a value' : `\`${name}\``;
    const of = home === 'root' ? 'the body' : 'a trip';
    const text = `${what} of ${of} (slot ${k} of record ${s.name}:${home})`;
    return { text, span: places.definitions.get(v)?.op?.span ?? span };
  };
  return new Map([...plan.records].map(([home, record]) => [home, record.map((v, k) => tag(v, home, k))]));
}
