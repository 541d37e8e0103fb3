/** Function declarations inside of clauses of a `switch`. No fixture: esbuild, which the plain functions of fixtures run through, breaks them. */
import { describe, expect, test } from 'vitest';
import { compileSources } from '../../support/compile.js';

const SOURCE = `
import { valueAndGrad } from 'adjoint';

function falling(x: number, kind: number): number {
  let s = 0;
  switch (kind) {
    case 0:
      s += square(x);
    case 1:
      function square(y: number): number {
        return y * y;
      }
      s += square(x) * x;
      break;
    default:
      s = twice(x) ** 2;
    case 3:
      function twice(y: number): number {
        return square(y) + y;
      }
  }
  return s;
}
function chosen(x: number, kind: string): number {
  switch (kind) {
    case 'cube': {
      return cube(x) * scaled(1);
    }
    case 'line':
      return scaled(x);
    default:
      const by = 3;
      function scaled(y: number): number {
        return 2 * y;
      }
      function cube(y: number): number {
        return y ** 3;
      }
      return cube(x) + by * x;
  }
}
function inLoop(v: number[]): number {
  let s = 0;
  for (let i = 0; i < v.length; i++) {
    switch (i % 3) {
      case 0:
        s += weighted(v[i]);
      case 1:
        function weighted(y: number): number {
          return y * (i + 1);
        }
        s += weighted(v[i]);
        continue;
      default:
        if (weighted(v[i]) > 3) break;
        s -= weighted(v[i]);
    }
    s *= 2;
  }
  return s;
}
export const fallingOf = valueAndGrad(falling);
export const chosenOf = valueAndGrad(chosen);
export const inLoopOf = valueAndGrad(inLoop);
`;

describe('functions declared in clauses are there in all of them', async () => {
  const compiled = compileSources({ 'input.ts': SOURCE });
  const made = (await compiled.load('input.ts')) as Record<string, (...args: unknown[]) => unknown>;
  test.each([
    ['fallingOf', [2, 0], [12, 16]],
    ['fallingOf', [2, 1], [8, 12]],
    ['fallingOf', [2, 2], [36, 60]],
    ['fallingOf', [2, 3], [0, 0]],
    ['chosenOf', [2, 'cube'], [16, 24]],
    ['chosenOf', [2, 'line'], [4, 2]],
    ['chosenOf', [2, ''], [14, 15]],
    ['inLoopOf', [[1, 2, 1.5]], [12, [4, 4, 0]]],
    ['inLoopOf', [[1, 2, 0.5, 3]], [33, [4, 4, -6, 8]]],
  ])('%s of %j', (name, args, expected) => {
    expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    expect(made[name](...args)).toEqual(expected);
  });
});
