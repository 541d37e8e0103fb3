import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  let s = x;
  try {
    s *= x;
  } finally {
    s += 1;
  }
  return s;
});
export const covers = 'finally';
