/**
 * npm run mutate -- [--only TEXT] [--on TEXT] [--survivors FILE] [--sample N] [--seed S] [--jobs N] [--quick] [--few N] [--listed] [--again]
 *
 * `--only`: mutants with this text in their name; `--on`: programs with one of these texts in theirs (`a,b`); `--survivors`:
 * mutants that survived by the output of an earlier run. `--quick`: a mutant survives when a few programs of each stage agree
 * with it, 10 or as `--few` says, without trying all. `--listed`: those of `equivalent.ts` are tried on all programs too. `--again`: keeps what the last run found out about the programs (after a
 * change of the compiler it is stale).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomNumbers } from '../support/numeric.js';
import { FEW, type Outcome, prepare, type Survey, survey, tryMutants } from './campaign.js';
import { BY_UNIT_TESTS, EQUIVALENT } from './equivalent.js';

export async function main(out: string): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      on: { type: 'string', default: '' },
      survivors: { type: 'string' },
      few: { type: 'string' },
      sample: { type: 'string' },
      seed: { type: 'string' },
      jobs: { type: 'string', default: '2' },
      quick: { type: 'boolean', default: false },
      listed: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
    },
  });
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1000).toFixed(0);
  const folder = join(out, 'mutants');
  const all = await prepare(folder, join(out, 'mutation-worker.mjs'), Number(values.jobs));
  const campaign = {
    ...all,
    tasks: all.tasks.filter(({ id }) => values.on.split(',').some((t) => id.includes(t))),
  };
  const file = join(folder, 'survey.json');
  const kept = values.again && existsSync(file);
  const known: Survey = kept ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const used = await survey(campaign, known);
  writeFileSync(file, JSON.stringify({ ...known, ...used }));
  console.log(`${seconds()} s: ${campaign.tasks.length} programs surveyed`);
  const failures = Object.entries(used).filter(([, { failed }]) => failed !== undefined);
  for (const [program, { failed }] of failures) console.log(`FAILED  ${program}: ${failed}`);

  const chosen = choose(campaign.mutants, values);
  // what noticed a mutant once most likely does so again
  const killersFile = join(folder, 'killers.json');
  const killers = new Map<string, string>(
    existsSync(killersFile) ? JSON.parse(readFileSync(killersFile, 'utf8')) : [],
  );
  const count = { killed: 0, elsewhere: 0, equivalent: 0, survived: failures.length };
  const report = (outcome: Outcome) => {
    const kind = verdictOf(outcome);
    if (outcome.killedBy !== undefined) killers.set(outcome.mutant, outcome.killedBy);
    count[kind]++;
    console.log(line(kind, outcome));
  };
  const few = values.few === undefined ? (values.quick ? FEW : undefined) : Number(values.few);
  const most = (mutant: string) => (!values.listed && isListed(mutant) ? FEW : few);
  await tryMutants(campaign, used, chosen, most, new Map(killers), report);
  writeFileSync(killersFile, JSON.stringify([...killers]));
  campaign.pool.close();
  console.log(
    `${seconds()} s: ${chosen.length} mutants, ${count.killed} killed, ${count.elsewhere} noticed by unit tests (listed), ${count.equivalent} equivalent (listed), ${count.survived} survived`,
  );
  if (count.survived > 0) process.exitCode = 1;
}

const isListed = (mutant: string): boolean => mutant in EQUIVALENT || mutant in BY_UNIT_TESTS;

interface Choice {
  readonly only: string;
  readonly survivors?: string;
  readonly sample?: string;
  readonly seed?: string;
}
function choose(all: readonly string[], o: Choice): string[] {
  const lines = o.survivors === undefined ? [] : readFileSync(o.survivors, 'utf8').split('\n');
  const open = lines.filter((l) => l.startsWith('survived')).map((l) => l.slice(12).replace(/ {2}\(.*$/, ''));
  const chosen = all.filter((m) => m.includes(o.only) && (o.survivors === undefined || open.includes(m)));
  if (o.sample === undefined) return chosen;
  const seed = Number(o.seed ?? Math.floor(Math.random() * 1e9));
  console.log(`seed ${seed}`);
  const random = randomNumbers(seed);
  const keyed = chosen.map((m) => ({ m, key: random() })).sort((a, b) => a.key - b.key);
  return keyed.slice(0, Number(o.sample)).map(({ m }) => m);
}

type Kind = 'killed' | 'elsewhere' | 'equivalent' | 'survived';
function verdictOf({ mutant, killedBy }: Outcome): Kind {
  if (killedBy !== undefined) return 'killed';
  if (mutant in BY_UNIT_TESTS) return 'elsewhere';
  return mutant in EQUIVALENT ? 'equivalent' : 'survived';
}
function line(kind: Kind, { mutant, killedBy, why, changed, tried }: Outcome): string {
  if (kind === 'killed') return `killed      ${mutant}  by ${killedBy}: ${why?.split('\n')[0].slice(0, 100)}`;
  const where = `${tried} programs, other code in ${changed.length}`;
  const reason = EQUIVALENT[mutant] ?? BY_UNIT_TESTS[mutant] ?? where;
  return `${kind.padEnd(12)}${mutant}  (${reason})`;
}
