import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const memory = new ArrayBuffer(12);
  const first = new Float64Array(memory, 0, 1);
  first[0] = x;
  return first[0] * memory.byteLength;
});
export const covers = 'always-refused';
