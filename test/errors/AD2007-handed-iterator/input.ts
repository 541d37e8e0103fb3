import { grad } from 'adjoint';
// the parameter is gone through twice, and so is what the method gives
const spread = (xs: Iterable<number>): number => Math.max(...xs) - Math.min(...xs);
class Bag {
  constructor(private readonly items: readonly number[]) {}
  values(): Iterable<number> {
    return this.items.values();
  }
}
export const g = grad((v: number[]): number => spread(v.values()));
export const h = grad((v: number[]): number => {
  const values = new Bag(v).values();
  return spread(values);
});
export const covers = 'always-refused';
