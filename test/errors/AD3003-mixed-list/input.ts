// numbers that carry a derivative, in a list with texts and with lists
import { grad } from 'adjoint';

export const texts = grad((x: number) => {
  const row: (string | number)[] = ['a', x, x * x];
  let s = 0;
  for (const cell of row) if (typeof cell === 'number') s += cell;
  return s;
});
export const lists = grad((x: number) => {
  const cells: (number | number[])[] = [x, [x, x * x]];
  let s = 0;
  for (const c of cells) s += Array.isArray(c) ? c[0] : c;
  return s;
});
export const table = grad((x: number) => {
  const o: Record<string, number | string> = { a: x, name: 'n' };
  let s = 0;
  for (const v of Object.values(o)) if (typeof v === 'number') s += v;
  return s;
});
export const covers = 'destructuring/edge';
