import { dot, solve, matmul, norm, inverse } from '@adjoint/linalg';
import { checkGrad, grad, jvp } from 'adjoint';
import { expect, test } from 'vitest';

const f = (A: number[][], b: number[]) => dot(solve(A, b), b);
test('solve', () => {
  const g = grad(f, { argnums: [0, 1] });
  console.log(g([[1, 2], [3, 5]], [1, 1]));
  expect(checkGrad(f, g, [[[1, 2], [3, 5]], [1, 1]], { argnums: [0, 1], jvp: jvp(f) }).ok).toBe(true);
  const t = grad(f, { argnums: [0, 1], backend: 'tape' });
  console.log(t([[1, 2], [3, 5]], [1, 1]));
});
const h = (A: number[][]) => norm(matmul(A, inverse(A))) + norm(matmul(A, A));
test('norm', () => {
  const report = checkGrad(h, grad(h), [[[1, 2], [3, 5]]], {jvp: jvp(h)});
  expect(report.ok).toBe(true);
});
