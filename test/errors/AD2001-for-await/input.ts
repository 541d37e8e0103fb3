import { grad } from 'adjoint';
async function total(x: number, parts: AsyncIterable<number>): Promise<number> {
  let sum = x;
  for await (const part of parts) sum *= part;
  return sum;
}
export const g = grad((x: number, parts: AsyncIterable<number>): number => {
  void total(x, parts);
  return x * x;
});
export const covers = 'always-refused/loop';
