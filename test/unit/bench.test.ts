import { describe, expect, it } from 'vitest';
import { relativeError, riddersGradient } from '../../bench/src/differences.js';
import { gradientBy } from '../../bench/src/problem.js';
import { problems } from '../../bench/src/problems/index.js';

/** The benchmark compares with these gradients, so they must be right themselves. */
for (const problem of problems) {
  describe(`bench: ${problem.name}`, () => {
    for (const size of problem.tests) {
      const instance = problem.instance(size);
      const reference = riddersGradient(instance.valueAt, instance.point.slice());

      it(`hand-written adjoint agrees with differences, size ${size}`, () => {
        expect(relativeError(gradientBy(instance, 'hand'), reference)).toBeLessThan(1e-9);
      });
      it(`tape agrees with the hand-written adjoint, size ${size}`, () => {
        expect(relativeError(gradientBy(instance, 'tape'), gradientBy(instance, 'hand'))).toBeLessThan(1e-12);
      });
      it(`generated adjoint agrees with the hand-written one, size ${size}`, () => {
        expect(relativeError(gradientBy(instance, 'generated'), gradientBy(instance, 'hand'))).toBeLessThan(
          1e-12,
        );
      });
    }
  });
}
