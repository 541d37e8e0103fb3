/**
 * `Map` and `Set`, by value. They hold plain numbers as keys and members, so that equal numbers are one; beside them
 * stands the variable that was put in first, which a loop gives back.
 */
import { add } from '../operations/arithmetic.js';
import { Var } from '../var.js';
import { currentRun } from './run.js';
import { primal } from './values.js';

type Keyed = Map<any, any> | Set<any>;

const memberOf = (m: Keyed, key: any): any =>
  (typeof key === 'number' ? currentRun()?.members.get(m)?.get(key) : undefined) ?? key;

/** Notes a variable whose number is about to be put in for the first time. */
function note(m: Keyed, key: any): void {
  const run = currentRun();
  if (run === undefined || m.has(primal(key))) return;
  let members = run.members.get(m);
  if (key instanceof Var) {
    if (members === undefined) run.members.set(m, (members = new Map()));
    // 0 in place of -0, as they keep it
    members.set(key.value, Object.is(key.value, -0) ? add(key, 0) : key);
  } else members?.delete(key);
}

export function addMember(s: Set<any>, key: any): Set<any> {
  note(s, key);
  return s.add(primal(key));
}
export function setEntry(m: Map<any, any>, key: any, value: any): Map<any, any> {
  note(m, key);
  return m.set(primal(key), value);
}

/** Members of a set, entries of a map; live, as the language has it. */
export function* iterateKeyed(m: Keyed): Iterable<any> {
  if (m instanceof Set) for (const key of m) yield memberOf(m, key);
  else for (const [key, value] of m) yield [memberOf(m, key), value];
}
export function* keysOf(m: Keyed): Iterable<any> {
  for (const key of m.keys()) yield memberOf(m, key);
}
/** Pairs of a set: each member twice. */
export function* pairsOf(s: Set<any>): Iterable<any> {
  for (const key of s) yield [memberOf(s, key), memberOf(s, key)];
}
export function forEachKeyed(m: Keyed, callback: (...args: any[]) => any): void {
  m.forEach((value: any, key: any) => {
    const member = memberOf(m, key);
    callback(m instanceof Set ? member : value, member, m);
  });
}
