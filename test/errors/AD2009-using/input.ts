import { grad } from 'adjoint';
const lock = (): Disposable & { by: number } => ({ by: 2, [Symbol.dispose]() {} });
export const g = grad((x: number): number => {
  using held = lock();
  return held.by * x;
});
export const covers = 'always-refused';
