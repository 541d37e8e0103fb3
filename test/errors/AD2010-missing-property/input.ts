import { grad } from 'adjoint';
export const g = grad((o: { p?: { x: number } }): number => {
  try {
    return o.p!.x * 2;
  } catch {
    return 0;
  }
});
export const covers = 'throw-implicit';
