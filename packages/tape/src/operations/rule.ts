import { describe } from '../describe.js';
import type { Tape } from '../tape.js';
import type { Scalar, Var } from '../var.js';

/** On plain numbers it computes and records nothing. */
export interface UnaryOperation {
  (x: number): number;
  (x: Var): Var;
  (x: Scalar): Scalar;
}

export interface BinaryOperation {
  (left: number, right: number): number;
  (left: Var, right: Scalar): Var;
  (left: Scalar, right: Var): Var;
  (left: Scalar, right: Scalar): Scalar;
}

export interface VariadicOperation {
  (...operands: readonly number[]): number;
  (first: Var, ...rest: readonly Scalar[]): Var;
  (first: Scalar, second: Var, ...rest: readonly Scalar[]): Var;
  (...operands: readonly Scalar[]): Scalar;
}

/** A value and its partial derivatives; `result` is the value, for partials that are cheaper in terms of it. */
export interface BinaryRule {
  readonly value: (left: number, right: number) => number;
  readonly left: (left: number, right: number, result: number) => number;
  readonly right: (left: number, right: number, result: number) => number;
}

export function unary(
  name: string,
  value: (x: number) => number,
  partial: (x: number, result: number) => number,
): UnaryOperation {
  function operation(x: Scalar): Scalar {
    if (typeof x === 'number') return value(x);
    const tape = tapeOf(x, name);
    const result = value(x.value);
    return tape.recordOne(result, x, partial(x.value, result));
  }
  return operation as UnaryOperation;
}

/** Only the partial derivatives of operands that are a `Var` are evaluated. */
export function binary(name: string, rule: BinaryRule): BinaryOperation {
  const { value, left: leftPartial, right: rightPartial } = rule;
  function operation(left: Scalar, right: Scalar): Scalar {
    if (typeof left === 'number') {
      if (typeof right === 'number') return value(left, right);
      const tape = tapeOf(right, name);
      const result = value(left, right.value);
      return tape.recordOne(result, right, rightPartial(left, right.value, result));
    }
    const tape = tapeOf(left, name);
    const x = left.value;
    if (typeof right === 'number') {
      const result = value(x, right);
      return tape.recordOne(result, left, leftPartial(x, right, result));
    }
    tapeOf(right, name);
    const y = right.value;
    const result = value(x, y);
    return tape.recordTwo(result, left, leftPartial(x, y, result), right, rightPartial(x, y, result));
  }
  return operation as BinaryOperation;
}

/** `partials` gives one partial derivative per operand, NaN or infinite ones included; `undefined` cuts the operand off. */
export function variadic(
  name: string,
  value: (...operands: number[]) => number,
  partials: (operands: readonly number[], result: number) => readonly (number | undefined)[],
): VariadicOperation {
  function operation(...operands: readonly Scalar[]): Scalar {
    let tape: Tape | undefined;
    const values: number[] = [];
    for (const operand of operands) {
      if (typeof operand !== 'number') tape = tapeOf(operand, name);
      values.push(primal(operand));
    }
    const result = value(...values);
    return tape === undefined ? result : recordActive(tape, operands, partials(values, result), result);
  }
  return operation as VariadicOperation;
}

function recordActive(
  tape: Tape,
  operands: readonly Scalar[],
  partials: readonly (number | undefined)[],
  result: number,
): Var {
  const active: Var[] = [];
  const kept: number[] = [];
  for (let k = 0; k < operands.length; k++) {
    const operand = operands[k];
    const partial = partials[k];
    if (typeof operand === 'number' || partial === undefined) continue;
    active.push(operand);
    kept.push(partial);
  }
  return tape.record(result, active, kept);
}

/** The primal value: what to compare, to index with, and to hand to code that is not differentiated. */
export function primal(x: Scalar): number {
  if (typeof x === 'number') return x;
  tapeOf(x, 'primal');
  return x.value;
}

/** The tape of an operand, which plain JavaScript may have got wrong: an index out of range gives `undefined`. */
function tapeOf(operand: Var, operation: string): Tape {
  const tape = (operand as Var | null | undefined)?.tape;
  if (tape === undefined) {
    const hint = operand === undefined ? ' (an index that is NaN or out of range?)' : '';
    throw new TypeError(`an operand of ${operation} is ${describe(operand)}, not a number or a Var${hint}`);
  }
  return tape;
}
