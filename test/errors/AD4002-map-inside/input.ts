import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const m = new Map<string, number>();
  m.set('a', x);
  return m.get('a')! * x;
});
export const covers = 'keyed-write, keyed-read';
