import { grad } from 'adjoint';
const range = {
  *[Symbol.iterator](): Iterator<number> {
    yield 1;
    yield 2;
  },
};
export const g = grad((x: number): number => {
  let s = 0;
  for (const k of range) s += x * k;
  return s;
});
export const covers = 'always-refused';
