import { grad } from 'adjoint';

interface Node {
  value: number;
  grad: number;
  parents: Node[];
  back: (n: Node) => void;
}
const leaf = (value: number): Node => ({ value, grad: 0, parents: [], back: () => {} });
const mul = (a: Node, b: Node): Node => ({
  value: a.value * b.value,
  grad: 0,
  parents: [a, b],
  back: (n) => {
    a.grad += n.grad * b.value;
    b.grad += n.grad * a.value;
  },
});
const add = (a: Node, b: Node): Node => ({
  value: a.value + b.value,
  grad: 0,
  parents: [a, b],
  back: (n) => {
    a.grad += n.grad;
    b.grad += n.grad;
  },
});
function backward(root: Node) {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const visit = (n: Node) => {
    if (seen.has(n)) return;
    seen.add(n);
    n.parents.forEach(visit);
    order.push(n);
  };
  visit(root);
  root.grad = 1;
  for (const n of order.reverse()) n.back(n);
}
export const g = grad((x: number) => {
  const a = leaf(x),
    b = leaf(x * 2);
  const y = add(mul(a, b), mul(a, a));
  backward(y);
  return a.grad;
});
export const covers = 'function-values/nested';
