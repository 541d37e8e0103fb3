// Sparse Jacobians and Hessians: the matrix is that of the dense markers, and the runs are as many as there are colours.
import { hessian, jacobian, type SparseMatrix, sparseHessian, sparseJacobian } from 'adjoint';
import { expect, test } from 'vitest';

function dense({ rows, cols, rowPointers, columnIndices, values }: SparseMatrix): number[][] {
  const full = Array.from({ length: rows }, () => new Array<number>(cols).fill(0));
  for (let i = 0; i < rows; i++)
    for (let e = rowPointers[i]; e < rowPointers[i + 1]; e++) full[i][columnIndices[e]] = values[e];
  return full;
}

function chain(x: Float64Array): Float64Array {
  const y = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    y[i] = x[i] * x[i];
    if (i > 0) y[i] -= Math.sin(x[i - 1]);
    if (i + 1 < x.length) y[i] += x[i + 1] * x[i];
  }
  return y;
}
const sparseChain = sparseJacobian(chain);
const denseChain = jacobian(chain);

test('a band', () => {
  const x = Float64Array.from({ length: 13 }, (_, k) => k - 3);
  const J = sparseChain(x);
  expect(dense(J)).toEqual(denseChain(x).map((r) => [...r]));
});
function energy(x: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < x.length; i++) sum += x[0] * x[i] * x[i] + Math.cos(x[i]);
  return sum;
}
const sparseEnergy = sparseHessian(energy);
const denseEnergy = hessian(energy);
test('an arrow', () => {
  const x = Float64Array.from({ length: 13 }, (_, k) => k - 3);
  const H = sparseEnergy(x);
  expect(dense(H)).toEqual(denseEnergy(x).map((r) => [...r]));
});
