/** Solutions of equations, with their iterations on the tape. */
import { Var } from '../var.js';
import { get, set } from './access.js';
import { copyPlain } from './plain.js';
import { div, mul, sub } from './values.js';

const primalOf = (x: any): any => (x instanceof Var ? x.value : x);

export const fixedPoint = (step: (x: any, theta: any) => any, x0: any, theta?: any, options: any = {}): any =>
  iterate('fixedPoint', (x) => step(x, theta), x0, { maxSteps: 1000, ...options });

/** Newton's method; the matrix of the equation is made of values, and is a constant. */
export function implicit(
  residual: (x: any, theta: any) => any,
  x0: any,
  theta?: any,
  options: any = {},
): any {
  const at = (x: any): any => residual(x, theta);
  const step = (x: any): any =>
    typeof x === 'object' && !(x instanceof Var) ? newtonSystem(at, x) : newton(at, x);
  return iterate('implicit', step, x0, { maxSteps: 100, ...options });
}

function iterate(what: string, step: (x: any) => any, x0: any, options: any): any {
  const { tolerance = 1e-10, maxSteps, onFailure = 'error' } = options;
  let x = x0;
  for (let k = 0; k < primalOf(maxSteps); k++) {
    const next = step(x);
    if (distance(copyPlain(next), copyPlain(x)) <= primalOf(tolerance)) return next;
    x = next;
  }
  if (onFailure === 'error')
    throw new Error(`adjoint: \`${what}\` has not converged within ${primalOf(maxSteps)} steps`);
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

/** How far a number is moved for a difference. */
const moveOf = (x: number): number => 1.5e-8 * Math.max(1, Math.abs(x));

function newton(residual: (x: any) => any, x: any): any {
  const r = residual(x);
  const at = primalOf(x);
  const h = moveOf(at);
  return sub(x, div(r, (primalOf(residual(at + h)) - primalOf(r)) / h));
}
function newtonSystem(residual: (x: any) => any, x: any): any {
  const n = x.length;
  const given = residual(x);
  const r: any[] = Array.from(given, (_, i) => get(given, i));
  if (r.length !== n)
    throw new TypeError(
      `adjoint: \`implicit\` has ${n} unknowns, and its residual gives ${r.length} numbers`,
    );
  const plain = copyPlain(x);
  const columns: number[][] = [];
  for (let j = 0; j < n; j++) {
    const moved = plain.slice();
    const h = moveOf(plain[j]);
    moved[j] += h;
    const s = copyPlain(residual(moved));
    columns.push(r.map((q, i) => (s[i] - primalOf(q)) / h));
  }
  const d = solved(columns, r);
  const next = plain.slice();
  for (let i = 0; i < n; i++) set(next, i, sub(get(x, i), d[i]));
  return next;
}

/** Gaussian elimination with row exchanges, of a matrix of plain numbers given by its columns. */
function solved(a: number[][], r: readonly any[]): any[] {
  const n = r.length;
  const d = [...r];
  const order: number[] = [];
  for (let k = 0; k < n; k++) {
    let p = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[k][i]) > Math.abs(a[k][p])) p = i;
    order.push(p);
    for (const column of a) [column[k], column[p]] = [column[p], column[k]];
    for (let i = k + 1; i < n; i++) {
      const m = a[k][i] / a[k][k];
      a[k][i] = m;
      for (let j = k + 1; j < n; j++) a[j][i] -= m * a[j][k];
    }
  }
  order.forEach((p, k) => {
    [d[k], d[p]] = [d[p], d[k]];
    for (let i = k + 1; i < n; i++) d[i] = sub(d[i], mul(a[k][i], d[k]));
  });
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) d[i] = sub(d[i], mul(a[j][i], d[j]));
    d[i] = div(d[i], a[i][i]);
  }
  return d;
}
