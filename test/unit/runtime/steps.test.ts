// Which states of a loop are kept, and how often its steps run: the binomial schedule, and the one for loops of unknown length.
import { describe, expect, test } from 'vitest';
import { checkpointed } from '../../../packages/runtime/dist/index.js';
import { leastNeeded, nextDistance, work } from '../../../packages/runtime/dist/internal-schedule.js';
import { Steps } from '../../../packages/runtime/dist/internal-steps.js';
import type { SnapshotStore } from '../../../packages/runtime/dist/internal-store.js';
import { drive, fewest } from './drive-steps.js';

const pairs = Array.from({ length: 8 }, (_, c) =>
  Array.from({ length: 89 }, (_, l) => [l + 1, c + 1]),
).flat();

describe('a loop of known length', () => {
  test('runs as many steps as the formula says, with as many snapshots as it may', () => {
    for (const [l, c] of pairs) {
      const { advanced, taped, snapshots } = drive({ steps: l, limits: { snapshots: c } });
      expect([l, c, advanced]).toEqual([l, c, fewest(l, c)]);
      // the last step is recorded by itself
      expect(taped).toBe(l - 1);
      expect(snapshots).toBe(Math.min(c, l - 1));
    }
  });
  test('the work that is foreseen is the work that is done', () => {
    for (const [l, c] of pairs) expect([l, c, work(l, c)]).toEqual([l, c, fewest(l, c)]);
  });
  test('large numbers', () => {
    for (const [l, c] of [
      [100_000, 3],
      [100_000, 24],
      [50_000, 300],
      [10_000, 9_998],
      [10_000, 20_000],
    ])
      expect(drive({ steps: l, limits: { snapshots: c } }).advanced).toBe(fewest(l, c));
    expect(drive({ steps: 100, limits: { snapshots: Number.POSITIVE_INFINITY } }).advanced).toBe(99);
    expect(nextDistance(1e15, 2 ** 40)).toBeLessThan(1e15);
  });
  test('no step, one step', () => {
    expect(drive({ steps: 0 })).toMatchObject({ taped: 0, advanced: 0, snapshots: 0 });
    expect(drive({ steps: 1 })).toMatchObject({ taped: 0, advanced: 0, snapshots: 0 });
    expect(drive({ steps: 1, isOnline: true })).toMatchObject({ taped: 1, advanced: 1, snapshots: 1 });
  });
  test('without a number of snapshots, about the logarithm of the number of steps', () => {
    expect(drive({ steps: 100_000 }).snapshots).toBe(17);
    expect(drive({ steps: 20 }).snapshots).toBe(8);
  });
});

describe('small steps', () => {
  test('are recorded together, if there is no number of snapshots', () => {
    const { advanced, taped } = drive({ steps: 100_000, tape: 24 });
    expect(taped).toBe(99_999);
    expect(advanced).toBeLessThan(fewest(100_000, 17));
  });
  test('one by one, if there is', () => {
    expect(drive({ steps: 1000, tape: 24, limits: { snapshots: 5 } }).advanced).toBe(fewest(1000, 5));
  });
});

describe('a number of bytes', () => {
  test('is not exceeded by much', () => {
    const field = new Float64Array(1000);
    for (const isOnline of [false, true]) {
      const run = drive({ steps: 500, isOnline, limits: { bytes: 50_000 }, objects: [field] });
      expect(run.bytes).toBeLessThanOrEqual(50_000);
      expect(run.bytes).toBeGreaterThan(40_000);
      expect(run.snapshots).toBe(6);
    }
  });
  test('leaves one snapshot at least', () => {
    expect(drive({ steps: 20, limits: { bytes: 1 } })).toMatchObject({
      snapshots: 1,
      advanced: fewest(20, 1),
    });
  });
});

