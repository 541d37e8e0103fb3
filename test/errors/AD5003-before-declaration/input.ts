import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const inner = (): number => x * k;
  const s = inner();
  const k = 2;
  return s * k;
});
export const covers = 'scopes';
