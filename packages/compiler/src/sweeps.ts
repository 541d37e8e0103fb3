/** From the derivative with its sweeps apart to functions: recording, and simplification before and after. */

import { withoutDeadStores } from './3-simplify/dead-stores.js';
import { removeDeadCode } from './3-simplify/deadcode.js';
import { foldGapTests, hasGapTests } from './3-simplify/gaps.js';
import { foldInitialStores } from './3-simplify/initial.js';
import { withLocalSums } from './3-simplify/local-sums.js';
import { analyseMemory, type Memory } from './3-simplify/memory.js';
import { replaceByScalars } from './3-simplify/scalars.js';
import { withoutSelfUpdates } from './3-simplify/self-updates.js';
import { simplify } from './3-simplify/simplify.js';
import { sinkIntoArms } from './3-simplify/sink.js';
import { withAssertions } from './5-differentiate/assertions.js';
import type { Derived, Unrecorded } from './5-differentiate/derivation.js';
import { applyRecord } from './6-record/apply.js';
import { type Fused, fuseLoops, type Joined, type Recording, withTrips } from './6-record/fused-sweeps.js';
import { Halves } from './6-record/halves.js';
import { type Passed, passedParameters } from './6-record/passed.js';
import type { Plan } from './6-record/record.js';
import { withShortSteps } from './6-record/short-steps.js';
import { regionOf } from './6-record/touches.js';
import { cloneFunc } from './ir/clone.js';
import { renumberSites } from './ir/exits.js';
import type { Func, Module, Op, Region, ValueId, ValueTable } from './ir/nodes.js';
import { reachableFrom } from './ir/reach.js';
import { tapeRecords } from './ir/tape.js';
import { endArgs, mapRegions, opRegions, someOp, walkOps } from './ir/visit.js';
import type { CheapForms } from './options.js';

/** What simplification is given. */
export interface Stage {
  readonly rounds: number;
  /** `primal`: what is to be differentiated. Only there do objects become variables. */
  readonly of: 'primal' | 'derivative';
  readonly cheap: CheapForms;
}

export function simplifyModule(
  module: Module,
  entryKey: string,
  { rounds, of, cheap }: Stage,
): { module: Module; memory: Memory } {
  const isPrimal = of === 'primal';
  const scalars = isPrimal && cheap.has('scalars');
  const options = {
    countedLoops: cheap.has('countedLoops'),
    nothingMissing: !isPrimal,
    keepsDead: !isPrimal && !cheap.has('deadForward'),
  };
  let current = isPrimal ? withoutGapTests(module, entryKey) : module;
  if (scalars) current = withScalars(current);
  let memory = analyseMemory(current, current.funcs.get(entryKey)!);
  for (let k = 0; k < rounds; k++) {
    current = simplify(current, memory, options);
    if (isPrimal) current = withoutGapTests(current, entryKey);
    if (scalars && k < 2) current = withScalars(current);
    memory = analyseMemory(current, current.funcs.get(entryKey)!);
    if (isPrimal || k + 1 === rounds) continue;
    const { values } = current;
    if (cheap.has('selfUpdates')) current = mapFuncs(current, (f) => withoutSelfUpdates(f, memory, values));
    if (cheap.has('localSums')) current = mapFuncs(current, (f) => withLocalSums(f, memory, values));
    if (!options.keepsDead) current = mapFuncs(current, (f) => withoutDeadStores(f, memory, values));
  }
  current = mapFuncs(current, sinkIntoArms);
  return { module: current, memory };
}

function withoutGapTests(module: Module, entryKey: string): Module {
  if (!hasGapTests(module)) return module;
  return foldGapTests(module, analyseMemory(module, module.funcs.get(entryKey)!));
}

/** Objects that never need to exist become variables. */
function withScalars(module: Module): Module {
  const { values } = module;
  return mapFuncs(module, (f) => replaceByScalars(foldInitialStores(f, values), values));
}

const mapFuncs = (module: Module, one: (f: Func) => Func): Module => ({
  ...module,
  funcs: new Map([...module.funcs].map(([key, f]) => [key, one(f)])),
});

/** How the sweeps are joined. */
export interface Joining {
  readonly isInteger: (v: ValueId) => boolean;
  readonly inRange: (ref: ValueId, index: ValueId) => boolean;
  readonly overwrittenAtReturn: boolean;
  readonly check: boolean;
  /** The code is not differentiated again. */
  readonly isFinal: boolean;
  readonly cheap: CheapForms;
  /** Is filled with what each pair of sweeps stores and recomputes. */
  readonly plans: Map<string, Plan>;
}

