/** npm run fuzz -- [--programs N | --minutes M] [--seed S | --resume] [--jobs N] [--failures N] [--check-every N] [--twice-every N] [--threshold N] [--constructs] [--no-minimise] */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { addCampaign, type Campaign, constructs, emptyCampaign, runCampaign, summary } from './campaign.js';
import { hashOfTested, type Part, readKept, writeKept } from './resume.js';

/** What one thread is told. */
interface Settings {
  readonly seed: number;
  /** The number of the first program. */
  readonly from: number;
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
      resume: { type: 'boolean', default: false },
    },
  });
  const { programs, minutes } = values;
  const file = join(folder, '../.tmp/campaign');
  const hash = hashOfTested(join(folder, '../../packages'));
  const kept = values.resume ? readKept(file, hash) : undefined;
  const seed = kept?.campaign.seed ?? Number(values.seed ?? Math.floor(Math.random() * 1e9));
  const from = kept?.next ?? 0;
  const jobs = Number(values.jobs);
  console.log(`seed ${seed}${kept ? `, ${kept.campaign.programs} programs before` : ''}`);
  const all = Array.from({ length: jobs }, (_, k) => ({
    seed,
    from,
    out: join(folder, 'failures'),
    limit: programs !== undefined ? from + Number(programs) : minutes !== undefined ? Infinity : from + 1000,
    end: minutes === undefined ? Infinity : Date.now() + 60_000 * Number(minutes),
    share: { k, of: jobs },
    checkEvery: Number(values['check-every']),
    twiceEvery: Number(values['twice-every']),
    maxFailures: Number(values.failures),
    minimise: !values['no-minimise'],
  }));
  const sumOf = (parts: readonly Part[]): Campaign => {
    const sum = emptyCampaign(seed);
    for (const part of kept ? [kept, ...parts] : parts) addCampaign(sum, part.campaign);
    return sum;
  };
  const keep = (parts: readonly Part[]): void => {
    const next = Math.max(from, ...parts.map((part) => part.next));
    if (values.resume) writeKept(file, { hash, next, campaign: sumOf(parts) });
  };
  const campaign = sumOf(await inThreads(all, keep));
  console.log(`\n${summary(campaign)}`);
  console.log(
    `\n${campaign.tally.table(values.threshold === undefined ? undefined : Number(values.threshold))}`,
  );
  if (values.constructs) console.log(`\nprograms that use each construct: ${constructs(campaign)}`);
  if (campaign.failures.length > 0) process.exitCode = 1;
}

/** Of what a batch allocates, nearly all is garbage soon: with room for it, collecting takes a tenth of the time. */
const YOUNG_GENERATION_MB = 192;

/** `progress` is given the last that each thread has sent. */
async function inThreads(
  all: readonly Settings[],
  progress: (parts: readonly Part[]) => void,
): Promise<readonly Part[]> {
  const parts = new Map<number, Part>();
  const script = `import { thread } from ${JSON.stringify(import.meta.url)}; await thread();`;
  const start = (settings: Settings): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), {
        workerData: settings,
        execArgv: [],
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      });
      worker.on('message', (part: Part) => {
        parts.set(settings.share.k, part);
        progress([...parts.values()]);
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve());
    });
  await Promise.all(all.map(start));
  return [...parts.values()];
}
export async function thread(): Promise<void> {
  const settings = workerData as Settings;
  const send = (campaign: Campaign, next: number): void =>
    parentPort?.postMessage({ campaign, next } satisfies Part);
  const { limit, end } = settings;
  const report = reporter(settings);
  let next = settings.from;
  const campaign = await runCampaign({
    ...settings,
    more: (number) => number < limit && Date.now() < end,
    observe: true,
    progress: (campaign, number) => {
      next = number;
      if (report(campaign)) send(campaign, next);
    },
  });
  send(campaign, next);
}

/** Leaves failing programs behind, and says now and then how far it is; whether it did. */
function reporter({ seed, share, out }: Pick<Settings, 'seed' | 'share' | 'out'>): (c: Campaign) => boolean {
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
    if (Date.now() - shown < 10_000) return false;
    shown = Date.now();
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    const who = share.of === 1 ? '' : `, thread ${share.k}`;
    console.log(
      `${seconds} s${who}: ${programs} programs, ok ${kinds.ok}, refused ${kinds.refused}, wrong ${kinds.wrong}, crash ${kinds.crash}`,
    );
    return true;
  };
}
