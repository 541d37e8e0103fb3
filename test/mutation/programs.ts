/** The fixtures as judges of mutants: each compiles its programs with the mutant and checks its derivatives. */
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type ts from 'typescript';
import { NOT_TWICE } from '../fixtures/not-twice.js';
import { attempt, checkCall, checkCase, checkOnTape } from '../support/check-fixture.js';
import { type Compiled, compileProgram, createProgram, type Sources } from '../support/compile.js';
import {
  type Build,
  callSites,
  type Fixture,
  type FixtureCall,
  findFixtures,
  isHigherOrder,
  loadPlain,
  type Site,
  sitesOf,
} from '../support/fixture.js';
import type { AnyFunction } from '../support/numeric.js';
import { agreementOf, checkSecondOrder, secondOrderSources } from '../support/second-order.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');

/** First derivatives; second derivatives; first derivatives in check mode; programs that are refused. */
const STAGES = ['first', 'second', 'check'] as const;
export type Stage = (typeof STAGES)[number] | 'refused';
export interface Task {
  readonly id: string;
  readonly stage: Stage;
  /** What the compiler says when nothing is wrong with it (a hash), once that is known. */
  readonly told?: string | undefined;
}

/** What became of a program under a mutant; `wrong`: what a test would say. */
export type Verdict = { readonly wrong: string } | 'same code' | 'same results' | 'other code';

interface Trial {
  readonly program: ts.Program;
  readonly sources: Sources;
  /** Code and diagnostics when nothing is wrong with the compiler. */
  readonly told: string;
  /** Compiled with all points switched off. */
  readonly compiled: () => Promise<Compiled>;
}

/** Programs that stay in memory: all mutants are tried on one before the next. */
const KEPT = 3;

/** Runs something with all points switched off. */
type Unmutated = <T>(run: () => T | Promise<T>) => Promise<T>;

export class Programs {
  readonly tasks: readonly Task[];
  private readonly fixtures: ReadonlyMap<string, Fixture>;
  private readonly subjects = new Map<string, Promise<Subject>>();
  private readonly trials = new Map<string, Trial>();

  constructor(private readonly unmutated: Unmutated) {
    const own = findFixtures(join(folder, 'fixtures'));
    const refused = findFixtures(join(folder, 'errors'));
    this.fixtures = new Map([...own, ...refused].map((f) => [f.id, f]));
    this.tasks = [
      ...own.flatMap(({ id }) => STAGES.map((stage): Task => ({ id, stage }))),
      ...refused.map(({ id }): Task => ({ id, stage: 'refused' })),
    ];
  }

  /** Compiles a program as it is, so that the switchboard sees what it uses; runs it where the tape's rules are used. */
  async survey(task: Task): Promise<string | undefined> {
    const subject = await this.subject(task);
    const trial = await this.trial(subject, task);
    if (trial !== undefined && task.stage === 'first') await this.judgeOnTape(task);
    return trial?.told;
  }

  /** `what`: whether other code is run, too. */
  async judge(task: Task, what: 'code' | 'results'): Promise<Verdict> {
    const subject = await this.subject(task);
    const trial = await this.trial(subject, task);
    if (!trial) return 'same code';
    try {
      const compiled = compileProgram(trial.program, withoutTape(trial.sources), settings(task.stage));
      if (told(compiled) === trial.told) return 'same code';
      if (what === 'code') return 'other code';
      if (task.stage === 'refused' && (await trial.compiled()).diagnostics.length > 0)
        return { wrong: 'other diagnostics' };
      const [error] = compiled.diagnostics.filter((d) => d.severity === 'error');
      if (error !== undefined) return { wrong: `${error.code} ${error.message}` };
      const [problem] = await problems(subject, task.stage, compiled);
      return problem === undefined ? 'same results' : { wrong: problem };
    } catch (error) {
      return { wrong: `threw ${error}` };
    }
  }

  /** For mutants of the tape: its functions, which are compiled already. */
  async judgeOnTape(task: Task): Promise<Verdict> {
    const subject = await this.subject(task);
    const trial = await this.trial(subject, task);
    if (!trial || !subject.taped) return 'same code';
    const build = await buildOf(await trial.compiled());
    for (const site of subject.sites)
      for (const one of site.cases) {
        const [found] = attempt(() => checkOnTape(subject.plain[site.fn] as AnyFunction, site, one, build));
        if (found !== undefined) return { wrong: found };
      }
    return 'same results';
  }

  private subject({ id, stage }: Task): Promise<Subject> {
    const known = this.subjects.get(id);
    if (known !== undefined) return known;
    const fixture = this.fixtures.get(id) as Fixture;
    const made =
      stage === 'refused'
        ? Promise.resolve({ fixture, plain: {}, sites: [], calls: [], taped: false })
        : this.unmutated(() => subjectOf(fixture));
    this.subjects.set(id, made);
    return made;
  }

