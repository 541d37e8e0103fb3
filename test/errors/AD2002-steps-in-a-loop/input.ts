import { grad } from 'adjoint';
function* steps(x: number, n: number): Generator<number, void> {
  for (let k = 0; k < n; k++) {
    if (k === 2) return;
    yield x ** k;
  }
}
export const g = grad((x: number): number => {
  let sum = 0;
  for (const s of steps(x, 5)) sum += s;
  return sum;
});
export const covers = 'always-refused/loop, always-refused/exit';
