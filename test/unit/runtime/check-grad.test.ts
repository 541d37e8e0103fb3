// checkGrad: what agrees, what does not, and what cannot be told. Gradients are written by hand.
import { describe, expect, test } from 'vitest';
import { checkGrad } from '../../../packages/runtime/dist/index.js';

describe('agrees', () => {
  test('on a smooth function of a number, to many digits', () => {
    const report = checkGrad(
      (x: number) => Math.exp(Math.sin(3 * x)),
      (x) => 3 * Math.cos(3 * x) * Math.exp(Math.sin(3 * x)),
      [0.7],
    );
    expect(report.ok).toBe(true);
    expect(report.entries).toHaveLength(1);
    expect(report.worst).toMatchObject({ path: 'args[0]', verdict: 'agrees' });
    expect(report.worst!.difference).toBeLessThan(1e-9);
    expect(report.worst!.error).toBeLessThan(1e-8);
    expect(report.message).toMatch(/^agrees: 1 leaf, largest difference \S+ at args\[0\]$/);
  });

  test.each([1e-12, 1e-5, 0.3, 1, 250, 1e8])('on log at %d, whatever its scale', (x) => {
    expect(checkGrad(Math.log, (at) => 1 / at, [x]).message).toMatch(/^agrees/);
  });

  test.each<[string, (x: number) => number, (x: number) => number]>([
    ['x ** 3', (x: number) => x ** 3, (x: number) => 3 * x ** 2],
    ['tanh', Math.tanh, (x: number) => 1 - Math.tanh(x) ** 2],
    ['abs', Math.abs, Math.sign],
    ['sin 200 x', (x: number) => Math.sin(200 * x), (x: number) => 200 * Math.cos(200 * x)],
    ['constant', () => 5, () => 0],
    ['linear, large', (x: number) => 1e9 * x + 3e9, () => 1e9],
  ])('on %s at several points', (_name, f, g) => {
    for (const x of [-3.1, -0.02, 1e-3, 0.4, 17]) expect(checkGrad(f, g, [x]).message).toMatch(/^agrees/);
  });

  test('on every kind of container', () => {
    type Params = {
      w: number[][];
      b: Float64Array;
      s: Float32Array;
      pair: [number, string, number];
      named: Map<string, number>;
      name: string;
    };
    const f = (p: Params, scale: number) => {
      let sum = 0;
      for (const row of p.w) for (const x of row) sum += x * x;
      for (const x of p.b) sum += Math.sin(x);
      for (const x of p.s) sum += x ** 3;
      sum += p.pair[0] * p.pair[2];
      for (const x of p.named.values()) sum += 1 / x;
      return scale * sum;
    };
    const p: Params = {
      w: [[1, 2], [], [-3]],
      b: Float64Array.of(0.5, 2),
      s: Float32Array.of(0.1, -1.7),
      pair: [2, 'x', -4],
      named: new Map([['a', 0.25]]),
      name: 'n',
    };
    const g = (q: Params, scale: number) => ({
      w: q.w.map((row) => row.map((x) => 2 * x * scale)),
      b: q.b.map((x) => Math.cos(x) * scale),
      s: q.s.map((x) => 3 * x * x * scale),
      pair: [q.pair[2] * scale, undefined, q.pair[0] * scale] as [number, undefined, number],
      named: new Map([...q.named].map(([key, x]) => [key, -scale / (x * x)])),
    });
    const report = checkGrad(f, g, [p, 1.5]);
    expect(report.message).toMatch(/^agrees: 10 leaves/);
    expect(report.entries.map((entry) => entry.path)).toContain('args[0].named.get("a")');
    const both = checkGrad(f, (q, scale) => [g(q, scale), f(q, scale) / scale], [p, 1.5], {
      argnums: [0, 1],
    });
    expect(both.message).toMatch(/^agrees: 11 leaves/);
  });

  test('on functions that change their arguments; those of the caller stay', () => {
    const f = (xs: number[], ys: Float64Array) => {
      xs.push(xs[0]! * ys[0]!);
      ys[0] = 0;
      return xs.pop()! ** 2;
    };
    const g = (xs: number[], ys: Float64Array) => {
      const product = xs[0]! * ys[0]!;
      const slope = 2 * product * ys[0]!;
      ys.fill(0);
      xs.length = 0;
      return [slope];
    };
    const xs = [3];
    const ys = Float64Array.of(2);
    expect(checkGrad(f, g, [xs, ys]).message).toMatch(/^agrees/);
    expect(xs).toEqual([3]);
    expect([...ys]).toEqual([2]);
  });

  test('on a function that computes in single precision', () => {
    const f = (xs: Float32Array) => {
      const squares = xs.map((x) => x * x);
      return squares.reduce((sum, x) => Math.fround(sum + x), 0);
    };
    const xs = Float32Array.of(0.3, -2, 1e-3);
    expect(checkGrad(f, (at) => at.map((x) => 2 * x), [xs]).message).toMatch(/^agrees/);
    expect(checkGrad(f, (at) => at.map((x) => 2.002 * x), [xs]).message).toMatch(/^disagrees/);
  });

  test('each path to a shared row on its own, as gradients count', () => {
    const row = [1, 2];
    const f = (rows: number[][]) => rows[0]![0]! * rows[1]![0]! + rows[0]![1]!;
    const g = (rows: number[][]) => [
      [rows[1]![0]!, 1],
      [rows[0]![0]!, 0],
    ];
    expect(checkGrad(f, g, [[row, row]]).message).toMatch(/^agrees: 4 leaves/);
  });

  test('with an absent optional argument, and with an empty one', () => {
    const f = (x: number, k?: number) => x * (k ?? 2);
    expect(checkGrad(f, (_x, k) => [k ?? 2, undefined], [3], { argnums: [0, 1] }).message).toMatch(
      /^agrees: 1 leaf/,
    );
    const empty = checkGrad(
      (xs: number[]) => xs.length,
      () => [],
      [[]],
    );
    expect(empty).toMatchObject({ ok: true, worst: undefined, entries: [] });
    expect(empty.message).toMatch(/^nothing to compare/);
  });

  test('at an element of a rest parameter', () => {
    const f = (scale: number, ...xs: number[]) => scale * xs[0]! + xs[1]! ** 2;
    expect(checkGrad(f, (_s, ...xs) => 2 * xs[1]!, [2, 3, 4], { argnums: 2 }).worst).toMatchObject({
      path: 'args[2]',
      verdict: 'agrees',
    });
  });

  test('where fields of an instance are hidden from its type', () => {
    class Counter {
      private hidden = 3;
      constructor(public x: number) {}
      value(): number {
        return this.x * this.x * this.hidden;
      }
    }
    const report = checkGrad(
      (c: Counter) => c.value(),
      (c) => ({ x: 6 * c.x }),
      [new Counter(2)],
    );
    expect(report.message).toMatch(/^agrees: 1 leaf/);
  });
});

