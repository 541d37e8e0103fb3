import { grad } from 'adjoint';

export const covers = 'class-inside/loop';

interface Reader {
  get(): number;
}
export const g = grad((a: number[]): number => {
  let last: Reader | undefined;
  let s = 0;
  for (const v of a) {
    class Doubled implements Reader {
      get(): number {
        return k * 2;
      }
    }
    const now = new Doubled();
    const k = v * v;
    if (last) s += last.get() * v;
    last = now;
  }
  return s;
});