  private async trial(subject: Subject, { id, stage, told: known }: Task): Promise<Trial | undefined> {
    const key = `${id} ${stage}`;
    const kept = this.trials.get(key);
    if (kept !== undefined) return kept;
    const sources = sourcesOf(subject, stage);
    if (sources === undefined) return undefined;
    const program = createProgram(sources);
    let made: Promise<Compiled> | undefined;
    const compiled = () => (made ??= this.unmutated(() => compileProgram(program, sources, settings(stage))));
    const trial = { program, sources, compiled, told: known ?? told(await compiled()) };
    this.trials.set(key, trial);
    const [oldest] = this.trials.keys();
    if (this.trials.size > KEPT) this.trials.delete(oldest);
    return trial;
  }
}

/** The file for the tape is compiled once: the mutants of the compiler do not reach it. */
function withoutTape(sources: Sources): Sources {
  const { 'tape.ts': _, ...own } = sources;
  return own;
}
const settings = (stage: Stage) => ({ check: stage === 'check' });

interface Subject {
  readonly fixture: Fixture;
  readonly plain: Record<string, unknown>;
  readonly sites: readonly Site[];
  readonly calls: readonly (readonly [string, readonly FixtureCall[]])[];
  readonly taped: boolean;
}

async function subjectOf(fixture: Fixture): Promise<Subject> {
  const plain = await loadPlain(fixture);
  const calls = Object.entries((plain.calls ?? {}) as Record<string, FixtureCall[]>);
  return { fixture, plain, sites: sitesOf(plain), calls, taped: !isHigherOrder(fixture) };
}

function sourcesOf({ fixture, sites, taped }: Subject, stage: Stage): Sources | undefined {
  if (stage === 'refused') return fixture.sources;
  if (stage !== 'second') {
    const { 'tape.ts': tape, ...own } = callSites(sites);
    const onTape = tape !== undefined && taped && stage === 'first';
    return { ...fixture.sources, ...own, ...(onTape ? { 'tape.ts': tape } : {}) };
  }
  const twice = sites.filter((s) => !s.vector && !NOT_TWICE[fixture.id]?.includes(s.name));
  return twice.length === 0 ? undefined : { ...fixture.sources, ...secondOrderSources(twice) };
}

function told({ outputs, diagnostics }: Compiled): string {
  const hash = createHash('sha256');
  for (const text of Object.values(withoutTape(outputs))) hash.update(`${text}\0`);
  for (const { code, start, message } of diagnostics) hash.update(`${code} ${start} ${message}\0`);
  return hash.digest('hex');
}

async function buildOf(compiled: Compiled): Promise<Build> {
  const derivatives: Record<string, AnyFunction> = {};
  const { outputs } = compiled;
  for (const name of ['reverse.ts', 'others.ts', 'second.ts'])
    if (name in outputs) Object.assign(derivatives, await compiled.load(name));
  const taped = 'tape.ts' in outputs ? ((await compiled.load('tape.ts')) as Record<string, AnyFunction>) : {};
  return { compiled, derivatives, taped, input: await compiled.load('input.ts') };
}

/** The first thing that does not hold. */
async function problems(subject: Subject, stage: Stage, compiled: Compiled): Promise<string[]> {
  if (stage === 'refused') return thrown(compiled);
  const build = await buildOf(compiled);
  for (const site of subject.sites)
    for (const one of site.cases) {
      const f = subject.plain[site.fn] as AnyFunction;
      const found = attempt(() => {
        if (stage === 'second')
          return checkSecondOrder(site, one, {
            ...build,
            refused: [],
            agreement: agreementOf(subject.fixture, {}),
          });
        return checkCase(f, site, one, build);
      });
      if (found.length > 0) return [`${site.name}: ${found[0]}`];
    }
  return stage === 'second' ? [] : callProblems(subject, build);
}

function callProblems({ calls }: Subject, build: Build): string[] {
  for (const [name, list] of calls)
    for (const call of list) {
      const found = attempt(() => checkCall(build.input[name] as AnyFunction, call));
      if (found.length > 0) return [`${name}: ${found[0]}`];
    }
  return [];
}

/** A program that compiles and should be refused when it runs. */
async function thrown(compiled: Compiled): Promise<string[]> {
  if (compiled.diagnostics.length > 0) return [];
  const { run } = await compiled.load('input.ts');
  try {
    return [`gives ${String((run as () => unknown)())}`];
  } catch (error) {
    return /AD\d{4}/.test(String(error)) ? [] : [String(error)];
  }
}
