/** Fuses the loops of a pair of sweeps, and records what is left of each trip. */
import type { Memory } from '../3-simplify/memory.js';
import type { Unrecorded } from '../5-differentiate/derivation.js';
import type { Func, Module, Op, Region } from '../ir/nodes.js';
import { applyRecord, type Sweeps } from './apply.js';
import type { LoopReport } from './certificate.js';
import { Fuser } from './fuse.js';
import type { CallReport, Halves } from './halves.js';
import { Places } from './places.js';
import type { Plan } from './record.js';

export interface Fused {
  readonly sweeps: Unrecorded;
  readonly loops: readonly LoopReport[];
  readonly calls: readonly CallReport[];
  /** What the trips of fused loops store and recompute. */
  readonly trips: readonly Plan[];
}

/** What recording needs to know, whatever is recorded. */
export type Recording = Pick<Sweeps, 'tape' | 'isInteger' | 'inRange' | 'recomputes' | 'isFinal'>;

/** Where the reverse of a trip begins, for the reader of the code. */
const reverseOfTrip = (): Op => ({
  kind: 'runtime',
  name: 'reverseOfTrip',
  args: [],
  literals: [],
  effect: 'effect',
  weak: true,
  results: [],
});

/** All functions with both sweeps in each, and their memory. */
export interface Joined {
  readonly funcs: readonly Func[];
  readonly memory: Memory;
  /** With their halves by their own keys. */
  readonly module: Module;
  readonly bodyOf: (key: string) => Region | undefined;
  readonly halves: Halves;
  /** Forward halves that are called at once with the other in trips of fused loops only. */
  readonly apartOnly: ReadonlySet<string>;
}

export function fuseLoops(u: Unrecorded, joined: Joined, recording: Recording): Fused {
  const { module } = joined;
  const border = () => (recording.isFinal ? [reverseOfTrip()] : []);
  const around = new Places(module, joined.memory, u.forward.body, u.forward.params, false, false);
  const fuser = new Fuser({
    ...joined,
    mirror: u.mirror,
    guarded: u.guarded,
    join: ({ forward, reverse, reverseEnd }, fused) => {
      const done = applyRecord({
        ...recording,
        module,
        memory: joined.memory,
        joined: joined.memory,
        name: u.forward.key,
        params: forward.params,
        forward,
        reverse,
        reverseEnd,
        mirror: u.mirror,
        ivs: new Map([...u.ivs].filter(([iv]) => !fused.has(iv))),
        guarded: u.guarded,
        headers: u.path.headers,
        split: false,
        passed: new Map(),
        overwrittenAtReturn: false,
        check: false,
        around,
      });
      const { forward: ahead, reverse: back, reverseEnd: end, plan } = done;
      return { ops: [...ahead.ops, ...border(), ...back], end, plan };
    },
  });
  const { forward, reverse, reverseEnd } = fuser.run({
    forward: u.forward.body,
    reverse: u.reverse,
    reverseEnd: u.reverseEnd,
  });
  const sweeps = { ...u, forward: { ...u.forward, body: forward }, reverse, reverseEnd };
  return { sweeps, loops: fuser.reports, calls: fuser.calls, trips: fuser.trips };
}

/** The plan of a function with those of the trips of its fused loops. */
export function withTrips(plan: Plan, { loops, calls, trips }: Fused): Plan {
  const all = [plan, ...trips];
  return {
    records: new Map(all.flatMap((p) => [...p.records])),
    promoted: new Set(all.flatMap((p) => [...p.promoted])),
    recomputed: new Set(all.flatMap((p) => [...p.recomputed])),
    read: new Map(all.flatMap((p) => [...p.read])),
    around: new Map(all.flatMap((p) => [...p.around])),
    stored: new Map(all.flatMap((p) => [...p.stored])),
    loops,
    calls,
  };
}
