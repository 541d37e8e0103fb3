import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../packages/compiler/src/ir/evaluate.js';
import { BOOLEAN, NUMBER, OPAQUE, type RecordType } from '../../../packages/compiler/src/ir/nodes.js';
import { verifyModule } from '../../../packages/compiler/src/ir/verify.js';
import { Build, F64, give, NUMBERS } from './build.js';

const POINT: RecordType = {
  kind: 'record',
  tuple: false,
  fields: [
    { key: 'x', type: NUMBER },
    { key: 'y', type: NUMBER },
  ],
};

/** Runs a hand-built function after checking that it is well formed. */
function run(b: Build, key: string, args: readonly unknown[], options = {}): unknown[] {
  expect(verifyModule(b.module)).toEqual([]);
  return evaluate(b.module, key, args, options);
}

describe('loops', () => {
  /** Sums the induction variable; gives the sum and the last one. */
  function sum(step: number, inclusive: boolean): Build {
    const b = new Build();
    b.func('sum', { lo: NUMBER, hi: NUMBER }, (_, lo, hi) =>
      give(
        ...b.loop({ lo, hi, step, inclusive, inits: [b.constant(0)], extras: ['lastIv'] }, (i, s) =>
          give(b.scalar('add', s, i)),
        ),
      ),
    );
    return b;
  }
  it.each([
    [1, false, 2, 5, [2 + 3 + 4, 4]],
    [1, true, 2, 5, [2 + 3 + 4 + 5, 5]],
    [2, false, 1, 6, [1 + 3 + 5, 5]],
    [2, true, 1, 7, [1 + 3 + 5 + 7, 7]],
    [-1, false, 5, 2, [5 + 4 + 3, 3]],
    [-1, true, 5, 2, [5 + 4 + 3 + 2, 2]],
    [-2, true, 5, 0, [5 + 3 + 1, 1]],
    [1, false, 5, 5, [0, 4]],
    [1, true, 5, 5, [5, 5]],
    [-1, false, 2, 5, [0, 3]],
    [1, false, 0, 2.5, [0 + 1 + 2, 2]],
    [1, false, 0, Number.NaN, [0, -1]],
  ] as const)('step %d, inclusive %s, from %d to %d', (step, inclusive, lo, hi, expected) => {
    expect(run(sum(step, inclusive), 'sum', [lo, hi])).toEqual(expected);
  });

  it('is left by an exit with all results, extras included', () => {
    const b = new Build();
    b.func('first', { xs: F64, limit: NUMBER }, (_, xs, limit) => {
      const n = b.fresh();
      b.push({ kind: 'length', ref: xs, results: [n] });
      const [zero, none] = [b.constant(0), b.constant(-1)];
      const label = b.label();
      const results = b.loop({ lo: zero, hi: n, inits: [zero], extras: [none, 'lastIv'], label }, (i, s) => {
        const x = b.load(xs, i);
        b.exitIf(b.scalar('gt', x, limit), label, s, i, i);
        return give(b.scalar('add', s, x));
      });
      return give(...results);
    });
    expect(run(b, 'first', [Float64Array.of(1, 2, 9, 4), 5])).toEqual([3, 2, 2]);
    expect(run(b, 'first', [Float64Array.of(1, 2, 3), 5])).toEqual([6, -1, 2]);
    expect(run(b, 'first', [new Float64Array(0), 5])).toEqual([0, -1, -1]);
  });

  it('without a bound counts its trips', () => {
    const b = new Build();
    // while (x > 1) x /= 2
    b.func('halve', { x: NUMBER }, (_, x) => {
      const label = b.label();
      const [lo, hi] = [b.constant(0), b.constant(Infinity)];
      const results = b.loop({ lo, hi, inits: [x], extras: ['lastIv'], label }, (i, v) => {
        b.exitIf(b.scalar('le', v, b.constant(1)), label, v, i);
        return give(b.scalar('div', v, b.constant(2)));
      });
      return give(...results);
    });
    expect(run(b, 'halve', [20])).toEqual([0.625, 5]);
    expect(() => run(b, 'halve', [Number.NaN], { maxSteps: 1000 })).toThrow('more than 1000 steps');
  });

  it('hands the carried values on all at once', () => {
    const b = new Build();
    b.func('fibonacci', { n: NUMBER }, (_, n) =>
      give(
        ...b.loop({ lo: b.constant(0), hi: n, inits: [b.constant(0), b.constant(1)] }, (_i, p, q) =>
          give(q, b.scalar('add', p, q)),
        ),
      ),
    );
    expect(run(b, 'fibonacci', [10])).toEqual([55, 89]);
  });
});