describe('a loop of unknown length', () => {
  const lengths = (from: number, to: number): number[] => {
    const list: number[] = [];
    for (let l = from; l <= to; l = Math.max(l + 1, Math.floor(1.1 * l))) list.push(l);
    return list;
  };
  test('takes at most 1.4 times the work of one whose length is known', () => {
    for (const c of [2, 3, 4, 5, 6, 8, 10, 13, 20, 30, 50])
      for (const l of lengths(5, 20_000)) {
        const { advanced, snapshots } = drive({ steps: l, isOnline: true, limits: { snapshots: c } });
        // each step is recorded besides; here the last one is run before
        expect([l, c, (advanced + l) / (fewest(l, c) + l) < (c === 2 ? 1.3 : 1.25)]).toEqual([l, c, true]);
        expect(snapshots).toBeLessThanOrEqual(c);
      }
  }, 60_000);
  test('has no more snapshots than it may at any time, one too', () => {
    for (const l of lengths(1, 200)) {
      const one = drive({ steps: l, isOnline: true, limits: { snapshots: 1 } });
      expect(one).toMatchObject({ snapshots: 1, advanced: l + (l * (l - 1)) / 2, taped: l });
    }
  });
  test('keeps all states of a short one', () => {
    expect(drive({ steps: 40, isOnline: true, limits: { snapshots: 40 } }).advanced).toBe(40);
  });
  test('is stopped seldom', () => {
    const forwards = (l: number): number => {
      const plan = new Steps(0, Number.POSITIVE_INFINITY, 0, {}, false, undefined);
      let count = 0;
      for (let at = 0; at < l; count++) {
        if (plan.isKeptAt(at, Number.POSITIVE_INFINITY)) plan.keep(at, 1, [at]);
        at = plan.next(at, Number.POSITIVE_INFINITY);
      }
      return count;
    };
    expect(forwards(1_000_000)).toBeLessThan(3000);
  });
  test('gives up the state that is needed least', () => {
    const backwards = (kept: readonly number[], end: number, c: number): number =>
      kept.reduce((sum, at, k) => sum + work((kept[k + 1] ?? end) - at, c - k), 0);
    for (let l = 10; l < 60; l++) {
      const kept = [0, (7 * l) % 9, 9 + ((5 * l) % 11), 20 + ((3 * l) % 13), 33 + (l % 5)].filter(
        (at, k, all) => at < l && (k === 0 || at > all[k - 1]),
      );
      const without = kept.map((_, k) => kept.filter((_, j) => j !== k));
      const given = leastNeeded(
        kept.map((at) => ({ at })),
        l,
        kept.length,
      );
      const costs = without.map((list) => backwards([...list, l], l, kept.length));
      expect(given).toBeGreaterThan(0);
      expect(costs[given]).toBe(Math.min(...costs.slice(1)));
    }
  });
});

describe('bad limits are clear errors', () => {
  test.each([0, -1, 0.5, Number.NaN])('snapshots: %d', (snapshots) => {
    expect(() => drive({ steps: 5, limits: { snapshots } })).toThrow(
      `\`snapshots\` is ${snapshots}, but at least one snapshot is needed`,
    );
    expect(() => checkpointed(5, { snapshots })).toThrow(RangeError);
  });
  test.each([0, -1, Number.NaN])('memory: %d', (memory) => {
    expect(() => drive({ steps: 5, limits: { bytes: memory } })).toThrow(
      `\`memory\` is ${memory}, which is no number of bytes`,
    );
    expect(() => checkpointed(5, { memory })).toThrow(RangeError);
  });
  test('outside of differentiated code `checkpointed` counts', () => {
    expect([...checkpointed(3, { snapshots: 2.5, memory: '1KB' })]).toEqual([0, 1, 2]);
  });
});

describe('check mode', () => {
  const x = Float64Array.of(1, 2);
  const rest = [1];
  const loop = {
    steps: 12,
    limits: { snapshots: 2 },
    objects: [x],
    step: (t: number): void => {
      x[0] = t;
    },
  };
  test('what is not put back is NaN', () => {
    const lost: SnapshotStore = { save: () => 0, load: () => {}, drop: () => {} };
    const seen: number[] = [];
    drive({ ...loop, store: lost, reached: [rest], see: () => seen.push(x[1]) });
    expect(seen.every(Number.isNaN)).toBe(true);
    x.set([1, 2]);
    drive({ ...loop, reached: [rest], see: () => expect(x[1]).toBe(2) });
  });
  test('what no snapshot has does not change', () => {
    const step = (t: number): void => {
      if (t === 4) rest[0]++;
    };
    expect(() => drive({ ...loop, step, reached: [rest] })).toThrow(
      'AD6002: check mode: an object has other contents',
    );
  });
});
