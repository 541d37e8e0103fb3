/** npm run fuzz -- [--programs N | --minutes M] [--seed S] [--jobs N] [--failures N] [--check-every N] [--twice-every N] [--threshold N] [--constructs] [--no-minimise] */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { addCampaign, type Campaign, constructs, emptyCampaign, runCampaign, summary } from './campaign.js';

/** What one thread is told. */
interface Settings {
  readonly seed: number;
  /** Where failing programs are left. */
  readonly out: string;
  readonly limit: number;
  readonly end: number;
  readonly share: { readonly k: number; readonly of: number };
  readonly checkEvery: number;
  readonly twiceEvery: number;
  readonly maxFailures: number;
  readonly minimise: boolean;
}

export async function main(folder: string): Promise<void> {
  const { values } = parseArgs({
    options: {
      programs: { type: 'string' },
      minutes: { type: 'string' },
      seed: { type: 'string' },
      jobs: { type: 'string', default: '1' },
      failures: { type: 'string', default: '10' },
      'check-every': { type: 'string', default: '4' },
      'twice-every': { type: 'string', default: '3' },
      threshold: { type: 'string' },
      constructs: { type: 'boolean', default: false },
      'no-minimise': { type: 'boolean', default: false },
    },
  });
  const { programs, minutes } = values;
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
  const jobs = Number(values.jobs);
  console.log(`seed ${seed}`);
  const campaign = await inThreads(
    Array.from({ length: jobs }, (_, k) => ({
      seed,
      out: join(folder, 'failures'),
      limit: programs !== undefined ? Number(programs) : minutes !== undefined ? Infinity : 1000,
      end: minutes === undefined ? Infinity : Date.now() + 60_000 * Number(minutes),
      share: { k, of: jobs },
      checkEvery: Number(values['check-every']),
      twiceEvery: Number(values['twice-every']),
      maxFailures: Number(values.failures),
      minimise: !values['no-minimise'],
    })),
  );
  console.log(`\n${summary(campaign)}`);
  console.log(
    `\n${campaign.tally.table(values.threshold === undefined ? undefined : Number(values.threshold))}`,
  );
  if (values.constructs) console.log(`\nprograms that use each construct: ${constructs(campaign)}`);
  if (campaign.failures.length > 0) process.exitCode = 1;
}

/** Of what a batch allocates, nearly all is garbage soon: with room for it, collecting takes a tenth of the time. */
const YOUNG_GENERATION_MB = 192;

async function inThreads(all: readonly Settings[]): Promise<Campaign> {
  const sum = emptyCampaign(all[0].seed);
  const script = `import { thread } from ${JSON.stringify(import.meta.url)}; await thread();`;
  const start = (settings: Settings): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), {
        workerData: settings,
        execArgv: [],
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      });
      worker.on('message', (part: Campaign) => addCampaign(sum, part));
      worker.on('error', reject);
      worker.on('exit', () => resolve());
    });
  await Promise.all(all.map(start));
  return sum;
}
export async function thread(): Promise<void> {
  parentPort?.postMessage(await run(workerData as Settings));
}

function run({ out, limit, end, ...settings }: Settings): Promise<Campaign> {
  return runCampaign({
    ...settings,
    more: (number) => number < limit && Date.now() < end,
    observe: true,
    progress: reporter(settings, out),
  });
}
/** Leaves failing programs behind, and says now and then how far it is. */
function reporter({ seed, share }: Pick<Settings, 'seed' | 'share'>, out: string): (c: Campaign) => void {
  const started = Date.now();
  let shown = 0;
  let written = 0;
  return ({ failures, kinds, programs }) => {
    for (const failure of failures.slice(written)) {
      mkdirSync(out, { recursive: true });
      const name = `${failure.kind}-${seed}-${failure.number}${failure.check ? '-check' : ''}.ts`;
      writeFileSync(join(out, name), failure.report);
      console.log(`\n${failure.kind}: failures/${name}\n${failure.report}`);
    }
    written = failures.length;
    if (Date.now() - shown < 10_000) return;
    shown = Date.now();
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    const who = share.of === 1 ? '' : `, thread ${share.k}`;
    console.log(
      `${seconds} s${who}: ${programs} programs, ok ${kinds.ok}, refused ${kinds.refused}, wrong ${kinds.wrong}, crash ${kinds.crash}`,
    );
  };
}
