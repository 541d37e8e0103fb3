import { grad } from 'adjoint';
type Shape = { kind: 'circle'; size: number } | { kind: 'box'; size: [number, number] };
const area = (s: Shape): number => (s.kind === 'circle' ? 3 * s.size * s.size : s.size[0] * s.size[1]);
export const g = grad((x: number): number => {
  const { size } = grad(area)({ kind: 'circle', size: x }) as { size: number };
  return size * size;
});
export const covers = 'several-derivatives';
