/** The pipeline: the order of the passes, and nothing else. Reading order is run order. */
import { lower } from './2-lower/lower.js';
import type { LowerRequest, OuterVariable } from './2-lower/request.js';
import { withoutIdleFreezing } from './3-simplify/frozen.js';
import { inlineCalls } from './3-simplify/inline.js';
import { analyseMemory, type Memory } from './3-simplify/memory.js';
import { forgetCheckpoints, outlineCheckpoints, type Recorded } from './3-simplify/outline.js';
import { returnsToBlocks } from './3-simplify/returns.js';
import { tabulated } from './3-simplify/tabulate.js';
import { type Activity, analyseActivity, type Follows, type Wanted } from './4-analyse/activity.js';
import { checkFlow } from './4-analyse/check-flow.js';
import { checkComparators } from './4-analyse/comparators.js';
import { type Lifted, liftOuterObjects, storesOutside } from './4-analyse/outer-objects.js';
import { readParts } from './4-analyse/read-parts.js';
import { runsSeveralTimes, stateOfRuns } from './4-analyse/several-runs.js';
import { callsOutside, withNotices } from './4-analyse/told.js';
import { Deriver } from './5-differentiate/derive.js';
import { analyseReferences, type ReferenceFacts } from './5-differentiate/facts.js';
import { NestedDeriver } from './5-differentiate/nested.js';
import { Origins } from './5-differentiate/origins.js';
import { RunsAgain } from './5-differentiate/reruns.js';
import type { Plan } from './6-record/record.js';
import { withFirstWrites } from './7-emit/first-writes.js';
import { withWorkArray } from './7-emit/work-array.js';
import { Diagnostics, placeOfSpan } from './diagnostics/diagnostic.js';
import type { ts } from './host/ts.js';
import type { Func, Module, NestedDerivative, Type, ValueId } from './ir/nodes.js';
import { reachableFrom } from './ir/reach.js';
import { mapRules } from './ir/rules.js';
import { isRef } from './ir/types.js';
import { walkOps } from './ir/visit.js';
import { expandDerivatives } from './nested-derivatives.js';
import type { CheapForm, CheapForms } from './options.js';
import type { Shared } from './shared.js';
import { joinSweeps, simplifyModule } from './sweeps.js';
import type { Variant } from './variants.js';

/** What has been found out about a module. */
export interface Known {
  readonly entry: Func;
  readonly memory?: Memory;
  /** Of what is differentiated. */
  readonly activity?: Activity;
  /** What each pair of sweeps stores and recomputes, and which loops are fused. */
  readonly plans?: ReadonlyMap<string, Plan>;
}
/** Sees the IR after each pass; for dumps, the verifier, and tests that ask what a program consists of. */
export type Observer = (pass: string, module: Module, known?: Known, call?: ts.CallExpression) => void;

export interface Compiled {
  readonly module: Module;
  readonly entry: Func;
  /** What the entry hands over to where something that it is made for does not hold. */
  readonly otherwise: { readonly module: Module; readonly entry: Func } | undefined;
  readonly captured: readonly ValueId[];
  readonly args: readonly ValueId[];
  readonly extra: readonly ValueId[];
  /** The expressions that give the captured parameters at the marker call. */
  readonly outside: readonly string[];
  /** Check mode: what the function may change outside. */
  readonly state: OuterState;
  /** Markers that run the function several times: the objects outside that a run changes. */
  readonly changed: readonly string[];
  /** The user marked parts of it to be run again. */
  readonly isMarked: boolean;
  readonly withoutInfluence: readonly number[];
  /** Of those, the arguments that reach the result through steps, comparisons or integers only. */
  readonly onlySteps: readonly number[];
  /** What each pair of sweeps stores and recomputes, by function. */
  readonly plans: ReadonlyMap<string, Plan>;
}

/** Objects of modules that the function reaches, and variables that it assigns. */
export interface OuterState {
  readonly objects: readonly string[];
  readonly variables: readonly OuterVariable[];
  /** Given if functions from outside are called: what is read of the arguments, and of the objects. */
  readonly reads: string | undefined;
  /** The function takes derivatives itself. */
  readonly derives: boolean;
}

