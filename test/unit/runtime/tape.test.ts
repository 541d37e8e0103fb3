// The tape between evaluations: what it forgets, and what it keeps.
import { describe, expect, test } from 'vitest';
import {
  acquireTape,
  growTape,
  releaseTape,
  type Tape,
  tooManyReferences,
} from '../../../packages/runtime/dist/internal.js';

/** One evaluation that pushes and pops so many references. */
function evaluate(count: number): Tape {
  const tape = acquireTape();
  for (let k = 0; k < count; k++) tape.refs[k] = { k };
  releaseTape(tape, 0, 0);
  return tape;
}

describe('references', () => {
  test('none outlives the evaluation', () => {
    for (const count of [3, 1, 100, 70, 0]) {
      expect(evaluate(count).refs.every((x) => x === undefined)).toBe(true);
    }
  });
  test('their slots are kept', () => {
    const tape = evaluate(1000);
    expect(tape.refs.length).toBe(1000);
    expect(evaluate(600)).toBe(tape);
    expect(tape.refs.length).toBe(1000);
  });
  test('slots that are not needed any more go', () => {
    const tape = evaluate(1000);
    evaluate(300);
    expect(tape.refs.length).toBe(300);
    evaluate(2);
    expect(tape.refs.length).toBe(64);
  });
  test('very many are not kept', () => {
    expect(evaluate(2 ** 20 + 1).refs.length).toBe(0);
  });
  test('an undefined one between others is no end', () => {
    const tape = acquireTape();
    tape.refs.push({}, undefined, {});
    releaseTape(tape, 0, 0);
    expect(tape.refs).toEqual([undefined, undefined, undefined]);
  });
});

test('an evaluation that throws loses its tape', () => {
  const lost = acquireTape();
  const other = acquireTape();
  expect(other).not.toBe(lost);
  releaseTape(other, 0);
  expect(acquireTape()).toBe(other);
});

describe('a tape that cannot grow', () => {
  test('says how much was asked for, and points to checkpointing', () => {
    expect(() => growTape(acquireTape(), 1e15)).toThrow(RangeError);
    expect(() => growTape(acquireTape(), 1e15)).toThrow(
      /^adjoint: .* needs 1000000000000000 numbers \(8000000000000000 bytes\) .*checkpoint\(f\).*checkpointed\(n\)/,
    );
  });
  test('more references than an engine can bear', () => {
    expect(() => tooManyReferences(5e7 + 1)).toThrow(
      /^adjoint: .*more than 50000001 references.*checkpoint\(f\).*checkpointed\(n\)/,
    );
  });
});
