/** All mutants, each tried on the programs for which it makes a difference, the cheapest first. */
import { mkdirSync } from 'node:fs';
import { bundleMutable, load } from './build.js';
import { EQUIVALENT } from './equivalent.js';
import { instrumentCompiler } from './points.js';
import { inParallel, Pool } from './pool.js';
import { Programs, type Stage, type Task } from './programs.js';
import { instrumentRules, type Rule, ruleMutants } from './rules.js';
import { type Change, mutantId, switchboard } from './switches.js';
import type { Use } from './worker.js';

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
/** Not `Infinity`: messages between processes are JSON. */
const EVERY = 1e9;
/** Programs of a stage that are tried for such a mutant. */
export const FEW = 10;
function firstOf(tasks: readonly Task[], few: number): Task[] {
  const of = (stage: Stage) => tasks.filter((t) => t.stage === stage).slice(0, few);
  return [...of('first'), ...of('refused'), ...of('second')];
}
const GUARD = /strong mul$|strongdiv div$|maybeZero/;
const STAGE_ORDER = ['first', 'refused', 'second', 'check'];

/** Tries the mutants; `report` is called for each as its outcome is known. */
export async function tryMutants(
  { pool, jobs, tasks }: Campaign,
  used: Survey,
  mutants: readonly string[],
  /** No more than so many programs of a stage for any mutant. */
  most: number | undefined,
  report: (outcome: Outcome) => void,
): Promise<void> {
  const seenBy = new Map<string, number[]>();
  tasks.forEach((task, k) => {
    for (const mutant of used[keyOf(task)].seen) seenBy.set(mutant, [...(seenBy.get(mutant) ?? []), k]);
  });
  /** The programs that noticed mutants of a place before. */
  const killers = new Map<string, number>();
  /** Only kinks tell whether zero seeds are guarded. */
  const late = (k: number, mutant: string) => GUARD.test(mutant) && !tasks[k].id.startsWith('kinks/');
  const rank = (k: number, mutant: string) =>
    (late(k, mutant) ? 1e5 : 0) + STAGE_ORDER.indexOf(tasks[k].stage) * 1e6 + used[keyOf(tasks[k])].ms;
  await inParallel(mutants, jobs, async (mutant) => {
    const { point, change } = partsOf(mutant);
    const place = point.replace(/:.*| \d+$/, '');
    const programs = (seenBy.get(mutant) ?? [])
      .filter((k) => !point.startsWith('tape ') || tasks[k].stage === 'first')
      .sort((a, b) => rank(a, mutant) - rank(b, mutant));
    const before = killers.get(place);
    const order = before !== undefined && programs.includes(before) ? [before, ...programs] : programs;
    const all = [...new Set(order)].map((k): Task => ({ ...tasks[k], told: used[keyOf(tasks[k])].told }));
    const few = EQUIVALENT[mutant] !== undefined ? FEW : most;
    const done = await pool.run({
      point,
      change,
      tasks: few === undefined ? all : firstOf(all, few),
      enough: few === undefined ? EVERY : Math.max(ENOUGH, few / 2),
    });
    const named = (t: Task | undefined) => t && `${t.id}${t.stage === 'first' ? '' : ` (${t.stage})`}`;
    if ('seen' in done) throw new Error('the wrong answer');
    const killedBy = 'lost' in done ? (named(done.at) ?? 'the first program') : named(done.killedBy);
    const why = 'lost' in done ? done.lost : done.why;
    if (killedBy !== undefined && !('lost' in done)) {
      const k = order.find(
        (p) => tasks[p].id === done.killedBy?.id && tasks[p].stage === done.killedBy.stage,
      );
      if (k !== undefined) killers.set(place, k);
    }
    report({
      mutant,
      ...(killedBy !== undefined && { killedBy, why: why ?? '' }),
      changed: 'lost' in done ? [] : done.changed.map((t) => named(t) as string),
      tried: programs.length,
    });
  });
}

function partsOf(mutant: string): { point: string; change: Change } {
  const at = mutant.lastIndexOf(': ');
  return { point: mutant.slice(0, at), change: mutant.slice(at + 2) as Change };
}
