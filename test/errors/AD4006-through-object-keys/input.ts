import { grad } from 'adjoint';
interface Node {
  weight: number;
}
export const g = grad((nodes: Node[]): number => {
  const distance = new Map<Node, number>();
  for (const n of nodes) distance.set(n, n.weight ** 2);
  let s = 0;
  for (const [n, d] of distance) s += n.weight * d;
  return s;
});
export const covers = 'computed-keys/loop';
