// The matcher of `adjoint/testing`, on gradients of the compiler.
import { grad } from 'adjoint';
import { type GradientMatchers, matchers } from 'adjoint/testing';
import { expect, test } from 'vitest';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: has to be as it is declared there
  interface Matchers<T = any> extends GradientMatchers<T> {}
}

expect.extend(matchers);

const loss = (w: number[], scale: number): number => scale * w.reduce((sum, x) => sum + Math.sin(x) * x, 0);

test('a gradient that is right', () => {
  expect(loss).toHaveGradient(grad(loss), [[0.3, -2], 1.5]);
  expect(loss).toHaveGradient(grad(loss, { argnums: [0, 1] }), [[0.3, -2], 1.5], { argnums: [0, 1] });
  expect(loss).not.toHaveGradient((w) => w.map(() => 1), [[0.3, -2], 1.5]);
});
test('says what is wrong, in the words of checkGrad', () => {
  const wrong = () => expect(loss).toHaveGradient((w, s) => w.map((x) => s * Math.cos(x)), [[0.3, -2], 1.5]);
  expect(wrong).toThrow(/^disagrees at args\[0\]\[1\] by 0\.509: the gradient is -0\.6242/);
  const ramp = (x: number): number => (x > 0 ? 2 * x : 0);
  expect(() => expect(ramp).toHaveGradient(grad(ramp), [0])).toThrow(/^looks like a kink at args\[0\]/);
});
test('is asked of functions only', () => {
  // @ts-expect-error a number has no gradient
  expect(() => expect(3).toHaveGradient(grad(loss), [[1], 2])).toThrow(TypeError);
  // @ts-expect-error the arguments are those of the function
  expect(() => expect(loss).toHaveGradient(grad(loss), ['x', 2])).toThrow();
});