describe('disagrees', () => {
  test('and names the leaf, both numbers and the distance', () => {
    const report = checkGrad(
      (p: { w: number[] }) => p.w.reduce((sum, x) => sum + x * x, 0),
      (p) => ({ w: p.w.map((x, i) => (i === 1 ? 3 * x : 2 * x)) }),
      [{ w: [1, 2, 3] }],
    );
    expect(report.ok).toBe(false);
    expect(report.entries.map((entry) => entry.verdict)).toEqual(['agrees', 'disagrees', 'agrees']);
    expect(report.worst).toMatchObject({ path: 'args[0].w[1]', gradient: 6 });
    expect(report.worst!.estimate).toBeCloseTo(4, 8);
    expect(report.worst!.difference).toBeCloseTo(2, 8);
    expect(report.message).toMatch(/^disagrees at args\[0\]\.w\[1\] by 2: the gradient is 6, /);
    expect(report.message).toContain('(1 of 3 leaves like this, 2 agree)');
  });

  test.each([1e-5, 1e-3, 1])('with an error of %d in the slope', (error) => {
    expect(checkGrad(Math.sin, (x) => Math.cos(x) + error, [0.5]).worst!.verdict).toBe('disagrees');
  });

  test('with a sign, a missing term, a gradient of zero', () => {
    for (const g of [(x: number) => -2 * x, (x: number) => x, () => 0]) {
      expect(checkGrad((x: number) => x * x, g, [1.5]).worst!.verdict).toBe('disagrees');
    }
  });

  test('at the worst of several leaves', () => {
    const f = (x: number, y: number) => x + y;
    const report = checkGrad(f, (_x, _y) => [1.5, 4], [1, 1], { argnums: [0, 1] });
    expect(report.worst!.path).toBe('args[1]');
    expect(report.message).toContain('(2 of 2 leaves like this, 0 agree)');
  });

  test('in shape: leaves missing or too many', () => {
    const f = (xs: number[]) => xs[0]! + xs[1]!;
    const short = checkGrad(f, () => [1], [[1, 2]]);
    expect(short.worst).toMatchObject({ path: 'args[0][1]', verdict: 'missing' });
    expect(short.message).toMatch(/^the gradient has no number at args\[0\]\[1\]/);
    const long = checkGrad(f, () => [1, 1, 0], [[1, 2]]);
    expect(long.worst).toMatchObject({ path: 'args[0][2]', verdict: 'extra' });
    expect(long.ok).toBe(false);
    const none = checkGrad(f, () => undefined as never, [[1, 2]]);
    expect(none.entries.map((entry) => entry.verdict)).toEqual(['missing', 'missing']);
  });

  test('within a tolerance that the caller widens', () => {
    const wrong = (x: number) => Math.cos(x) * (1 + 1e-4);
    expect(checkGrad(Math.sin, wrong, [0.5]).ok).toBe(false);
    expect(checkGrad(Math.sin, wrong, [0.5], { relativeTolerance: 1e-3 }).ok).toBe(true);
  });
});

