// The contents of objects, kept and put back: arrays with holes, maps, sets, typed arrays and their views, objects with missing keys.
import { describe, expect, test } from 'vitest';
import { capture, exchange, reinstate } from '../../../packages/runtime/dist/internal.js';
import { captureFrom, sizeOf } from '../../../packages/runtime/dist/internal-memory.js';
import { MemoryStore, type NumberArray } from '../../../packages/runtime/dist/internal-store.js';
import { drive } from './drive-steps.js';

/** What a change does is undone, in the object itself. */
function undone<T>(x: T, change: (x: T) => void): T {
  const saved = capture(x);
  change(x);
  reinstate(saved);
  return x;
}

describe('the contents come back', () => {
  test('of arrays that grew, shrank, or had holes', () => {
    expect(undone([1, 2, 3], (a) => a.push(4))).toEqual([1, 2, 3]);
    expect(undone([1, 2, 3], (a) => a.splice(0, 2))).toEqual([1, 2, 3]);
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    const holes = undone([1, , 3] as (number | undefined)[], (a) => a.fill(7));
    expect([1 in holes, holes.length, holes[2]]).toEqual([false, 3, 3]);
    const filled = undone([1, undefined, 3], (a) => delete a[1]);
    expect([1 in filled, filled[1]]).toEqual([true, undefined]);
  });
  test('of numbers that are not equal to themselves, or have a sign', () => {
    expect(undone([Number.NaN, -0], (a) => a.fill(0))).toEqual([Number.NaN, -0]);
    const zero = undone([0], (a) => a.fill(-0));
    expect(Object.is(zero[0], 0)).toBe(true);
  });
  test('of maps and sets, in their order', () => {
    const map = undone(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      (m) => {
        m.delete('a');
        m.set('c', 3).set('a', 4);
      },
    );
    expect([...map]).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    const set = undone(new Set([3, 1]), (s) => {
      s.delete(3);
      s.add(2).add(3);
    });
    expect([...set]).toEqual([3, 1]);
  });
  test('of objects with missing keys, in the order of the keys', () => {
    const x = undone<{ a?: number; b?: number; c?: number }>({ a: 1, b: 2 }, (o) => {
      delete o.a;
      o.c = 3;
    });
    expect(Object.entries(x)).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    const missing = undone<{ a: number | undefined }>({ a: undefined }, (o) => {
      o.a = 1;
    });
    expect(Object.entries(missing)).toEqual([['a', undefined]]);
  });
  test('of instances, which stay what they are', () => {
    class Point {
      x = 1;
      get double(): number {
        return 2 * this.x;
      }
    }
    const p = undone(new Point(), (q) => {
      q.x = 5;
    });
    expect([p instanceof Point, p.x, p.double]).toEqual([true, 1, 2]);
  });
  test('of what is reached through others, cycles too', () => {
    interface Item {
      value: number[];
      next?: Item;
    }
    const a: Item = { value: [1] };
    const b: Item = { value: [2], next: a };
    a.next = b;
    const list = a.value;
    const map = new Map([[b, { inner: new Set([a]) }]]);
    const saved = capture(map, a);
    list[0] = 7;
    a.value = [9];
    b.next = undefined;
    map.clear();
    reinstate(saved);
    expect(a.value).toBe(list);
    expect(list).toEqual([1]);
    expect(b.next).toBe(a);
    expect([...map.keys()]).toEqual([b]);
  });
  test('of typed arrays of each kind, and views of one buffer', () => {
    const kinds = [Float64Array, Float32Array, Int32Array, Uint8Array, Uint8ClampedArray, Int16Array];
    for (const Kind of kinds) expect([...undone(Kind.of(1, 2, 3), (x) => x.fill(9))]).toEqual([1, 2, 3]);
    const buffer = Float64Array.of(0, 1, 2, 3, 4, 5);
    const [left, right] = [buffer.subarray(0, 4), buffer.subarray(2, 6)];
    undone([left, right], ([l, r]) => {
      l.fill(7);
      r.fill(8);
    });
    expect([...buffer]).toEqual([0, 1, 2, 3, 4, 5]);
  });
  test('what is frozen or computed stays untouched', () => {
    const frozen = Object.freeze({ a: 1, list: Object.freeze([1, 2]), both: { b: 1 } });
    undone(frozen, (x) => {
      x.both.b = 2;
    });
    expect(frozen.both.b).toBe(1);
    const computed = {
      a: 1,
      get twice() {
        return 2 * this.a;
      },
    };
    undone(computed, (x) => {
      x.a = 3;
    });
    expect(computed.twice).toBe(2);
  });
  test('and what was there before can be had again', () => {
    const x = { list: [1, 2] };
    const saved = capture(x);
    x.list.push(3);
    const now = exchange(saved);
    expect(x.list).toEqual([1, 2]);
    reinstate(now);
    expect(x.list).toEqual([1, 2, 3]);
  });
});

test('how much memory contents take', () => {
  expect(sizeOf(capture(new Float64Array(10)))).toBe(80);
  expect(sizeOf(capture([1, 2, 3]))).toBe(24);
  expect(sizeOf(capture(new Map([[1, 2]])))).toBe(16);
  expect(sizeOf(capture({ a: 1, b: [1] }))).toBe(24);
});

describe('typed arrays may be kept elsewhere', () => {
  test('others are not', () => {
    const field = Float64Array.of(1, 2);
    const arrays: NumberArray[] = [];
    const saved = captureFrom([{ field, list: [field] }], arrays);
    expect(arrays).toEqual([field]);
    expect(saved.map(([x]) => x)).not.toContain(field);
  });
  test('in memory that is used again', () => {
    const store = new MemoryStore();
    const x = Float64Array.of(1, 2);
    const first = store.save([x]);
    store.drop(first);
    const second = store.save([x.fill(5)]);
    expect(second[0]).toBe(first[0]);
    store.load(second, [x.fill(0)]);
    expect([...x]).toEqual([5, 5]);
  });
});

test('arrays that grow leave no copies behind', () => {
  const store = new MemoryStore();
  for (let length = 0; length < 1000; length++) store.drop(store.save([new Float64Array(length)]));
  const { idle } = store as unknown as { readonly idle: ReadonlyMap<number, readonly unknown[]> };
  expect(idle.size).toBeLessThan(20);
});

test('a loop that changes objects finds each step as it was', () => {
  for (const isOnline of [false, true]) {
    const field = new Float64Array(3);
    const list: number[] = [];
    const map = new Map<string, number>();
    const outer: { list: number[]; last?: number } = { list };
    const step = (t: number): void => {
      field[t % 3] += t;
      if (t % 4 === 3) list.length = 1;
      else list.push(t);
      map.delete('0');
      map.set(`${t % 3}`, t);
      if (t % 2 === 0) outer.last = t;
      else delete outer.last;
    };
    const text = (): string => JSON.stringify([[...field], list, [...map], outer]);
    const states: string[] = [];
    drive({
      steps: 50,
      isOnline,
      limits: { snapshots: 4 },
      objects: [field, map, outer],
      step: (t) => {
        states[t] ??= text();
        expect(text()).toBe(states[t]);
        step(t);
      },
      see: (t) => {
        states[t] ??= text();
        expect(text()).toBe(states[t]);
      },
    });
    // as the loop left it
    const all = { field: new Float64Array(3), list: [] as number[] };
    for (let t = 0; t < (isOnline ? 50 : 49); t++) {
      all.field[t % 3] += t;
      if (t % 4 === 3) all.list.length = 1;
      else all.list.push(t);
    }
    expect([[...field], list]).toEqual([[...all.field], all.list]);
  }
});
