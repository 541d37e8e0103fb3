import { hvp } from 'adjoint';
interface Tree {
  v: number;
  left?: Tree;
}
const sum = (t: Tree | undefined): number => (t === undefined ? 1 : t.v * t.v * sum(t.left));
export const h = hvp((t: Tree) => sum(t));
export const covers = 'several-derivatives';
