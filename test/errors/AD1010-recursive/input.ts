// hvp is the derivative of a gradient, which is made inside of it: it needs to know all numbers of the argument
import { hvp } from 'adjoint';
interface Tree {
  v: number;
  left?: Tree;
}
const sum = (t: Tree | undefined): number => (t === undefined ? 1 : t.v * t.v * sum(t.left));
export const h = hvp((t: Tree) => sum(t));
export const covers = 'several-derivatives';
export const at = (v: number) => h({ v, left: { v: 2 } }, { v: 1, left: { v: 0 } });
