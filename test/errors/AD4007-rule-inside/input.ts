import { customVjp, grad } from 'adjoint';
const nodes = (list: { x: number }[]): number => list.reduce((s, p) => s + p.x, 0);
const total = customVjp(nodes, (list) => [nodes(list), (c) => [list.map(() => ({ x: c }))]]);
export const inside = grad((x: number) => {
  const twice = customVjp(
    (y: number) => y * 2,
    (y) => [y * 2, (c) => [c * 2]],
  );
  return twice(x);
});
export const ofObjects = grad((x: number) => total([{ x }, { x: 2 }]));
export const covers = 'derivative-rules/nested';
