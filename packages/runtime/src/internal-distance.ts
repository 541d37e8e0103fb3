/** How far iterates of a solution are apart, and how long its adjoint goes on. */

/** The error of an iteration that does not end. */
export const notConverged = (steps: number, what: string): Error =>
  new Error(`adjoint: \`${what}\` has not converged within ${steps} steps`);

/** The largest difference of two trees of numbers, relative where the numbers are above 1; NaN if one is not a number. */
export function treeDistance(x: unknown, y: unknown): number {
  if (typeof x === 'number') {
    const difference = Math.abs(x - (y as number));
    return difference / Math.max(1, Math.abs(x));
  }
  if (typeof x !== 'object' || x === null) return 0;
  if (x === y)
    throw new TypeError(
      'adjoint: the step of `fixedPoint` must return a new value, not change the one that it is given',
    );
  let most = 0;
  const [a, b] =
    x instanceof Map ? [Object.fromEntries(x), Object.fromEntries(y as Map<string, unknown>)] : [x, y];
  for (const key of Object.keys(a as object)) {
    const d = treeDistance((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]);
    if (!(d <= most)) most = d;
    if (Number.isNaN(d)) return d;
  }
  return most;
}

/** Watches the cotangents that the adjoint of a fixed point sends through its step again and again. */
export class Watch {
  private scale = 0;
  private rounds = 0;
  constructor(private readonly tolerance: number) {}

  /** Whether what is left of the cotangents does not matter any more. */
  isSettled(cotangents: readonly unknown[]): boolean {
    const most = Math.max(0, ...cotangents.map(largest));
    if (this.rounds++ === 0) this.scale = most;
    if (!(most > this.tolerance * this.scale)) return true;
    if (this.rounds > MOST_ROUNDS)
      throw new Error(
        `adjoint: the adjoint of \`fixedPoint\` has not converged within ${MOST_ROUNDS} rounds: its step does not contract at the solution`,
      );
    return false;
  }
}
const MOST_ROUNDS = 10_000;
/** The largest number in a tree. */
function largest(x: unknown): number {
  if (typeof x === 'number') return Math.abs(x);
  if (typeof x !== 'object' || x === null) return 0;
  const inner: Iterable<unknown> = x instanceof Map ? x.values() : Object.values(x);
  let most = 0;
  for (const y of inner) most = Math.max(most, largest(y));
  return most;
}

/** The tolerance of the adjoint is never above this. */
const FINE = 1e-12;
export const watchCotangents = (tolerance: number): Watch => new Watch(Math.min(tolerance, FINE));
export const isSettled = (watch: Watch, ...cotangents: unknown[]): boolean => watch.isSettled(cotangents);
