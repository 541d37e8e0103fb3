import { grad } from 'adjoint';
// gone through twice: the second loop finds nothing
export const g = grad((m: Map<string, number>): number => {
  const values = m.values();
  let s = 0;
  for (const v of values) s += v;
  for (const v of values) s += v * v;
  return s;
});
export const covers = 'always-refused';
