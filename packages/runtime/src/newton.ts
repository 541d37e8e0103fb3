/**
 * Steps of Newton's method with a matrix made by differences. The compiler has the same arithmetic in the language of its library:
 * the same numbers to the last bit.
 */

/** What a system is solved for. */
export type Unknowns = number[] | Float64Array;

/** How far a number is moved for a difference: by about the root of the machine's precision. */
const moveOf = (x: number): number => 1.5e-8 * Math.max(1, Math.abs(x));

/** One step for one unknown. */
export function newton(residual: (x: number) => number, x: number): number {
  const r = residual(x);
  const h = moveOf(x);
  return x - r / ((residual(x + h) - r) / h);
}

/**
 * One step for a system, by Gaussian elimination with row exchanges (Golub and Van Loan, Matrix Computations, algorithm 3.4.1).
 *
 * @throws TypeError if `residual` gives another number of values than there are unknowns
 */
export function newtonSystem(residual: (x: Unknowns) => ArrayLike<number>, x: Unknowns): Unknowns {
  const n = x.length;
  const d = Array.from(residual(x));
  if (d.length !== n)
    throw new TypeError(
      `adjoint: \`implicit\` has ${n} unknowns, and its residual gives ${d.length} numbers`,
    );
  const a = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const moved = x.slice();
    const h = moveOf(x[j]);
    moved[j] += h;
    const s = residual(moved);
    for (let i = 0; i < n; i++) a[i * n + j] = (s[i] - d[i]) / h;
  }
  const order = factorise(a, n);
  for (let k = 0; k < n; k++) {
    const p = order[k];
    [d[k], d[p]] = [d[p], d[k]];
    for (let i = k + 1; i < n; i++) d[i] -= a[i * n + k] * d[k];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) d[i] -= a[i * n + j] * d[j];
    d[i] /= a[i * n + i];
  }
  const next = x.slice();
  for (let i = 0; i < n; i++) next[i] = x[i] - d[i];
  return next;
}

/** LU factors of a matrix in its place; gives which row each was exchanged with. */
function factorise(a: Float64Array, n: number): readonly number[] {
  const order: number[] = [];
  for (let k = 0; k < n; k++) {
    let p = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[p * n + k])) p = i;
    order.push(p);
    for (let j = 0; j < n; j++) [a[k * n + j], a[p * n + j]] = [a[p * n + j], a[k * n + j]];
    for (let i = k + 1; i < n; i++) {
      const m = a[i * n + k] / a[k * n + k];
      a[i * n + k] = m;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= m * a[k * n + j];
    }
  }
  return order;
}