describe('exits', () => {
  /** for i: for j: if (a[i][j] is 0) break outer; if negative: continue outer; if NaN: return -1; s += it */
  function nested(): Build {
    const b = new Build();
    b.func('f', { rows: { ...NUMBERS, elem: F64 } }, (func, rows) => {
      const [outer, next, zero] = [b.label(), b.label(), b.constant(0)];
      const length = (ref: typeof rows) => {
        const n = b.fresh();
        b.push({ kind: 'length', ref, results: [n] });
        return n;
      };
      const [s] = b.loop({ lo: zero, hi: length(rows), inits: [zero], label: outer }, (i, s0) => {
        const row = b.fresh(F64);
        b.push({ kind: 'load', ref: rows, at: { index: i }, results: [row] });
        const [s1] = b.block(next, [NUMBER], () => {
          const inner = b.loop({ lo: zero, hi: length(row), inits: [s0] }, (j, t) => {
            const x = b.load(row, j);
            b.exitIf(b.scalar('eq', x, zero), outer, t);
            b.exitIf(b.scalar('lt', x, zero), next, t);
            b.exitIf(b.scalar('ne', x, x), func, b.constant(-1));
            return give(b.scalar('add', t, x));
          });
          return give(...inner);
        });
        return give(s1);
      });
      return give(s);
    });
    return b;
  }
  const rows = (...xs: number[][]) => xs.map((x) => Float64Array.from(x));

  it('break through two loops', () => {
    expect(run(nested(), 'f', [rows([1, 2], [3, 0, 100], [1000])])).toEqual([6]);
  });
  it('continue the outer loop from the inner one', () => {
    expect(run(nested(), 'f', [rows([1, -1, 100], [3], [-1, 100], [4])])).toEqual([8]);
  });
  it('return from the inner loop', () => {
    expect(run(nested(), 'f', [rows([1, 2], [3, Number.NaN, 5])])).toEqual([-1]);
  });
  it('none', () => {
    expect(run(nested(), 'f', [rows([1, 2], [3], [])])).toEqual([6]);
  });

  it('a block gives what its body yields or an exit carries', () => {
    const b = new Build();
    b.func('f', { c: BOOLEAN, d: BOOLEAN }, (_, c, d) => {
      const label = b.label();
      const [v] = b.block(label, [NUMBER], () => {
        b.exitIf(c, label, b.constant(1));
        const [w] = b.if(
          d,
          () => give(b.constant(2)),
          () => b.exit(label, b.constant(3)),
          [NUMBER],
        );
        return give(b.scalar('neg', w));
      });
      return give(v);
    });
    expect(run(b, 'f', [true, true])).toEqual([1]);
    expect(run(b, 'f', [false, true])).toEqual([-2]);
    expect(run(b, 'f', [false, false])).toEqual([3]);
  });

  it('throws the value of a throw', () => {
    const b = new Build();
    b.func('f', { x: NUMBER }, (_, x) => {
      const cond = b.scalar('lt', x, b.constant(0));
      const error = b.fresh(OPAQUE);
      b.if(
        cond,
        () => {
          b.push({
            kind: 'foreign',
            template: ['new RangeError("below " + ', ')'],
            args: [x],
            pure: true,
            results: [error],
          });
          return { kind: 'throw', arg: error };
        },
        () => give(),
      );
      return give(b.scalar('sqrt', x));
    });
    expect(run(b, 'f', [4])).toEqual([2]);
    expect(() => run(b, 'f', [-4])).toThrow(new RangeError('below -4'));
  });
});