/** What all passes of one marker call share. */
interface Session {
  readonly diagnostics: Diagnostics;
  readonly request: LowerRequest;
  readonly observe: Observer;
  readonly cheap: CheapForms;
  /** What the user marked is run again in the reverse sweep. */
  readonly reruns: Reruns | undefined;
}
/** `pullback`: the caller may change what it can reach before the reverse sweep. */
interface Reruns {
  readonly pullback: boolean;
}
/** What the compiler options say to a compilation. */
export interface Mode {
  readonly check: boolean;
  readonly cheap: CheapForms;
}

/** Differentiates one call site; `undefined` if there were errors, which are in `diagnostics`. */
export function compileSite(
  site: Variant,
  request: LowerRequest,
  diagnostics: Diagnostics,
  { check, cheap }: Mode,
  shared: Shared,
  observe: Observer,
): Compiled | undefined {
  const lowered = shared.once('lowered', diagnostics, (reported) => {
    const all = lower({ ...request, diagnostics: reported });
    if (reported.hasErrors) return all;
    const module = withoutIdleFreezing(all.module, all.entry);
    const made = { ...all, module, entry: module.funcs.get(all.entry.key)! };
    observe('lower', module);
    checkComparators(made, reported, request.request);
    return made;
  });
  if (diagnostics.hasErrors) return undefined;
  const { marker } = site;
  const changed = runsSeveralTimes(marker)
    ? stateOfRuns(lowered, { marker, diagnostics, request: request.request })
    : [];
  if (diagnostics.hasErrors) return undefined;

  const isReverse = site.form !== 'jvp' && site.form !== 'hvp' && site.form !== 'origin';
  const isMarked = hasMarks(lowered.module);
  const reruns = isMarked && isReverse ? { pullback: site.form === 'vjp' } : undefined;
  const session: Session = { diagnostics, request, observe, cheap, reruns };
  const count = site.argTypes.length;
  const argsOf = (entry: Func) => entry.params.slice(entry.params.length - count);
  const wantedOf: WantedOf = (entry) => ({
    values: site.wanted.map((k) => argsOf(entry)[k]),
    paths: site.options.wrt,
  });
  const analysed = (from: Lifted, name: string, all: Diagnostics): Answer => {
    const using = formsBeforeSweeps(from.module, cheap);
    const { simplified, storesOutside } = shared.once(
      `${name} ${using} ${reruns !== undefined}`,
      all,
      (reported) => expandAndSimplify(from, { ...session, diagnostics: reported }),
    );
    if (!simplified) return { analysed: undefined, storesOutside };
    const asked = JSON.stringify([using, site.wanted, site.options.wrt, reruns]);
    const found = shared.once(`${name} ${asked}`, all, (reported) =>
      analyse(simplified, wantedOf, { ...session, diagnostics: reported }, reruns),
    );
    return { analysed: found, storesOutside: found.storesOutside };
  };
  const attempt = new Diagnostics();
  const first = analysed(lowered, 'as it is', attempt);
  let primal = first.analysed;
  let { captured: outside } = lowered;
  if (first.storesOutside && !attempt.has('AD1010')) {
    const lifted = shared.once('lifted', diagnostics, () => liftOuterObjects(lowered, request.isCopy));
    outside = lifted.captured;
    observe('lift outer objects', lifted.module);
    primal = analysed(lifted, 'lifted', diagnostics).analysed;
  } else diagnostics.addAll(attempt);
  if (diagnostics.hasErrors || !primal) return undefined;
  const { memory, activity, facts, runsAgain } = primal;
  const isOrigin = site.form === 'origin';
  const module = check && !isOrigin ? withNotices(primal.module, activity) : primal.module;
  const entry = module.funcs.get(primal.entry.key)!;
  const args = argsOf(entry);
  const captured = entry.params.slice(0, entry.params.length - count);
  const derived = new (isOrigin ? Origins : Deriver)({
    module,
    entry,
    memory,
    activity,
    facts,
    form: site.form,
    args,
    argNames: site.argNames,
    argnums: site.wanted,
    accumulate: site.options.accumulate,
    isCopy: request.isCopy,
    single: site.options.single,
    lanes: site.lanes,
    returned: lowered.returned,
    check,
    guards: cheap.has('zeroGuards'),
    runsAgain,
  }).run();

  const plans = new Map<string, Plan>();
  const joined = joinSweeps(module, derived, {
    isInteger: facts.integer,
    inRange: facts.inRange,
    overwrittenAtReturn: site.form === 'vjp',
    check,
    isFinal: true,
    cheap,
    plans,
  });
  observe('record', joined.module, { entry: joined.entry, plans });

  const objects = check ? [...new Set([...outside, ...outerObjects(lowered.module, request.isCopy)])] : [];
  const simple = simplifyModule(joined.module, joined.entry.key, { rounds: 2, of: 'derivative', cheap });
  const simpleEntry = simple.module.funcs.get(joined.entry.key)!;
  observe('simplify again', simple.module, { entry: simpleEntry, memory: simple.memory });
  const final = !check && cheap.has('firstWrites') ? writingFirst(simple.module, simpleEntry) : simple.module;
  const finalEntry = final.funcs.get(simpleEntry.key)!;
  const isWhole = !check && IN_ONE_CALL.has(site.form) && cheap.has('workArray');
  const simplified = (entry: Func): Module => {
    const funcs = new Map([...final.funcs, [entry.key, entry]]);
    return simplifyModule({ ...final, funcs }, entry.key, { rounds: 1, of: 'derivative', cheap }).module;
  };
  const packed = isWhole ? withWorkArray(final, finalEntry, simplified) : undefined;
  if (packed) observe('work array', packed.module, { entry: packed.entry });
  return {
    module: packed?.module ?? final,
    entry: packed?.entry ?? finalEntry,
    otherwise: packed?.asks ? { module: final, entry: finalEntry } : undefined,
    captured,
    args,
    extra: derived.extraParams,
    outside,
    state: {
      objects,
      variables: lowered.assigned,
      reads: check ? readsOf(primal, args, outside, objects) : undefined,
      derives: derivesInside(lowered.module),
    },
    changed,
    isMarked,
    ...influences(
      derived.withoutInfluence.map((k) => [k, args[k]]),
      primal,
      wantedOf,
    ),
    plans,
  };
}

