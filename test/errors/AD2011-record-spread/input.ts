import { grad } from 'adjoint';
export const g = grad((p: { x: number; y: number }): number => {
  const q = { ...p, x: 2 };
  return q.x * q.y;
});
export const covers = 'record-copies';
