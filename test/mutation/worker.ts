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
/** A point that is switched, and what is wrong with it. */
export interface Mutant {
  readonly point: string;
  readonly change: Change;
}
export type Request =
  | { readonly survey: Task }
  /** Tries a program on a mutant, or says whether several of them together change its code. */
  | { readonly mutants: readonly Mutant[]; readonly task: Task };
type Attempt = Exclude<Request, { survey: Task }>;
export type Reply = Use | { readonly verdict: Verdict };

const board = switchboard();
const [, , folder] = process.argv;

type MutableCompiler = Parameters<typeof useBuild>[0] & { SCALAR_RULES: ReadonlyMap<string, Rule> };
const compiler = await load<MutableCompiler>(folder, 'compiler');
instrumentRules(compiler.SCALAR_RULES.values(), board);
const tape = await load<Exports>(folder, 'tape');
useBuild(compiler, new Map([['@adjoint/tape/internal', tape]]));

let current: readonly Mutant[] = [];
const switchOn = () => board.set(current);
const programs = new Programs(async (run) => {
  board.set([]);
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

async function attempt({ mutants, task }: Attempt): Promise<Reply> {
  current = mutants;
  switchOn();
  try {
    const onTape = mutants.some(({ point }) => point.startsWith('tape '));
    if (onTape) return { verdict: await programs.judgeOnTape(task) };
    return { verdict: await programs.judge(task, mutants.length > 1 ? 'code' : 'results') };
  } finally {
    current = [];
    switchOn();
  }
}

process.on('message', async (request: Request) => {
  send('survey' in request ? await survey(request.survey) : await attempt(request));
});
// the parent is gone
process.on('disconnect', () => process.exit());
