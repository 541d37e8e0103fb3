/** A campaign goes on where it stopped, and begins anew when other code is tested. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { addCampaign, emptyCampaign } from './campaign.js';
import { Sighting } from './coverage.js';
import { readKept, writeKept } from './resume.js';

const folder = mkdtempSync(join(tmpdir(), 'adjoint-campaign-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the counts of all parts are kept, and those of other code are not', () => {
  const file = join(folder, 'campaign');
  expect(readKept(file, 'this code')).toBeUndefined();

  const campaign = emptyCampaign(7);
  campaign.programs = 40;
  campaign.refusals.set('AD1010', { count: 2, example: 'why' });
  const sighting = new Sighting();
  sighting.met.set('rule sin', 3);
  campaign.tally.add(sighting);
  writeKept(file, { hash: 'this code', next: 40, campaign });

  const kept = readKept(file, 'this code')!;
  expect(kept.next).toBe(40);
  const sum = emptyCampaign(7);
  addCampaign(sum, kept.campaign);
  expect(sum).toEqual(campaign);
  addCampaign(sum, kept.campaign);
  expect(sum.programs).toBe(80);
  expect(sum.refusals.get('AD1010')?.count).toBe(4);
  expect(readKept(file, 'other code')).toBeUndefined();
});