/** Records each pair of sweeps, and makes functions of the halves. */
export function joinSweeps(
  module: Module,
  derived: Derived,
  { plans, cheap, ...joining }: Joining,
): { module: Module; entry: Func } {
  const entryFunc = 'forward' in derived.entry ? derived.entry.forward : derived.entry;
  const pairs = [...('forward' in derived.entry ? [derived.entry] : []), ...derived.pairs];
  const { tapes } = tapeRecords(module);
  const recording = { tape: tapes, recomputes: cheap.has('recomputation'), ...joining };
  // what the caller gives beside the arguments is there from the start, and outside of all that is made
  const extra = 'forward' in derived.entry ? derived.extraParams : [];
  const together = joinedFunctions(pairs, derived.funcs, { key: entryFunc.key, extra }, module);
  const needed = withoutDeadReverse(pairs, together, module, cheap.has('selfUpdates'));
  const fused = cheap.has('fusedLoops')
    ? fusedLoops(needed, derived.funcs, together, module.values, recording)
    : needed.map(apart);
  const unrecorded = fused.map((f) => f.sweeps);
  const forwards = new Map<string, Func>(unrecorded.map((u) => [u.forward.key, alone(u)]));
  const all: Module = {
    funcs: new Map([...derived.funcs.map((f) => [f.key, f] as const), ...forwards]),
    values: module.values,
  };
  // as it is now: what it calls at once is another function than before
  const whole = withParams(forwards.get(entryFunc.key) ?? entryFunc, extra);
  const again = new Map(unrecorded.filter(runsAgain).map((u) => [u.forward.key, u.reverse]));
  const seen = [...all.funcs.values(), whole].map((f): [string, Func] => {
    const reverse = again.get(f.key) ?? [];
    return [f.key, { ...f, body: { ...f.body, ops: [...f.body.ops, ...reverse] } }];
  });
  const called = new Map(seen);
  const memory = analyseMemory({ ...all, funcs: called }, called.get(whole.key)!);
  let entry = entryFunc;
  const passed = passedParameters(unrecorded);
  const funcs = new Map<string, Func>(
    derived.funcs.map((f) => [
      f.key,
      { ...f, body: { ...f.body, ops: f.body.ops.map((o) => passing(o, passed)) } },
    ]),
  );
  for (const [k, u] of unrecorded.entries()) {
    const given = new Map(
      (u.split ? passed(u.split.key) : []).map((k) => {
        const p = u.forward.params[k];
        return [p, module.values.like(p)];
      }),
    );
    const done = applyRecord({
      module: all,
      memory,
      joined: together.memory,
      name: u.forward.key,
      params: u.forward.params,
      forward: u.forward.body,
      reverse: u.reverse.map((op) => passing(op, passed)),
      reverseEnd: u.reverseEnd,
      mirror: u.mirror,
      ivs: u.ivs,
      guarded: u.guarded,
      headers: u.path.headers,
      split: u.split !== undefined,
      passed: given,
      ...recording,
    });
    plans.set(u.forward.key, withTrips(done.plan, fused[k]));
    if (u.split) {
      funcs.set(u.forward.key, { ...u.forward, body: done.forward });
      const reverse: Func = {
        key: u.split.key,
        name: u.split.key,
        label: module.values.freshLabel(),
        params: [...u.reverseParams, ...given.values()],
        body: { params: [], ops: done.reverse, end: { kind: 'yield', args: done.reverseEnd } },
      };
      funcs.set(reverse.key, reverse);
    } else {
      const ops = [...done.forward.ops, ...done.reverse];
      const end = { kind: 'yield', args: [...endArgs(done.forward.end), ...done.reverseEnd] } as const;
      if (u.forward.key === entryFunc.key)
        entry = { ...u.forward, body: { params: [], ops, end: { ...end, args: done.reverseEnd } } };
      else
        funcs.set(u.forward.key, cloneFunc({ ...alone(u), body: { params: [], ops, end } }, module.values));
    }
  }
  entry = renumberSites(withParams(entry, extra));
  funcs.set(entry.key, entry);
  const short = withShortSteps(funcs, module.values);
  return { module: { funcs: reachableFrom(entry, short), values: module.values }, entry };
}

/** Whether a reverse sweep calls what runs forwards: what that is given may share memory as it does where it ran first. */
const runsAgain = ({ reverse }: Unrecorded): boolean =>
  reverse.some((op) => someOp(op, (o) => o.kind === 'call' && o.mirrored === undefined));

/** The forward half, or what has the parameters of both. */
const alone = (u: Unrecorded): Func => (u.split ? u.forward : withParams(u.forward, u.reverseParams));

const withParams = (f: Func, more: readonly ValueId[]): Func => ({ ...f, params: [...f.params, ...more] });

/** Calls of reverse halves with what they are given of the forward half's arguments. */
function passing(op: Op, passed: Passed): Op {
  if (op.kind === 'call' && op.mirrored) {
    const { mirrored, ...call } = op;
    return { ...call, args: [...call.args, ...passed(call.callee).map((k) => mirrored.args[k])] };
  }
  if (opRegions(op).length === 0) return op;
  const region = (r: Region): Region => ({ ...r, ops: r.ops.map((o) => passing(o, passed)) });
  return mapRegions(op, region);
}

