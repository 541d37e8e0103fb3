// Which functions a matrix is made by, and how its columns are divided among runs.
import { describe, expect, test } from 'vitest';
import { along, inLanes, runsFor } from '../../../packages/runtime/dist/internal-lanes.js';
import { compileSources } from '../../support/compile.js';

const code = (marker: string, f: string): string =>
  compileSources({ 'p.ts': `import { ${marker} } from 'adjoint';\nexport const m = ${marker}(${f});\n` })
    .outputs['p.ts'];

describe('generated functions', () => {
  test('of a list: one for three tangents, and one for a tangent that is left over', () => {
    const text = code('hessian', '(v: number[]) => v[0] ** 3 * v[1]');
    expect(text).toContain('inLanes(m_hessian_lanes, 3, m_hessian))');
    expect(text).toContain('const vDot2 = tangents[2][0];');
  });
  test('of as many numbers as go into one run: no other', () => {
    const text = code('jacfwd', '(p: { a: number; b: { x: number; y: number } }) => p.a * p.b.x * p.b.y');
    expect(text).toContain('inLanes(m_jacfwd_lanes, 3))');
    expect(text.match(/function m_/g)).toHaveLength(1);
  });
  test('of four or five numbers: runs of about equal size', () => {
    expect(
      code('hessian', '(p: { a: number; b: number; c: number; d: number }) => p.a ** 2 * p.d'),
    ).toContain('inLanes(m_hessian_lanes, 2))');
    const five = '(a: number, b: number, c: number, d: number, e: number) => [a * b, c * d * e]';
    const text = code('jacfwd', `${five}, { argnums: [0, 1, 2, 3, 4] }`);
    expect(text).toContain('inLanes(m_jacfwd_lanes, 3, m_jacfwd))');
  });
  test('of one number, and where a run carries one tangent anyway: no lanes', () => {
    expect(code('hessian', '(x: number) => x ** 3')).not.toContain('anes');
    expect(code('jvp', '(v: number[]) => v[0] ** 3')).not.toContain('anes');
    expect(code('hvp', '(v: number[]) => v[0] ** 3')).not.toContain('anes');
  });
  test('too long for an engine to compile: no lanes', async () => {
    const lines = Array.from(
      { length: 400 },
      (_, k) => `s += Math.sin(s * v[${k % 3}]) * v[${(k + 1) % 3}];`,
    );
    const f = `(v: number[]) => {\nlet s = v[0];\n${lines.join('\n')}\nreturn s;\n}`;
    const compiled = compileSources({
      'p.ts': `import { hessian, hvp } from 'adjoint';\nconst f = ${f};\nexport const h = hessian(f);\nexport const p = hvp(f);\n`,
    });
    expect(compiled.outputs['p.ts']).not.toContain('anes');
    const { h, p } = (await compiled.load('p.ts')) as Record<string, (...args: number[][]) => number[][]>;
    const x = [0.1, 0.2, 0.3];
    expect(h(x).map((row) => row[1])).toEqual(p(x, [0, 1, 0]));
  });
});

describe('runs', () => {
  const forwardWith = (count: number | undefined) => {
    const calls: number[] = [];
    const jvp = (_: unknown, [t]: readonly unknown[]) => {
      calls.push(1);
      return [0, t] as const;
    };
    const jvps = (_: unknown, all: readonly (readonly unknown[])[]) => {
      calls.push(all.length);
      return [0, all.map(([t]) => t)] as const;
    };
    return { calls, forward: { jvp, vector: count === undefined ? undefined : { jvps, count } } };
  };
  test('columns that are left over go one by one', () => {
    const { forward } = forwardWith(3);
    expect([0, 1, 2, 3, 4, 5, 6].map((n) => runsFor(forward, n))).toEqual([0, 1, 2, 1, 2, 3, 2]);
    expect(runsFor(forwardWith(undefined).forward, 3)).toBe(3);
  });
  test('derivatives come in order', () => {
    for (const n of [0, 1, 3, 6, 7]) {
      const { calls, forward } = forwardWith(4);
      let asked = 0;
      const primals = () => {
        asked++;
        return [];
      };
      expect(along(forward, { count: n, tangents: (k) => [k], primals })).toEqual(
        Array.from({ length: n }, (_, k) => k),
      );
      expect(asked).toBe(calls.length);
      expect(asked).toBe(runsFor(forward, n));
    }
  });
  test('the function is the one that was given', () => {
    const f = () => 0;
    expect(inLanes(f, 4)).toBe(f);
  });
});
