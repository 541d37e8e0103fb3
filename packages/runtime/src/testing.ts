/**
 * A matcher for tests, of vitest or of what has the same `expect.extend`. It is told of the matcher and of its type:
 *
 *     import { type GradientMatchers, matchers } from 'adjoint/testing';
 *     declare module 'vitest' {
 *       interface Matchers<T> extends GradientMatchers<T> {}
 *     }
 *     expect.extend(matchers);
 *     expect(loss).toHaveGradient(grad(loss), [w, xs]);
 */
import type { ArgNums, ScalarFn } from './arguments.js';
import { type CheckOptions, checkGrad } from './check-grad.js';
import type { GradFn } from './markers.js';

/** What a matcher gives: whether it holds, and what is said if that is not what was wanted. */
interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** `expect(f).toHaveGradient(g, args, opts?)`: what `checkGrad(f, g, args, opts)` says is `ok`. */
function toHaveGradient(
  f: unknown,
  g: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
  opts?: object,
): Outcome {
  if (typeof f !== 'function') throw new TypeError('toHaveGradient needs expect(f) with a function f');
  const check = checkGrad as (...given: readonly unknown[]) => ReturnType<typeof checkGrad>;
  const { ok, message } = check(f, g, args, opts);
  return { pass: ok, message: () => message };
}

export const matchers = { toHaveGradient };

/** For `expect(f)` with an `f` of type `F`. */
export interface GradientMatchers<F> {
  /** Compares the gradient function `g` with differences of the function, at these arguments (`checkGrad`). */
  toHaveGradient: F extends ScalarFn
    ? <const A extends ArgNums<F> = 0, G extends GradFn<F, A> = GradFn<F, A>>(
        g: G,
        args: Readonly<Parameters<F>>,
        opts?: CheckOptions<F, A>,
      ) => void
    : never;
}
