/** Length of the work array: 64 kB. */
const LENGTH = 2 ** 13;

/**
 * What generated functions work in while they run. They call nothing of the user's, so that there is one of them at a time, unless
 * what they read of their arguments runs another one: what was there is lost then.
 */
export const workArray = new Float64Array(LENGTH);

let turns = 0;

/** The first slot of a work array says whose turn it is; who does not ask for that sets it too. */
export function claimWork(work: Float64Array): number {
  work[0] = ++turns;
  return turns;
}
export function checkWork(work: Float64Array, turn: number): void {
  if (work[0] !== turn)
    throw new TypeError('adjoint: a getter or a Proxy in an argument took a derivative; give plain arrays');
}
