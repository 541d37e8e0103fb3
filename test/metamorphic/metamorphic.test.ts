/**
 * Fixtures whose source is transformed in ways that do not change what it computes: same values, same gradients.
 *
 * A sample of the fixtures by default, by a seed that is printed; `npm run metamorphic` takes them all, and
 * `METAMORPHIC_SEED=n` a sample again.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findFixtures } from '../support/fixture.js';
import { randomNumbers } from '../support/numeric.js';
import { compare, Original } from './compare.js';
import { isExpected } from './expected.js';
import { TRANSFORMATIONS } from './table.js';

const all = process.env.METAMORPHIC === 'all';
const seed = Number(process.env.METAMORPHIC_SEED ?? Date.now() % 1e6);
/** Fixtures of each transformation in a sample. */
const SAMPLE = 4;

const root = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures');
const originals: Original[] = [];
for (const fixture of findFixtures(root)) {
  const original = await Original.load(fixture);
  if (original.sites.length > 0) originals.push(original);
}

const random = randomNumbers(seed);
function sampled<T>(from: readonly T[]): readonly T[] {
  if (all) return from;
  const left = [...from];
  const pick = () => left.splice(Math.floor(random() * left.length), 1)[0];
  return Array.from({ length: Math.min(SAMPLE, left.length) }, pick);
}

describe(all ? 'all fixtures' : `a sample, METAMORPHIC_SEED=${seed}`, () => {
  for (const t of TRANSFORMATIONS) {
    const applicable = originals.filter((o) => o.change(t) !== undefined);

    test(`${t.name}: applies to ${applicable.length} fixtures`, async () => {
      expect(applicable.length).toBeGreaterThanOrEqual(t.floor);
      const problems: Record<string, readonly string[]> = {};
      for (const original of sampled(applicable)) {
        const { refused, problems: found } = await compare(original, original.change(t)!);
        const { id } = original.fixture;
        const unexpected = [...refused, ...found].filter((p) => !isExpected(t.name, id, p));
        if (unexpected.length > 0) problems[id] = unexpected;
      }
      expect(problems).toEqual({});
    }, 1_200_000);
  }
});
