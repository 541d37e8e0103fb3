import { grad } from 'adjoint';

export const covers = 'throw-implicit';

const fixed = <T extends object>(o: T): Readonly<T> => Object.freeze(o);
export const g = grad((x: number): number => {
  const list = [x, 2];
  const rows = [fixed(list)];
  try {
    list.push(3);
  } catch {
    return x * x;
  }
  return rows[0]!.length * x;
});
