import * as arithmetic from './operations/arithmetic.js';
import * as discrete from './operations/discrete.js';
import * as elementary from './operations/elementary.js';
import * as trigonometric from './operations/trigonometric.js';
import * as variadic from './operations/variadic.js';
import type { Tape } from './tape.js';

/** What every operation takes: a taped value or a plain number. */
export type Scalar = number | Var;

/**
 * A number that remembers the tape it is recorded on; made by `Tape`, never by hand. Immutable.
 *
 * An object rather than a bare node number: it keeps the value next to the number (so the tape stores no values),
 * it lets several tapes be in use at once, and a value of another tape or of an earlier recording is caught.
 *
 * Methods are the operations of the same name with `this` as the first operand.
 */
export class Var {
  constructor(
    readonly tape: Tape,
    /** Number of its node, counted from the last reset of the tape. */
    readonly id: number,
    readonly value: number,
    /** The tape's epoch when it was recorded. */
    readonly epoch: number,
  ) {}

  add(right: Scalar): Var {
    return arithmetic.add(this, right);
  }
  sub(right: Scalar): Var {
    return arithmetic.sub(this, right);
  }
  mul(right: Scalar): Var {
    return arithmetic.mul(this, right);
  }
  div(right: Scalar): Var {
    return arithmetic.div(this, right);
  }
  rem(right: Scalar): Var {
    return arithmetic.rem(this, right);
  }
  pow(exponent: Scalar): Var {
    return arithmetic.pow(this, exponent);
  }
  atan2(abscissa: Scalar): Var {
    return trigonometric.atan2(this, abscissa);
  }
  neg(): Var {
    return arithmetic.neg(this);
  }
  sqrt(): Var {
    return elementary.sqrt(this);
  }
  cbrt(): Var {
    return elementary.cbrt(this);
  }
  exp(): Var {
    return elementary.exp(this);
  }
  expm1(): Var {
    return elementary.expm1(this);
  }
  log(): Var {
    return elementary.log(this);
  }
  log10(): Var {
    return elementary.log10(this);
  }
  log1p(): Var {
    return elementary.log1p(this);
  }
  log2(): Var {
    return elementary.log2(this);
  }
  abs(): Var {
    return elementary.abs(this);
  }
  fround(): Var {
    return elementary.fround(this);
  }
  sin(): Var {
    return trigonometric.sin(this);
  }
  cos(): Var {
    return trigonometric.cos(this);
  }
  tan(): Var {
    return trigonometric.tan(this);
  }
  asin(): Var {
    return trigonometric.asin(this);
  }
  acos(): Var {
    return trigonometric.acos(this);
  }
  atan(): Var {
    return trigonometric.atan(this);
  }
  sinh(): Var {
    return trigonometric.sinh(this);
  }
  cosh(): Var {
    return trigonometric.cosh(this);
  }
  tanh(): Var {
    return trigonometric.tanh(this);
  }
  asinh(): Var {
    return trigonometric.asinh(this);
  }
  acosh(): Var {
    return trigonometric.acosh(this);
  }
  atanh(): Var {
    return trigonometric.atanh(this);
  }
  min(...others: readonly Scalar[]): Var {
    return variadic.min(this, ...others);
  }
  max(...others: readonly Scalar[]): Var {
    return variadic.max(this, ...others);
  }
  hypot(...others: readonly Scalar[]): Var {
    return variadic.hypot(this, ...others);
  }
  floor(): number {
    return discrete.floor(this);
  }
  ceil(): number {
    return discrete.ceil(this);
  }
  round(): number {
    return discrete.round(this);
  }
  trunc(): number {
    return discrete.trunc(this);
  }
  sign(): number {
    return discrete.sign(this);
  }
  clz32(): number {
    return discrete.clz32(this);
  }
  imul(right: Scalar): number {
    return discrete.imul(this, right);
  }

  /** Text may be shown or logged; arithmetic and comparison with operators would lose the derivative, so they throw. */
  [Symbol.toPrimitive](hint: 'string' | 'number' | 'default'): string {
    if (hint === 'string') return this.text();
    const error = new TypeError(
      'an operator was applied to a Var: call add, mul, ... instead, and compare with primal(x)',
    );
    this.tape.misuse ??= error;
    throw error;
  }
  /** The number as text; the tape notes it. */
  text(): string {
    const text = String(this.value);
    this.tape.texts.add(text);
    return text;
  }
  toJSON(): number {
    return this.value;
  }
}
