import { grad } from 'adjoint';
export const g = grad((more: Record<string, number>): number => {
  const o = { x: [1], ...more };
  return o.x[0];
});
export const covers = 'spread, record-copies';
