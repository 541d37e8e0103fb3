import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  // @ts-expect-error: nothing declares `scale`
  return scale * x;
});
export const covers = 'scopes';
