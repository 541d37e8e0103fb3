/** `new C(...)` where the class is found out when it happens. */
import { iterate } from './access.js';
import { addMember, setEntry } from './keyed.js';
import { newArray } from './natives-arrays.js';
import { makeTyped } from './natives-typed.js';
import { holdsVariable, isNative, plain } from './plain.js';
import { currentRun, fail, twinOf } from './run.js';
import { primal } from './values.js';

const typed = Object.getPrototypeOf(Float64Array);

export function construct(type: any, ...args: any[]): any {
  const twin = twinOf(type);
  if (twin !== undefined) return new (twin as any)(...args);
  if (type === Array) return newArray(args);
  if (type === Map) return fill(new Map(), args[0], (m, [key, value]) => setEntry(m, key, value));
  if (type === Set) return fill(new Set(), args[0], (s, member) => addMember(s, member));
  if (typeof type === 'function' && Object.getPrototypeOf(type) === typed) return makeTyped(type, args);
  if (typeof type !== 'function') return new type(...args);
  if (currentRun()?.foreign.has(type)) return constructForeign(type, args);
  if (!isNative(type) || type === WeakMap || type === WeakSet) return new type(...args);
  return new type(...args.map(type.prototype instanceof Error ? primal : plain));
}

function fill<T>(made: T, members: any, put: (to: T, member: any) => void): T {
  if (members !== undefined && members !== null) for (const member of iterate(members)) put(made, member);
  return made;
}

function constructForeign(type: any, args: any[]): any {
  if (args.some((x) => holdsVariable(x)))
    fail(`AD4005: \`${type.name}\` has no source here, and it is given values with a derivative`);
  return new type(...args);
}
