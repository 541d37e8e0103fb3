import { grad } from 'adjoint';

export const covers = 'outside-callbacks/alias';

export const g = grad((x: number, buffer: number[], put: (value: number, to: number[]) => void): number => {
  put(x * x, buffer);
  return buffer[0] * x;
});
