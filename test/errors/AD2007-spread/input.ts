import { grad } from 'adjoint';
class Range {
  constructor(readonly to: number) {}
  [Symbol.iterator](): Iterator<number> {
    let k = 0;
    return { next: () => ({ done: k >= this.to, value: k++ }) };
  }
}
export const g = grad((x: number): number => [...new Range(3)].reduce((s, k) => s + k * x, 0));
export const covers = 'always-refused/nested';
