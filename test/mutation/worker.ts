/** One process that compiles programs with mutants, as the parent asks: a mutant may hang it, or exhaust its memory. */
import { type Exports, useBuild } from '../support/compile.js';
import { load } from './build.js';
import { Programs, type Task, type Verdict } from './programs.js';
import { instrumentRules, type Rule } from './rules.js';
import { type Change, switchboard } from './switches.js';

/** What a program sees of the points, what the compiler says of it, and how long it takes. */
export interface Use {
  readonly seen: readonly string[];
  readonly told?: string | undefined;
  readonly ms: number;
  readonly failed?: string;
}
export type Request =
  | { readonly survey: Task }
  /** Tries a mutant on programs until one notices it. */
  | {
      readonly point: string;
      readonly change: Change;
      readonly tasks: readonly Task[];
      /** Enough programs of a stage for which other code is emitted with the right results. */
      readonly enough: number;
    };
type Attempt = Exclude<Request, { survey: Task }>;
export type Reply =
  | { readonly at: Task }
  | Use
  | { readonly killedBy?: Task; readonly why?: string; readonly changed: readonly Task[] };

const board = switchboard();
const [, , folder] = process.argv;

type MutableCompiler = Parameters<typeof useBuild>[0] & { SCALAR_RULES: ReadonlyMap<string, Rule> };
const compiler = await load<MutableCompiler>(folder, 'compiler');
instrumentRules(compiler.SCALAR_RULES.values(), board);
const tape = await load<Exports>(folder, 'tape');
useBuild(compiler, new Map([['@adjoint/tape/internal', tape]]));

let current: { point: string; change: Change } | undefined;
const switchOn = () => board.set(current?.point, current?.change);
const programs = new Programs(async (run) => {
  board.set(undefined);
  try {
    return await run();
  } finally {
    switchOn();
  }
});

const send = (reply: Reply): void => void process.send?.(reply);
for (const method of ['log', 'warn', 'error', 'info', 'debug'] as const) console[method] = () => undefined;

async function survey(task: Task): Promise<Reply> {
  board.take();
  const started = performance.now();
  try {
    const told = await programs.survey(task);
    return { seen: board.take(), told, ms: performance.now() - started };
  } catch (error) {
    return { seen: [], ms: 0, failed: String(error) };
  }
}

async function attemptMutant({ point, change, tasks, enough }: Attempt): Promise<Reply> {
  current = { point, change };
  switchOn();
  const changed: Task[] = [];
  try {
    for (const task of tasks) {
      if (changed.filter((t) => t.stage === task.stage).length >= enough) continue;
      send({ at: task });
      const verdict: Verdict = await (point.startsWith('tape ')
        ? programs.judgeOnTape(task)
        : programs.judge(task));
      if (typeof verdict === 'object') return { killedBy: task, why: verdict.wrong, changed };
      if (verdict === 'same results') changed.push(task);
    }
    return { changed };
  } finally {
    current = undefined;
    switchOn();
  }
}

process.on('message', async (request: Request) => {
  send('survey' in request ? await survey(request.survey) : await attemptMutant(request));
});
// the parent is gone
process.on('disconnect', () => process.exit());
