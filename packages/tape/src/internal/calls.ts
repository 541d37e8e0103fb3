/** Calls whose callee is found out when they happen: rewritten functions, the language's own, functions from outside. */
import { Var } from '../var.js';
import { nativeOf } from './natives.js';
import { holdsVariable, isNative, plain } from './plain.js';
import { applyRule, rulesOf } from './rules.js';
import { currentRun, fail, twinOf } from './run.js';
import { noteText } from './values.js';

/** `f(...args)` */
export const call = (f: any, ...args: any[]): any => apply(f, undefined, args);

/** `o[key](...args)` */
export function invoke(o: any, key: any, ...args: any[]): any {
  if (o instanceof Var) return invokeNumber(o, key, args);
  // static methods of a class from outside are those of its copy
  if (typeof o === 'function') o = twinOf(o) ?? o;
  const f = o[key];
  if (typeof f !== 'function') throw new TypeError(`${String(key)} is not a function`);
  return apply(f, o, args);
}
/** The same, where the arguments may change what is called, or tell whether it was reached. */
export function invokeFirst(o: any, key: any, args: () => any[]): any {
  if (o instanceof Var) return invokeNumber(o, key, args());
  if (typeof o === 'function') o = twinOf(o) ?? o;
  const f = o[key];
  const given = args();
  if (typeof f !== 'function') throw new TypeError(`${String(key)} is not a function`);
  return apply(f, o, given);
}
/** `o[key]?.(...args)` */
export function invokeIf(o: any, key: any, args: () => any[]): any {
  const f = o[key];
  return f === undefined || f === null ? undefined : invoke(o, key, ...args());
}

/** A method of a number: text, but for `valueOf`. */
function invokeNumber(x: Var, key: any, args: any[]): any {
  if (key === 'valueOf') return x;
  const f = (x.value as any)[key];
  if (typeof f === 'function' && !isNative(f))
    fail(
      `AD4002: there is no derivative rule for \`${String(key)}\`, which the program gives to all numbers`,
    );
  return noteText(f.apply(x.value, args.map(plain)));
}

export function apply(f: any, self: any, args: any[]): any {
  if (typeof f !== 'function') throw new TypeError(`${typeof f} is not a function`);
  const native = nativeOf(f);
  if (native !== undefined) return native(self, args);
  const rules = rulesOf(f);
  if (rules !== undefined) return applyRule(rules, f.name, args);
  const twin = twinOf(f);
  if (twin !== undefined) return Reflect.apply(twin, self, args);
  if (currentRun()?.foreign.has(f)) return applyForeign(f, self, args);
  return isNative(f) ? applyUnknown(f, self, args) : Reflect.apply(f, self, args);
}

/** A function of the engine without a rule gets plain numbers; a number or object that it makes of them would be cut off. */
function applyUnknown(f: any, self: any, args: any[]): any {
  const active = holdsVariable(self) || args.some((x) => holdsVariable(x));
  const given = args.map((x) => (typeof x === 'function' && !isNative(x) ? guarded(x, f.name) : plain(x)));
  const result = Reflect.apply(f, plain(self), given);
  if (active && isCutOff(result))
    fail(`AD4002: there is no derivative rule for \`${f.name}\`, and it is given values with a derivative`);
  return result;
}
const isCutOff = (result: unknown): boolean =>
  typeof result === 'number' ||
  typeof result === 'function' ||
  (typeof result === 'object' && result !== null);

/** A callback of unknown code: what it gives back must not be a variable. */
function guarded(f: any, name: string): any {
  return function (this: unknown, ...args: any[]): any {
    const result = apply(f, this, args);
    if (holdsVariable(result))
      fail(`AD4002: there is no derivative rule for \`${name}\`, and its callback gives it one`);
    return result;
  };
}

/** A function that was not rewritten: it may see numbers, but what it gives back is not differentiated. */
function applyForeign(f: any, self: any, args: any[]): any {
  const active = args.some((x) => holdsVariable(x));
  if (args.some((x) => !(x instanceof Var) && holdsVariable(x)))
    fail(`AD4005: \`${f.name}\` has no source here, and it is given an array or object with a derivative`);
  const result = Reflect.apply(f, self, args.map(plain));
  if (active && isCutOff(result))
    fail(`AD4003: \`${f.name}\` has no source here, it is given a derivative, and its result is used`);
  return result;
}

/** A function as the engine calls it back, with its `this`. */
export function callback(f: any): any {
  if (typeof f !== 'function') return f;
  return function (this: unknown, ...args: any[]): any {
    return apply(f, this, args);
  };
}
/** A callback whose result steers: a test, a comparison. */
export function steering(f: any): any {
  if (typeof f !== 'function') return f;
  return function (this: unknown, ...args: any[]): any {
    const result = apply(f, this, args);
    return result instanceof Var ? result.value : result;
  };
}
