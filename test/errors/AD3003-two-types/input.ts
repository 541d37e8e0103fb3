import { grad } from 'adjoint';
export const g = grad((x: number, flag: boolean): number => {
  const r = flag ? x : [x];
  return typeof r === 'number' ? r : r[0];
});
export const covers = 'types';
