/**
 * All mutants, each tried on the programs for which it makes a difference. **Order**: program by program, the cheapest first,
 * since what the type checker found out about a program serves all mutants; a mutant that was noticed is not tried again, and the
 * program that noticed it in an earlier run comes first.
 */
import { mkdirSync } from 'node:fs';
import { bundleMutable, load } from './build.js';
import { instrumentCompiler } from './points.js';
import { inParallel, Pool } from './pool.js';
import { Programs, type Stage, type Task, type Verdict } from './programs.js';
import { instrumentRules, type Rule, ruleMutants } from './rules.js';
import { type Change, mutantId, switchboard } from './switches.js';
import type { Mutant, Use } from './worker.js';

export interface Outcome {
  readonly mutant: string;
  /** The program that noticed it. */
  readonly killedBy?: string;
  readonly why?: string;
  /** Programs for which other code is emitted, with the right results. */
  readonly changed: readonly string[];
  /** Programs on which it was tried. */
  readonly tried: number;
}
/** By program and stage. */
export type Survey = Record<string, Use>;

const keyOf = ({ id, stage }: Task): string => `${id} (${stage})`;

export interface Campaign {
  readonly pool: Pool;
  readonly jobs: number;
  readonly tasks: readonly Task[];
  readonly mutants: readonly string[];
}

/** Builds what is mutated, and finds all mutants: of the tables of rules, and of the compiler's source. */
export async function prepare(folder: string, worker: string, jobs: number): Promise<Campaign> {
  mkdirSync(folder, { recursive: true });
  const { points, files } = instrumentCompiler();
  await bundleMutable(folder, files);
  const board = switchboard();
  const compiler = await load<{ SCALAR_RULES: ReadonlyMap<string, Rule> }>(folder, 'compiler');
  instrumentRules(compiler.SCALAR_RULES.values(), board);
  const ofRules = ruleMutants(compiler.SCALAR_RULES.values(), board);
  await load(folder, 'tape');
  const ofTape = board.take();
  const ofPoints = points.flatMap(({ name, changes }) => changes.map((c) => mutantId(name, c)));
  const { tasks } = new Programs(() => Promise.reject(new Error('not run here')));
  return { pool: new Pool(worker, folder), jobs, tasks, mutants: [...ofRules, ...ofTape, ...ofPoints] };
}

/** What each program uses, by a run without any mutant; `known` is the survey of an earlier run. */
export async function survey({ pool, jobs, tasks }: Campaign, known: Survey): Promise<Survey> {
  const all: Survey = {};
  await inParallel(tasks, jobs, async (task) => {
    const key = keyOf(task);
    const before = known[key];
    if (before !== undefined) {
      all[key] = before;
      return;
    }
    const done = await pool.run({ survey: task });
    all[key] = 'seen' in done ? done : { seen: [], ms: 0, failed: 'lost' in done ? done.lost : '' };
  });
  return all;
}

/** Programs that have to agree with a mutant of which it is known that no program can notice it. */
const ENOUGH = 5;
/** Programs of a stage that are tried for such a mutant. */
export const FEW = 10;
const STAGE_ORDER: readonly Stage[] = ['first', 'refused', 'second', 'check'];

/** A mutant that no program noticed yet. */
class Candidate {
  readonly changed: Task[] = [];
  tried = 0;
  private readonly triedOf = new Map<Stage, number>();
  readonly switched: Mutant;

  constructor(
    readonly mutant: string,
    /** No more than so many programs of a stage. */
    private readonly most: number | undefined,
  ) {
    this.switched = partsOf(mutant);
  }

  /** Whether it should be tried on one more program of the stage. */
  wants({ stage }: Task): boolean {
    if (this.switched.point.startsWith('tape ') && stage !== 'first') return false;
    if (this.most === undefined) return true;
    const changed = this.changed.filter((t) => t.stage === stage).length;
    const enough = Math.max(ENOUGH, this.most / 2);
    return changed < enough && (this.triedOf.get(stage) ?? 0) < this.most;
  }
  agreed(task: Task, verdict: Verdict): void {
    this.tried++;
    this.triedOf.set(task.stage, (this.triedOf.get(task.stage) ?? 0) + 1);
    if (verdict === 'same results') this.changed.push(task);
  }
  /** Whether it mostly leaves the code as it is, and can be tried together with others. */
  get isQuiet(): boolean {
    return !this.switched.point.startsWith('tape ') && this.changed.length * 8 <= this.tried;
  }
}

