import { grad } from 'adjoint';
// gives an array, not whole numbers
export const g = grad((x: number): number => {
  const halves = Array.prototype.map.call(Int32Array.of(3), (v) => (v as number) * 0.5) as number[];
  return halves[0] * x;
});
export const covers = 'always-refused';
