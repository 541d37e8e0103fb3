import { grad } from 'adjoint';

export const covers = 'function-values/overwritten';

function counted(f: (x: number) => number) {
  let calls = 0;
  return (x: number): number => f(x) * ++calls;
}
const counter = counted(Math.sin);
function remembered(f: (x: number) => number) {
  const seen: number[] = [];
  return (x: number): number => {
    seen.push(x);
    return f(seen[0]);
  };
}
const first = remembered(Math.sin);
export const g = grad((x: number): number => counter(x) + first(x));
