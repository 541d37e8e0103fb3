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

/** `fixedPoint` with its iterations on the tape. */
export function fixedPoint(step: (x: any, theta: any) => any, x0: any, theta?: any, options: any = {}): any {
  const { tolerance = 1e-10, maxSteps = 1000, onFailure = 'error' } = options;
  let x = x0;
  for (let k = 0; k < primalOf(maxSteps); k++) {
    const next = step(x, theta);
    if (distance(copyPlain(next), copyPlain(x)) <= primalOf(tolerance)) return next;
    x = next;
  }
  if (onFailure === 'error')
    throw new Error(`adjoint: \`fixedPoint\` has not converged within ${primalOf(maxSteps)} steps`);
  return x;
}
function distance(x: any, y: any): number {
  const [a, b] = [primalOf(x), primalOf(y)];
  if (typeof a === 'number') return Math.abs(a - b) / Math.max(1, Math.abs(a));
  if (typeof a !== 'object' || a === null) return 0;
  const parts =
    a instanceof Map
      ? [...a].map(([key, value]) => distance(value, b.get(key)))
      : Object.keys(a).map((key) => distance(a[key], b[key]));
  return Math.max(0, ...parts);
}
