import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const p = { w: x };
  return p.constructor === Object ? x : p.w * x;
});
export const h = grad((x: number): number => {
  const { toString: text, w } = { w: x };
  return text === undefined ? x : w * x;
});
export const covers = 'records';