function writingFirst(module: Module, entry: Func): Module {
  const written = withFirstWrites(entry, module.values);
  return { ...module, funcs: new Map([...module.funcs, [entry.key, written]]) };
}

/** Both sweeps run in one call, and the caller sees nothing of it before the end. */
const IN_ONE_CALL: ReadonlySet<string> = new Set(['grad', 'valueAndGrad', 'gradInto']);

/** The cheap forms that matter to what is found out of a function before its sweeps are made, as a text. */
function formsBeforeSweeps(module: Module, cheap: CheapForms): string {
  const early: readonly CheapForm[] = ['scalars', 'tables', 'countedLoops', 'lateShadows'];
  const counts = derivesInside(module) ? [...cheap] : early.filter((form) => cheap.has(form));
  return counts.join();
}

/**
 * Arguments without influence, by position, and of those the ones that reach the result through operations whose derivative is zero.
 * Of what reaches it through `stopGradient` only the user has said that zero is meant.
 */
function influences(
  args: readonly (readonly [number, ValueId])[],
  { module, memory, entry }: Analysed,
  wantedOf: WantedOf,
): Pick<Compiled, 'withoutInfluence' | 'onlySteps'> {
  const reaching = (follows: Follows): readonly number[] => {
    if (args.length === 0) return [];
    const { active, activeRef } = analyseActivity(module, memory, entry, wantedOf(entry), follows);
    return args.flatMap(([k, v]) => (active(v) || (isRef(module.values.type(v)) && activeRef(v)) ? [k] : []));
  };
  const onlySteps = reaching('steps');
  const meant = reaching('all').filter((k) => !onlySteps.includes(k));
  return { withoutInfluence: args.flatMap(([k]) => (meant.includes(k) ? [] : [k])), onlySteps };
}