/** Tries the mutants; `report` is called for each as its outcome is known. */
export async function tryMutants(
  { pool, jobs, tasks }: Campaign,
  used: Survey,
  mutants: readonly string[],
  /** No more than so many programs of a stage. */
  most: (mutant: string) => number | undefined,
  /** By mutant: the program that noticed it before. */
  killers: ReadonlyMap<string, string>,
  report: (outcome: Outcome) => void,
): Promise<void> {
  const alive = new Map(mutants.map((m) => [m, new Candidate(m, most(m))]));
  const kill = (c: Candidate, task: Task, why: string) => {
    if (!alive.delete(c.mutant)) return;
    report({ mutant: c.mutant, killedBy: named(task), why, changed: c.changed.map(named), tried: c.tried });
  };
  /** Only kinks tell whether zero seeds are guarded. */
  const late = (task: Task) => (task.id.startsWith('kinks/') ? 0 : 1e5);
  const rank = (task: Task) => STAGE_ORDER.indexOf(task.stage) * 1e6 + late(task) + used[keyOf(task)].ms;
  const ordered = [...tasks].sort((a, b) => rank(a) - rank(b));
  const tryOn = async (task: Task, groups: readonly (readonly Candidate[])[]): Promise<void> => {
    for (const group of groups)
      await tryGroup(pool, { ...task, told: used[keyOf(task)].told }, group, (c, verdict) =>
        typeof verdict === 'object' ? kill(c, task, verdict.wrong) : c.agreed(task, verdict),
      );
  };
  const wanting = (task: Task) =>
    used[keyOf(task)].seen.flatMap((m) => alive.get(m) ?? []).filter((c) => c.wants(task));
  await inParallel(ordered, jobs, (task) => {
    const before = wanting(task).filter((c) => killers.get(c.mutant) === named(task));
    return tryOn(
      task,
      before.map((c) => [c]),
    );
  });
  await inParallel(ordered, jobs, (task) => tryOn(task, grouped(wanting(task))));
  for (const { mutant, changed, tried } of alive.values())
    report({ mutant, changed: changed.map(named), tried });
}
const named = ({ id, stage }: Task): string => `${id}${stage === 'first' ? '' : ` (${stage})`}`;

/** Those that mostly change nothing are tried together, at most one of a module; the others alone. */
function grouped(candidates: readonly Candidate[]): Candidate[][] {
  const groups: Candidate[][] = candidates.filter((c) => !c.isQuiet).map((c) => [c]);
  const together: Map<string, Candidate>[] = [];
  for (const c of candidates.filter((one) => one.isQuiet)) {
    const module = c.mutant.split(' ')[0];
    let group = together.find((g) => !g.has(module));
    if (group === undefined) together.push((group = new Map()));
    group.set(module, c);
  }
  return [...groups, ...together.map((g) => [...g.values()])];
}

/** Tries mutants of different modules together, and where that changes the code, each half of them. */
async function tryGroup(
  pool: Pool,
  task: Task,
  group: readonly Candidate[],
  tell: (candidate: Candidate, verdict: Verdict) => void,
): Promise<void> {
  const done = await pool.run({ mutants: group.map((c) => c.switched), task });
  const verdict = 'lost' in done ? { wrong: done.lost } : 'verdict' in done ? done.verdict : undefined;
  if (verdict === undefined) throw new Error('the wrong answer');
  if (group.length === 1 || verdict === 'same code') {
    for (const c of group) tell(c, verdict);
    return;
  }
  const middle = Math.ceil(group.length / 2);
  await tryGroup(pool, task, group.slice(0, middle), tell);
  await tryGroup(pool, task, group.slice(middle), tell);
}

function partsOf(mutant: string): Mutant {
  const at = mutant.lastIndexOf(': ');
  return { point: mutant.slice(0, at), change: mutant.slice(at + 2) as Change };
}
