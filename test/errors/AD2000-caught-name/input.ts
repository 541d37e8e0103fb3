import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  try {
    if (x > 1) throw x;
  } catch (e) {
    var e: any = 2 * x;
  }
  return (e ?? 1) * x;
});
export const covers = 'scopes';