/** What is read of the arguments, and of the objects outside, if functions from outside are called: as check mode is told. */
function readsOf(
  { module, entry, memory }: Analysed,
  args: readonly ValueId[],
  captured: readonly string[],
  objects: readonly string[],
): string | undefined {
  if (!callsOutside(module)) return undefined;
  const known = new Map(captured.map((text, k) => [text, entry.params[k]]));
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind === 'outer') known.set(op.text, op.results[0]);
    });
  const parts = (v: ValueId | undefined): string =>
    (v === undefined
      ? undefined
      : readParts({ memory, counts: () => true }, memory.classOf(v), module.values.type(v))) ?? 'undefined';
  return `[[${args.map(parts).join(', ')}], [${objects.map((text) => parts(known.get(text))).join(', ')}]]`;
}

/** The expressions of objects outside, of whatever type. */
function outerObjects(module: Module, isCopy: (text: string) => boolean): readonly string[] {
  const texts = new Set<string>();
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind !== 'outer' || isCopy(op.text)) return;
      const type = module.values.type(op.results[0]);
      if (isRef(type) || type.kind === 'opaque') texts.add(op.text);
    });
  return [...texts];
}

type WantedOf = (entry: Func) => Wanted;

/** A function with what it calls, ready to be differentiated; `storesOutside` asks for module-level objects as parameters. */
interface Answer {
  readonly analysed: Analysed | undefined;
  readonly storesOutside: boolean;
}

/** Makes functions of the derivatives that are called, and simplifies the whole. */
function expandAndSimplify(
  from: Lifted,
  session: Session,
): { readonly simplified: Simplified | undefined; readonly storesOutside: boolean } {
  let outside = false;
  const expanded = expandDerivatives(
    from,
    { ...session, request: session.request.request },
    (module, entry, spec, given) => {
      const made = compileNested(module, entry, spec, given, session);
      outside ||= made.storesOutside;
      return made;
    },
  );
  if (outside || session.diagnostics.hasErrors) return { simplified: undefined, storesOutside: outside };
  // what is differentiated last follows rules as they are
  const last = mapRules(expanded.module, ({ why }) => (why === undefined ? undefined : { why }));
  const entry = last.funcs.get(expanded.entry.key)!;
  const module = { ...last, funcs: reachableFrom(entry, last.funcs) };
  return {
    simplified: simplified(module, entry, session, session.reruns !== undefined),
    storesOutside: false,
  };
}

/** The derivative of a function as a module of functions that can be differentiated again. */
function compileNested(
  lowered: Module,
  lowerEntry: Func,
  spec: NestedDerivative,
  given: readonly Type[],
  session: Session,
): { module: Module; entry: Func; storesOutside: boolean } {
  const wantedOf: WantedOf = (entry) => ({
    values: spec.wanted.map((k) => entry.params[k]),
    paths: undefined,
  });
  // what a tangent is computed by runs again where the function would
  const keepsMarks = spec.mode === 'forward' && session.reruns !== undefined;
  const { module, entry, memory, activity, facts, storesOutside } = analyse(
    simplified(lowered, lowerEntry, session, keepsMarks),
    wantedOf,
    session,
    undefined,
  );
  const derived = new NestedDeriver({
    module,
    entry,
    memory,
    activity,
    facts,
    spec,
    given,
    args: entry.params,
    argnums: spec.wanted,
    isCopy: session.request.isCopy,
    check: false,
  }).run();
  const { cheap } = session;
  const joined = joinSweeps(module, derived, {
    isInteger: facts.integer,
    inRange: facts.inRange,
    overwrittenAtReturn: false,
    check: false,
    isFinal: false,
    cheap,
    plans: new Map(),
  });
  const final = simplifyModule(joined.module, joined.entry.key, { rounds: 2, of: 'derivative', cheap });
  session.observe('nested', final.module);
  return { module: final.module, entry: final.module.funcs.get(joined.entry.key)!, storesOutside };
}