const BOUNDARY = 'boundary';

/** Functions whose reverse sweep stands behind their forward sweep. */
interface Together {
  readonly funcs: readonly Func[];
  /** Of all of them; nothing where the entry has no reverse sweep. */
  readonly memory: Memory | undefined;
}

function joinedFunctions(
  list: readonly Unrecorded[],
  rest: readonly Func[],
  { key: entryKey, extra }: { readonly key: string; readonly extra: readonly ValueId[] },
  module: Module,
): Together {
  const joined = list.map((u): Func => {
    const end = u.forward.body.end.kind === 'yield' ? u.forward.body.end.args : [];
    const boundary: Op = {
      kind: 'runtime',
      name: BOUNDARY,
      args: [],
      literals: [],
      effect: 'effect',
      results: [],
    };
    const body: Region = {
      params: [],
      ops: [...u.forward.body.ops, boundary, ...u.reverse],
      end: { kind: 'yield', args: [...end, ...u.reverseEnd] },
    };
    const more = u.forward.key === entryKey ? extra : [];
    return { ...u.forward, params: [...u.forward.params, ...u.reverseParams, ...more], body };
  });
  const all: Module = { funcs: new Map([...rest, ...joined].map((f) => [f.key, f])), values: module.values };
  const entry = all.funcs.get(entryKey);
  return {
    funcs: [...all.funcs.values()],
    memory: entry && analyseMemory(all, entry),
  };
}

/** Drops reverse code that nothing reads, so that what it would need is not needed, and what only seems to write. */
function withoutDeadReverse(
  list: readonly Unrecorded[],
  { memory, funcs }: Together,
  { values }: Module,
  selfUpdates: boolean,
): Unrecorded[] {
  if (!memory) return [...list];
  const byKey = new Map(funcs.map((f) => [f.key, f]));
  return list.map((u) => {
    const alive = removeDeadCode(byKey.get(u.forward.key)!, memory, { callHasEffect: () => true });
    const f = selfUpdates && u.checks === undefined ? withoutSelfUpdates(alive, memory, values) : alive;
    const at = f.body.ops.findIndex((op) => op.kind === 'runtime' && op.name === BOUNDARY);
    const reverse = f.body.ops.slice(at + 1);
    return u.checks === undefined ? { ...u, reverse } : withAssertions({ ...u, reverse }, u.checks, values);
  });
}

const apart = (sweeps: Unrecorded): Fused => ({ sweeps, loops: [], calls: [], trips: [] });

/**
 * Fuses loops where both sweeps run in one call, and nobody asks for the path of each; with the functions that are both
 * halves of others, and without the halves that nobody calls any more. Where only some calls of a function can run both at once,
 * there would be three functions in the place of two: that is only worth it in loops, which are fused for it.
 */
function fusedLoops(
  list: readonly Unrecorded[],
  rest: readonly Func[],
  { memory, funcs }: Together,
  values: ValueTable,
  recording: Recording & Pick<Joining, 'overwrittenAtReturn' | 'check'>,
): readonly Fused[] {
  if (!memory || recording.overwrittenAtReturn || recording.check) return list.map(apart);
  const halves = new Halves(list);
  const module: Module = { funcs: new Map([...rest, ...halves.functions()].map((f) => [f.key, f])), values };
  const joined = { funcs, memory, module, halves, bodyOf: (key: string) => module.funcs.get(key)?.body };
  const apartOnly = new Set<string>();
  for (;;) {
    const done = fusedFrom(list, rest, { ...joined, apartOnly }, recording);
    const twice = list.filter(
      (u) => u.split && [u.forward.key, u.split.atOnce].every((key) => done.has(key)),
    );
    const more = twice.filter((u) => !apartOnly.has(u.forward.key));
    if (more.length === 0) return [...done.values()];
    for (const u of more) apartOnly.add(u.forward.key);
  }
}

/** By key, what is called from functions without halves. */
function fusedFrom(
  list: readonly Unrecorded[],
  rest: readonly Func[],
  joined: Joined,
  recording: Recording,
): ReadonlyMap<string, Fused> {
  const done = new Map<string, Fused>();
  const calledBy = (ops: readonly Op[]): void =>
    walkOps(regionOf(ops), (op) => {
      if (op.kind === 'call') need(op.callee);
    });
  const need = (key: string): void => {
    const u = joined.halves.named(key);
    if (!u || done.has(u.forward.key)) return;
    const one = u.split ? apart(u) : fuseLoops(u, joined, recording);
    done.set(u.forward.key, one);
    calledBy(one.sweeps.forward.body.ops);
    calledBy(one.sweeps.reverse);
  };
  for (const u of list) if (!u.split) need(u.forward.key);
  for (const f of rest) calledBy(f.body.ops);
  return done;
}