describe('cannot tell', () => {
  test('at a kink: the one-sided slopes differ', () => {
    const report = checkGrad(
      (x: number) => Math.max(0, x - 1),
      () => 0,
      [1],
    );
    expect(report.ok).toBe(false);
    expect(report.worst!.verdict).toBe('kink');
    expect(report.worst!.kink!.left).toBeCloseTo(0, 6);
    expect(report.worst!.kink!.right).toBeCloseTo(1, 6);
    expect(report.message).toMatch(
      /^looks like a kink at args\[0\]: the slope is 0 to the left and 1 to the/,
    );
  });

  test('close to a kink it can', () => {
    for (const x of [1e-4, -1e-4, 0.05]) {
      expect(
        checkGrad(
          (at: number) => Math.max(0, at),
          (at) => (at > 0 ? 1 : 0),
          [x],
        ).message,
      ).toMatch(/^agrees/);
    }
  });

  test('at a jump: the differences do not settle', () => {
    const report = checkGrad(
      (x: number) => (x >= 1 ? x + 1 : x),
      () => 1,
      [1],
    );
    expect(report.worst!.verdict).toBe('unsettled');
    expect(report.message).toMatch(/^cannot tell at args\[0\]: differences do not settle/);
  });

  test('where the gradient, the function or one side of it is not finite', () => {
    const atZero = checkGrad(Math.sqrt, (x) => 0.5 / Math.sqrt(x), [0]);
    expect(atZero.worst!.verdict).toBe('not finite');
    expect(atZero.message).toMatch(/^not finite: the gradient at args\[0\] is Infinity/);
    expect(checkGrad(Math.sqrt, () => 0, [-1]).message).toMatch(/^not finite: the function/);
    expect(
      checkGrad(
        (x: number) => x ** 1.5,
        () => 0,
        [0],
      ).worst!.verdict,
    ).toBe('not finite');
    expect(
      checkGrad(
        (x: number) => x,
        () => 1,
        [Number.NaN],
      ).worst!.verdict,
    ).toBe('not finite');
    expect(
      checkGrad(
        (x: number) => x,
        () => Number.NaN,
        [1],
      ).worst!.verdict,
    ).toBe('not finite');
  });

  test('where a second call gives something else', () => {
    let calls = 0;
    const f = (x: number) => x * x + 0.1 * calls++;
    const report = checkGrad(f, (x) => 2 * x, [2]);
    expect(report.worst!.verdict).toBe('not deterministic');
    expect(report.message).toMatch(
      /^the function is not deterministic: with the same arguments it is 4 and then 4\.1 /,
    );
    const g = (xs: readonly number[]) => [2 * xs[0]!, calls++];
    const ofGradient = checkGrad((xs: number[]) => xs[0]! ** 2, g, [[3, 1]]);
    expect(ofGradient.entries.map((entry) => entry.verdict)).toEqual(['agrees', 'not deterministic']);
    expect(ofGradient.message).toMatch(
      /^the gradient is not deterministic: with the same arguments it is \d+ and then \d+ at args\[0\]\[1\] /,
    );
  });

  test('errors beside the point end the domain, errors at the point are passed on', () => {
    const guarded = (x: number) => {
      if (x <= 0) throw new RangeError('domain');
      return Math.log(x);
    };
    expect(checkGrad(guarded, (x) => 1 / x, [0.02]).message).toMatch(/^agrees/);
    expect(() => checkGrad(guarded, (x) => 1 / x, [-1])).toThrow(RangeError);
  });
});

