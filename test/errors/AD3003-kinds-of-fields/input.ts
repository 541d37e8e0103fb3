import { grad } from 'adjoint';
interface Kernel {
  readonly scale: number | readonly number[];
}
export const g = grad((k: Kernel): number => {
  const { scale } = k;
  return typeof scale === 'number' ? scale : scale[0];
});
type Shape = { kind: 'circle'; size: number } | { kind: 'box'; size: [number, number] };
export const keys = grad((shapes: Shape[]): number =>
  shapes.reduce((sum, s) => sum + Object.keys(s).length * (s.kind === 'circle' ? s.size : s.size[0]), 0));
export const covers = 'linked-structures';
