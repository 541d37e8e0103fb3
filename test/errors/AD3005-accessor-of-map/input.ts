import { grad } from 'adjoint';

export const covers = 'keys';

export const g = grad((x: number, key: string): number => {
  const prices: Record<string, number> = {
    tea: 2,
    get coffee() {
      return x * 2;
    },
  };
  return prices[key]! * x;
});