describe('with a jvp', () => {
  const f = (xs: number[], k: number, _name: string) => k * xs[0]! * xs[1]!;
  const g = (xs: number[], k: number): [number[], number] => [[k * xs[1]!, k * xs[0]!], xs[0]! * xs[1]!];
  type Tangents = readonly [readonly number[], number, unknown?];
  const forward = (
    [xs, k]: readonly [number[], number, string],
    [xsDot, kDot]: Tangents,
  ): [number, number] => {
    const [[a, b], c] = g(xs, k) as [[number, number], number];
    return [k * xs[0]! * xs[1]!, a * xsDot[0]! + b * xsDot[1]! + c * kDot];
  };

  test('the dot-product test agrees', () => {
    const report = checkGrad(f, g, [[1, 2], 3, 'n'], { argnums: [0, 1], jvp: forward });
    expect(report.ok).toBe(true);
    expect(report.dotProduct!.ok).toBe(true);
    expect(report.dotProduct!.forward).toBeCloseTo(report.dotProduct!.reverse, 12);
    expect(report.message).toContain('; along a random direction the jvp agrees');
  });

  test('arguments that are not differentiated get a tangent of zero', () => {
    const report = checkGrad(f, (xs, k) => g(xs, k)[1], [[1, 2], 3, 'n'], { argnums: 1, jvp: forward });
    expect(report.ok).toBe(true);
    expect(report.dotProduct!.forward).not.toBe(0);
  });

  test('a wrong jvp is found and reported, the seed changes the direction', () => {
    const wrong: typeof forward = (primals, tangents) => {
      const [value, tangent] = forward(primals, tangents);
      return [value, tangent * 1.001];
    };
    const report = checkGrad(f, g, [[1, 2], 3, 'n'], { argnums: [0, 1], jvp: wrong });
    expect(report.ok).toBe(false);
    expect(report.entries.every((entry) => entry.verdict === 'agrees')).toBe(true);
    expect(report.message).toContain('; along a random direction the jvp disagrees');
    const other = checkGrad(f, g, [[1, 2], 3, 'n'], { argnums: [0, 1], jvp: forward, seed: 2 });
    expect(other.dotProduct!.forward).not.toBe(report.dotProduct!.forward);
    const again = checkGrad(f, g, [[1, 2], 3, 'n'], { argnums: [0, 1], jvp: forward, seed: 2 });
    expect(again).toEqual(other);
  });

  test('a jvp that gives NaN is not ok', () => {
    const report = checkGrad(f, g, [[1, 2], 3, 'n'], {
      argnums: [0, 1],
      jvp: () => [0, Number.NaN],
    });
    expect(report.ok).toBe(false);
  });
});
