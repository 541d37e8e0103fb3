import { grad } from 'adjoint';

function model(x: number, n: number): number {
  const texts: string[] = [];
  for (let i = 0; i < n; i++) texts.push(String(x * i));
  let sum = x;
  for (const text of texts) sum += Number(text);
  return sum;
}
export const slope = grad(model);
export const covers = 'text';
