/** npm run fuzz -- [--programs N | --minutes M] [--seed S] [--failures N] [--check-every N] [--twice-every N] [--threshold N] [--constructs] [--no-minimise] */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Campaign, constructs, runCampaign, summary } from './campaign.js';

export async function main(folder: string): Promise<void> {
  const { values } = parseArgs({
    options: {
      programs: { type: 'string' },
      minutes: { type: 'string' },
      seed: { type: 'string' },
      failures: { type: 'string', default: '10' },
      'check-every': { type: 'string', default: '4' },
      'twice-every': { type: 'string', default: '3' },
      threshold: { type: 'string' },
      constructs: { type: 'boolean', default: false },
      'no-minimise': { type: 'boolean', default: false },
    },
  });
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
  const limit =
    values.programs === undefined
      ? values.minutes === undefined
        ? 1000
        : Infinity
      : Number(values.programs);
  const end = values.minutes === undefined ? Infinity : Date.now() + 60_000 * Number(values.minutes);
  const started = Date.now();
  let shown = 0;
  let written = 0;
  const out = join(folder, 'failures');
  const progress = (campaign: Campaign) => {
    for (const failure of campaign.failures.slice(written)) {
      mkdirSync(out, { recursive: true });
      const name = `${failure.kind}-${seed}-${failure.number}${failure.check ? '-check' : ''}.ts`;
      writeFileSync(join(out, name), failure.report);
      console.log(`\n${failure.kind}: failures/${name}\n${failure.report}`);
    }
    written = campaign.failures.length;
    if (Date.now() - shown < 10_000) return;
    shown = Date.now();
    const { kinds, programs } = campaign;
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    console.log(
      `${seconds} s: ${programs} programs, ok ${kinds.ok}, refused ${kinds.refused}, wrong ${kinds.wrong}, crash ${kinds.crash}`,
    );
  };
  console.log(`seed ${seed}`);
  const campaign = await runCampaign({
    seed,
    more: (programs) => programs < limit && Date.now() < end,
    checkEvery: Number(values['check-every']),
    twiceEvery: Number(values['twice-every']),
    maxFailures: Number(values.failures),
    minimise: !values['no-minimise'],
    observe: true,
    progress,
  });
  console.log(`\n${summary(campaign)}`);
  console.log(
    `\n${campaign.tally.table(values.threshold === undefined ? undefined : Number(values.threshold))}`,
  );
  if (values.constructs) console.log(`\nprograms that use each construct: ${constructs(campaign)}`);
  if (campaign.failures.length > 0) process.exitCode = 1;
}