describe('memory', () => {
  it('allocates, stores, loads and accumulates', () => {
    const b = new Build();
    b.func('f', { n: NUMBER, i: NUMBER }, (_, n, i) => {
      const [plain, typed, filled] = [b.fresh(NUMBERS), b.fresh(F64), b.fresh(NUMBERS)];
      const one = b.constant(1);
      b.push({ kind: 'alloc', type: NUMBERS, length: n, results: [plain] });
      b.push({ kind: 'alloc', type: F64, length: n, results: [typed] });
      b.push({ kind: 'alloc', type: NUMBERS, length: n, fill: one, results: [filled] });
      for (const ref of [plain, typed, filled])
        for (const value of [one, i]) b.push({ kind: 'accum', ref, at: { index: i }, value, results: [] });
      b.push({ kind: 'store', ref: plain, at: { index: n }, value: one, results: [] });
      return give(plain, typed, filled, b.load(typed, i));
    });
    // biome-ignore lint/suspicious/noSparseArray: `new Array(2)` has holes
    expect(run(b, 'f', [2, 1])).toEqual([[, , 1], Float64Array.of(0, 2), [1, 3], 2]);
    expect(run(b, 'f', [2, 5])[1]).toEqual(Float64Array.of(0, 0));
    expect(run(b, 'f', [2, 5])[2]).toEqual([1, 1]);
  });

  it('makes records, tuples and arrays, and shares them by reference', () => {
    const b = new Build();
    const pair: RecordType = {
      kind: 'record',
      tuple: true,
      fields: [
        { key: '0', type: POINT },
        { key: '1', type: NUMBER },
      ],
    };
    b.func('f', { p: POINT }, (_, p) => {
      const [x, fresh, tuple, array] = [b.fresh(), b.fresh(POINT), b.fresh(pair), b.fresh(F64)];
      b.push({ kind: 'load', ref: p, at: { key: 'x' }, results: [x] });
      b.push({ kind: 'literal', type: POINT, args: [x, b.constant(5)], results: [fresh] });
      b.push({ kind: 'literal', type: pair, args: [p, x], results: [tuple] });
      b.push({ kind: 'literal', type: F64, args: [x, x], results: [array] });
      b.push({ kind: 'store', ref: p, at: { key: 'y' }, value: b.constant(7), results: [] });
      b.push({ kind: 'accum', ref: p, at: { key: 'y' }, value: x, results: [] });
      return give(fresh, tuple, array);
    });
    const p = { x: 1, y: 2 };
    expect(run(b, 'f', [p])).toEqual([{ x: 1, y: 5 }, [{ x: 1, y: 8 }, 1], Float64Array.of(1, 1)]);
    expect(p).toEqual({ x: 1, y: 8 });
  });

  it('keeps records on tapes', () => {
    const b = new Build();
    b.func('f', { n: NUMBER }, (_, n) => {
      const [zero, one] = [b.constant(0), b.constant(1)];
      b.push({ kind: 'save', tape: 1, pair: 'a', args: [n], results: [] });
      b.loop({ lo: zero, hi: n }, (i) => {
        b.push({ kind: 'save', tape: 0, pair: 'a', args: [i, b.scalar('mul', i, i)], results: [] });
        return give();
      });
      const results = b.loop({ lo: zero, hi: n, inits: [zero] }, (_i, s) => {
        const [i, square] = [b.fresh(), b.fresh()];
        b.push({ kind: 'restore', tape: 0, pair: 'a', results: [i, square] });
        // Horner: the last record comes first
        return give(b.scalar('add', b.scalar('mul', s, b.constant(10)), b.scalar('add', square, i)));
      });
      const last = b.fresh();
      b.push({ kind: 'restore', tape: 1, pair: 'a', results: [last] });
      return give(...results, b.scalar('add', last, one));
    });
    expect(run(b, 'f', [3])).toEqual([620, 4]);
  });
  it('reports an empty tape', () => {
    const b = new Build();
    b.func('f', {}, () => {
      const v = b.fresh();
      b.push({ kind: 'restore', tape: 3, pair: 'a', results: [v] });
      return give(v);
    });
    expect(() => run(b, 'f', [])).toThrow('tape T3 is empty');
  });
});

describe('calls and JavaScript', () => {
  it('calls functions of the module, recursively', () => {
    const b = new Build();
    b.func('factorial', { n: NUMBER }, (label, n) => {
      const one = b.constant(1);
      b.exitIf(b.scalar('le', n, one), label, one);
      const inner = b.fresh();
      b.push({ kind: 'call', callee: 'factorial', args: [b.scalar('sub', n, one)], results: [inner] });
      return give(b.scalar('mul', n, inner));
    });
    expect(run(b, 'factorial', [6])).toEqual([720]);
    expect(() => evaluate(b.module, 'other', [])).toThrow("no function 'other'");
  });
  it('reads outer values and calls helpers of the runtime', () => {
    const b = new Build();
    b.func('f', { x: NUMBER }, (_, x) => {
      const [k, u, v] = [b.fresh(), b.fresh(), b.fresh()];
      b.push({ kind: 'outer', text: 'scale.k', results: [k] });
      b.push({
        kind: 'runtime',
        name: 'pair',
        args: [x, k],
        literals: ["'a'"],
        effect: 'pure',
        results: [u, v],
      });
      b.push({ kind: 'runtime', name: 'log', args: [u], literals: [], effect: 'effect', results: [] });
      b.push({ kind: 'foreign', template: ['void ', ''], args: [u], pure: false, results: [] });
      return give(u, v);
    });
    const seen: unknown[] = [];
    const options = {
      outer: (text: string) => ({ 'scale.k': 3 })[text],
      runtime: {
        pair: (x: number, k: number, s: string) => [x * k, s],
        log: (x: unknown) => seen.push(x),
      },
    };
    expect(run(b, 'f', [2], options)).toEqual([6, 'a']);
    expect(seen).toEqual([6]);
    expect(() => run(b, 'f', [2], { outer: () => 1 })).toThrow("no runtime helper 'pair'");
  });
  it('reports a value read before it is defined', () => {
    const b = new Build();
    b.func('f', {}, () => give(b.fresh()));
    expect(() => evaluate(b.module, 'f', [])).toThrow('%0 has no value');
  });
});
