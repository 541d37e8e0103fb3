/** `stopGradient`: the value without its derivative. */
import { Var } from '../var.js';
import { copyPlain, holdsVariable } from './plain.js';
import { currentRun, fail } from './run.js';
import { isTyped } from './typed.js';

/** A number stays a number; of an object there is a copy without derivatives, which must stay equal to it. */
export function stop(x: any): any {
  if (x instanceof Var) return x.value;
  const run = currentRun();
  if (run === undefined || !holdsVariable(x)) return x;
  const copy = copyPlain(x);
  const entry = copyPlain(x);
  run.originals.set(copy, x);
  run.checks.push(() => {
    if (!isEqual(copyPlain(x), entry) || !isEqual(copy, entry))
      fail('AD5002: an object seen through `stopGradient` is written');
  });
  return copy;
}

function isEqual(x: any, y: any): boolean {
  if (typeof x !== 'object' || x === null || typeof y !== 'object' || y === null) return Object.is(x, y);
  if (isTyped(x)) return x.length === y.length && x.every((value, k) => Object.is(value, y[k]));
  if (x instanceof Map) return isEqual([...x], [...y]);
  const keys = Reflect.ownKeys(x);
  return keys.length === Reflect.ownKeys(y).length && keys.every((key) => isEqual(x[key], y[key]));
}

/** The numbers of a loop over `checkpointed(n)`. */
export function* steps(n: any = Number.POSITIVE_INFINITY): Iterable<number> {
  for (let k = 0; k < primalOf(n); k++) yield k;
}
const primalOf = (n: any): any => (n instanceof Var ? n.value : n);
