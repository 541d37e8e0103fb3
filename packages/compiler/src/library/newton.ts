/**
 * The steps of `implicit`, in the language of the library: the arithmetic of the runtime's (`fixed-point.ts`), with the matrix of the
 * equation as a constant. That leaves the derivative of the solution what it is: at the root a step does not depend on the matrix.
 */
export const NEWTON_SOURCE = `
function newton_number(residual, x, theta) {
  const r = residual(x, theta);
  const at = __stop(x);
  const h = 1.5e-8 * Math.max(1, Math.abs(at));
  return x - r / __stop((residual(at + h, theta) - r) / h);
}
function newton_system(residual, x, theta) {
  const n = x.length;
  const r = residual(x, theta);
  if (r.length !== n)
    throw new TypeError('adjoint: \`implicit\` has ' + n + ' unknowns, and its residual gives ' + r.length + ' numbers');
  const a = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const moved = __like(x, n);
    for (let i = 0; i < n; i++) __put(moved, i, __stop(x[i]));
    const h = 1.5e-8 * Math.max(1, Math.abs(moved[j]));
    moved[j] += h;
    const s = residual(moved, theta);
    for (let i = 0; i < n; i++) a[i * n + j] = __stop((s[i] - r[i]) / h);
  }
  const order = __factorise(a, n);
  const d = new Float64Array(n);
  for (let i = 0; i < n; i++) d[i] = r[i];
  for (let k = 0; k < n; k++) {
    const p = order[k];
    const swapped = d[p];
    d[p] = d[k];
    d[k] = swapped;
    for (let i = k + 1; i < n; i++) d[i] -= a[i * n + k] * d[k];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) d[i] -= a[i * n + j] * d[j];
    d[i] /= a[i * n + i];
  }
  const next = __like(x, n);
  for (let i = 0; i < n; i++) __put(next, i, x[i] - d[i]);
  return next;
}
function __factorise(a, n) {
  const order = [];
  for (let k = 0; k < n; k++) {
    let p = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[p * n + k])) p = i;
    order[k] = p;
    for (let j = 0; j < n; j++) {
      const swapped = a[p * n + j];
      a[p * n + j] = a[k * n + j];
      a[k * n + j] = swapped;
    }
    for (let i = k + 1; i < n; i++) {
      const m = a[i * n + k] / a[k * n + k];
      a[i * n + k] = m;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= m * a[k * n + j];
    }
  }
  return order;
}
`;
