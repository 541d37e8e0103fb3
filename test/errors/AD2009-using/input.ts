import { grad } from 'adjoint';
const lock = (): Disposable => ({ [Symbol.dispose]() {} });
export const g = grad((x: number): number => {
  using held = lock();
  return x * x;
});
export const covers = 'always-refused';
