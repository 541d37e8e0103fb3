/** Elements of arrays, typed arrays and objects, and loops over them. */
import { Var } from '../var.js';
import { iterateKeyed } from './keyed.js';
import { noteBeside } from './plain.js';
import { elements, indexIn, isTyped, load, store } from './typed.js';
import { numeric, primal } from './values.js';

/** `o[key]` */
export function get(o: any, key: any): any {
  if (!isTyped(o)) return o[primal(key)];
  const index = indexIn(o, primal(key));
  return index < 0 ? o[primal(key)] : load(o, index);
}

/** `o[key] = value`, whose value is that of the right side. */
export function set(o: any, key: any, value: any): any {
  const index = isTyped(o) ? indexIn(o, primal(key)) : -1;
  if (index >= 0) store(o, index, value);
  else if (isTyped(o)) o[primal(key)] = primal(value);
  else if (key === 'length') o.length = Array.isArray(o) ? primal(value) : value;
  else {
    o[primal(key)] = setsPrototype(o, key) ? primal(value) : value;
    if (typeof value === 'object' && Array.isArray(o) && !isIndex(primal(key))) noteBeside(o, primal(key));
  }
  return value;
}
/** Below the greatest length of an array. */
const isIndex = (key: unknown): boolean =>
  Number.isInteger(Number(key)) && Number(key) >= 0 && Number(key) < 2 ** 32 - 1;
/** `o['__proto__'] = x` leaves an object alone if `x` is a number, but not if it is a variable. */
const setsPrototype = (o: any, key: any): boolean =>
  primal(key) === '__proto__' && !Object.hasOwn(o, '__proto__') && '__proto__' in o;

/** `o[key] += x`, where `next` computes the new value from the old one. */
export function update(o: any, key: any, next: (old: any) => any): any {
  const k = toKey(key);
  return set(o, k, next(get(o, k)));
}
/** `o[key]++`: the value is the number before. */
export function updateAfter(o: any, key: any, next: (old: any) => any): any {
  const k = toKey(key);
  const old = numeric(get(o, k));
  set(o, k, next(old));
  return old;
}
const toKey = (key: any): any => {
  const k = primal(key);
  return typeof k === 'object' && k !== null ? `${k}` : k;
};

/** `o[key] ||= x` and its kin. */
export function assignIf(o: any, key: any, operator: '||' | '&&' | '??', value: () => any): any {
  const k = toKey(key);
  const old = get(o, k);
  const assigns =
    operator === '??' ? old === undefined || old === null : operator === '||' ? !primal(old) : primal(old);
  return assigns ? set(o, k, value()) : old;
}

/** A place that a pattern can assign to: `[a[0], a[1]] = ...`. */
export const slot = (o: any, key: any): { value: any } => ({
  get value() {
    return get(o, key);
  },
  set value(x: any) {
    set(o, key, x);
  },
});

/** What `for...of`, spread and array patterns go over. Arrays go over themselves, at their length at each moment. */
export function iterate(x: any): any {
  if (isTyped(x)) return iterateTyped(x);
  if (x instanceof Map || x instanceof Set) return iterateKeyed(x);
  return x;
}
function* iterateTyped(a: any): Iterable<any> {
  for (let k = 0; k < a.length; k++) yield load(a, k);
}

/** An object with a length that is a number, as `{ length: n }` has it for the engine. */
export const counted = (x: any): any =>
  typeof x === 'object' && x !== null && x.length instanceof Var ? { ...x, length: x.length.value } : x;

/** The elements in an array of their own. */
export const listOf = (x: any): any[] => (isTyped(x) ? elements(x) : [...iterate(x)]);

export const isVariable = (x: unknown): x is Var => x instanceof Var;
