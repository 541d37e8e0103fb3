/** Values without their derivatives, for code that is not differentiated: logging, formatting, callbacks from outside. */
import { Var } from '../var.js';
import { currentRun } from './run.js';
import { isReal, isTyped, variableAt } from './typed.js';

/** Whether an object is looked into: not a date, a promise, an object of the platform. */
export function isContainer(x: unknown): x is object {
  if (typeof x !== 'object' || x === null || ArrayBuffer.isView(x)) return false;
  if (Array.isArray(x) || x instanceof Map || x instanceof Error) return true;
  const prototype: object | null = Object.getPrototypeOf(x);
  return prototype === null || prototype === Object.prototype || isUserClass(prototype.constructor);
}

const native = new WeakMap<object, boolean>();
/** Whether a function belongs to the engine: it has no source. */
export function isNative(f: object): boolean {
  let known = native.get(f);
  if (known === undefined) {
    known = /\{\s*\[native code\]\s*\}\s*$/.test(Function.prototype.toString.call(f));
    native.set(f, known);
  }
  return known;
}
const isUserClass = (f: unknown): boolean => typeof f === 'function' && !isNative(f);

/** Keys of arrays that are no indices, under which something else than a number was stored. */
const besides = new WeakMap<object, Set<PropertyKey>>();
export function noteBeside(array: object, key: PropertyKey): void {
  const known = besides.get(array);
  if (known) known.add(key);
  else besides.set(array, new Set([key]));
}
export const keysBeside = (array: object): Iterable<PropertyKey> => besides.get(array) ?? [];

/** Keys and values of what an object holds itself; accessors are not run. */
export function ownValues(x: object): [key: any, value: any][] {
  if (x instanceof Map) return [...x];
  const out: [any, any][] = [];
  if (Array.isArray(x)) {
    for (let k = 0; k < x.length; k++) if (k in x) out.push([k, x[k]]);
    return out;
  }
  for (const key of Reflect.ownKeys(x)) {
    const d = Object.getOwnPropertyDescriptor(x, key)!;
    if ('value' in d) out.push([key, d.value]);
  }
  return out;
}

/** Whether a derivative can be found in a value. */
export function holdsVariable(x: unknown, seen = new Set<unknown>()): boolean {
  if (x instanceof Var) return true;
  if (isTyped(x)) return isReal(x) && hasVariables(x);
  if (x instanceof Set) return currentRun()?.members.has(x) ?? false;
  if (!isContainer(x) || seen.has(x)) return false;
  seen.add(x);
  return ownValues(x).some(([, value]) => holdsVariable(value, seen));
}
function hasVariables(a: any): boolean {
  const run = currentRun();
  if (run === undefined || !run.buffers.has(a.buffer)) return false;
  for (let k = 0; k < a.length; k++) if (variableAt(run, a, k) !== undefined) return true;
  return false;
}

/** The value with numbers only: itself if it has no variables, else a copy. */
export function plain(x: any): any {
  if (x instanceof Var) return x.value;
  return typeof x === 'object' && x !== null && !isTyped(x) && holdsVariable(x) ? copyPlain(x) : x;
}

/** A deep copy with numbers in place of variables; instances keep their class. */
export function copyPlain(x: any, seen = new Map<unknown, unknown>()): any {
  if (x instanceof Var) return x.value;
  if (isTyped(x)) return x.slice();
  if (x instanceof Set) return new Set(x);
  if (!isContainer(x)) return x;
  if (seen.has(x)) return seen.get(x);
  const copy = emptyLike(x);
  seen.set(x, copy);
  for (const [key, value] of ownValues(x)) put(copy, key, copyPlain(value, seen));
  return copy;
}

/** An empty container of the same kind. */
export function emptyLike(x: object): any {
  if (x instanceof Map) return new Map();
  if (!Array.isArray(x)) return Object.create(Object.getPrototypeOf(x));
  const copy: unknown[] = [];
  copy.length = x.length;
  return copy;
}
export function put(to: any, key: any, value: unknown): void {
  if (to instanceof Map) to.set(key, value);
  else if (key === '__proto__')
    Object.defineProperty(to, key, { value, writable: true, enumerable: true, configurable: true });
  else to[key] = value;
}
