// The helpers that rewritten code calls, one by one.
import * as tape from '@adjoint/tape/internal';
import { describe, expect, test } from 'vitest';

type Any = ReturnType<typeof tape.get>;
const plan = { argnums: [0], single: true };
/** Derivative of a function of one number at `x`. */
const slope = (f: (x: Any) => Any, x: number): number => tape.grad(f, plan, [x]);

describe('operators', () => {
  test('on plain values they are those of the language', () => {
    for (const [a, b] of [
      [1, '2'],
      ['3', 4],
      [true, 2],
      [null, 3],
      [undefined, 1],
      [[1, 2], 'x'],
      [new Date(5), 1],
    ] as [Any, Any][]) {
      expect(tape.add(a, b)).toEqual(a + b);
      expect(tape.mul(a, b)).toEqual(a * b);
      expect(tape.sub(b, a)).toEqual(b - a);
    }
    expect(tape.pow(2n, 3n)).toBe(8n);
    expect(tape.neg(-3n)).toBe(3n);
    expect(() => tape.mul(2n, 3)).toThrow(TypeError);
    expect([tape.increment(4n), tape.decrement('5'), tape.numeric('6')]).toEqual([5n, 4, 6]);
  });

  test('what is converted to a number keeps the derivative of the other operand', () => {
    expect(slope((x) => tape.mul(true, x), 3)).toBe(1);
    expect(slope((x) => tape.add(tape.mul('2', x), null), 3)).toBe(2);
    expect(slope((x) => tape.mul({ valueOf: () => x }, x), 3)).toBe(6);
    expect(slope((x) => tape.add({ valueOf: () => x }, x), 3)).toBe(2);
  });

  test('comparisons are by value', () => {
    slope((x) => {
      expect([tape.same(x, 3), tape.loose(x, '3'), tape.typeOf(x), tape.primal(x) > 2]).toEqual([
        true,
        true,
        'number',
        true,
      ]);
      expect([tape.and(tape.mul(x, 0), () => 1), tape.or(x, () => 1)].map(tape.primal)).toEqual([0, 3]);
      return x;
    }, 3);
  });

  test('functions of Math convert their operands and leave out what they do not take', () => {
    expect([tape.max(), tape.min('3', 2), tape.hypot(3, 4), tape.floor('2.5')]).toEqual([-Infinity, 2, 5, 2]);
    expect(Number.isNaN(tape.sin(undefined))).toBe(true);
    expect(slope((x) => tape.call(Math.sin, x), 0)).toBe(1);
    expect(slope((x) => tape.invoke([x, x], 'map', Math.exp)[1], 0)).toBe(1);
  });
});

describe('typed arrays', () => {
  test('stores convert, and those out of range are ignored', () => {
    const v = new Float64Array(2);
    const n = new Uint8Array(1);
    const single = new Float32Array(1);
    const g = slope((x) => {
      expect(tape.primal(tape.set(v, 5, x))).toBe(0.1);
      tape.set(v, '1', x);
      tape.set(v, 0, tape.mul(x, x));
      tape.set(n, 0, tape.mul(x, 3000));
      tape.set(single, 0, x);
      return tape.add(tape.add(tape.get(v, 1), tape.get(single, 0)), tape.get(n, 0));
    }, 0.1);
    expect([g, v[0], v[1], v.length, n[0], single[0]]).toEqual([
      2,
      0.1 * 0.1,
      0.1,
      2,
      300 - 256,
      Math.fround(0.1),
    ]);
  });

  test('views of a buffer share their variables, which plain stores forget', () => {
    const v = new Float64Array(3);
    const g = slope((x) => {
      tape.set(v, 1, x);
      const w = tape.invoke(v, 'subarray', 1);
      const y = tape.get(w, 0);
      tape.set(w, 0, 7);
      return tape.mul(y, tape.get(v, 1));
    }, 2);
    expect(g).toBe(7);
  });

  test('what the tape knows of an array ends with the evaluation', () => {
    const v = new Float64Array(1);
    slope((x) => tape.set(v, 0, x), 2);
    expect([v[0], tape.get(v, 0)]).toEqual([2, 2]);
    expect(slope((x) => tape.mul(x, tape.get(v, 0)), 5)).toBe(2);
  });
});

describe('maps and sets', () => {
  test('members are one by value, and a loop gives the first', () => {
    const g = slope((x) => {
      const s = tape.construct(Set, [x, 2, tape.mul(x, 1)]);
      expect([s.size, tape.invoke(s, 'has', 2), tape.invoke(s, 'has', x)]).toEqual([1, true, true]);
      return [...tape.iterate(s)].reduce(tape.add, 0);
    }, 2);
    expect(g).toBe(1);
  });

  test('keys are numbers, values stay variables', () => {
    const m = new Map<number, number>();
    expect(slope((x) => tape.get([...tape.iterate(tape.invoke(m, 'set', x, tape.mul(x, x)))][0], 1), 3)).toBe(
      6,
    );
    expect([...m.keys()]).toEqual([3]);
  });
});

describe('functions', () => {
  test('call, apply and bind know rewritten functions and those of Math', () => {
    const f = (x: Any, y: Any) => tape.mul(x, y);
    expect(slope((x) => tape.invoke(f, 'call', undefined, x, 3), 2)).toBe(3);
    expect(slope((x) => tape.invoke(f, 'apply', undefined, [x, x]), 2)).toBe(4);
    expect(slope((x) => tape.call(tape.invoke(f, 'bind', undefined, x), 5), 2)).toBe(5);
    expect(slope((x) => tape.invoke(Math.max, 'apply', null, [x, 1]), 2)).toBe(1);
  });

  test('a function without a rule gets numbers, and none may come of them', () => {
    expect(() => slope((x) => tape.call(Date.UTC, x), 2)).toThrow(
      /AD4002: there is no derivative rule for `UTC`/,
    );
    expect(slope((x) => tape.mul(x, tape.invoke('abc', 'charCodeAt', x)), 2)).toBe(99);
  });

  test('an operator of the language on a variable is never caught', () => {
    const caught = (x: Any) => {
      try {
        return (x as number) * 2;
      } catch {
        return 1;
      }
    };
    expect(() => slope(caught, 2)).toThrow(/an operator was applied to a Var/);
  });
});

test('a zero cotangent contributes zero, and ties share', () => {
  expect(slope((x) => tape.mul(0, tape.sqrt(x)), 0)).toBe(0);
  expect(slope((x) => tape.max(x, x, 1), 1)).toBeCloseTo(2 / 3, 15);
});
