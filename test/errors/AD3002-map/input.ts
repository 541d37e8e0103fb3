import { grad } from 'adjoint';
function f(m: Map<string, number>): number {
  return m.size;
}

export const g = grad(f);
export const covers = 'keyed-order';
