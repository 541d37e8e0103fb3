import type { Scalar } from '../var.js';
import { primal } from './rule.js';

// Derivative zero by convention, so the result is a plain number: fit for an index, a count or a condition.

export const floor = (x: Scalar): number => Math.floor(primal(x));
export const ceil = (x: Scalar): number => Math.ceil(primal(x));
export const round = (x: Scalar): number => Math.round(primal(x));
export const trunc = (x: Scalar): number => Math.trunc(primal(x));
export const sign = (x: Scalar): number => Math.sign(primal(x));
export const clz32 = (x: Scalar): number => Math.clz32(primal(x));
export const imul = (left: Scalar, right: Scalar): number => Math.imul(primal(left), primal(right));

export const bitAnd = (left: Scalar, right: Scalar): number => primal(left) & primal(right);
export const bitOr = (left: Scalar, right: Scalar): number => primal(left) | primal(right);
export const bitXor = (left: Scalar, right: Scalar): number => primal(left) ^ primal(right);
export const bitNot = (x: Scalar): number => ~primal(x);
export const shiftLeft = (left: Scalar, right: Scalar): number => primal(left) << primal(right);
export const shiftRight = (left: Scalar, right: Scalar): number => primal(left) >> primal(right);
export const shiftRightUnsigned = (left: Scalar, right: Scalar): number => primal(left) >>> primal(right);
