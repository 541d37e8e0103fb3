/** The size of emitted code is linear in the size of the program (DESIGN.md 4): never by time, which the benchmark shows. */
import { describe, expect, test } from 'vitest';
import { compileText } from '../../../bench/src/compile/compile.js';
import { exponent, increments } from '../../../bench/src/compile/growth.js';
import { SHAPES, type Shape } from '../../../bench/src/compile/shapes.js';

/** Names get longer as there are more of them. */
const LONGER_NAMES = 1.15;
/** What later levels may add, compared with earlier ones: the tape's indices and numbered names grow, and lines wrap. */
const ABOUT_THE_SAME = 1.5;

const shapes = (unit: Shape['unit']) => SHAPES.filter((shape) => shape.unit === unit);

/** Bytes that are not indentation: a nest is indented by its depth. */
function emitted(shape: Shape, size: number): number {
  const { diagnostics, emitted } = compileText(shape.program(size));
  expect(diagnostics).toEqual([]);
  return emitted;
}

describe('emitted code', () => {
  test.each(shapes('statement'))('$name: a statement of 1000 takes what one of 100 does', (shape) => {
    expect(emitted(shape, 1000) / 1000).toBeLessThan((emitted(shape, 100) / 100) * LONGER_NAMES);
  });

  test.each(shapes('level'))('$name: each further level adds about the same', (shape) => {
    const sizes = [2, 4, 6, 8].map((size) => ({ size, value: emitted(shape, size) }));
    const [first, , last] = increments(sizes);
    expect(last).toBeLessThan(first * ABOUT_THE_SAME);
  });

  test.each(shapes('call'))('$name: each further call adds about the same', (shape) => {
    const sizes = [10, 20, 30].map((size) => ({ size, value: emitted(shape, size) }));
    const [first, second] = increments(sizes);
    expect(second).toBeLessThan(first * ABOUT_THE_SAME);
  });
});

test('the exponent of a power, and the increments of a line', () => {
  const at = (value: (n: number) => number) => [10, 100, 1000].map((size) => ({ size, value: value(size) }));
  expect(exponent(at((n) => 7 * n ** 1.5))).toBeCloseTo(1.5, 12);
  expect(increments(at((n) => 3 * n + 5))).toEqual([3, 3]);
});