/** A function ready to be differentiated. */
interface Analysed {
  readonly module: Module;
  readonly entry: Func;
  readonly memory: Memory;
  readonly activity: Activity;
  readonly facts: ReferenceFacts;
  readonly runsAgain: RunsAgain | undefined;
  readonly storesOutside: boolean;
}

/** Warns of what the user marked to be run again, but is recorded. */
function tellRecorded(
  recorded: readonly Recorded[],
  runsAgain: RunsAgain | undefined,
  module: Module,
  { diagnostics, request }: Session,
): void {
  const all: Recorded[] = [...recorded];
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      const callee = op.kind === 'call' && op.checkpoint ? module.funcs.get(op.callee) : undefined;
      const why = callee && runsAgain?.why(callee);
      if (why !== undefined) all.push({ span: op.span, why });
    });
  for (const { span, why } of all)
    diagnostics.report(
      'AD6001',
      span ? placeOfSpan(span) : request.request,
      [request.request],
      `this is recorded, not run again: ${why}`,
    );
}
const derivesInside = ({ funcs }: Module): boolean => {
  let found = false;
  for (const f of funcs.values())
    walkOps(f.body, (op) => {
      found ||= op.kind === 'call' && op.derivative !== undefined;
    });
  return found;
};
const hasMarks = (module: Module): boolean => {
  let found = false;
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      found ||= (op.kind === 'block' || op.kind === 'loop') && op.checkpoint !== undefined;
    });
  return found;
};
const hasCheckpoints = (module: Module): boolean =>
  [...module.funcs.values()].some((f) => {
    let found = false;
    walkOps(f.body, (op) => void (found ||= op.kind === 'call' && op.checkpoint !== undefined));
    return found;
  });

interface Simplified {
  readonly module: Module;
  readonly memory: Memory;
  readonly entry: string;
}

/**
 * A function and what it calls in fewer and simpler operations. `keepsMarks`: of what is to be run again. Others are forgotten when
 * nothing is shared any more: a derivative inside of another one then has the bits that it has by itself, where parts run again.
 */
function simplified(
  lowered: Module,
  lowerEntry: Func,
  { observe, cheap }: Session,
  keepsMarks: boolean,
): Simplified {
  const { module, entry } = inlineCalls(lowered, lowered.funcs.get(lowerEntry.key)!);
  observe('inline', module);
  const stage = { of: 'primal', cheap } as const;
  let primal = simplifyModule(module, entry.key, { ...stage, rounds: 3 });
  const withTables = cheap.has('tables') ? tabulated(primal.module, primal.memory) : primal.module;
  if (withTables !== primal.module) primal = simplifyModule(withTables, entry.key, { ...stage, rounds: 1 });
  observe('simplify', primal.module);
  const unmarked = keepsMarks ? primal.module : forgetCheckpoints(primal.module);
  return { ...primal, module: unmarked, entry: entry.key };
}

/** Finds out what differentiation has to know of a function. */
function analyse(
  primal: Simplified,
  wantedOf: WantedOf,
  session: Session,
  reruns: Reruns | undefined,
): Analysed {
  const { request, diagnostics, observe, cheap } = session;
  const { values } = primal.module;
  const outlined =
    reruns === undefined ? undefined : outlineCheckpoints(primal.module, primal.memory, reruns.pullback);
  const funcs = returnsToBlocks((outlined?.module ?? primal.module).funcs, values);
  const module: Module = { values, funcs };
  const entry = funcs.get(primal.entry)!;
  const memory = analyseMemory(module, entry);
  const activity = analyseActivity(module, memory, entry, wantedOf(entry));
  checkFlow({ module, entry, memory, activity, diagnostics, request: request.request, notes: request.notes });
  const facts = analyseReferences(module, memory, entry, cheap.has('lateShadows'));
  observe('analyse', module, { entry, memory, activity });
  const runsAgain =
    reruns && hasCheckpoints(module) ? new RunsAgain(module, memory, facts, reruns.pullback) : undefined;
  tellRecorded(outlined?.recorded ?? [], runsAgain, module, session);
  return {
    module,
    runsAgain,
    entry,
    memory,
    activity,
    facts,
    storesOutside: storesOutside(module, memory, activity),
  };
}
