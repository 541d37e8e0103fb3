// What generated code says when it finds itself inconsistent: always AD6002, and always that it is a bug.
import { describe, expect, test } from 'vitest';
import {
  checked,
  checkSame,
  checkTape,
  checkTrace,
  trace,
  traceBegin,
  traceEnd,
} from '../../../packages/runtime/dist/internal.js';

const bug = (what: string) => new RegExp(`^Error: AD6002: .*${what}.*; please report this function$`);
function thrown(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  return 'nothing';
}

describe('the tape', () => {
  test('consumed', () => expect(thrown(() => checkTape(0, 0))).toBe('nothing'));
  test('numbers are left', () => expect(thrown(() => checkTape(2))).toMatch(bug('left 2 numbers')));
  test('references are left', () =>
    expect(thrown(() => checkTape(0, 1))).toMatch(bug('0 numbers and 1 references')));
});

describe('check mode', () => {
  test('a recomputed value has other bits', () => {
    expect(thrown(() => checkSame(Number.NaN, Number.NaN))).toBe('nothing');
    expect(thrown(() => checkSame(0, -0))).toMatch(bug('recomputed value is 0, but was 0'));
  });

  test('the blocks are not left backwards', () => {
    const before = traceBegin();
    trace(1);
    trace(2);
    expect(thrown(() => checkTrace(1))).toMatch(bug('in block 1, but the forward sweep left block 2'));
    expect(thrown(() => traceEnd(before))).toMatch(bug('missed 1 blocks'));
    expect(thrown(() => checkTrace(3))).toMatch(bug('left block none'));
  });

  const symbol = Symbol.for('adjoint.checked');
  type Bound = (f: unknown) => (...args: unknown[]) => unknown;
  const bind = (kind: string, generated: (...args: never[]) => unknown) =>
    (checked(kind, generated) as unknown as { [symbol]: Bound })[symbol];

  test('the value is not that of the plain function', () => {
    const g = bind('valueAndGrad', (x: number) => [x, 1])((x: number) => x + 1);
    expect(thrown(() => g(1))).toMatch(bug('the value is 1, plain 2'));
  });

  test('an argument is not left as the plain function leaves it', () => {
    const g = bind('grad', () => [1])((a: number[]) => (a[0] = 5));
    expect(thrown(() => g([1]))).toMatch(bug('argument 0 after the call.0 is 1, plain 5'));
  });

  test('only the plain function throws', () => {
    const g = bind(
      'grad',
      () => 1,
    )(() => {
      throw new RangeError('no');
    });
    expect(thrown(() => g())).toMatch(bug('throws RangeError: no, but its derivative does not'));
  });
});
