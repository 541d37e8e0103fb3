/** A fixed budget of random programs with a fresh seed; FUZZ_SEED=n repeats a run, FUZZ_PROGRAMS=n changes its size. */
import { expect, test } from 'vitest';
import { compilerReady } from '../support/compile.js';
import { runCampaign, summary } from './campaign.js';

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 1e9));
const budget = Number(process.env.FUZZ_PROGRAMS ?? 80);

test.runIf(compilerReady)(
  `${budget} random programs, FUZZ_SEED=${seed}`,
  async () => {
    const campaign = await runCampaign({ seed, more: (n) => n < budget, maxFailures: 3 });
    console.log(summary(campaign));
    expect(
      campaign.failures.map((f) => f.report),
      `FUZZ_SEED=${seed}`,
    ).toEqual([]);
    // what is refused is not tested: the generator stays within the language; of so few programs it may be more than the usual 5 %
    expect(campaign.kinds.refused / campaign.programs).toBeLessThan(0.2);
  },
  300_000,
);
