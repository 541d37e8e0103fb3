import { grad } from 'adjoint';
class Failed extends Error {
  constructor(readonly by: number) {
    super('failed');
  }
}
export const keys = grad((x: number): number => Object.keys(new Failed(2)).length * x);
export const copied = grad((x: number): number => ({ ...new Failed(x) }).by);
export const text = grad((x: number): number => JSON.stringify(new Failed(2)).length * x);
export const stack = grad((x: number): number => {
  try {
    throw new Failed(x);
  } catch (e) {
    return e instanceof Failed && e.stack !== undefined ? e.by : 2 * x;
  }
});
export const covers = 'records';
