import { grad } from 'adjoint';
class Bag {
  readonly items = new Map<string, number>();
  [Symbol.iterator](): IterableIterator<number> {
    return this.items.values();
  }
}
// what is added while the loop runs is gone through too
export const g = grad((x: number[]): number => {
  const bag = new Bag();
  x.forEach((v, i) => bag.items.set(`k${i}`, v));
  let s = 0;
  for (const v of bag) {
    s += v * v;
    if (bag.items.size < 5) bag.items.set(`q${bag.items.size}`, v * 0.5);
  }
  return s;
});
export const covers = 'always-refused';
