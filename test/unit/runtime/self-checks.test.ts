// What generated code says when it finds itself inconsistent: always AD6002, and always that it is a bug.
import { describe, expect, test } from 'vitest';
import {
  beginChecks,
  beginReverse,
  checked,
  checkSame,
  checkTape,
  checkTrace,
  trace,
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
    const place = 'a.ts:3:5';
    expect(thrown(() => checkSame(Number.NaN, Number.NaN, '`x`', place))).toBe('nothing');
    const said = bug('`x` at a.ts:3:5 is 2 when it is computed again, but was 3');
    expect(thrown(() => checkSame(2, 3, '`x`', place))).toMatch(said);
    expect(thrown(() => checkSame(0, -0, '`x`', place))).toMatch(bug('`x` at a.ts:3:5 is 0'));
  });

  test('the blocks are not left backwards', () => {
    const c = beginChecks();
    trace(c, 'the loop', 'a.ts:3:5');
    trace(c, 'the branch', 'a.ts:4:7');
    beginReverse(c);
    expect(thrown(() => traceEnd(c))).toMatch(
      bug('missed 2 blocks, the last of them the branch at a.ts:4:7'),
    );
    const said = bug('is in the loop at a.ts:3:5, but the forward sweep was in the branch at a.ts:4:7');
    expect(thrown(() => checkTrace(c, 'the loop', 'a.ts:3:5'))).toMatch(said);
    expect(thrown(() => checkTrace(c, 'the loop', 'a.ts:3:5'))).toBe('nothing');
    expect(thrown(() => traceEnd(c))).toBe('nothing');
    expect(thrown(() => checkTrace(c, 'the loop', ''))).toMatch(bug('the forward sweep had nothing before'));
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
    expect(thrown(() => g())).toMatch(bug('plain it throws RangeError: no, the derivative does not'));
  });
});
