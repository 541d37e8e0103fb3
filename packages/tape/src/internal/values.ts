/** Operators of the language on values that may be variables. On plain values they are the operators themselves. */
import * as arithmetic from '../operations/arithmetic.js';
import type { BinaryOperation } from '../operations/rule.js';
import { type Scalar, Var } from '../var.js';
import { currentRun, fail, twinOf } from './run.js';

/** The value itself, or the number of a variable: for conditions, comparisons, indices. */
export function primal(x: any): any {
  return x instanceof Var ? x.value : x;
}

const isScalar = (x: unknown): x is Scalar => typeof x === 'number' || x instanceof Var;

/** `+x`, `Number(x)`. */
export function number(x: any): any {
  if (isScalar(x)) return x;
  const own = ownNumber(x);
  return own === undefined ? +fromText(x) : own;
}
/** The variable that an object gives as its number (`valueOf`). */
function ownNumber(x: any): Var | undefined {
  if (typeof x !== 'object' || x === null || x.valueOf === Object.prototype.valueOf) return undefined;
  const value = x.valueOf?.();
  return value instanceof Var ? value : undefined;
}

/** A text that a number is read from: not one that was made of a variable. */
export function fromText(x: any): any {
  if (typeof x === 'string' && currentRun()?.tape.texts.has(x))
    fail(
      `AD4006: a number is read from the text ${JSON.stringify(x)}, which was made of one with a derivative`,
    );
  return x;
}
/** Notes a text that was made of variables. */
export function noteText(text: any): any {
  if (typeof text === 'string') currentRun()?.tape.texts.add(text);
  return text;
}

export function add(left: any, right: any): any {
  if (isScalar(left) && isScalar(right)) return arithmetic.add(left, right);
  if (isSimple(left) && isSimple(right)) return arithmetic.add(number(left), number(right));
  const [x, y] = [ownNumber(left) ?? left, ownNumber(right) ?? right];
  if (x !== left || y !== right) return add(x, y);
  const sum = primal(left) + primal(right);
  return left instanceof Var || right instanceof Var ? noteText(sum) : sum;
}
/** Converted to a number by `+`. */
const isSimple = (x: unknown): boolean =>
  isScalar(x) || x === undefined || x === null || typeof x === 'boolean';

function operator(onScalars: BinaryOperation, native: (left: any, right: any) => any) {
  return (left: any, right: any): any => {
    if (isScalar(left) && isScalar(right)) return onScalars(left, right);
    // big integers, and what the language refuses to convert
    if (typeof left === 'bigint' || typeof right === 'bigint') return native(primal(left), primal(right));
    return onScalars(number(left), number(right));
  };
}
export const sub = operator(arithmetic.sub, (x, y) => x - y);
export const mul = operator(arithmetic.mul, (x, y) => x * y);
export const div = operator(arithmetic.div, (x, y) => x / y);
export const rem = operator(arithmetic.rem, (x, y) => x % y);
export const pow = operator(arithmetic.pow, (x, y) => x ** y);

export function neg(x: any): any {
  return typeof x === 'bigint' ? -x : arithmetic.neg(number(x));
}
/** `++` and `--`. */
export const increment = (x: any): any => (typeof x === 'bigint' ? x + 1n : add(number(x), 1));
export const decrement = (x: any): any => (typeof x === 'bigint' ? x - 1n : sub(number(x), 1));
/** What `x++` gives: the number before. */
export const numeric = (x: any): any => (typeof x === 'bigint' ? x : number(x));
/** The first of two values: that of `x++`. */
export const before = (old: any, _now: any): any => old;

export const typeOf = (x: any): string => (x instanceof Var ? 'number' : typeof x);

/** What decides whether two values are the same: numbers by value, objects as the caller knows them. */
export function identity(x: any): any {
  if (x instanceof Var) return x.value;
  if (typeof x === 'function') return twinOf(x) ?? x;
  if (typeof x === 'object' && x !== null) return currentRun()?.originals.get(x) ?? x;
  return x;
}
export const same = (x: any, y: any): boolean => identity(x) === identity(y);
/** `==`. */
// biome-ignore lint/suspicious/noDoubleEquals: it is the operator of the user's program
export const loose = (x: any, y: any): boolean => identity(x) == identity(y);
export const isSame = (x: any, y: any): boolean => Object.is(identity(x), identity(y));

/** `left && right`, `left || right` with the value of one of them. */
export const and = (left: any, right: () => any): any => (primal(left) ? right() : left);
export const or = (left: any, right: () => any): any => (primal(left) ? left : right());
/** `x?.…`. */
export const chain = (x: any, rest: (x: any) => any): any =>
  x === undefined || x === null ? undefined : rest(x);
/** Evaluates `x` once: `f().p += 1`. */
export const once = (x: any, rest: (x: any) => any): any => rest(x);
